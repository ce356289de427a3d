"""The head of an agency approves what its officers propose, before the Office sees it; and says whether that is wanted."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import completion
from tracker.actions.agency import require_approval
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.completion import DeclineForm
from tracker.models import Agency, ProgressReport
from tracker.queries import report as reports
from tracker.queries.acting import headed_by, heads_of
from tracker.views.completion import facts_of
from tracker.views.loaders import fits, load_report
from tracker.views.typed import typed_number

blueprint = Blueprint("approval", __name__)
Answer = Response | tuple[str, int]


@blueprint.get("/cho-duyet")
def queue() -> str:
    session = db.session()
    headed = headed_by(session, current_user, clock.today())
    if not headed:
        abort(403)
    rows = reports.waiting_for_head(session, headed, typed_number("after") or 0)
    agencies = [session.get_one(Agency, agency_id) for agency_id in sorted(headed)]
    return render_template(
        "approval/queue.html", rows=rows[: reports.PAGE], agencies=agencies,
        more=rows[reports.PAGE - 1].report_id if len(rows) > reports.PAGE else None,
    )  # fmt: skip


@blueprint.get("/bao-cao/<int:proposal_id>/duyet")
def decide(proposal_id: int) -> str:
    return _decision(_to_approve(proposal_id), DeclineForm())


@blueprint.post("/bao-cao/<int:proposal_id>/duyet")
def approve(proposal_id: int) -> Answer:
    proposal = _to_approve(proposal_id)
    try:
        completion.approve(db.session(), current_user, proposal)
    except TrackerError as error:
        db.session.rollback()
        return _decision(_to_approve(proposal_id), DeclineForm(), error), 409
    db.session.commit()
    flash(_("Đã duyệt và gửi Văn phòng UBND tỉnh xác nhận. Thời hạn dừng tính ở ngày có kết quả."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


@blueprint.post("/bao-cao/<int:proposal_id>/khong-duyet")
def decline(proposal_id: int) -> Answer:
    proposal = _to_approve(proposal_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _decision(proposal, form), 422
    try:
        completion.decline(db.session(), current_user, proposal, form.reason.data or "")
    except TrackerError as error:
        db.session.rollback()
        return _decision(_to_approve(proposal_id), form, error), 409
    db.session.commit()
    flash(_("Đã trả lại người báo kèm lý do; kết quả chưa gửi Văn phòng UBND tỉnh."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


@blueprint.post("/co-quan/<int:agency_id>/duyet-ket-qua")
def require(agency_id: int) -> Response:
    agency = db.session.get(Agency, agency_id) if fits(agency_id) else None
    if agency is None:
        abort(404)
    if not permissions.may_approve(current_user, heads_of(db.session(), agency_id, clock.today())):
        abort(403)
    wanted = request.form.get("required") == "1"
    require_approval(db.session(), current_user, agency, wanted)
    db.session.commit()
    said = _("Từ nay kết quả của %(agency)s qua lãnh đạo duyệt trước khi gửi Văn phòng UBND tỉnh.", agency=agency.name)
    straight = _("Từ nay kết quả của %(agency)s gửi thẳng Văn phòng UBND tỉnh.", agency=agency.name)
    flash(said if wanted else straight)
    return redirect(url_for("approval.queue"))


def _to_approve(proposal_id: int) -> ProgressReport:
    """Return a result a head was asked about: 404 for whoever may not even read it, 403 for other readers.

    The head is that of the agency that holds the work now: a reorganisation in between takes the question along.
    """
    found = load_report(proposal_id)
    if found.kind != "completion" or found.approval is None:
        abort(404)
    if not permissions.may_approve(current_user, heads_of(db.session(), found.assignment.agency_id, clock.today())):
        abort(403)
    return found


def _decision(proposal: ProgressReport, form: DeclineForm, error: TrackerError | None = None) -> str:
    return render_template("approval/decide.html", form=form, error=error, **facts_of(proposal))
