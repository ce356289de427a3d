"""An agency reports on its own assignment; the Office confirms or returns. Change, event and message together."""

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import LOST_RACE, current_assignment, move_assignment
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Agency, Assignment, AssignmentPeriod, Document, ProgressReport, Task, User
from tracker.rules.timeliness import CLOSED, WorkState
from tracker.words import WORK_STATE


def report_progress(
    session: Session, actor: User, assignment: Assignment, seen: int, progress: int, done: str, difficulty: str | None
) -> ProgressReport:
    """Keep a report (percent 0–100, what was done, difficulty) and return it; the assignment is then under way.

    `seen` is the id of the period the person was looking at. Raises Changed when it is no longer in force, Refused when the
    assignment is closed or its result waits for confirmation.
    """
    period = _open_period(session, assignment, seen)
    move_assignment(session, period, state=WorkState.IN_PROGRESS.value, progress=progress)
    report = _keep(session, actor, assignment, kind="progress", progress=progress, done=done, difficulty=difficulty)
    log(
        session, actor, "report_progress", "assignment", assignment.id, task_id=assignment.task_id,
        agency_id=assignment.agency_id, report_id=report.id, progress=progress,
    )  # fmt: skip
    return report


def propose_completion(
    session: Session, actor: User, assignment: Assignment, seen: int, result_on: date, result_document: str, done: str
) -> ProgressReport:
    """Propose that the assignment is done, with the result's date and document; the clock then stands at that date.

    Raises Changed or Refused as report_progress does, and Refused for a date in the future or before the order existed.
    """
    period = _open_period(session, assignment, seen)
    _check_result_day(session, assignment, result_on)
    move_assignment(session, period, state=WorkState.AWAITING.value, progress=100, result_on=result_on)
    report = _keep(
        session,
        actor,
        assignment,
        kind="completion",
        progress=100,
        done=done,
        result_on=result_on,
        result_document=result_document,
    )
    log(
        session, actor, "propose_completion", "assignment", assignment.id, task_id=assignment.task_id,
        agency_id=assignment.agency_id, report_id=report.id, result_on=result_on.isoformat(), result_document=result_document,
    )  # fmt: skip
    outbox.result_proposed(session, report)
    return report


def confirm(session: Session, actor: User, report: ProgressReport) -> None:
    """Confirm a proposed completion: the assignment is done as of the result's date. Raises Changed when already decided."""
    period = _decide(session, actor, report, "confirmed", None)
    move_assignment(session, period, state=WorkState.DONE.value)
    _log_decision(session, actor, "confirm", report)
    outbox.result_confirmed(session, report)


def return_for_rework(session: Session, actor: User, report: ProgressReport, reason: str) -> None:
    """Return a proposed completion with a reason: not done, and the clock runs again from where it was due."""
    period = _decide(session, actor, report, "returned", reason)
    move_assignment(
        session, period, state=WorkState.RETURNED.value, result_on=None, progress=_progress_before(session, report)
    )
    _log_decision(session, actor, "return", report, reason=reason)
    outbox.result_returned(session, report)


def _open_period(session: Session, assignment: Assignment, seen: int) -> AssignmentPeriod:
    period = current_assignment(session, assignment.id)
    if period.id != seen:
        raise Changed(str(LOST_RACE))
    if period.state in CLOSED:
        raise Refused(
            _("Phần việc này đã khép lại (%(state)s); không nhận thêm báo cáo.", state=_state_word(period.state))
        )
    if period.state == WorkState.AWAITING:
        raise Refused(_("Kết quả đang chờ Văn phòng UBND tỉnh xác nhận; khi có ý kiến, cơ quan cập nhật tiếp."))
    return period


def _state_word(state: str) -> str:
    return str(WORK_STATE[state])


def _check_result_day(session: Session, assignment: Assignment, result_on: date) -> None:
    if result_on > clock.today():
        raise Refused(_("Ngày có kết quả %(day)s chưa tới; hãy ghi ngày trên văn bản kết quả.", day=_day(result_on)))
    query = (
        select(Document.in_force_from).join(Task, Task.document_id == Document.id).where(Task.id == assignment.task_id)
    )
    ordered_on = session.execute(query).scalar_one()
    if result_on < ordered_on:
        sentence = _(
            "Ngày có kết quả %(day)s trước ngày giao việc %(ordered)s; hãy kiểm tra lại.",
            day=_day(result_on),
            ordered=_day(ordered_on),
        )
        raise Refused(sentence)


def _day(day: date) -> str:
    return str(format_date(day, "dd/MM/yyyy"))


def _keep(session: Session, actor: User, assignment: Assignment, **said: object) -> ProgressReport:
    today = clock.today()
    report = ProgressReport(
        assignment_id=assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id, author_id=actor.id,
        reported_at=clock.now(), reported_on=today, **said,
    )  # fmt: skip
    session.add(report)
    session.execute(update(Agency).where(Agency.id == assignment.agency_id).values(last_reported_on=today))
    session.flush()
    return report


def _decide(
    session: Session, actor: User, report: ProgressReport, decision: str, reason: str | None
) -> AssignmentPeriod:
    """Write the decision on the report if nobody has; return the period that waits for it."""
    decided: Any = session.execute(
        update(ProgressReport)
        .where(ProgressReport.id == report.id, ProgressReport.kind == "completion", ProgressReport.decision.is_(None))
        .values(decision=decision, decided_at=clock.now(), decided_by_id=actor.id, decision_reason=reason)
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:
        raise Changed(_("Kết quả này đã có người xử lý trước đó; hãy xem lại diễn biến của nhiệm vụ."))
    session.refresh(report)
    return current_assignment(session, report.assignment_id)


def _progress_before(session: Session, report: ProgressReport) -> int:
    query = select(ProgressReport.progress).where(
        ProgressReport.assignment_id == report.assignment_id,
        ProgressReport.kind == "progress",
        ProgressReport.id < report.id,
    )
    return session.execute(query.order_by(ProgressReport.id.desc()).limit(1)).scalar() or 0


def _log_decision(session: Session, actor: User, verb: str, report: ProgressReport, **facts: str) -> None:
    log(
        session, actor, verb, "assignment", report.assignment_id, task_id=report.task_id, agency_id=report.agency_id,
        report_id=report.id, **facts,
    )  # fmt: skip
