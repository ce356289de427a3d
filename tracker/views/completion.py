"""An agency proposes that its work is done; the Office confirms or returns."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions import completion
from tracker.actions.standing import current_assignment
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.report import CompletionForm, ReturnForm
from tracker.models import ProgressReport
from tracker.queries import report as reports
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment, load_report
from tracker.views.typed import typed_number

blueprint = Blueprint("completion", __name__)


@blueprint.route("/phan-viec/<int:assignment_id>/hoan-thanh", methods=["GET", "POST"])
def propose(assignment_id: int) -> Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    form = CompletionForm(seen=current_assignment(db.session(), assignment.id).id)
    if not form.validate_on_submit():
        return shown("completion/propose.html", assignment, form)
    try:
        completion.propose_completion(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        return shown_again("completion/propose.html", assignment_id, form, error)
    db.session.commit()
    flash(_("Đã gửi kết quả; đang chờ Văn phòng UBND tỉnh xác nhận. Thời hạn dừng tính ở ngày có kết quả."))
    return redirect(url_for("task.show", task_id=assignment.task_id))


@blueprint.get("/cho-xac-nhan")
def queue() -> str:
    if not permissions.may_decide(current_user):
        abort(403)
    after = typed_number("after") or 0
    rows = reports.waiting(db.session(), after)
    more = rows[reports.PAGE - 1].report_id if len(rows) > reports.PAGE else None
    return render_template(
        "completion/queue.html", rows=rows[: reports.PAGE], more=more, total=reports.waiting_count(db.session())
    )


@blueprint.get("/bao-cao/<int:report_id>/quyet-dinh")
def decide(report_id: int) -> str:
    proposal = _load_proposal(report_id)
    return _decision(proposal, ReturnForm())


@blueprint.post("/bao-cao/<int:report_id>/xac-nhan")
def confirm(report_id: int) -> Response | tuple[str, int]:
    proposal = _load_proposal(report_id)
    try:
        completion.confirm(db.session(), current_user, proposal)
    except TrackerError as error:
        db.session.rollback()
        return _decision(_load_proposal(report_id), ReturnForm(), error), 409
    db.session.commit()
    flash(_("Đã xác nhận kết quả."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


@blueprint.post("/bao-cao/<int:report_id>/tra-lai")
def return_(report_id: int) -> Response | str | tuple[str, int]:
    proposal = _load_proposal(report_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return _decision(proposal, form), 422
    try:
        completion.return_for_rework(db.session(), current_user, proposal, form.reason.data or "")
    except TrackerError as error:
        db.session.rollback()
        return _decision(_load_proposal(report_id), form, error), 409
    db.session.commit()
    flash(_("Đã trả lại kết quả kèm lý do; thời hạn của cơ quan tiếp tục được tính."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


def _load_proposal(report_id: int) -> ProgressReport:
    """Return a proposed completion for the one who decides: 404 for whoever may not even read it, 403 for other readers."""
    found = load_report(report_id, may=permissions.may_decide)
    if found.kind != "completion":
        abort(404)
    return found


def _decision(proposal: ProgressReport, form: ReturnForm, error: TrackerError | None = None) -> str:
    period = current_assignment(db.session(), proposal.assignment_id)
    return render_template("completion/decide.html", report=proposal, period=period, form=form, error=error)
