"""The indicators: what every source wants of each, year by year."""

from flask import Blueprint, render_template, request
from flask_babel import format_decimal
from flask_babel import gettext as _

from tracker.extensions import db
from tracker.queries import document as documents
from tracker.queries import indicator as indicators
from tracker.queries.indicator import GROUPS, NO_YEAR, IndicatorFilters
from tracker.views.typed import typed, typed_number

blueprint = Blueprint("indicator", __name__)


@blueprint.get("/chi-tieu")
def index() -> str:
    filters = _filters()
    return render_template(
        "indicator/index.html",
        filters=filters,
        indicators=indicators.measured(db.session(), filters),
        groups=GROUPS,
        years=indicators.years(db.session()),
        no_year=NO_YEAR,
        documents=documents.choices(db.session()),
    )


@blueprint.app_template_global()
def amount(target: object) -> str:
    """Return what a target asks, in words: "trên 85%", "tối thiểu 15%", "khoảng 2.000"; its own wording when it is no figure."""
    value, unit = getattr(target, "value", None), getattr(target, "unit", None) or ""
    if value is None:
        return ""
    figure = format_decimal(value, "#,##0.####")
    figure += unit if unit.startswith("%") else f" {unit}".rstrip()
    words = {
        ">": _("trên %(n)s", n=figure), ">=": _("tối thiểu %(n)s", n=figure), "~": _("khoảng %(n)s", n=figure),
        "<=": _("không quá %(n)s", n=figure), "=": _("bằng %(n)s", n=figure),
    }  # fmt: skip
    return str(words.get(getattr(target, "comparator", None) or "", figure))


def _filters() -> IndicatorFilters:
    group = request.args.get("group", "")
    return IndicatorFilters(
        text=typed("q"),
        group=group if group in GROUPS else "",
        document=typed("document"),
        year=typed_number("year"),
        contradictory=request.args.get("disputed") == "1",
    )
