"""What the first page says beside the four-way count: what moved, who is late, what comes, what waits."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)  # fmt: skip
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, AssignmentPeriod, Clause, Document, ProgressReport, Tally, Task, TaskPeriod
from tracker.queries.ask import DAY, ask, of_any_day
from tracker.queries.basis import bases
from tracker.queries.period import in_force, is_class
from tracker.queries.standing import AGENCY, PROVINCE
from tracker.queries.task import LACKING, TaskFilters, task_rows
from tracker.queries.task_row import TaskRow, as_row
from tracker.rules.timeliness import RUNNING, UNDER_WAY, Timeliness, WorkState
from tracker.rules.workdays import WorkCalendar

ONE_DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
COUNTED_UP_TO = 10_000
SINCE: Any = bindparam("since", type_=Date)
OVERDUE = Timeliness.OPEN_OVERDUE


@dataclass(frozen=True)
class Moves:
    """The line under the bar. `done` and `unclear_*` stop at COUNTED_UP_TO plus one; `reporting` of `owing` agencies reported."""

    done: int
    newly_overdue: int
    unclear_person: int
    reporting: int
    owing: int

    @property
    def reporting_share(self) -> float | None:
        """Percent of the agencies with work that reported this month; None when no agency has any."""
        return 100 * self.reporting / self.owing if self.owing else None


@dataclass(frozen=True)
class LateAgency:
    """An agency with overdue lead assignments; `oldest` in calendar days, None while all of them wait for confirmation."""

    agency_id: int
    name: str
    overdue: int
    oldest: int | None


def _bounded(found: Select[*tuple[Any, ...]]) -> Select[int]:
    return select(func.count()).select_from(found.limit(COUNTED_UP_TO + 1).subquery())


_DONE = of_any_day(
    lambda held: _bounded(
        select(TaskPeriod.id).where(
            held(TaskPeriod), TaskPeriod.state == "done", TaskPeriod.result_on > SINCE, TaskPeriod.result_on <= DAY
        )
    )
)


def moves(session: Session, day: date) -> Moves:
    """Return what changed in the seven days up to `day`, and what is unclear and silent on it."""
    reporting, owing = _agencies_reporting(session, day)
    return Moves(
        done=ask(session, _DONE(day), day=day, since=day - WEEK).scalar_one(),
        newly_overdue=_newly_overdue(session, day),
        unclear_person=unclear(session, day, "person"),
        reporting=reporting,
        owing=owing,
    )


_UNCLEAR = {part: _bounded(select(Task.id).where(LACKING[part])) for part in ("person", "work", "time")}


def unclear(session: Session, day: date, part: str) -> int:
    """Return how many tasks in force lack the part (person, work, time) on `day`, counted up to COUNTED_UP_TO plus one."""
    if day >= clock.today():
        return int(ask(session, _UNCLEAR[part]).scalar_one())
    found = select(TaskPeriod.task_id).where(in_force(TaskPeriod, day))
    found = (
        found.where(TaskPeriod.leads == 0)
        if part == "person"
        else found.join(Task, Task.id == TaskPeriod.task_id).where(LACKING[part])
    )
    return session.execute(_bounded(found)).scalar_one()


def late_agencies(session: Session, day: date, limit: int = 8) -> list[LateAgency]:
    """Return the agencies with the most overdue lead assignments on `day`, the most first."""
    query = _LATE_NOW if day >= clock.today() else _late_then(day)
    rows = ask(session, query, day=day, limit=limit)
    return [LateAgency(id, name, n, (day - oldest).days if oldest else None) for id, name, n, oldest in rows]


def coming(session: Session, day: date, calendar: WorkCalendar, limit: int = 6) -> list[TaskRow]:
    """Return the open tasks due within thirty days of `day`, the next first."""
    asked = TaskFilters(classes=(Timeliness.OPEN_IN_TIME,), states=UNDER_WAY, counts_until=day + MONTH)
    return task_rows(session, asked, day, limit, calendar)


def agency_late(session: Session, agency_id: int, day: date, calendar: WorkCalendar, limit: int = 8) -> list[TaskRow]:
    """Return the agency's overdue lead assignments, the oldest first."""
    late = is_class(AssignmentPeriod, day, OVERDUE)
    return _assignments(session, day, calendar, limit, AssignmentPeriod.agency_id == agency_id, late)


def agency_coming(session: Session, agency_id: int, day: date, calendar: WorkCalendar, limit: int = 6) -> list[TaskRow]:
    """Return the agency's lead assignments due within thirty days of `day`, the next first."""
    days = AssignmentPeriod.effective_on.between(day, day + MONTH)
    return _assignments(
        session,
        day,
        calendar,
        limit,
        AssignmentPeriod.agency_id == agency_id,
        AssignmentPeriod.clock == RUNNING,
        days,
    )


def agency_returned(
    session: Session, agency_id: int, day: date, calendar: WorkCalendar, limit: int = 6
) -> list[TaskRow]:
    """Return the agency's assignments whose result the Office returned, by their day."""
    returned = AssignmentPeriod.state == WorkState.RETURNED.value
    return _assignments(session, day, calendar, limit, AssignmentPeriod.agency_id == agency_id, returned)


