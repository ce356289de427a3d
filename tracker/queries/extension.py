"""Requests for more time: the queue, those of a task or an assignment on any day, and how far dates have slipped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Clause, Document, Extension, Task, User
from tracker.models.base import Moment
from tracker.queries.ask import ask
from tracker.queries.batches import batches
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force
from tracker.queries.setting import setting
from tracker.rules.extension import is_late, last_day_to_ask, slip_days
from tracker.rules.timeliness import CLOSED, WorkState

PAGE = 50
DECIDED = ("granted", "refused", "withdrawn", "lapsed")
# Written out and not bound: only so does the database know that the partial index over waiting ones serves.
_WAITING = Extension.state == literal_column("'waiting'")


@dataclass(frozen=True)
class ExtensionFilters:
    """Which requests: those that wait (oldest first) or the decided ones (newest first), of an agency or a task.

    `agency_id` is the agency that holds the work now.
    """

    decided: bool = False
    agency_id: int | None = None
    task_id: int | None = None


@dataclass(frozen=True)
class Request:
    """One request of the queue. `counts_on` is the day that counts now, None when the clock has gone."""

    id: int
    assignment_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency: str
    asked_by: str
    asked_on: date
    proposed_on: date
    effective_on: date
    late: bool
    reason: str
    request_document: str | None
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decision_document: str | None
    decision_reason: str | None
    granted_on: date | None
    counts_on: date | None
    slips: int

    @property
    def days_left(self) -> int:
        """Calendar days from today to the day that counts, negative after it; 0 without one."""
        return (self.counts_on - clock.today()).days if self.counts_on else 0


@dataclass(frozen=True)
class Asked:
    """What a reminder says of a request that waits."""

    asked_on: date
    proposed_on: date
    late: bool


@dataclass(frozen=True)
class Notice:
    """Until when a request is in time: `days` working days before the end, `last_day` at the latest; `late` is it today."""

    days: int
    last_day: date
    late: bool


@dataclass(frozen=True)
class Slips:
    """How far the dates of some assignments have moved: how many assignments, extensions granted, calendar days in all."""

    assignments: int = 0
    extensions: int = 0
    days: int = 0

    def __add__(self, other: "Slips") -> "Slips":
        return Slips(self.assignments + other.assignments, self.extensions + other.extensions, self.days + other.days)


def requests(session: Session, filters: ExtensionFilters, place: int | None = None) -> list[Request]:
    """Return a page of the queue and one more, to know there is a next; `place` is the id of the last one seen."""
    query = _narrowed(_columns(), filters)
    if place is not None:
        query = query.where(Extension.id < place if filters.decided else Extension.id > place)
    order = Extension.id.desc() if filters.decided else Extension.id
    return [Request(*row) for row in session.execute(query.order_by(order).limit(PAGE + 1)).all()]


def waiting_count(session: Session, agency_id: int | None = None, task_id: int | None = None) -> int:
    """Return how many requests wait for a decision: all, or those about the work an agency holds, or about a task."""
    filters = ExtensionFilters(agency_id=agency_id, task_id=task_id)
    query = select(func.count(Extension.id)).join(Assignment, Assignment.id == Extension.assignment_id)
    return int(session.execute(_narrowed(query, filters)).scalar_one())


def asking_agencies(session: Session) -> list[tuple[int, str]]:
    """Return (id, short name) of the agencies that hold work on which a request was ever made, in alphabetical order."""
    asked = select(Assignment.agency_id).join(Extension, Extension.assignment_id == Assignment.id)
    query = select(Agency.id, Agency.short_name).where(Agency.id.in_(asked)).order_by(Agency.sort_key)
    return [(row[0], row[1]) for row in session.execute(query)]


def others(session: Session, extension: Extension) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the other requests of the same assignment, oldest first: what was asked, decided and granted."""
    query = _OF.where(Extension.assignment_id == extension.assignment_id, Extension.id != extension.id)
    return session.execute(query).all()


def of_task(session: Session, task_id: int, day: date) -> list[Any]:
    """Return the requests made on a task until the end of `day`, oldest first; `state` is as it was at that end."""
    end = clock.day_end(day)
    return list(ask(session, _ON_TASK, task=task_id, end=end))


def all_waiting_on(session: Session, day: date) -> set[int]:
    """Return every assignment on which a request waited at the end of `day`."""
    return set(session.scalars(select(Extension.assignment_id).where(_waited(clock.day_end(day)))))


def _waited(end: datetime) -> ColumnElement[bool]:
    return and_(Extension.asked_at < end, or_(_WAITING, Extension.decided_at >= end))


def waiting_on(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Asked]:
    """Return by assignment the request that waited at the end of `day`."""
    end = clock.day_end(day)
    columns = (Extension.assignment_id, Extension.asked_on, Extension.proposed_on, Extension.late)
    found: dict[int, Asked] = {}
    for ids in batches(assignment_ids):
        query = select(*columns).where(Extension.assignment_id.in_(ids), _waited(end))
        found |= {row[0]: Asked(*row[1:]) for row in session.execute(query.order_by(Extension.id))}
    return found


