"""What stops agencies: who waits for whom, on any day; the queues of those who must answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Clause, Document, Obstacle, ObstacleStep, Task
from tracker.queries.ask import DAY, ask
from tracker.rules.obstacle import State, after

PAGE = 50
SHOWN = 200  # of one task, open ones first
BATCH = 5000
# Written out and not bound: only so does SQLite see that the partial index over open ones says it already.
IS_OPEN: ColumnElement[bool] = Obstacle.state != literal_column("'closed'")


def last_step(day: Any) -> Any:
    """Return the id of the obstacle's last step until the end of `day`, for a query over Obstacle."""
    newest = select(func.max(ObstacleStep.id)).where(ObstacleStep.obstacle_id == Obstacle.id, ObstacleStep.on <= day)
    return newest.correlate(Obstacle).scalar_subquery()


@dataclass(frozen=True)
class Wait:
    """For which level work has waited since when, and by when it is to answer."""

    level: str
    since: date
    due_on: date


# A step with a day to answer by is one after which a level waits; whatever else is the last, nobody waits.
_WAITS = (
    select(Obstacle.assignment_id, ObstacleStep.verb, ObstacleStep.level, ObstacleStep.on, ObstacleStep.due_on)
    .join(ObstacleStep, ObstacleStep.id == last_step(DAY))
    .where(Obstacle.assignment_id.in_(bindparam("assignments", expanding=True)), ObstacleStep.due_on.is_not(None))
    .order_by(ObstacleStep.due_on.desc(), Obstacle.id.desc())
)


def waits(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Wait]:
    """Return by assignment what it waited for at the end of `day`: of several the answer due first. One query in BATCH."""
    wanted, found = sorted(assignment_ids), {}
    for start in range(0, max(len(wanted), 1), BATCH):
        for row in ask(session, _WAITS, assignments=wanted[start : start + BATCH], day=day):
            found[row.assignment_id] = Wait(after(row.verb, row.level)[0], row.on, row.due_on)
    return found


@dataclass(frozen=True)
class Told:
    """An obstacle as it stood on a day: its words, and the last step with the words of that."""

    obstacle_id: int
    assignment_id: int
    agency: str
    text: str
    raised_on: date
    level: str
    state: str
    verb: str
    taken_at: str
    said: str | None
    document: str | None
    late: bool
    since: date
    due_on: date | None


_CLOSED_THEN = and_(Obstacle.closed_on.is_not(None), Obstacle.closed_on <= DAY)
_OF_TASK = (
    select(
        Obstacle.id, Obstacle.assignment_id, Agency.short_name.label("agency"), Obstacle.text, Obstacle.raised_on,
        ObstacleStep.verb, ObstacleStep.level, ObstacleStep.text.label("said"), ObstacleStep.document, ObstacleStep.late,
        ObstacleStep.on, ObstacleStep.due_on,
    )
    .join(ObstacleStep, ObstacleStep.id == last_step(DAY))
    .join(Agency, Agency.id == Obstacle.agency_id)
    .where(Obstacle.task_id == bindparam("task"))
    .order_by(case((_CLOSED_THEN, 1), else_=0), Obstacle.id.desc())
    .limit(SHOWN)
)  # fmt: skip


def of_task(session: Session, task_id: int, day: date) -> list[Told]:
    """Return the obstacles of the task as they stood at the end of `day`: open ones first, the newest first."""
    return [_told(row) for row in ask(session, _OF_TASK, task=task_id, day=day)]


def waits_of(told: Sequence[Told]) -> dict[int, Wait]:
    """Return the same as `waits` from what `of_task` gave."""
    waiting = [(one.due_on, one) for one in told if one.due_on is not None]
    by_day = sorted(waiting, key=lambda pair: pair[0], reverse=True)
    return {one.assignment_id: Wait(one.level, one.since, due_on) for due_on, one in by_day}


def _told(row: Any) -> Told:
    level, state = after(row.verb, row.level)
    return Told(
        row.id, row.assignment_id, row.agency, row.text, row.raised_on, level.value, state.value, row.verb, row.level,
        row.said, row.document, row.late, row.on, row.due_on,
    )  # fmt: skip


