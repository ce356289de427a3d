"""An agency proposes that its assignment is done; the Office confirms or returns. Change, event and message together."""

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.report import keep_report, open_period
from tracker.actions.standing import change_state, current_assignment
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Assignment, AssignmentPeriod, Document, ProgressReport, Task, User


def propose_completion(
    session: Session, actor: User, assignment: Assignment, seen: int, result_on: date, result_document: str, done: str
) -> ProgressReport:
    """Propose that the assignment is done, with the result's date and document; the clock then stands at that date.

    Raises Changed or Refused as report_progress does, and Refused for a date in the future or before the order existed.
    """
    period = open_period(session, assignment, seen)
    _check_result_day(session, assignment, result_on)
    change_state(session, period, "propose", progress=100, result_on=result_on)
    report = keep_report(
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
    change_state(session, period, "confirm")
    _log_decision(session, actor, "confirm", report)
    outbox.result_confirmed(session, report)


def return_for_rework(session: Session, actor: User, report: ProgressReport, reason: str) -> None:
    """Return a proposed completion with a reason: not done, and the clock runs again from where it was due."""
    period = _decide(session, actor, report, "returned", reason)
    change_state(session, period, "return", result_on=None, progress=_progress_before(session, report))
    _log_decision(session, actor, "return", report, reason=reason)
    outbox.result_returned(session, report)


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
