"""Pages that change an assignment: report, propose completion, confirm or return."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions import progress
from tracker.actions.standing import current_assignment
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.update import CompletionForm, ReportForm, ReturnForm
from tracker.models import Assignment, ProgressReport
from tracker.queries import report as reports
from tracker.views.loaders import load_assignment, load_report
from tracker.views.typed import typed_number

blueprint = Blueprint("update", __name__)


@blueprint.route("/phan-viec/<int:assignment_id>/tien-do", methods=["GET", "POST"])
def report(assignment_id: int) -> str | Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    period = current_assignment(db.session(), assignment.id)
    form = ReportForm(seen=period.id, progress=period.progress)
    if not form.validate_on_submit():
        return _form("update/report.html", assignment, form)
    try:
        progress.report_progress(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        return _again("update/report.html", assignment_id, form, error)
    db.session.commit()
    flash(_("Đã ghi báo cáo tiến độ %(n)s%%.", n=form.progress.data))
    return redirect(url_for("task.show", task_id=assignment.task_id))


@blueprint.route("/phan-viec/<int:assignment_id>/hoan-thanh", methods=["GET", "POST"])
def complete(assignment_id: int) -> str | Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    form = CompletionForm(seen=current_assignment(db.session(), assignment.id).id)
    if not form.validate_on_submit():
        return _form("update/complete.html", assignment, form)
    try:
        progress.propose_completion(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        return _again("update/complete.html", assignment_id, form, error)
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
        "update/queue.html", rows=rows[: reports.PAGE], more=more, total=reports.waiting_count(db.session())
    )


@blueprint.get("/bao-cao/<int:report_id>/quyet-dinh")
def decide(report_id: int) -> str:
    proposal = _load_proposal(report_id)
    return _decision(proposal, ReturnForm())


@blueprint.post("/bao-cao/<int:report_id>/xac-nhan")
def confirm(report_id: int) -> Response | tuple[str, int]:
    proposal = _load_proposal(report_id)
    try:
        progress.confirm(db.session(), current_user, proposal)
    except Changed as error:
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
        progress.return_for_rework(db.session(), current_user, proposal, form.reason.data or "")
    except Changed as error:
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


def _form(
    template: str, assignment: Assignment, form: ReportForm | CompletionForm, error: TrackerError | None = None
) -> tuple[str, int]:
    period = current_assignment(db.session(), assignment.id)
    code = 200 if not form.is_submitted() else 409 if error else 422
    return render_template(template, assignment=assignment, period=period, form=form, error=error), code


def _again(
    template: str, assignment_id: int, form: ReportForm | CompletionForm, error: TrackerError
) -> tuple[str, int]:
    """Show the form again with the sentence and everything typed; after a lost race the next try starts from the new state."""
    db.session.rollback()
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    if isinstance(error, Changed):
        form.seen.data = str(current_assignment(db.session(), assignment_id).id)
    return _form(template, assignment, form, error)


def _decision(proposal: ProgressReport, form: ReturnForm, error: TrackerError | None = None) -> str:
    period = current_assignment(db.session(), proposal.assignment_id)
    return render_template("update/decide.html", report=proposal, period=period, form=form, error=error)
