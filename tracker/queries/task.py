"""Tasks as lists show them: filtered, in order, a page at a time, as they stood on any day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Assignment, AssignmentPeriod, Clause, Document, Task, TaskPeriod, TaskTheme
from tracker.queries.basis import bases
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force, is_class
from tracker.queries.standing import DOCUMENT, PROVINCE, counts
from tracker.queries.star import followed_tasks, is_followed
from tracker.queries.task_label import as_labelled_then
from tracker.queries.task_row import TaskRow, as_row
from tracker.rules.timeliness import Timeliness
from tracker.rules.workdays import WorkCalendar

LACKING: dict[str, ColumnElement[bool]] = {
    "person": ~Task.has_lead,
    "work": ~Task.has_work,
    "time": ~Task.has_time,
    "responsible": ~Task.has_responsible,
    "head": ~Task.has_head,
    "product": Task.deliverable.is_(None),
    "authority": ~Task.has_authority,
}
PAGE = 50
COUNTED_UP_TO = 1000
SORTS = ("due", "updated", "document")
UNCLEAR = ("person", "work", "time", "responsible", "head", "product", "authority")
_SETTLED = (Timeliness.OPEN_OVERDUE, Timeliness.OPEN_IN_TIME, Timeliness.DONE_LATE, Timeliness.DONE_ON_TIME)
# Written out and not bound: only so does the database know that a partial index serves.
_RUNNING: ColumnElement[str] = literal_column("'running'")
_NO_DEADLINE: ColumnElement[str] = literal_column("'no_deadline'")


@dataclass(frozen=True)
class TaskFilters:
    """What a list is narrowed to; an empty field narrows nothing. `text` is folded; `role` speaks of the agency's part."""

    text: str = ""
    agency_id: int | None = None
    role: str | None = None
    document_id: int | None = None
    theme_id: int | None = None
    states: tuple[str, ...] = ()
    classes: tuple[Timeliness, ...] = ()
    kinds: tuple[str, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    person_id: int | None = None
    unclear: tuple[str, ...] = ()
    followed_by: int | None = None  # a leader; ANYBODY of queries.star: any
    counts_until: date | None = None  # the day that counts is not after this; no field of the form
    sort: str = "due"

    @property
    def counted(self) -> bool:
        """Whether the kept counts answer: nothing but class and document is asked."""
        return replace(self, document_id=None, classes=(), sort="due") == TaskFilters()


@dataclass(frozen=True)
class TaskPage:
    """A page of rows, and the cursors before and after it (None at either end)."""

    rows: list[TaskRow]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class _Stretch:
    """A part of the list in which one index gives the order."""

    conditions: tuple[ColumnElement[bool], ...]
    keys: tuple[Any, ...]
    kinds: tuple[type, ...]
    falling: bool = False


def task_rows(
    session: Session, filters: TaskFilters, day: date, limit: int = PAGE, calendar: WorkCalendar | None = None
) -> list[TaskRow]:
    """Return the first `limit` tasks in the order of `filters.sort`, each as it stood on `day`."""
    return _fetch(session, filters, day, None, False, limit, calendar or work_calendar(session))


def task_page(
    session: Session, filters: TaskFilters, day: date, after: str = "", before: str = "", limit: int = PAGE
) -> TaskPage:
    """Return one page by keyset: the cost does not grow with the page's number.

    By "due" open work comes first, by the day that counts, then what has a result, then what has no deadline.
    Raises ValueError for a cursor that is none of this list's.
    """
    calendar = work_calendar(session)
    if before:
        rows = _fetch(session, filters, day, before, True, limit + 1, calendar)
        more, rows = len(rows) > limit, rows[-limit:]
        return TaskPage(rows, rows[0].cursor if more else None, rows[-1].cursor if rows else None)
    rows = _fetch(session, filters, day, after or None, False, limit + 1, calendar)
    more, rows = len(rows) > limit, rows[:limit]
    return TaskPage(rows, rows[0].cursor if after and rows else None, rows[-1].cursor if more else None)


def count_tasks(session: Session, filters: TaskFilters, day: date) -> int:
    """Return how many tasks the filters leave. Above COUNTED_UP_TO the count stops there, plus one, unless it is kept."""
    if filters.counted:
        scope = (DOCUMENT, filters.document_id) if filters.document_id else (PROVINCE, 0)
        kept = counts(session, day, *scope)
        return sum(n for label, n in kept.items() if not filters.classes or label in filters.classes)
    found = _narrowed(_tasks(TaskPeriod.task_id), filters, day).where(*_of_classes(filters.classes, day))
    return session.execute(select(func.count()).select_from(found.limit(COUNTED_UP_TO + 1).subquery())).scalar_one()


def _fetch(
    session: Session,
    filters: TaskFilters,
    day: date,
    cursor: str | None,
    back: bool,
    limit: int,
    calendar: WorkCalendar,
) -> list[TaskRow]:
    """Read stretch after stretch until there are enough: the later ones cost nothing while the first fills the page."""
    stretches = _stretches(filters, day)
    start, place = _read_cursor(cursor, stretches) if cursor else (len(stretches) - 1 if back else 0, None)
    order = range(start, -1, -1) if back else range(start, len(stretches))
    rows: list[TaskRow] = []
    for number in order:
        stretch = stretches[number]
        query = _written(
            filters, day, clock.today(), number, back, place if number == start else None, limit - len(rows)
        )
        found = session.connection().execute(query).all()
        rows += [as_row(row, day, calendar, _cursor(number, row, stretch)) for row in found]
        if len(rows) >= limit:
            break
    return as_labelled_then(session, rows[::-1] if back else rows, day)


@lru_cache(maxsize=200)
def _written(
    filters: TaskFilters, day: date, today: date, number: int, back: bool, place: tuple[Any, ...] | None, limit: int
) -> Select[Any]:
    """Write the statement of one stretch; the lists everybody opens are then written once.

    `today` is not used and still counts: what is in force today is asked for differently tomorrow.
    """
    stretch = _stretches(filters, day)[number]
    query = _narrowed(_columns(stretch, day), filters, day).where(*stretch.conditions)
    falling = stretch.falling != back
    if place is not None:
        here, there = tuple_(*stretch.keys), tuple_(*place)
        query = query.where(here < there if falling else here > there)
    return query.order_by(*(key.desc() if falling else key for key in stretch.keys)).limit(limit)


def _stretches(filters: TaskFilters, day: date) -> list[_Stretch]:
    wanted = filters.classes
    if filters.sort == "updated":
        keys = (TaskPeriod.valid_from, TaskPeriod.task_id)
        return [_Stretch(_of_classes(wanted, day), keys, (date, int), falling=True)]
    if filters.sort == "document":
        return [_Stretch(_of_classes(wanted, day), (Task.document_id, Task.position, Task.id), (int, int, int))]
    by_day = (TaskPeriod.effective_on, TaskPeriod.task_id)
    found = [_Stretch(running, by_day, (date, int)) for running in _running(wanted, day)]
    settled = [label.value for label in _SETTLED if not wanted or label in wanted]
    if settled:
        found.append(_Stretch((TaskPeriod.clock.in_(settled),), by_day, (date, int)))
    if not wanted or Timeliness.NO_DEADLINE in wanted:
        found.append(_Stretch((TaskPeriod.clock == _NO_DEADLINE,), (TaskPeriod.task_id,), (int,)))
    return found


def _running(wanted: Sequence[Timeliness], day: date) -> list[tuple[ColumnElement[bool], ...]]:
    """Return the condition of the work whose clock runs, or nothing when none of it is wanted."""
    late, early = (not wanted or label in wanted for label in (Timeliness.OPEN_OVERDUE, Timeliness.OPEN_IN_TIME))
    if not (late or early):
        return []
    if late and early:
        return [(TaskPeriod.clock == _RUNNING,)]
    return [(TaskPeriod.clock == _RUNNING, TaskPeriod.effective_on < day if late else TaskPeriod.effective_on >= day)]


def _of_classes(classes: Sequence[Timeliness], day: date) -> tuple[ColumnElement[bool], ...]:
    return (or_(*(is_class(TaskPeriod, day, label) for label in classes)),) if classes else ()


def _tasks(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(TaskPeriod).join(Task, Task.id == TaskPeriod.task_id)


def _columns(stretch: _Stretch, day: date) -> Select[Any]:
    keys = (key.label(f"key_{number}") for number, key in enumerate(stretch.keys))
    query = _tasks(
        TaskPeriod.task_id, Task.short_title, Document.short_name, Clause.code.label("clause_code"), Task.kind,
        TaskPeriod.state, TaskPeriod.clock, Task.lead_label, TaskPeriod.leads, TaskPeriod.leads_done, Task.coordinating_label,
        TaskPeriod.due_on, TaskPeriod.effective_on, TaskPeriod.result_on,
        TaskPeriod.original_on, is_followed(day).label("followed"), *bases(TaskPeriod), *keys,
    )  # fmt: skip
    return query.join(Document, Document.id == Task.document_id).join(Clause, Clause.id == Task.clause_id)


def _narrowed(query: Select[Any], filters: TaskFilters, day: date) -> Select[Any]:
    query = query.where(in_force(TaskPeriod, day))
    if filters.document_id:
        query = query.where(TaskPeriod.document_id == filters.document_id)
    if filters.states:
        query = query.where(TaskPeriod.state.in_(filters.states))
    if filters.kinds:
        query = query.where(Task.kind.in_(filters.kinds))
    if filters.due_from:
        # The day that counts is never before the day as written, so the index on it can start here.
        query = query.where(TaskPeriod.due_on >= filters.due_from, TaskPeriod.effective_on >= filters.due_from)
    if filters.due_to:
        query = query.where(TaskPeriod.due_on <= filters.due_to)
    if filters.counts_until:
        query = query.where(TaskPeriod.effective_on <= filters.counts_until)
    if filters.text:
        query = query.where(Task.search_text.contains(filters.text, autoescape=True))
    if filters.theme_id:
        query = query.where(exists().where(TaskTheme.task_id == Task.id, TaskTheme.theme_id == filters.theme_id))
    if filters.followed_by is not None:
        query = query.where(TaskPeriod.task_id.in_(followed_tasks(filters.followed_by, day)))
    if filters.agency_id or filters.person_id:
        query = query.where(_assigned(filters, day))
    return query.where(*(_lacks(part, day) for part in filters.unclear))


def _assigned(filters: TaskFilters, day: date) -> ColumnElement[bool]:
    """Return the condition that the agency or the person has a part in the task; a past day asks who had it then."""
    owed: list[ColumnElement[bool]] = [Assignment.task_id == TaskPeriod.task_id]
    if filters.agency_id:
        held_by = AssignmentPeriod if day < clock.today() else Assignment
        owed.append(held_by.agency_id == filters.agency_id)
    if filters.role:
        owed.append(Assignment.role == filters.role)
    if filters.person_id:
        owed.append(Assignment.responsible_id == filters.person_id)
    if day < clock.today():
        owed += [AssignmentPeriod.assignment_id == Assignment.id, in_force(AssignmentPeriod, day)]
    return exists().where(*owed)


def _lacks(part: str, day: date) -> ColumnElement[bool]:
    if part == "person":
        return ~Task.has_lead if day >= clock.today() else TaskPeriod.leads == 0
    return LACKING[part]


def _cursor(number: int, row: Any, stretch: _Stretch) -> str:
    return "_".join(str(part) for part in (number, *row[len(row) - len(stretch.keys) :]))


def _read_cursor(cursor: str, stretches: Sequence[_Stretch]) -> tuple[int, tuple[Any, ...]]:
    number, *parts = cursor.split("_")
    stretch = stretches[int(number)] if number.isdigit() and int(number) < len(stretches) else None
    if stretch is None or len(parts) != len(stretch.kinds):
        raise ValueError("no place in this list")
    return int(number), tuple(_key(part, kind) for part, kind in zip(parts, stretch.kinds, strict=True))


def _key(part: str, kind: type) -> date | int:
    if kind is date:
        return date.fromisoformat(part)
    if not (part.isascii() and part.isdigit() and len(part) < 10):
        raise ValueError("no key of this list")
    return int(part)