def notice(session: Session, effective_on: date) -> Notice:
    """Return what today's request would be for work that counts to `effective_on`."""
    days, calendar = setting(session, "extension_notice_days"), work_calendar(session)
    late = is_late(clock.today(), effective_on, days, calendar)
    return Notice(days, last_day_to_ask(effective_on, days, calendar), late)


def slips(session: Session, day: date, agency_id: int | None = None) -> tuple[Slips, Slips]:
    """Return how far the dates of lead assignments had slipped by `day`: of the open ones, of the finished ones.

    Of the whole province or of one agency; work that was dropped is left out.
    """
    period = AssignmentPeriod
    moved = (period.state.in_(CLOSED), period.original_on, period.effective_on)
    query = (
        select(func.count(), func.sum(period.slips), *moved)
        .where(in_force(period, day), period.role == "lead", period.slips > 0)
        .where(period.state != WorkState.WITHDRAWN.value)
        .group_by(*moved)
    )
    if agency_id is not None:
        query = query.where(period.agency_id == agency_id)
    found = {True: Slips(), False: Slips()}
    for n, extensions, closed, original_on, effective_on in session.execute(query):
        found[bool(closed)] += Slips(n, extensions, n * slip_days(original_on, effective_on))
    return found[False], found[True]


def told_of(session: Session, ids: Collection[int]) -> Mapping[int, Row[*tuple[Any, ...]]]:
    """Return by id what a mail about a request needs: it, its task and clause, the agency, who asked and decided."""
    asker, decider = aliased(User), aliased(User)
    query = (
        select(
            Extension.id, Extension.task_id, Extension.assignment_id, Extension.state, Extension.reason,
            Extension.request_document, Extension.late,
            Extension.asked_on, Extension.proposed_on, Extension.effective_on, Extension.granted_on,
            Extension.granted_effective_on, Extension.decision_document, Extension.decision_reason,
            Task.short_title.label("title"), Clause.code.label("clause_code"), Clause.text.label("clause_text"),
            Document.short_name.label("document_name"), Document.number.label("document_number"),
            Agency.name.label("agency_name"), asker.name.label("asked_by"), decider.name.label("decided_by"),
        )
        .join(Task, Task.id == Extension.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == Extension.agency_id)
        .join(asker, asker.id == Extension.asked_by_id)
        .outerjoin(decider, decider.id == Extension.decided_by_id)
        .where(Extension.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}


_OF = select(
    Extension.id, Extension.asked_on, Extension.proposed_on, Extension.late, Extension.state, Extension.decided_at,
    Extension.decision_document, Extension.granted_on, Extension.effective_on, Extension.granted_effective_on,
).order_by(Extension.id)  # fmt: skip

_END: Any = bindparam("end", type_=Moment)
_ON_TASK = (
    select(
        Extension.id, Extension.assignment_id, Extension.asked_on, Extension.proposed_on, Extension.late, Extension.reason,
        Extension.effective_on, Extension.granted_on, Extension.granted_effective_on, Extension.decision_document,
        Extension.decision_reason, Extension.decided_at, Agency.short_name.label("agency"),
        Assignment.agency_id.label("holder_id"), Extension.state,
        (Extension.decided_at.is_(None) | (Extension.decided_at >= _END)).label("waits"),
    )
    .join(Agency, Agency.id == Extension.agency_id)
    .join(Assignment, Assignment.id == Extension.assignment_id)
    .where(Extension.task_id == bindparam("task"), Extension.asked_at < _END)
    .order_by(Extension.id)
)  # fmt: skip


def _columns() -> Select[*tuple[Any, ...]]:
    asker, decider = aliased(User), aliased(User)
    return (
        select(
            Extension.id, Extension.assignment_id, Task.id, Task.short_title, Document.short_name, Clause.code,
            Agency.short_name, asker.name, Extension.asked_on, Extension.proposed_on, Extension.effective_on, Extension.late,
            Extension.reason, Extension.request_document, Extension.state, decider.name, Extension.decided_at,
            Extension.decision_document, Extension.decision_reason, Extension.granted_on, AssignmentPeriod.effective_on,
            AssignmentPeriod.slips,
        )
        .join(Task, Task.id == Extension.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Assignment, Assignment.id == Extension.assignment_id)
        .join(Agency, Agency.id == Extension.agency_id)
        .join(asker, asker.id == Extension.asked_by_id)
        .outerjoin(decider, decider.id == Extension.decided_by_id)
        .join(
            AssignmentPeriod,
            (AssignmentPeriod.assignment_id == Extension.assignment_id) & (AssignmentPeriod.valid_to == FOREVER),
        )
    )  # fmt: skip


def _narrowed(query: Any, filters: ExtensionFilters) -> Any:
    query = query.where(Extension.state.in_(DECIDED) if filters.decided else _WAITING)
    if filters.agency_id is not None:
        query = query.where(Assignment.agency_id == filters.agency_id)
    if filters.task_id is not None:
        query = query.where(Extension.task_id == filters.task_id)
    return query
