"""Which leader of the province is in charge of each agency: all of them in one table."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from tracker import clock
from tracker.actions.leader import put_in_charge
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.leader import LeadersForm
from tracker.queries import agency_register
from tracker.queries import leader as charge
from tracker.views.admin import Page, blueprint
from tracker.views.typed import typed, typed_number


@blueprint.route("/lanh-dao-phu-trach", methods=["GET", "POST"], endpoint="leaders")
def show() -> Page:
    known = [agency_id for agency_id, _name in agency_register.choices(db.session())]
    form = LeadersForm(request.form, known, [row[0] for row in charge.leaders(db.session())])
    if not form.validate_on_submit():
        return _page(form, None, 422 if form.is_submitted() else 200)
    try:
        changed = put_in_charge(db.session(), current_user, form.changed(), form.seen, form.basis.data or None)
    except TrackerError as error:
        db.session.rollback()
        return _page(form, error, 409)
    db.session.commit()
    flash(ngettext("Đã ghi lãnh đạo phụ trách %(num)d cơ quan.", "Đã ghi lãnh đạo phụ trách %(num)d cơ quan.", changed))
    return redirect(
        url_for("admin.leaders", q=typed("q") or None, after=request.args.get("after"), id=typed_number("id"))
    )


def _page(form: LeadersForm, error: TrackerError | None, code: int) -> tuple[str, int]:
    text = typed("q")
    rows = charge.charges(db.session(), clock.today(), text, request.args.get("after", ""), typed_number("id") or 0)
    more = rows[charge.PAGE - 1] if len(rows) > charge.PAGE else None
    page = render_template(
        "admin/leaders.html", form=form, error=error, rows=rows[: charge.PAGE], more=more, q=text,
        leaders=charge.leaders(db.session()),
    )  # fmt: skip
    return page, code
