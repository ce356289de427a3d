"""The times a recurring duty falls due: which stand open, which are to be opened, and the record of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import FOREVER, Assignment, AssignmentPeriod, Deadline, Occurrence, Task, TaskPeriod
from tracker.queries.ask import DAY, ask
from tracker.rules.occurrences import DAILY, due_days, next_due
from tracker.rules.timeliness import WorkState

ROWS = 24
TASK: Any = bindparam("task")


@dataclass(frozen=True)
class Duty:
    """A lead assignment that comes back by `rrule`, counted from `given_on`; `leads` of its task there are."""

    assignment_id: int
    task_id: int
    agency_id: int
    state: str
    rrule: str
    given_on: date
    leads: int


@dataclass(frozen=True)
class Record:
    """One occurrence as it was known on a day."""

    id: int
    assignment_id: int
    starts_on: date
    due_on: date
    effective_on: date
    state: str
    result_on: date | None
    reason: str | None


def carried(session: Session, assignment_id: int) -> Occurrence | None:
    """Return the oldest open occurrence: the one the assignment's dates are of, and reports speak of."""
    query = select(Occurrence).where(Occurrence.assignment_id == assignment_id, Occurrence.state == "open")
    return session.scalars(
        query.order_by(Occurrence.due_on).limit(1).execution_options(populate_existing=True)
    ).one_or_none()


def opened(session: Session, assignment_id: int) -> set[date]:
    """Return the days of every occurrence of the assignment that still counts, open or not."""
    query = select(Occurrence.due_on).where(
        Occurrence.assignment_id == assignment_id, Occurrence.state != "replaced"
    )  # fmt: skip
    return set(session.scalars(query))


def duty(session: Session, assignment_id: int) -> Duty | None:
    """Return the recurring duty of the assignment, None when it has none (any longer)."""
    row = session.execute(_duties().where(Assignment.id == assignment_id).limit(1)).one_or_none()
    return Duty(*row) if row else None


def behind(session: Session, day: date) -> list[int]:
    """Return the assignments that lack the occurrence of `day`, in order; four queries however many there are."""
    duties = {row[0]: Duty(*row) for row in reversed(session.execute(_duties()).all())}
    wanted = {key: found for key, one in duties.items() if (found := _present(one, day))}
    days = set(wanted.values())
    if not days:
        return []
    query = select(Occurrence.assignment_id, Occurrence.due_on).where(
        Occurrence.due_on.in_(days), Occurrence.state != "replaced"
    )  # fmt: skip
    there = {(row[0], row[1]) for row in session.execute(query)}
    return sorted(key for key, due_on in wanted.items() if (key, due_on) not in there)


def _present(one: Duty, day: date) -> date | None:
    """Return the due day `day` leads up to, or the very last one."""
    return next_due(one.rrule, one.given_on, day) or next(
        iter(due_days(one.rrule, one.given_on, date.min, day)[-1:]), None
    )


def of_task(session: Session, task_id: int, day: date) -> tuple[list[Record], int]:
    """Return the occurrences of the task's leads as they were known on `day`, the latest due first, and how many there are;
    at most ROWS of them."""
    rows = ask(session, _OF_TASK, task=task_id, day=day).all()
    known = [_as_known(row, day) for row in rows]
    return known[:ROWS], len(known)


def _as_known(row: Any, day: date) -> Record:
    if row.closed_on is not None and row.closed_on > day:
        return Record(row.id, row.assignment_id, row.starts_on, row.due_on, row.effective_on, "open", None, None)
    return Record(
        row.id, row.assignment_id, row.starts_on, row.due_on, row.effective_on, row.state, row.result_on, row.reason
    )


_OF_TASK = (
    select(*Occurrence.__table__.columns)
    .where(Occurrence.task_id == TASK, Occurrence.opened_on <= DAY)
    .order_by(Occurrence.due_on.desc(), Occurrence.assignment_id)
)


def _duties() -> Any:
    """Lead assignments of tasks with a recurrence in force and no date; one that was done before it ever recurred stays done.

    Of two recurrences of a task the later one, which comes first, holds.
    """
    dated = aliased(Deadline)
    has_date = exists().where(
        dated.task_id == Deadline.task_id, dated.assignment_id.is_(None), dated.valid_to == FOREVER,
        dated.due_on.is_not(None),
    )  # fmt: skip
    begun = exists().where(Occurrence.assignment_id == Assignment.id)
    period = AssignmentPeriod
    return (
        select(
            Assignment.id, Assignment.task_id, Assignment.agency_id, period.state, Deadline.recurrence,
            Deadline.valid_from, TaskPeriod.leads,
        )
        .join(Task, Task.id == Deadline.task_id)
        .join(Assignment, Assignment.task_id == Task.id)
        .join(TaskPeriod, (TaskPeriod.task_id == Task.id) & (TaskPeriod.valid_to == FOREVER))
        .join(period, (period.assignment_id == Assignment.id) & (period.valid_to == FOREVER))
        .where(
            Deadline.recurrence.is_not(None), Deadline.recurrence.not_like(f"{DAILY}%"), Deadline.valid_to == FOREVER,
            Deadline.assignment_id.is_(None), Task.kind != "standing_duty", Assignment.role == "lead", ~has_date,
            period.state != WorkState.WITHDRAWN.value, or_(period.state != WorkState.DONE.value, begun),
        )
        .order_by(Deadline.id.desc(), Assignment.id)
    )  # fmt: skip


def open_ones(session: Session, task_id: int) -> Sequence[tuple[int, date]]:
    """Return (id, due_on) of the task's open occurrences."""
    query = select(Occurrence.id, Occurrence.due_on).where(Occurrence.task_id == task_id, Occurrence.state == "open")
    return [(row[0], row[1]) for row in session.execute(query)]
