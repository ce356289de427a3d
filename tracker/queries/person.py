"""Who answers for what: on a task's page as of any day, in an agency's list, on the page of naming."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Event,
    Role,
    Task,
    User,
)
from tracker.queries.acting import Absence, absences
from tracker.queries.basis import bases
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force_now
from tracker.queries.recipient import heirs, successors_on
from tracker.queries.task_row import timed
from tracker.rules.timeliness import CLOSED, RUNNING, Timeliness

RESPONSIBLE, HEAD = "responsible", "head"
PARTS = (RESPONSIBLE, HEAD)
NAMED, RELEASED, HANDED = "name_people", "release_person", "hand_over"
VERBS = (NAMED, RELEASED, HANDED)
"""The events about an assignment's people; their facts hold `before` and `after`, each by part."""
PAGE = 40
NOTHING = (0, 0)
_Head = aliased(User)


@dataclass(frozen=True)
class Named:
    """Somebody named, and on what basis."""

    name: str
    basis_kind: str | None
    basis: str | None


@dataclass(frozen=True)
class People:
    """Who answers for an assignment."""

    responsible: Named | None
    head: Named | None


@dataclass(frozen=True)
class Nameable:
    """Somebody who may be named for an agency's work."""

    id: int
    name: str
    position: str | None
    role: str
    agency: str


@dataclass(frozen=True)
class Unnamed:
    """An open assignment of the list in which people are named; `seen` guards its row, `cursor` is its place."""

    assignment_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    kind: str
    role: str
    state: str
    due_on: date | None
    responsible: str | None
    responsible_basis_kind: str | None
    head: str | None
    head_basis_kind: str | None
    timeliness: Timeliness
    soon: bool
    days: int
    seen: int
    cursor: str


@dataclass(frozen=True)
class Holder:
    """A person of an agency with what he or she holds: open assignments as responsible (so many overdue) and as head."""

    id: int
    name: str
    position: str | None
    role: str
    email: str
    is_contact: bool
    responsible: int
    overdue: int
    head: int
    away: Absence | None


