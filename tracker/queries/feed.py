"""What a private calendar address opens: whose it is, and the dated work that person or agency may see now."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.models import (
    Agency,
    Assignment,
    AssignmentPeriod,
    CalendarFeed,
    Clause,
    Document,
    Role,
    Star,
    Task,
    TaskPeriod,
    User,
)
from tracker.permissions import agency_of, may_subscribe
from tracker.queries.period import Period, in_force_now
from tracker.rules.timeliness import RUNNING, WorkState

PERSON, AGENCY = "person", "agency"
SCOPES = (PERSON, AGENCY)
BACK = timedelta(days=180)
AHEAD = timedelta(days=730)
DONE_SHOWN = timedelta(days=30)
AT_MOST = 2000
"""Of each kind (still to come, overdue, waiting, done): the nearest; beyond it no calendar program is of use."""


@dataclass(frozen=True)
class Entry:
    """One due date. `noun` and `noun_id` name it whatever its day; `version` rises with every change, `since` is its day."""

    noun: str  # assignment, task
    noun_id: int
    version: int
    since: date
    task_id: int
    state: str
    due_on: date | None
    effective_on: date
    original_on: date | None
    slips: int
    title: str
    document_name: str
    document_number: str | None
    clause_code: str
    role: str  # lead, coordinate
    agency: str | None  # who owes it, as lists show it; None: nobody is named
    responsible: str | None


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret. It has 256 random bits, so nobody finds it by trying, salted or not."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def opened(session: Session, secret: str) -> CalendarFeed | None:
    """Return the feed with its person that the secret opens today; None for an unknown or revoked one, and when the person
    has left, was moved to another agency (for that agency's feed) or has no work to see any more."""
    query = select(CalendarFeed).where(
        CalendarFeed.secret_hash == secret_hash(secret), CalendarFeed.revoked_at.is_(None)
    )
    feed = session.scalars(query.options(joinedload(CalendarFeed.user).joinedload(User.agency))).one_or_none()
    if feed is None or not feed.user.active or not may_subscribe(feed.user, feed.scope):
        return None
    return feed if feed.scope == PERSON or feed.agency_id == agency_of(feed.user) else None


def live(session: Session, user_id: int) -> dict[str, CalendarFeed]:
    """Return the person's addresses that open something, by scope."""
    query = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    return {feed.scope: feed for feed in session.scalars(query)}


def entries(session: Session, feed: CalendarFeed, day: date) -> list[Entry]:
    """Return what the feed shows on `day`, by date: open work from 180 days back to two years ahead, overdue work however
    old, and what was finished in the last 30 days. Four queries, whatever there is."""
    model, columns, whose = _wanted(feed)
    found = {
        row.noun_id: Entry(*row)
        for part in _parts(model, day)
        for row in session.execute(columns.where(in_force_now(model), *whose, part[0]).order_by(*part[1:]).limit(AT_MOST))
    }  # fmt: skip
    return sorted(found.values(), key=lambda entry: (entry.effective_on, entry.noun_id))


def _parts(model: Period, day: date) -> Iterator[tuple[Any, ...]]:
    """Yield (which rows, in what order) of the four kinds."""
    on, running = model.effective_on, model.clock == RUNNING
    yield and_(running, on.between(day, day + AHEAD)), on, model.id
    yield and_(running, on < day), on.desc(), model.id
    yield and_(model.state == WorkState.AWAITING, on <= day + AHEAD), on.desc(), model.id
    shown = and_(model.valid_from >= day - DONE_SHOWN, on.between(day - BACK, day + AHEAD))
    yield and_(model.state == WorkState.DONE, shown), on.desc(), model.id


def _wanted(feed: CalendarFeed) -> tuple[Period, Select[Any], tuple[ColumnElement[bool], ...]]:
    """Return the table of periods, the columns of Entry from it, and which rows are the feed's."""
    user = feed.user
    if feed.scope == AGENCY:
        return AssignmentPeriod, _PARTS, (AssignmentPeriod.agency_id == feed.agency_id,)
    if user.role == Role.LEADER:
        followed = select(Star.task_id).where(Star.user_id == user.id)
        return TaskPeriod, _TASKS, (TaskPeriod.task_id.in_(followed),)
    if (agency_id := agency_of(user)) is None:
        return TaskPeriod, _TASKS, ()
    named = or_(Assignment.responsible_id == user.id, Assignment.head_id == user.id)
    return AssignmentPeriod, _PARTS, (named, AssignmentPeriod.agency_id == agency_id)


def _stood(model: Period) -> tuple[Any, ...]:
    return (
        model.id, model.valid_from, model.task_id, model.state, model.due_on, model.effective_on, model.original_on, model.slips,
        Task.short_title, Document.short_name, Document.number, Clause.code,
    )  # fmt: skip


def _of_documents(query: Select[Any], model: Period) -> Select[Any]:
    return (
        query.join(Task, Task.id == model.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .where(Task.kind != "standing_duty")
    )


_PARTS = _of_documents(
    select(
        literal("assignment"), AssignmentPeriod.assignment_id.label("noun_id"), *_stood(AssignmentPeriod),
        AssignmentPeriod.role, Agency.name, User.name,
    )
    .join(Assignment, Assignment.id == AssignmentPeriod.assignment_id)
    .join(Agency, Agency.id == AssignmentPeriod.agency_id)
    .outerjoin(User, User.id == Assignment.responsible_id),
    AssignmentPeriod,
)  # fmt: skip
_TASKS = _of_documents(
    select(
        literal("task"), TaskPeriod.task_id.label("noun_id"), *_stood(TaskPeriod), literal("lead"), Task.lead_label,
        literal(None),
    ),
    TaskPeriod,
)  # fmt: skip
