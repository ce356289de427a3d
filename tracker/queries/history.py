"""What happened to a task: orders, reports, decisions, reminders, one line each, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import Agency, Assignment, Event, Message, ProgressReport, Reminder, User

LINES = 60
# These have a row of their own with more to say; the log would only repeat them.
TOLD_BY_REPORTS = ("report_progress", "propose_completion", "confirm", "return")


@dataclass(frozen=True)
class Line:
    """One thing that happened. `kind`: a report's (progress, completion, confirmed, returned), reminder, or an event's verb.

    `facts` holds what the words need; a report's own contents are in it only for those who may read them.
    """

    on: date
    at: datetime
    kind: str
    agency: str | None = None
    actor: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def history(session: Session, task_id: int, day: date, *, with_reports: bool) -> list[Line]:
    """Return what happened until the end of `day`, at most LINES lines; `with_reports` gives the reports' contents too."""
    end = clock.day_start(day + timedelta(days=1))
    lines = [
        *_reports(session, task_id, end, with_reports),
        *_events(session, task_id, end),
        *_reminders(session, task_id, day),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:LINES]


def last_report_on(lines: Sequence[Line]) -> date | None:
    """Return the day of the newest report among the lines."""
    return next((line.on for line in lines if line.kind in {"progress", "completion"}), None)


def _reports(session: Session, task_id: int, end: datetime, with_contents: bool) -> list[Line]:
    decider = aliased(User)
    query = (
        select(ProgressReport, Agency.name, User.name, decider.name)
        .join(Agency, Agency.id == ProgressReport.agency_id)
        .join(User, User.id == ProgressReport.author_id)
        .outerjoin(decider, decider.id == ProgressReport.decided_by_id)
        .where(ProgressReport.task_id == task_id, ProgressReport.reported_at < end)
        .order_by(ProgressReport.id.desc())
        .limit(LINES)
    )
    lines = []
    for report, agency, author, decided_by in session.execute(query):
        said = {
            name: getattr(report, name) for name in ("progress", "done", "difficulty", "result_on", "result_document")
        }
        lines.append(_line(report.reported_at, report.kind, agency, author, said if with_contents else {}))
        if report.decided_at and report.decision and report.decided_at < end:
            reason = {"reason": report.decision_reason} if with_contents else {}
            lines.append(_line(report.decided_at, report.decision, agency, decided_by, reason))
    return lines


def _events(session: Session, task_id: int, end: datetime) -> list[Line]:
    query = (
        select(Event.at, Event.verb, Agency.name, User.name, Event.facts)
        .outerjoin(Agency, Agency.id == Event.agency_id)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.task_id == task_id, Event.at < end, Event.verb.not_in(TOLD_BY_REPORTS))
        .order_by(Event.id.desc())
        .limit(LINES)
    )
    return [_line(*row) for row in session.execute(query)]


def _reminders(session: Session, task_id: int, day: date) -> list[Line]:
    """One line for each step, day and outcome, however many agencies a collective order reminds."""
    query = (
        select(
            Reminder.day, Reminder.step, Message.state, Message.channel, func.min(Agency.name),
            func.count(Assignment.agency_id.distinct()), func.max(Message.sent_at),
        )
        .select_from(Assignment)
        .join(Reminder, Reminder.assignment_id == Assignment.id)
        .join(Message, Message.id == Reminder.message_id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(Assignment.task_id == task_id, Reminder.day <= day)
        .group_by(Reminder.day, Reminder.step, Message.state, Message.channel)
        .order_by(Reminder.day.desc())
        .limit(LINES)
    )  # fmt: skip
    lines = []
    for on, step, state, channel, agency, agencies, sent_at in session.execute(query):
        facts = {"step": step, "state": state, "channel": channel, "agencies": agencies}
        lines.append(
            Line(on, sent_at or clock.day_start(on), "reminder", agency if agencies == 1 else None, None, facts)
        )
    return lines


def _line(at: datetime, kind: str, agency: str | None, actor: str | None, facts: dict[str, Any]) -> Line:
    return Line(clock.local(at).date(), at, kind, agency, actor, facts)