def names(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Return names by id."""
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all()) if user_ids else {}


def last_named(session: Session, assignment_ids: Iterable[int]) -> dict[int, int]:
    """Return by assignment the last event about its people, 0 for none: what the next naming must have seen."""
    ids = list(assignment_ids)
    query = select(Event.noun_id, func.max(Event.id)).where(
        Event.noun == "assignment", Event.noun_id.in_(ids), Event.verb.in_(VERBS)
    )
    found: dict[int | None, int] = dict(session.execute(query.group_by(Event.noun_id)).all())
    return {number: found.get(number, 0) for number in ids}


def nameable(session: Session, agency_id: int, day: date) -> list[Nameable]:
    """Return the active people of the agency and of whoever took its work over: its leaders first, each by name."""
    return _active_people(session, heirs(agency_id, successors_on(session, day)))


def colleagues(session: Session, agency_id: int) -> list[Nameable]:
    """Return the agency's own active people: its leaders first, each by name."""
    return _active_people(session, {agency_id})


def _active_people(session: Session, homes: Collection[int]) -> list[Nameable]:
    query = (
        select(User.id, User.name, User.position, User.role, Agency.short_name)
        .join(Agency, Agency.id == User.agency_id)
        .where(User.active, User.agency_id.in_(homes))
        .order_by(User.role != Role.AGENCY_HEAD.value, User.name, User.id)
    )
    return [Nameable(*row) for row in session.execute(query)]


def people_of_task(session: Session, task_id: int, day: date) -> dict[int, People]:
    """Return by assignment who answered for it at the end of `day`: two queries, one while it is today."""
    query = (
        select(
            Assignment.id, User.name, Assignment.responsible_basis_kind, Assignment.responsible_basis, _Head.name,
            Assignment.head_basis_kind, Assignment.head_basis,
        )
        .outerjoin(User, User.id == Assignment.responsible_id)
        .outerjoin(_Head, _Head.id == Assignment.head_id)
        .where(Assignment.task_id == task_id)
    )  # fmt: skip
    found = {
        row[0]: {RESPONSIBLE: Named(*row[1:4]) if row[1] else None, HEAD: Named(*row[4:]) if row[4] else None}
        for row in session.execute(query)
    }
    if day < clock.today():
        _undo(found, _later_events(session, task_id, day))
    return {number: People(parts[RESPONSIBLE], parts[HEAD]) for number, parts in found.items()}


def _later_events(session: Session, task_id: int, day: date) -> list[Any]:
    """Return what happened to the task's people after the end of `day`, the newest first."""
    query = select(Event.noun_id, Event.facts).where(
        Event.task_id == task_id, Event.at >= clock.day_end(day),
        Event.noun == "assignment", Event.verb.in_(VERBS),
    )  # fmt: skip
    return list(session.execute(query.order_by(Event.id.desc())))


def _undo(found: dict[int, dict[str, Named | None]], events: list[Any]) -> None:
    for number, facts in events:
        for part, before in facts.get("before", {}).items():
            if number in found:
                found[number][part] = Named(before["name"], before["basis_kind"], before["basis"]) if before else None


def to_name(
    session: Session, agency_id: int, day: date, *, only_unnamed: bool, after: str = ""
) -> tuple[list[Unnamed], str | None]:
    """Return a page of the agency's open assignments by the day that counts, and the cursor to go on after.

    `only_unnamed`: those without a responsible person. Raises ValueError for a cursor that is none of this list's.
    """
    period, last_day = AssignmentPeriod, func.coalesce(AssignmentPeriod.effective_on, FOREVER)
    query = _unnamed_columns().where(period.agency_id == agency_id)
    if only_unnamed:
        query = query.where(Assignment.responsible_id.is_(None))
    if after:
        until, _, number = after.partition("_")
        query = query.where(tuple_(last_day, period.assignment_id) > tuple_(date.fromisoformat(until), int(number)))
    rows = session.execute(query.order_by(last_day, period.assignment_id).limit(PAGE + 1)).all()
    seen, calendar = last_named(session, [row.assignment_id for row in rows[:PAGE]]), work_calendar(session)
    found = [_unnamed(row, seen, day, calendar) for row in rows[:PAGE]]
    return found, found[-1].cursor if len(rows) > PAGE else None


def unnamed_count(session: Session, agency_id: int) -> int:
    """Return how many open assignments of the agency have no responsible person."""
    query = (
        select(func.count())
        .select_from(AssignmentPeriod)
        .join(Assignment, Assignment.id == AssignmentPeriod.assignment_id)
        .where(AssignmentPeriod.agency_id == agency_id, *_open(), Assignment.responsible_id.is_(None))
    )
    return session.execute(query).scalar_one()


def _open() -> tuple[Any, ...]:
    period = AssignmentPeriod
    return in_force_now(period), period.state.not_in(CLOSED), Assignment.merged_into_id.is_(None)


def _unnamed_columns() -> Any:
    period = AssignmentPeriod
    return (
        select(
            period.assignment_id, period.task_id, Task.short_title, Document.short_name, Clause.code, Task.kind, period.role,
            period.state, period.due_on, User.name, Assignment.responsible_basis_kind, _Head.name, Assignment.head_basis_kind,
            period.effective_on, period.result_on, period.clock,
        )
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(Task, Task.id == period.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .outerjoin(User, User.id == Assignment.responsible_id)
        .outerjoin(_Head, _Head.id == Assignment.head_id)
        .where(*_open())
    )  # fmt: skip


def _unnamed(row: Any, seen: Mapping[int, int], day: date, calendar: Any) -> Unnamed:
    cursor = f"{row.effective_on or FOREVER}_{row.assignment_id}"
    return Unnamed(*(*row[:13], *timed(row, day, calendar), seen[row.assignment_id], cursor))


def holders(session: Session, agency_id: int, day: date) -> list[Holder]:
    """Return the agency's active people with what each holds now and who stands in for them; four queries."""
    query = select(User.id, User.name, User.position, User.role, User.email, User.is_contact)
    query = query.where(User.agency_id == agency_id, User.active).order_by(User.role, User.name, User.id)
    found: list[Any] = list(session.execute(query))
    ids = [row.id for row in found]
    late = and_(AssignmentPeriod.clock == RUNNING, AssignmentPeriod.effective_on < day)
    own = _counted(session, Assignment.responsible_id, ids, late)
    headed, away = _counted(session, Assignment.head_id, ids, late), absences(session, day, ids)
    return [
        Holder(*(*row, *own.get(row.id, NOTHING), headed.get(row.id, NOTHING)[0], away.get(row.id))) for row in found
    ]


def _counted(session: Session, part: Any, ids: list[int], late: Any) -> dict[int, tuple[int, int]]:
    query = (
        select(part, func.count(), func.count().filter(late))
        .select_from(Assignment)
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .where(part.in_(ids), *_open())
        .group_by(part)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def named_works(session: Session, assignment_ids: Collection[int]) -> dict[int, Any]:
    """Return by id what a mail says of assignments somebody was named for, and who is named now."""
    period = AssignmentPeriod
    query = (
        select(
            period.assignment_id, period.task_id, Task.short_title.label("title"), Clause.code.label("clause_code"),
            Document.short_name.label("document_name"), Document.number.label("document_number"), period.agency_id,
            Agency.name.label("agency_name"), period.role, period.due_on, period.effective_on, Assignment.responsible_id,
            Assignment.responsible_basis_kind, Assignment.responsible_basis, Assignment.head_id, Assignment.head_basis_kind,
            Assignment.head_basis, *bases(period),
        )
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(Task, Task.id == period.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == period.agency_id)
        .where(period.assignment_id.in_(assignment_ids), *_open())
    )  # fmt: skip
    return {row.assignment_id: row for row in session.execute(query)}


def held_where(user_id: int) -> Any:
    """Return the condition that the person answers for the assignment, as responsible or as head."""
    return or_(Assignment.responsible_id == user_id, Assignment.head_id == user_id)
