"""What is unclear, and what a person needs to see to clear it: the order, its leads, its time limit, who could be named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    FOREVER,
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    Assignment,
    Clause,
    Deadline,
    Document,
    Event,
    Task,
    TaskPeriod,
    User,
)
from tracker.rules.clarity import Clarity, six_clear

PARTS = ("person", "work", "time")
FURTHER = ("responsible", "head", "product", "authority")  # with work and time they make the six


@dataclass(frozen=True)
class Group:
    """A collective wording whose members are known: the ids of those that exist on the day asked about."""

    id: int
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Lead:
    """A lead assignment and who answers for it there; `people` are (user id, name, position) of the agency."""

    assignment_id: int
    agency_id: int
    agency: str
    origin: str
    basis_kind: str
    basis: str | None
    responsible_id: int | None
    responsible_basis_kind: str | None
    responsible_basis: str | None
    responsible: str | None
    people: tuple[tuple[int, str, str | None], ...]


_CLEAR = (
    Task.has_lead, Task.has_work, Task.has_time, Task.has_responsible, Task.has_head, Task.has_authority,
)  # fmt: skip


def six_of(task: Any) -> Clarity:
    """Return the six rõ of a task, or of a row with its columns."""
    return six_clear(
        person=task.has_responsible, work=task.has_work, time=task.has_time, responsibility=task.has_head,
        product=task.deliverable is not None, authority=task.has_authority,
    )  # fmt: skip


def subject(session: Session, task_id: int) -> Any:
    """Return the task as the form shows it, with its document, clause and present time limit. Raises NoResultFound."""
    return session.execute(_subjects().where(Task.id == task_id)).one()


def subjects(session: Session, task_ids: Iterable[int]) -> list[Any]:
    """Return many tasks as the form for many shows them, in the order of reading."""
    query = _subjects().where(Task.id.in_(list(task_ids)))
    return list(session.execute(query.order_by(Task.document_id, Task.position, Task.id)))


def _subjects() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id, Task.short_title, Task.kind, Task.excerpt, Task.lead_label, Task.lead_wording, Task.deliverable,
            Task.deliverable_basis_kind, Task.deliverable_basis, Task.urgency, Task.note, *_CLEAR, Task.authority,
            Task.authority_basis_kind, Task.authority_basis, Task.lead_basis_kind, Task.lead_basis, Task.due_basis_kind,
            Task.due_basis, Document.code.label("document_code"), Document.short_name, Clause.code.label("clause_code"),
            Clause.text, TaskPeriod.due_on, TaskPeriod.effective_on,
        )
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(TaskPeriod, and_(TaskPeriod.task_id == Task.id, TaskPeriod.valid_to == FOREVER))
    )  # fmt: skip


def clearness(session: Session, task_ids: Iterable[int]) -> dict[int, Any]:
    """Return, by task id, what is clear (has_lead, has_work, has_time and the columns of six_of), and the words of the order."""
    query = select(Task.id, *_CLEAR, Task.deliverable, Task.excerpt, Task.urgency)
    return {row.id: row for row in session.execute(query.where(Task.id.in_(list(task_ids))))}


def last_seen(session: Session, task_id: int, verb: str) -> int:
    """Return the id of the last event of this kind about the task, 0 when there is none: what the next one must have seen."""
    return last_seen_of(session, [task_id], verb)[task_id]


def last_seen_of(session: Session, task_ids: Iterable[int], verb: str) -> dict[int, int]:
    """Return last_seen of many tasks, by their id; one query."""
    ids = list(task_ids)
    query = select(Event.task_id, func.max(Event.id)).where(Event.task_id.in_(ids), Event.verb == verb)
    found: dict[int | None, int] = dict(session.execute(query.group_by(Event.task_id)).all())
    return {task_id: found.get(task_id, 0) for task_id in ids}


def deadline_in_force(session: Session, task_id: int) -> Deadline | None:
    """Return the time limit in force for the whole task, the one with a date before those without."""
    query = select(Deadline).where(
        Deadline.task_id == task_id, Deadline.assignment_id.is_(None), Deadline.valid_to == FOREVER
    )
    return session.scalars(query.order_by(Deadline.due_on.is_(None), Deadline.id.desc()).limit(1)).one_or_none()


def present(session: Session, task: Task, what: str) -> dict[str, Any]:
    """Return what people have given so far, by the fields of the form that gives it anew: a proposal gets its document so."""
    if what == "lead":
        given = [lead for lead in leads(session, task.id) if lead.origin == "clarified"]
        group_id = session.scalar(
            select(Assignment.group_id).where(Assignment.task_id == task.id, Assignment.origin == "clarified").limit(1)
        )
        to = f"group:{group_id}" if group_id else f"agency:{given[0].agency_id}" if len(given) == 1 else ""
        return {"to": to}
    if what == "deadline":
        limit = deadline_in_force(session, task.id)
        return {"due_on": limit.due_on, "wording": limit.wording} if limit and limit.kind == "assigned" else {}
    if what == "deliverable":
        return {"deliverable": task.deliverable} if task.deliverable_basis_kind else {}
    return {"authority": task.authority} if what == "authority" else {}


def known_groups(session: Session, day: date) -> list[Group]:
    """Return the collective wordings whose members we know, with the members that exist on `day`; one query."""
    query = (
        select(AgencyGroup.id, AgencyGroup.name, Agency.id)
        .join(AgencyGroupMember, AgencyGroupMember.group_id == AgencyGroup.id)
        .join(Agency, and_(Agency.id == AgencyGroupMember.agency_id, *_existing(day)))
        .where(AgencyGroup.members_known, in_group(day))
        .order_by(AgencyGroup.name, AgencyGroup.id, Agency.sort_key)
    )
    found: dict[tuple[int, str], list[int]] = {}
    for group_id, name, agency_id in session.execute(query):
        found.setdefault((group_id, name), []).append(agency_id)
    return [Group(group_id, name, tuple(members)) for (group_id, name), members in found.items()]


def agencies(session: Session, day: date) -> list[tuple[int, str]]:
    """Return (id, name) of the single agencies that exist on `day`, in the order of a Vietnamese dictionary."""
    query = select(Agency.id, Agency.name).where(~Agency.collective, *_existing(day)).order_by(Agency.sort_key)
    return list(session.execute(query).all())


def leads(session: Session, task_id: int) -> list[Lead]:
    """Return the lead assignments of the task with the people who could answer for each; two queries."""
    query = (
        select(
            Assignment.id, Assignment.agency_id, Agency.name, Assignment.origin, Assignment.basis_kind, Assignment.basis,
            Assignment.responsible_id, Assignment.responsible_basis_kind, Assignment.responsible_basis, User.name,
        )
        .join(Agency, Agency.id == Assignment.agency_id)
        .outerjoin(User, User.id == Assignment.responsible_id)
        .where(Assignment.task_id == task_id, Assignment.role == "lead", Assignment.merged_into_id.is_(None))
        .order_by(Agency.sort_key)
    )  # fmt: skip
    rows: list[Any] = list(session.execute(query))
    people = _people(session, {row.agency_id for row in rows})
    return [Lead(*(*row, tuple(people.get(row.agency_id, ())))) for row in rows]


def _people(session: Session, agency_ids: set[int]) -> dict[int, list[tuple[int, str, str | None]]]:
    query = select(User.agency_id, User.id, User.name, User.position)
    query = query.where(User.agency_id.in_(agency_ids), User.active).order_by(User.name, User.id)
    found: dict[int, list[tuple[int, str, str | None]]] = {}
    for agency_id, user_id, name, position in session.execute(query):
        if agency_id is not None:
            found.setdefault(agency_id, []).append((user_id, name, position))
    return found


def in_group(day: date) -> ColumnElement[bool]:
    """Return the condition that the row of a group's member counts on `day`: a successor belongs to it from its day on."""
    return or_(AgencyGroupMember.inherited_on.is_(None), AgencyGroupMember.inherited_on <= day)


def _existing(day: date) -> tuple[Any, ...]:
    return (
        or_(Agency.valid_from.is_(None), Agency.valid_from <= day),
        or_(Agency.valid_to.is_(None), Agency.valid_to > day),
    )
