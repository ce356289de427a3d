"""Who stands in for whom in an agency."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import acting as standing_in
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.acting import ActingForm
from tracker.models import Agency, User
from tracker.queries import acting as stand_ins
from tracker.queries.person import colleagues
from tracker.views.loaders import load_acting, load_agency

blueprint = Blueprint("acting", __name__)


@blueprint.route("/co-quan/<int:agency_id>/nguoi-thay", methods=["GET", "POST"])
def index(agency_id: int) -> Response | tuple[str, int]:
    agency = load_agency(agency_id, may=permissions.may_see_stand_ins)
    form = _form(agency_id)
    if not form.validate_on_submit():
        return _page(agency, form, None, 422 if form.is_submitted() else 200)
    person, stand_in = (db.session.get_one(User, int(field.data)) for field in (form.person, form.stand_in))
    if not permissions.may_appoint(current_user, person):
        abort(403)
    try:
        standing_in.appoint(
            db.session(), current_user, person, stand_in, *form.days(), reason=form.reason.data or None,
            basis=form.basis.data or None,
        )  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return _page(load_agency(agency_id), form, error, 409)
    db.session.commit()
    flash(_("Đã ghi người thay; trong thời gian vắng mặt, thư nhắc gửi đến người thay."), "success")
    return redirect(url_for("acting.index", agency_id=agency_id))


@blueprint.post("/nguoi-thay/<int:acting_id>/ket-thuc")
def end(acting_id: int) -> Response | tuple[str, int]:
    acting = load_acting(acting_id)
    agency_id = acting.person.agency_id
    try:
        standing_in.end(db.session(), current_user, acting)
    except TrackerError as error:
        if agency_id is None:
            raise
        db.session.rollback()
        return _page(load_agency(agency_id), _form(agency_id), error, 409)
    db.session.commit()
    flash(_("Đã kết thúc việc thay; từ hôm nay thư nhắc lại gửi đến người phụ trách."), "success")
    listed = agency_id is not None  # whoever has left every agency stands in no list of one
    return redirect(url_for("acting.index", agency_id=agency_id) if listed else url_for("overview.index"))


def _form(agency_id: int) -> ActingForm:
    """The form of whom the person may speak for: everybody for the head and the administrator, else oneself."""
    people = colleagues(db.session(), agency_id)
    may_all = permissions.may_hand_over(current_user, agency_id)
    form = ActingForm(person=None if may_all else str(current_user.id))
    form.offer([one for one in people if may_all or one.id == current_user.id], people)
    return form


def _page(agency: Agency, form: ActingForm, error: TrackerError | None, code: int) -> tuple[str, int]:
    ahead, over = stand_ins.of_agency(db.session(), agency.id, clock.today())
    page = render_template("acting/index.html", agency=agency, form=form, error=error, ahead=ahead, over=over)
    return page, code