def awaiting(session: Session, day: date, calendar: WorkCalendar, limit: int = 5) -> list[TaskRow]:
    """Return assignments whose result waits for confirmation on `day`, by their day; the agency stands as the lead."""
    waits = AssignmentPeriod.state == WorkState.AWAITING.value
    return _assignments(session, day, calendar, limit, waits, named_agency=True)


_AWAITING = of_any_day(
    lambda held: _bounded(
        select(AssignmentPeriod.id).where(
            held(AssignmentPeriod),
            AssignmentPeriod.state == literal_column("'awaiting_confirmation'"),
            AssignmentPeriod.role == "lead",
        )
    )
)


def awaiting_count(session: Session, day: date) -> int:
    """Return how many results wait for confirmation on `day`, counted up to COUNTED_UP_TO plus one."""
    return int(ask(session, _AWAITING(day), day=day).scalar_one())


_NEWLY_OVERDUE = select(func.sum(Tally.n)).where(
    Tally.scope == PROVINCE, Tally.scope_id == 0, Tally.clock == RUNNING, Tally.effective_on >= SINCE, Tally.effective_on < DAY
)  # fmt: skip


def _newly_overdue(session: Session, day: date) -> int:
    if day >= clock.today():
        return ask(session, _NEWLY_OVERDUE, day=day, since=day - WEEK).scalar() or 0
    week = TaskPeriod.effective_on.between(day - WEEK, day - ONE_DAY)
    found = select(func.count()).where(in_force(TaskPeriod, day), TaskPeriod.clock == RUNNING, week)
    return session.execute(found).scalar_one()


def _reporting(reported: ColumnElement[bool], owing: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(func.coalesce(func.sum(case((reported, 1), else_=0)), 0), func.count()).select_from(Agency).where(owing)
    )


_REPORTING = _reporting(
    Agency.last_reported_on >= SINCE,
    exists().where(Tally.scope == AGENCY, Tally.scope_id == Agency.id, Tally.n > 0),
)


def _agencies_reporting(session: Session, day: date) -> tuple[int, int]:
    """Return how many agencies reported since the first of the month, and how many have lead assignments at all."""
    first = day.replace(day=1)
    if day >= clock.today():
        query = _REPORTING
    else:
        owing = exists().where(
            AssignmentPeriod.agency_id == Agency.id, AssignmentPeriod.role == "lead", in_force(AssignmentPeriod, day)
        )
        reported = exists().where(ProgressReport.agency_id == Agency.id, ProgressReport.reported_on.between(first, day))
        query = _reporting(reported, owing)
    reporting, all_owing = ask(session, query, since=first).one()
    return int(reporting), all_owing


def _assignments(
    session: Session,
    day: date,
    calendar: WorkCalendar,
    limit: int,
    *conditions: ColumnElement[bool],
    named_agency: bool = False,
) -> list[TaskRow]:
    period = AssignmentPeriod
    query = (
        select(
            period.task_id, Task.short_title, Document.short_name, Clause.code.label("clause_code"), Task.kind, period.state,
            period.clock, (Agency.short_name if named_agency else Task.lead_label).label("lead_label"), literal(1).label("leads"),
            literal(0).label("leads_done"), literal(None).label("coordinating_label"), period.due_on, period.effective_on,
            period.result_on, *bases(period), period.original_on,
        )
        .select_from(period)
        .join(Task, Task.id == period.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Agency, Agency.id == period.agency_id)
        .where(in_force(period, day), period.role == "lead", *conditions)
        .order_by(period.effective_on, period.id)
        .limit(limit)
    )  # fmt: skip
    return [as_row(row, day, calendar) for row in session.execute(query)]


def _ranked(query: Select[*tuple[Any, ...]], amount: Any, oldest: Any) -> Select[*tuple[Any, ...]]:
    """Name the agencies of the rows and keep the first of them, the most overdue ahead."""
    columns = (Agency.id, Agency.name, amount.label("n"), oldest.label("oldest"))
    ranked = query.add_columns(*columns).group_by(Agency.id).order_by(amount.desc(), oldest, Agency.sort_key)
    return ranked.limit(bindparam("limit", type_=Integer))


_RAN_OUT = and_(Tally.clock == RUNNING, Tally.effective_on < DAY)
# From the agencies to their tallies, so that only the days gone by are read.
_LATE_NOW = _ranked(
    select()
    .select_from(Agency)
    .join(Tally, and_(Tally.scope == AGENCY, Tally.scope_id == Agency.id))
    .where(Tally.n > 0, or_(_RAN_OUT, Tally.clock == OVERDUE.value)),
    func.sum(Tally.n),
    func.min(case((Tally.clock == RUNNING, Tally.effective_on))),
)


def _late_then(day: date) -> Select[*tuple[Any, ...]]:
    period = AssignmentPeriod
    query = select().select_from(Agency).join(period, period.agency_id == Agency.id)
    query = query.where(in_force(period, day), period.role == "lead", is_class(period, day, OVERDUE))
    return _ranked(query, func.count(), func.min(case((period.clock == RUNNING, period.effective_on))))
