"""What an agency that merges, splits or ends still holds: open work, people, parts of tasks, answers it waits for."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from tracker.models import (
    FOREVER,
    Agency,
    AssignmentPeriod,
    Clause,
    Deadline,
    DirectionReceipt,
    Document,
    Extension,
    Obstacle,
    Occurrence,
    ProgressReport,
    Task,
    TaskItem,
    User,
)
from tracker.queries.period import in_force_now
from tracker.rules.timeliness import CLOSED, WorkState


def still_open(query: Select[*tuple[Any, ...]], agency_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """Return the query over periods narrowed to what the agencies owe now: not finished, or done for this time and to come back."""
    period = AssignmentPeriod
    owed = period.state.not_in(CLOSED) | _comes_back()
    return query.where(in_force_now(period), period.agency_id.in_(list(agency_ids)), owed)


def _comes_back() -> ColumnElement[bool]:
    """Return the condition that a period stands at the done occurrence of a duty whose recurrence is in force."""
    period = AssignmentPeriod
    recurs = exists().where(
        Deadline.task_id == period.task_id, Deadline.assignment_id.is_(None), Deadline.recurrence.is_not(None),
        Deadline.valid_to == FOREVER,
    )  # fmt: skip
    began = exists().where(Occurrence.assignment_id == period.assignment_id)
    return and_(period.state == WorkState.DONE.value, recurs, began)


def open_work(session: Session, olds: list[int]) -> Sequence[Any]:
    """Return the open assignments of the agencies with what a list shows of them: by agency, role and order of reading."""
    period = AssignmentPeriod
    columns = (
        period.assignment_id, period.id.label("period_id"), period.task_id, period.agency_id, period.role, period.state,
        period.due_on, period.effective_on, Task.short_title, Task.excerpt, Document.short_name.label("document_name"),
        Clause.code.label("clause_code"),
    )  # fmt: skip
    query = still_open(select(*columns), olds).join(Task, Task.id == period.task_id)
    query = query.join(Document, Document.id == Task.document_id).join(Clause, Clause.id == Task.clause_id)
    ordered = query.join(Agency, Agency.id == period.agency_id).order_by(
        Agency.sort_key,
        period.role.desc(),
        Document.in_force_from,
        Task.document_id,
        Task.position,
        period.assignment_id,
    )
    return session.execute(ordered).all()


def twins(session: Session, olds: list[int], heirs: set[int]) -> dict[tuple[int, str, int], Any]:
    """Return the successors' own open assignments in the tasks concerned, by task, role and agency."""
    period = AssignmentPeriod
    query = still_open(
        select(
            period.assignment_id, period.id.label("period_id"), period.task_id, period.agency_id, period.role,
            period.state, period.due_on, period.effective_on,
        ),
        heirs,
    ).where(period.task_id.in_(still_open(select(period.task_id), olds)))  # fmt: skip
    rows = session.execute(query.order_by(period.assignment_id.desc()))
    return {(row.task_id, row.role, row.agency_id): row for row in rows}


def pending(session: Session, olds: list[int]) -> set[int]:
    """Return the assignments about which an answer is awaited: they keep a record of their own."""
    waiting: Any = (
        select(Extension.assignment_id).where(Extension.agency_id.in_(olds), Extension.state == "waiting"),
        select(Obstacle.assignment_id).where(Obstacle.agency_id.in_(olds), Obstacle.state != "closed"),
        select(DirectionReceipt.assignment_id).where(
            DirectionReceipt.agency_id.in_(olds), DirectionReceipt.acknowledged_at.is_(None)
        ),
        select(ProgressReport.assignment_id).where(
            ProgressReport.agency_id.in_(olds), ProgressReport.decision.is_(None), ProgressReport.approval == "waiting"
        ),
    )
    return {assignment_id for query in waiting for assignment_id in session.scalars(query)}


def accounts(session: Session, olds: list[int]) -> Sequence[Any]:
    """Return the active accounts of the agencies."""
    query = select(User.id, User.name, User.position, User.role, User.agency_id).where(User.active)
    return session.execute(query.where(User.agency_id.in_(olds)).order_by(User.agency_id, User.name, User.id)).all()


def open_items(session: Session, olds: list[int]) -> Sequence[Any]:
    """Return the named parts of tasks the agencies still owe."""
    query = select(TaskItem.id, TaskItem.task_id, TaskItem.title, TaskItem.agency_id)
    query = query.where(TaskItem.agency_id.in_(olds), TaskItem.state.not_in(CLOSED))
    return session.execute(query.order_by(TaskItem.id)).all()


def finished(session: Session, olds: list[int]) -> dict[int, int]:
    """Return by agency how many assignments are finished or dropped: they stay where they are."""
    period = AssignmentPeriod
    query = select(period.agency_id, func.count()).where(in_force_now(period), period.agency_id.in_(olds))
    closed = period.state.in_(CLOSED) & ~_comes_back()
    return dict(session.execute(query.where(closed).group_by(period.agency_id)).all())


def names(session: Session, agency_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of the agencies by id."""
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(list(agency_ids))))
    return dict(rows.all())
