"""The working calendar: as the rules want it, as people read it, and the deadlines that no longer agree with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import FOREVER, CalendarDay, Clause, Deadline, Document, Task, TaskPeriod
from tracker.queries.ask import ask
from tracker.rules.timeliness import CLOSED
from tracker.rules.workdays import WorkCalendar

CLEARED = ("ngày làm việc", "cuối tuần")
"""Name of a day that a person made ordinary again: kept in the table, shown nowhere."""

DAYS_OFF = 10
WARNED_FROM = (10, 1)
"""Month and day from which the calendar of the next year is asked for: its announcement comes about then."""


@dataclass(frozen=True)
class Shifted:
    """A deadline of open work that counts to another day than the calendar now says (`wanted`)."""

    deadline_id: int
    task_id: int
    assignment_id: int | None
    short_title: str
    document_name: str
    clause_code: str
    due_on: date
    effective_on: date | None
    wanted: date


_EXCEPTIONS = select(CalendarDay.day, CalendarDay.working)


def work_calendar(session: Session) -> WorkCalendar:
    """Return Monday–Friday with the exceptions of the editable table."""
    session.flush()  # the calendar page asks right after it changed a day
    return WorkCalendar({row[0]: row[1] for row in ask(session, _EXCEPTIONS)})


def exceptions_of(session: Session, year: int) -> Sequence[CalendarDay]:
    """Return the days of the year that are not what their weekday says, in order."""
    query = select(CalendarDay).where(
        CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)), CalendarDay.name.not_in(CLEARED)
    )
    return session.scalars(query.order_by(CalendarDay.day)).all()


def years_entered(session: Session) -> tuple[int, int] | None:
    """Return the first and last year with an entry, None for an empty calendar."""
    first, last = session.execute(select(func.min(CalendarDay.day), func.max(CalendarDay.day))).one()
    return (first.year, last.year) if first else None


def years_needed(today: date) -> tuple[int, ...]:
    """Return the years whose days off must be entered by `today`: this one, and from 1 October the next."""
    return (today.year, today.year + 1)[: 2 if today >= date(today.year, *WARNED_FROM) else 1]


def missing_year(session: Session, today: date) -> int | None:
    """Return the first of the years needed for which fewer than DAYS_OFF days off are entered, None when there is none.

    Bộ luật Lao động 2019, Điều 112 gives eleven; two of them may be one day's exchange, so ten are a calendar.
    """
    return next((year for year in years_needed(today) if days_off(session, year) < DAYS_OFF), None)


@dataclass(frozen=True)
class YearAskedFor:
    """What the administrators' message says now: the year that is missing (None: none any more) and its days off so far."""

    year: int | None
    entered: int
    agency_id: None = None  # the row of a message says whose it is: nobody's in particular


def years_asked_for(session: Session, months: Collection[int]) -> dict[int, YearAskedFor]:
    """Return by month of asking (202610) which year is missing today."""
    year = missing_year(session, clock.today())
    asked = YearAskedFor(year, days_off(session, year) if year else 0)
    return dict.fromkeys(months, asked)


def days_off(session: Session, year: int) -> int:
    """Return how many days off are entered for the year."""
    days = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    query = select(func.count()).where(~CalendarDay.working, days, CalendarDay.name.not_in(CLEARED))
    return session.execute(query).scalar_one()


def shifted_deadlines(session: Session, calendar: WorkCalendar | None = None) -> list[Shifted]:
    """Return the deadlines in force of open work with a clock whose counting day is not the calendar's, by day.

    `calendar`: one that is only thought of, instead of the one in the table; raises ValueError when a year of it is all off.
    The distinct pairs of days are few whatever the number of tasks; only those that disagree are looked up.
    """
    calendar = calendar or work_calendar(session)
    dated = (Deadline.valid_to == FOREVER, Deadline.due_on.is_not(None))
    pairs = session.execute(select(Deadline.due_on, Deadline.effective_on).where(*dated).distinct()).all()
    wanted = {due: calendar.on_or_after(due) for due, _ in pairs if due is not None}
    wrong = {due for due, effective in pairs if due is not None and effective != wanted[due]}
    if not wrong:
        return []
    rows = session.execute(
        select(
            Deadline.id, Deadline.task_id, Deadline.assignment_id, Task.short_title, Document.short_name, Clause.code,
            Deadline.due_on, Deadline.effective_on,
        )
        .join(Task, Task.id == Deadline.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(TaskPeriod, (TaskPeriod.task_id == Task.id) & (TaskPeriod.valid_to == FOREVER))
        .where(
            *dated, Deadline.due_on.in_(wrong), Task.kind != "standing_duty", TaskPeriod.state.not_in(CLOSED)
        )
        .order_by(Deadline.due_on, Deadline.id)
    ).all()  # fmt: skip
    return [
        Shifted(*row[:6], due_on, effective_on, wanted[due_on])
        for row in rows
        for due_on, effective_on in [row[6:]]
        if due_on is not None and effective_on != wanted[due_on]
    ]
