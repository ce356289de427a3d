"""The register of systems: which clauses name each, what builds it, and in what state it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    Clause,
    Document,
    InformationSystem,
    SystemMention,
    SystemTask,
    Task,
    TaskItem,
    TaskPeriod,
)
from tracker.queries.basis import bases
from tracker.queries.period import in_force
from tracker.queries.task_label import labels_then
from tracker.rules.folding import fold
from tracker.rules.timeliness import Timeliness, WorkState, classify

PAGE = 100


@dataclass(frozen=True)
class SystemFilters:
    """What the register is narrowed to; an empty field narrows nothing."""

    text: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True)
class Registered:
    """A system of the register; `places` are (document code, its short name, clause code or None) and `builders` tasks."""

    id: int
    name: str
    kind: str
    state: str
    state_basis: str | None
    places: tuple[tuple[str, str, str | None], ...]
    tasks: int
    items: int


@dataclass(frozen=True)
class Item:
    """A part of a task with its own lead, date and state, and its class on the day asked for."""

    id: int
    task_id: int
    task_title: str
    document_name: str
    title: str
    agency_id: int | None
    agency_name: str | None
    state: str
    result_on: date | None
    due_on: date | None
    effective_on: date | None
    basis_kind: str | None
    basis: str | None
    timeliness: Timeliness


def registered(session: Session, filters: SystemFilters, after: int = 0) -> tuple[list[Registered], int | None]:
    """Return a page of the register in its own order and the position to go on after (None at the end); four queries."""
    system = InformationSystem
    query = select(system.id, system.name, system.kind, system.state, system.state_basis, system.position)
    query = _narrowed(query, filters).where(system.position > after).order_by(system.position).limit(PAGE + 1)
    rows = session.execute(query).all()
    more, rows = rows[PAGE - 1].position if len(rows) > PAGE else None, rows[:PAGE]
    ids = [row.id for row in rows]
    places, tasks = _places(session, ids), _counted(session, SystemTask.system_id, ids)
    items = _counted(session, TaskItem.system_id, ids)
    found = [
        Registered(
            row.id, row.name, row.kind, row.state, row.state_basis, tuple(places.get(row.id, ())), tasks.get(row.id, 0),
            items.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip
    return found, more


def by_state(session: Session) -> dict[str, int]:
    """Return how many systems are in each state."""
    query = select(InformationSystem.state, func.count()).group_by(InformationSystem.state)
    return dict(session.execute(query).all())


def kinds(session: Session) -> list[str]:
    """Return the kinds of systems, in alphabetical order."""
    return list(session.scalars(select(InformationSystem.kind).distinct().order_by(InformationSystem.kind)))


def mentions(session: Session, system_id: int) -> list[Any]:
    """Return the clauses that name the system, in reading order: document, clause code, its text and the place as kept."""
    query = (
        select(
            Document.code.label("document_code"), Document.short_name, Clause.code.label("clause_code"), Clause.text,
            SystemMention.place,
        )
        .join(Document, Document.id == SystemMention.document_id)
        .outerjoin(Clause, Clause.id == SystemMention.clause_id)
        .where(SystemMention.system_id == system_id)
        .order_by(Document.in_force_from, Document.id, Clause.position)
    )  # fmt: skip
    return list(session.execute(query))


def tasks(session: Session, system_id: int, day: date) -> list[Any]:
    """Return the tasks that build, run or use the system with their period in force on `day`."""
    query = (
        select(
            Task.id, Task.short_title, Task.lead_label, Task.kind, Document.short_name, Clause.code.label("clause_code"),
            TaskPeriod.state, TaskPeriod.due_on, TaskPeriod.effective_on, TaskPeriod.clock, *bases(TaskPeriod),
        )
        .join(SystemTask, SystemTask.task_id == Task.id)
        .join(TaskPeriod, and_(TaskPeriod.task_id == Task.id, in_force(TaskPeriod, day)))
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(SystemTask.system_id == system_id)
        .order_by(Document.in_force_from, Task.position)
    )  # fmt: skip
    rows = session.execute(query).all()
    then = labels_then(session, {row.id for row in rows}, day)
    return [
        SimpleNamespace(**{**row._mapping, "lead_label": then[row.id][0]}) if row.id in then else row for row in rows
    ]


def items(session: Session, day: date, system_id: int | None = None, task_id: int | None = None) -> list[Item]:
    """Return the sub-items that build a system, or those of a task, each with its class on `day`."""
    query = (
        select(
            TaskItem.id, TaskItem.task_id, Task.short_title, Document.short_name, TaskItem.title, TaskItem.agency_id,
            Agency.short_name, TaskItem.state, TaskItem.result_on, TaskItem.due_on, TaskItem.effective_on,
            TaskItem.basis_kind, TaskItem.basis,
        )
        .join(Task, Task.id == TaskItem.task_id)
        .join(Document, Document.id == Task.document_id)
        .outerjoin(Agency, Agency.id == TaskItem.agency_id)
        .order_by(TaskItem.task_id, TaskItem.position)
    )  # fmt: skip
    if system_id is not None:
        query = query.where(TaskItem.system_id == system_id)
    if task_id is not None:
        query = query.where(TaskItem.task_id == task_id)
    rows: Iterable[Any] = session.execute(query)
    return [Item(*(*row, classify(WorkState(row.state), row.effective_on, row.result_on, day))) for row in rows]


def _narrowed(query: Any, filters: SystemFilters) -> Any:
    system = InformationSystem
    if filters.text:
        query = query.where(system.search_text.contains(fold(filters.text), autoescape=True))
    if filters.kind:
        query = query.where(system.kind == filters.kind)
    if filters.state:
        query = query.where(system.state == filters.state)
    return query


def _places(session: Session, ids: list[int]) -> dict[int, list[tuple[str, str, str | None]]]:
    query = (
        select(SystemMention.system_id, Document.code, Document.short_name, Clause.code)
        .join(Document, Document.id == SystemMention.document_id)
        .outerjoin(Clause, Clause.id == SystemMention.clause_id)
        .where(SystemMention.system_id.in_(ids), or_(Clause.id.is_not(None), SystemMention.clause_id.is_(None)))
        .order_by(Document.in_force_from, Document.id, Clause.position)
    )
    found: dict[int, list[tuple[str, str, str | None]]] = {}
    for system_id, *place in session.execute(query):
        found.setdefault(system_id, []).append((place[0], place[1], place[2]))
    return found


def _counted(session: Session, column: Any, ids: list[int]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return dict(session.execute(query).all())
