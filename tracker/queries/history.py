"""What happened to a task: orders, reports, decisions, reminders, one line each, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import Agency, Assignment, Event, Message, ProgressReport, Reminder, User
from tracker.models.base import Moment
from tracker.queries.ask import DAY, ask

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
    actor_role: str | None = None
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


TASK: Any = bindparam("task")
END: Any = bindparam("end", type_=Moment)
_DECIDER = aliased(User)
_CONTENTS = (
    ProgressReport.progress, ProgressReport.done, ProgressReport.difficulty, ProgressReport.result_on,
    ProgressReport.result_document,
)  # fmt: skip
_REPORTS = (
    select(
        ProgressReport.reported_at, ProgressReport.kind, ProgressReport.decided_at, ProgressReport.decision,
        ProgressReport.decision_reason, Agency.name.label("agency"), User.name.label("author"),
        _DECIDER.name.label("decided_by"), *_CONTENTS,
    )
    .join(Agency, Agency.id == ProgressReport.agency_id)
    .join(User, User.id == ProgressReport.author_id)
    .outerjoin(_DECIDER, _DECIDER.id == ProgressReport.decided_by_id)
    .where(ProgressReport.task_id == TASK, ProgressReport.reported_at < END)
    .order_by(ProgressReport.id.desc())
    .limit(LINES)
)  # fmt: skip


def _reports(session: Session, task_id: int, end: datetime, with_contents: bool) -> list[Line]:
    lines = []
    for row in ask(session, _REPORTS, task=task_id, end=end):
        said = {column.key: getattr(row, column.key) for column in _CONTENTS} if with_contents else {}
        lines.append(_line(row.reported_at, row.kind, row.agency, row.author, said))
        if row.decided_at and row.decision and row.decided_at < end:
            reason = {"reason": row.decision_reason} if with_contents else {}
            lines.append(_line(row.decided_at, row.decision, row.agency, row.decided_by, reason))
    return lines


_EVENTS = (
    select(Event.at, Event.verb, Agency.name, User.name, Event.facts, User.role)
    .outerjoin(Agency, Agency.id == Event.agency_id)
    .outerjoin(User, User.id == Event.actor_id)
    .where(Event.task_id == TASK, Event.at < END, Event.verb.not_in(TOLD_BY_REPORTS))
    .order_by(Event.id.desc())
    .limit(LINES)
)


def _events(session: Session, task_id: int, end: datetime) -> list[Line]:
    return [_line(*row) for row in ask(session, _EVENTS, task=task_id, end=end)]


_REMINDERS = (
    select(
        Reminder.day, Reminder.step, Message.state, Message.channel, func.min(Agency.name),
        func.count(Assignment.agency_id.distinct()), func.max(Message.sent_at),
    )
    .select_from(Assignment)
    .join(Reminder, Reminder.assignment_id == Assignment.id)
    .join(Message, Message.id == Reminder.message_id)
    .join(Agency, Agency.id == Assignment.agency_id)
    .where(Assignment.task_id == TASK, Reminder.day <= DAY)
    .group_by(Reminder.day, Reminder.step, Message.state, Message.channel)
    .order_by(Reminder.day.desc())
    .limit(LINES)
)  # fmt: skip


def _reminders(session: Session, task_id: int, day: date) -> list[Line]:
    """One line for each step, day and outcome, however many agencies a collective order reminds."""
    lines = []
    for on, step, state, channel, agency, agencies, sent_at in ask(session, _REMINDERS, task=task_id, day=day):
        facts = {"step": step, "state": state, "channel": channel, "agencies": agencies}
        lines.append(
            Line(on, sent_at or clock.day_start(on), "reminder", agency if agencies == 1 else None, facts=facts)
        )
    return lines


def _line(
    at: datetime, kind: str, agency: str | None, actor: str | None, facts: dict[str, Any], role: str | None = None
) -> Line:
    return Line(clock.local(at).date(), at, kind, agency, actor, role, facts)
