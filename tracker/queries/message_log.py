"""The log of messages: who was told what, when, by which channel and with what outcome; page by page, the newest first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, AssignmentPeriod, Document, Message, Reminder, Task, User

PAGE = 50
MOST = 20_000
"""So many lines one file holds."""
TASKS_SHOWN = 3


@dataclass(frozen=True)
class LogFilters:
    """What the log is narrowed to; None and "" narrow nothing. An agency's messages are those to its people and about its work."""

    agency_id: int | None = None
    person_id: int | None = None
    task_id: int | None = None
    document_id: int | None = None
    kind: str = ""
    channel: str = ""
    state: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Told:
    """One task a digest speaks of, as what it was told and how far the work had come on the ladder."""

    task_id: int
    title: str
    code: str
    agency: str | None
    effective_on: date
    step: str
    level: str


_ROW = (
    Message.id, Message.kind, Message.channel, Message.day, Message.state, Message.reason, Message.attempts,
    Message.created_at, Message.sent_at, Message.delivered_at, Message.subject, Message.address, Message.provider_id,
    Message.recipient_id, Message.not_before, Message.claimed_at, User.name.label("recipient_name"), User.email,
)  # fmt: skip


def page(session: Session, filters: LogFilters, before: int | None = None, limit: int = PAGE) -> Sequence[Any]:
    """Return the messages older than `before` (None: from the newest on): one more than `limit` when there are more."""
    return _rows(session, _wanted(filters), before, limit)


def troubled(session: Session, state: str, channel: str, before: int | None = None) -> Sequence[Any]:
    """Return what failed or may not have arrived, the newest first, of one state and channel or ("") of all: a page and one."""
    # Written out, so that the index over these is used whatever the person asks for.
    conditions: list[Any] = [Message.state.in_(("failed", "uncertain"))]
    conditions += [Message.state == state] if state else []
    conditions += [Message.channel == channel] if channel else []
    return _rows(session, conditions, before, PAGE)


def _rows(session: Session, conditions: Sequence[Any], before: int | None, limit: int) -> Sequence[Any]:
    query = select(*_ROW).join(User, User.id == Message.recipient_id).where(*conditions)
    if before is not None:
        query = query.where(Message.id < before)
    return session.execute(query.order_by(Message.id.desc()).limit(limit + 1)).all()


def told(session: Session, message_ids: Collection[int]) -> dict[int, list[Told]]:
    """Return by message the tasks it reminds of, with the agency that owed the work on that day. One statement."""
    then = and_(
        AssignmentPeriod.assignment_id == Assignment.id, AssignmentPeriod.valid_from <= Reminder.day,
        AssignmentPeriod.valid_to > Reminder.day,
    )  # fmt: skip
    query = (
        select(
            Reminder.message_id, Task.id, Task.short_title, Task.code, Agency.name, Reminder.effective_on, Reminder.step,
            Reminder.level,
        )
        .join(Assignment, Assignment.id == Reminder.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(AssignmentPeriod, then)
        .outerjoin(Agency, Agency.id == AssignmentPeriod.agency_id)
        .where(Reminder.message_id.in_(message_ids))
        .order_by(Reminder.effective_on, Reminder.id)
    )  # fmt: skip
    found: dict[int, list[Told]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0]].append(Told(*row[1:]))
    return found


def choices(session: Session) -> tuple[list[Row[int, str]], list[Row[int, str]]]:
    """Return (id, name) of the agencies somebody of which was told or whose work was, and of the documents, for the filters."""
    home = exists().where(User.agency_id == Agency.id)
    owes = exists().where(Assignment.agency_id == Agency.id, Assignment.role == "lead")
    agencies = select(Agency.id, Agency.short_name).where(or_(home, owes)).order_by(Agency.sort_key, Agency.id)
    documents = select(Document.id, Document.short_name).order_by(Document.issued_on, Document.id)
    return list(session.execute(agencies).all()), list(session.execute(documents).all())


def _wanted(filters: LogFilters) -> list[Any]:
    equal = (
        (Message.recipient_id, filters.person_id), (Message.kind, filters.kind), (Message.channel, filters.channel),
        (Message.state, filters.state),
    )  # fmt: skip
    found = [column == value for column, value in equal if value]
    if filters.from_on:
        found.append(Message.day >= filters.from_on)
    if filters.until_on:
        found.append(Message.day <= filters.until_on)
    if filters.task_id:
        found.append(Message.id.in_(_about(Assignment.task_id == filters.task_id)))
    if filters.document_id:
        found.append(Message.id.in_(_about(Task.document_id == filters.document_id)))
    if filters.agency_id:
        people = select(User.id).where(User.agency_id == filters.agency_id)
        work = _about(Assignment.agency_id == filters.agency_id)
        found.append(or_(Message.recipient_id.in_(people), Message.id.in_(work)))
    return found


def _about(condition: Any) -> Select[int]:
    return (
        select(Reminder.message_id)
        .join(Assignment, Assignment.id == Reminder.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(condition)
    )
