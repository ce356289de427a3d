"""An agency proposes that its assignment is done, its head approves where it wants that, the Office confirms or returns."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import obstacle, occurrence
from tracker.actions.event import log
from tracker.actions.evidence import Proof, add_evidence
from tracker.actions.extension import result_given
from tracker.actions.report import keep_report, open_period
from tracker.actions.standing import change_state, current_assignment
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Agency, Assignment, Document, ProgressReport, Role, Task, User
from tracker.queries.acting import heads_of, on_behalf
from tracker.queries.report import OPEN
from tracker.rules.timeliness import WorkState
from tracker.words.days import dmy


def propose_completion(
    session: Session, actor: User, assignment: Assignment, seen: int, result_on: date, result_document: str | None,
    done: str, proof: Proof | None = None,
) -> ProgressReport:  # fmt: skip
    """Propose that the assignment is done: the result's date, the number of its document or files that show it, or both.

    The clock then stands at the result's date. Where the agency wants it, its head approves first, and until then the clock
    runs on. Raises Changed or Refused as report_progress does, and Refused for a date in the future or before the order
    existed, without evidence, and while an earlier proposal is open.
    """
    proof = proof or Proof()
    period = open_period(session, assignment, seen)
    _check_result_day(session, assignment, result_on)
    _check_proof(result_document, proof)
    _check_none_is_open(session, assignment)
    heads = _heads_to_ask(session, actor, assignment)
    if heads:
        change_state(session, period, "ask_approval")
    else:
        result_given(session, actor, change_state(session, period, "propose", progress=100, result_on=result_on))
    report = keep_report(
        session, actor, assignment, kind="completion", progress=100, done=done, result_on=result_on,
        result_document=result_document or None, approval="waiting" if heads else None,
    )  # fmt: skip
    issued_by = replace(proof, issuer=proof.issuer or assignment.agency.name)
    add_evidence(session, actor, report, result_document, result_on, issued_by)
    _log(
        session, actor, "ask_approval" if heads else "propose_completion", report, result_on=result_on.isoformat(),
        result_document=result_document or None, secret=proof.secret, files=[file.sha256 for file in proof.files],
    )  # fmt: skip
    if heads:
        outbox.approval_asked(session, report, heads)
    else:
        outbox.result_proposed(session, report)
    return report


def approve(session: Session, actor: User, report: ProgressReport) -> None:
    """Approve a result as head of its agency: it goes to the Office, and the clock stands at the result's date from now on.

    Raises Changed when it no longer waits for the head, Refused when the work is on hold or closed meanwhile.
    """
    _mark(session, report, ProgressReport.approval == "waiting", approval="approved", approved_at=clock.now(),
          approved_by_id=actor.id)  # fmt: skip
    period = current_assignment(session, report.assignment_id)
    result_given(session, actor, change_state(session, period, "approve", progress=100, result_on=report.result_on))
    _log(session, actor, "approve", report, report.assignment.agency_id, **_standing_in(session, actor))
    outbox.result_proposed(session, report)


def decline(session: Session, actor: User, report: ProgressReport, reason: str) -> None:
    """Decline a result as head of its agency, with a reason: it never reaches the Office. Raises as approve() does."""
    _mark(session, report, ProgressReport.approval == "waiting", approval="declined",
          **_decision(actor, "declined", reason))  # fmt: skip
    change_state(session, current_assignment(session, report.assignment_id), "decline")
    _log(session, actor, "decline", report, report.assignment.agency_id, reason=reason, **_standing_in(session, actor))
    outbox.approval_declined(session, report)


def recall(session: Session, actor: User, report: ProgressReport) -> None:
    """Take back a result nobody has decided on; the work goes on from where it was. Raises Changed when somebody has."""
    _mark(session, report, **_decision(actor, "recalled"))
    period = current_assignment(session, report.assignment_id)
    if period.state == WorkState.AWAITING:
        change_state(session, period, "recall", result_on=None, progress=progress_before(session, report))
    _log(session, actor, "recall", report, report.assignment.agency_id)


def confirm(session: Session, actor: User, report: ProgressReport) -> None:
    """Confirm a proposed completion: the assignment is done as of the result's date. Raises Changed when already decided."""
    _mark(session, report, **_decision(actor, "confirmed"))
    result_given(session, actor, change_state(session, current_assignment(session, report.assignment_id), "confirm"))
    obstacle.lapse(session, actor, report.assignment_id)
    occurrence.decided(session, report)
    _log(session, actor, "confirm", report)
    outbox.result_confirmed(session, report)


