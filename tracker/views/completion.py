"""An agency proposes that its work is done, or takes that back; the Office confirms or returns."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import completion
from tracker.actions.evidence import KeptFile, Proof, keep_file
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Refused, TrackerError
from tracker.extensions import db
from tracker.forms.completion import ENDINGS, MOST_FILES, CompletionForm, ReturnForm
from tracker.models import ProgressReport
from tracker.queries import evidence
from tracker.queries import report as reports
from tracker.queries.acting import headed_by, heads_of
from tracker.queries.extension import waiting_on
from tracker.rules.transitions import SUSPENSIONS, allowed
from tracker.views import upload
from tracker.views.again import made_again
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment, load_report
from tracker.views.once import only_once
from tracker.views.opened_task import Opened
from tracker.views.upload import receives_files

blueprint = Blueprint("completion", __name__)
Answer = Response | tuple[str, int]
PROPOSE = "completion/propose.html"


@blueprint.route("/phan-viec/<int:assignment_id>/hoan-thanh", methods=["GET", "POST"])
@receives_files
def propose(assignment_id: int) -> Answer:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    limit, brought = upload.file_limit(), upload.remembered(request.form.getlist("kept"))
    form = CompletionForm(limit, brought, seen=current_assignment(db.session(), assignment.id).id)
    page = _around(assignment_id, limit)
    if request.method == "GET":
        return shown(PROPOSE, assignment, form, **page)
    valid = form.validate_on_submit()
    try:
        files = _keep(form)
    except Refused as error:
        return shown_again(PROPOSE, assignment_id, form, error, **page)
    if not valid:
        return shown(PROPOSE, assignment, form, **page)
    db.session.rollback()
    begin_writing()
    answer: Answer = _write(assignment_id, form, files, page)
    return answer


def _keep(form: CompletionForm) -> list[KeptFile]:
    """Write the good files to the disk and return all that are handed in; the form will offer them, should it come back."""
    if form.secret.data:
        return []
    kept = {file.sha256: file for file in form.kept_files()}
    for file in form.good:
        db.session.rollback()  # nothing slow inside a transaction
        written = keep_file(current_app.config["EVIDENCE"], file.content, file.name, file.kind)
        kept.setdefault(written.sha256, written)
        form.offer_again({upload.token_of(one): one for one in kept.values()})
    return list(kept.values())


@made_again
@only_once
def _write(assignment_id: int, form: CompletionForm, files: list[KeptFile], page: dict[str, Any]) -> Answer:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    proof = Proof(form.issuer.data or None, form.title.data or None, form.secret.data, files)
    try:
        report = completion.propose_completion(
            db.session(), current_user, assignment, form.seen_number(), *form.said(), proof
        )
    except TrackerError as error:
        return shown_again(PROPOSE, assignment_id, form, error, **page)
    db.session.commit()
    if report.approval:
        flash(_("Đã trình lãnh đạo cơ quan duyệt; thời hạn vẫn chạy đến khi lãnh đạo duyệt và gửi đi."))
    else:
        flash(_("Đã gửi kết quả; đang chờ Văn phòng UBND tỉnh xác nhận. Thời hạn dừng tính ở ngày có kết quả."))
    return redirect(url_for("task.show", task_id=assignment.task_id))


def _around(assignment_id: int, limit: int) -> dict[str, Any]:
    """What the page says beside the form: whether a head is asked first, what is open already, which files it takes."""
    assignment = load_assignment(assignment_id)
    asks_head = assignment.agency.needs_head_approval and current_user.id not in heads_of(
        db.session(), assignment.agency_id, clock.today()
    )
    opened = reports.open_proposals(db.session(), assignment.task_id).get(assignment_id)
    return {"asks_head": asks_head, "opened": opened, "limit": limit, "most": MOST_FILES, "endings": ENDINGS}


def on_task_page(opened: Opened) -> dict[str, Any]:
    """Return the results that were proposed, for who may read them, and what the person may press about them today."""
    if not opened.reads_reports:
        return {}
    session = db.session()
    results = reports.latest_results(session, opened.task_id, clock.day_end(opened.day))
    pieces = evidence.of_reports(session, [row.id for row in results]) if results else {}
    facts = {"results": results, "pieces": pieces}
    if not opened.is_today:
        return facts
    proposals = reports.open_proposals(session, opened.task_id) if results else {}
    headed = headed_by(session, current_user, opened.day) if proposals else set()
    return {
        **facts, "proposals": proposals, "suspendable": _suspendable(opened),
        "recallable": {row.id for row in proposals.values() if permissions.may_report(current_user, row.agency_id)},
        "approvable": {row.id for row in proposals.values() if row.approval == "waiting" and row.agency_id in headed},
    }  # fmt: skip


def _suspendable(opened: Opened) -> set[int]:
    """The assignments whose state the person may change now; a result that waits is decided first."""
    if not permissions.may_suspend(current_user):
        return set()
    return {
        one.assignment_id for one in opened.shares if any(allowed(verb, one.standing.state) for verb in SUSPENSIONS)
    }


@blueprint.post("/bao-cao/<int:report_id>/rut-lai")
def recall(report_id: int) -> Response:
    proposal = _proposal(report_id)
    if not permissions.may_report(current_user, proposal.assignment.agency_id):  # a successor takes back, too
        abort(403)
    completion.recall(db.session(), current_user, proposal)
    db.session.commit()
    flash(_("Đã rút lại kết quả; việc trở lại đang thực hiện và thời hạn tiếp tục được tính."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


@blueprint.get("/bao-cao/<int:report_id>/quyet-dinh")
def decide(report_id: int) -> str:
    return _decision(_to_decide(report_id), ReturnForm())


@blueprint.post("/bao-cao/<int:report_id>/xac-nhan")
def confirm(report_id: int) -> Answer:
    proposal = _to_decide(report_id)
    try:
        completion.confirm(db.session(), current_user, proposal)
    except TrackerError as error:
        db.session.rollback()
        return _decision(_to_decide(report_id), ReturnForm(), error), 409
    db.session.commit()
    flash(_("Đã xác nhận kết quả."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


@blueprint.post("/bao-cao/<int:report_id>/tra-lai")
def return_(report_id: int) -> Answer:
    proposal = _to_decide(report_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return _decision(proposal, form), 422
    try:
        completion.return_for_rework(db.session(), current_user, proposal, form.reason.data or "")
    except TrackerError as error:
        db.session.rollback()
        return _decision(_to_decide(report_id), form, error), 409
    db.session.commit()
    flash(_("Đã trả lại kết quả kèm lý do; thời hạn của cơ quan tiếp tục được tính."))
    return redirect(url_for("task.show", task_id=proposal.task_id))


def _proposal(report_id: int) -> ProgressReport:
    """Return a proposed completion: 404 for whoever may not read it."""
    found = load_report(report_id)
    if found.kind != "completion":
        abort(404)
    return found


def _to_decide(report_id: int) -> ProgressReport:
    """Return a proposed completion for the one who decides: 404 for whoever may not even read it, 403 for other readers."""
    found = _proposal(report_id)
    if not permissions.may_decide(current_user):
        abort(403)
    return found


def _decision(proposal: ProgressReport, form: ReturnForm, error: TrackerError | None = None) -> str:
    return render_template("completion/decide.html", form=form, error=error, **facts_of(proposal))


def facts_of(proposal: ProgressReport) -> dict[str, Any]:
    """Return what a page about a proposal shows: the report, how the work stands, its evidence, what was returned before."""
    session = db.session()
    return {
        "report": proposal, "period": current_assignment(session, proposal.assignment_id),
        "pieces": evidence.of_reports(session, [proposal.id]).get(proposal.id, []),
        "returned_before": reports.earlier_returns(session, proposal),
        "more_time": waiting_on(session, [proposal.assignment_id], clock.today()).get(proposal.assignment_id),
    }  # fmt: skip