@dataclass(frozen=True)
class ObstacleFilters:
    """What the queue is narrowed to; an empty field narrows nothing. `state`: open (not closed), or one of the states."""

    level: str = ""
    state: str = "open"
    agency_id: int | None = None


@dataclass(frozen=True)
class Listed:
    """One line of the queue; `cursor` is its place there."""

    obstacle_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency: str
    text: str
    level: str
    state: str
    raised_on: date
    level_since: date
    due_on: date

    @property
    def cursor(self) -> str:
        return f"{self.due_on.isoformat()}_{self.obstacle_id}"

    def days_late(self, day: date) -> int:
        """Return by how many calendar days the level that must answer is late on `day`; 0 when it is not."""
        return max((day - self.due_on).days, 0) if self.state == State.WAITING else 0


def listed(session: Session, filters: ObstacleFilters, after: str = "") -> list[Listed]:
    """Return a page and one more: the answer due first (so late ones lead), closed ones by number, the newest first.

    Raises ValueError for a cursor that is none of this list's.
    """
    query = _narrowed(_columns(), filters)
    due, _sep, number = after.partition("_")
    if filters.state == State.CLOSED:
        query = query.order_by(Obstacle.id.desc())
        query = query.where(Obstacle.id < _number(number)) if after else query
    else:
        query = query.order_by(Obstacle.due_on, Obstacle.id)
        place = (date.fromisoformat(due), _number(number)) if after else None
        query = query.where(tuple_(Obstacle.due_on, Obstacle.id) > tuple_(*place)) if place else query
    return [Listed(*row) for row in session.execute(query.limit(PAGE + 1))]


@dataclass(frozen=True)
class Counted:
    """How much lies at one level: waiting for it (of that overdue), and answered but not yet closed."""

    waiting: int = 0
    overdue: int = 0
    answered: int = 0


def open_counts(session: Session, day: date) -> dict[str, Counted]:
    """Return by level what is open, late as of `day`; from the index over open ones. A level with nothing is left out."""
    late = func.sum(case((Obstacle.due_on < day, 1), else_=0))
    query = select(Obstacle.level, Obstacle.state, func.count(), late).where(IS_OPEN)
    found: dict[str, dict[str, int]] = {}
    for level, state, number, overdue in session.execute(query.group_by(Obstacle.level, Obstacle.state)):
        kept = found.setdefault(level, {})
        kept |= {"waiting": number, "overdue": overdue} if state == State.WAITING else {"answered": number}
    return {level: Counted(**kept) for level, kept in found.items()}


def agencies(session: Session) -> Sequence[tuple[int, str]]:
    """Return (id, name) of the agencies that hold work with an obstacle, in the order of the alphabet."""
    having = select(Assignment.agency_id).join(Obstacle, Obstacle.assignment_id == Assignment.id)
    query = select(Agency.id, Agency.name).where(Agency.id.in_(having)).order_by(Agency.sort_key, Agency.id)
    return [(row.id, row.name) for row in session.execute(query)]


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Obstacle.id, Obstacle.task_id, Task.short_title, Document.short_name, Clause.code, Agency.short_name,
            Obstacle.text, Obstacle.level, Obstacle.state, Obstacle.raised_on, Obstacle.level_since, Obstacle.due_on,
        )
        .join(Task, Task.id == Obstacle.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Assignment, Assignment.id == Obstacle.assignment_id)
        .join(Agency, Agency.id == Assignment.agency_id)  # who holds the work now: a successor answers for it
    )  # fmt: skip


def _narrowed(query: Select[*tuple[Any, ...]], filters: ObstacleFilters) -> Select[*tuple[Any, ...]]:
    if filters.state != State.CLOSED:
        query = query.where(IS_OPEN)
    if filters.state != "open":
        query = query.where(Obstacle.state == filters.state)
    if filters.level:
        query = query.where(Obstacle.level == filters.level)
    if filters.agency_id is not None:
        query = query.where(Assignment.agency_id == filters.agency_id)
    return query


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("no place in this list")
    return int(text)


def held_back(day: date) -> ColumnElement[bool]:
    """Return the condition that an obstacle was open at the end of `day`."""
    return and_(Obstacle.raised_on <= day, or_(Obstacle.closed_on.is_(None), Obstacle.closed_on > day))
