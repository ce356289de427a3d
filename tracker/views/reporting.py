"""Who has not reported for a period, how often a document is reported on, and the reports on the page of a task."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.reporting import set_rule
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.reporting import NONE, ReportingRuleForm
from tracker.models import Document
from tracker.queries import document as documents
from tracker.queries import report_periods, reporting
from tracker.queries.reporting import LATE, MISSING, Rate
from tracker.rules.report_periods import Asked
from tracker.views.opened_task import Opened
from tracker.views.typed import typed, typed_number
from tracker.words import periods

blueprint = Blueprint("reporting", __name__)
AGENCIES = "agencies"
TABS = (AGENCIES, MISSING, LATE)
GRACE = 3  # working days offered when a document is first given a rule


@blueprint.get("/ky-bao-cao")
def index() -> str:
    session, today = db.session(), clock.today()
    choices = reporting.documents(session)
    document = next((one for one in choices if one.code == typed("document")), choices[0] if choices else None)
    asked = reporting.asked_of(session, document.id, today) if document else []
    wanted = _wanted(asked, today)
    page: dict[str, Any] = {"documents": choices, "document": document, "asked": asked[::-1], "wanted": wanted}
    if document is not None and wanted is not None:
        page |= _who(document.id, wanted)
    return render_template("reporting/index.html", **page, name=_name)


def _wanted(asked: list[Asked], today: date) -> Asked | None:
    """Return the period a day of which was asked for; else the last one that has ended, else the present one."""
    try:
        day = date.fromisoformat(typed("period"))
    except ValueError:
        ended = [one for one in asked if one.has_ended(today)]
        return next(reversed(ended or asked), None)
    found = next((one for one in asked if one.period.start <= day <= one.period.end), None)
    if found is None and asked:
        flash(_("Văn bản này không yêu cầu báo cáo cho kỳ đã chọn; hãy chọn kỳ khác."), "error")
    return found or next(reversed(asked), None)


def _who(document_id: int, wanted: Asked) -> dict[str, Any]:
    rates = reporting.rates(db.session(), document_id, wanted)
    agency_id = _agency()
    own = next((rate for rate in rates if rate.agency_id == agency_id), None)
    which = typed("show") if typed("show") in TABS else MISSING if agency_id else AGENCIES
    page: dict[str, Any] = {"rates": rates, "which": which, "agency_id": agency_id, "rows": [], "more": None}
    page["rate"] = (own or Rate(agency_id, None, 0, 0, 0)) if agency_id else reporting.total(rates)
    if which != AGENCIES:
        try:
            rows, more = reporting.silent(db.session(), document_id, wanted, which, agency_id, typed("after"))
        except ValueError:
            abort(404)
        page |= {"rows": rows, "more": more}
    return page


def _agency() -> int | None:
    """Return the agency the page is narrowed to: people of an agency who come without an address see their own."""
    if request.args:
        return typed_number("agency")
    return permissions.agency_of(current_user)


def _name(one: Asked) -> str:
    return periods.period(one.period.every, one.period.start, one.period.end)


@blueprint.route("/van-ban/<string:code>/ky-bao-cao", methods=["GET", "POST"])
def rule(code: str) -> Response | tuple[str, int]:
    document = _load(code)
    in_force = reporting.rule_in_force(db.session(), document.id)
    form = ReportingRuleForm(
        seen=in_force.id if in_force else 0, every=in_force.every if in_force else NONE,
        grace=in_force.grace if in_force else GRACE,
    )  # fmt: skip
    if not form.validate_on_submit():
        return _rule_page(document, form), 422 if form.is_submitted() else 200
    try:
        set_rule(db.session(), current_user, document, **form.wanted(), seen=form.seen_number())
    except TrackerError as error:
        return _again(code, form, error)
    db.session.commit()
    flash(_("Đã ghi kỳ báo cáo của văn bản."))
    return redirect(url_for("reporting.index", document=code))


def _load(code: str) -> Document:
    found = documents.find(db.session(), code) if code.isprintable() else None
    if found is None:
        abort(404)
    if not permissions.may_set_reporting(current_user):
        abort(403)
    return db.session.get_one(Document, found.id)


def _again(code: str, form: ReportingRuleForm, error: TrackerError) -> tuple[str, int]:
    db.session.rollback()
    document = _load(code)
    if isinstance(error, Changed):
        now = reporting.rule_in_force(db.session(), document.id)
        form.seen.data = str(now.id if now else 0)
    return _rule_page(document, form, error), 409


def _rule_page(document: Document, form: ReportingRuleForm, error: TrackerError | None = None) -> str:
    return render_template(
        "reporting/rule.html", document=document, form=form, error=error,
        rules=reporting.rules_so_far(db.session(), document.id),
    )  # fmt: skip


def on_task_page(opened: Opened) -> dict[str, Any]:
    """What each lead owed and gave, by period."""
    leads = {share.assignment_id: share for share in opened.shares if share.role == "lead"}
    found = report_periods.of_task(db.session(), opened.task_id, list(leads), opened.day)
    return {"period_reports": found, "period_leads": leads, "period_name": _name}