def return_for_rework(session: Session, actor: User, report: ProgressReport, reason: str) -> None:
    """Return a proposed completion with a reason: not done, and the clock runs again from where it was due."""
    _mark(session, report, **_decision(actor, "returned", reason))
    period = current_assignment(session, report.assignment_id)
    change_state(session, period, "return", result_on=None, progress=progress_before(session, report))
    occurrence.decided(session, report)
    _log(session, actor, "return", report, reason=reason)
    outbox.result_returned(session, report)


def progress_before(session: Session, report: ProgressReport) -> int:
    """Return the percent the agency had reported before it proposed completion; 0 when it had reported nothing."""
    query = select(ProgressReport.progress).where(
        ProgressReport.assignment_id == report.assignment_id,
        ProgressReport.kind == "progress",
        ProgressReport.id < report.id,
        ProgressReport.occurrence_id.is_not_distinct_from(report.occurrence_id),
    )
    return session.execute(query.order_by(ProgressReport.id.desc()).limit(1)).scalar() or 0


def _check_result_day(session: Session, assignment: Assignment, result_on: date) -> None:
    if result_on > clock.today():
        raise Refused(_("Ngày có kết quả %(day)s chưa tới; hãy ghi ngày trên văn bản kết quả.", day=dmy(result_on)))
    query = (
        select(Document.in_force_from).join(Task, Task.document_id == Document.id).where(Task.id == assignment.task_id)
    )
    ordered_on = session.execute(query).scalar_one()
    if result_on < ordered_on:
        sentence = _(
            "Ngày có kết quả %(day)s trước ngày giao việc %(ordered)s; hãy kiểm tra lại.",
            day=dmy(result_on),
            ordered=dmy(ordered_on),
        )
        raise Refused(sentence)


def _check_proof(number: str | None, proof: Proof) -> None:
    if not number and not proof.files:
        raise Refused(_("Hãy ghi số, ký hiệu văn bản kết quả hoặc kèm ít nhất một tập tin minh chứng."))
    if proof.secret and (not number or proof.files or proof.title):
        raise Refused(_("Văn bản mật chỉ ghi số, ký hiệu; không ghi trích yếu, không gửi tập tin."))


def _check_none_is_open(session: Session, assignment: Assignment) -> None:
    if session.execute(select(ProgressReport.id).where(ProgressReport.assignment_id == assignment.id, OPEN)).first():
        raise Refused(
            _("Đã có một kết quả chờ lãnh đạo cơ quan duyệt; hãy rút lại kết quả ấy trước khi gửi kết quả khác.")
        )


def _heads_to_ask(session: Session, actor: User, assignment: Assignment) -> set[int]:
    """Return the heads who approve before the Office sees it; empty when the agency does without, or a head proposes."""
    if not session.get_one(Agency, assignment.agency_id).needs_head_approval:
        return set()
    heads = heads_of(session, assignment.agency_id, clock.today())
    if not heads:
        raise Refused(
            _("Kết quả của cơ quan phải qua lãnh đạo duyệt, nhưng chưa có tài khoản lãnh đạo nào; xin báo quản trị.")
        )
    return set() if actor.id in heads else heads


def _decision(actor: User, decision: str, reason: str | None = None) -> dict[str, Any]:
    return {
        "decision": decision, "decided_at": clock.now(), "decided_by_id": actor.id, "decision_reason": reason,
    }  # fmt: skip


def _mark(session: Session, report: ProgressReport, *conditions: Any, **values: Any) -> None:
    """Write on the proposal what somebody decided, if it is still open; whoever comes second gets Changed."""
    marked: Any = session.execute(
        update(ProgressReport)
        .where(ProgressReport.id == report.id, OPEN, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:
        raise Changed(_("Kết quả này đã có người xử lý trước đó; hãy xem lại diễn biến của nhiệm vụ."))
    session.refresh(report)


def _standing_in(session: Session, actor: User) -> dict[str, str]:
    """Return for whom the actor decides as head today: nobody for a head, who decides in his or her own right."""
    absent = None if actor.role == Role.AGENCY_HEAD else on_behalf(session, actor.id, clock.today())
    return {"on_behalf_of": absent} if absent else {}


def _log(
    session: Session, actor: User, verb: str, report: ProgressReport, holder_id: int | None = None, **facts: Any
) -> None:
    """`holder_id`: what the agency itself does to a result is done by who holds the work now, perhaps a successor."""
    log(
        session, actor, verb, "assignment", report.assignment_id, task_id=report.task_id,
        agency_id=holder_id or report.agency_id, report_id=report.id, **facts,
    )  # fmt: skip
