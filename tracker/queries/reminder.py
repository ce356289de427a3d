"""Whom a day's reminders go to and what they say: found by set, never by the clock, the same for a dry run and for real."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import CTE, Date, Row, Select, String, and_, column, select, true, values
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, Assignment, AssignmentPeriod, Clause, Deadline, Document, Reminder, Task, User
from tracker.queries.calendar import work_calendar
from tracker.queries.extension import Asked, waiting_on
from tracker.queries.obstacle import Wait, waits
from tracker.queries.period import in_force
from tracker.queries.recipient import Recipients, Responsible, recipients
from tracker.rules import ladder
from tracker.rules.ladder import DEFAULT_POLICY, Step
from tracker.rules.timeliness import RUNNING, WorkState, days_overdue
from tracker.rules.workdays import WorkCalendar

REMINDABLE = (WorkState.NOT_STARTED.value, WorkState.IN_PROGRESS.value, WorkState.RETURNED.value)
"""Done and withdrawn need nothing; a result that waits for the Office and work put on hold are not the agency's delay."""
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Due:
    """One assignment that has reached a step of the ladder of which somebody has not been told."""

    assignment_id: int
    agency_id: int
    effective_on: date
    step: Step


@dataclass(frozen=True)
class Plan:
    """What a day's reminders are: by recipient, and by agency what nobody can be told about."""

    day: date
    by_recipient: dict[int, list[Due]] = field(default_factory=dict)
    unreachable: dict[int, list[Due]] = field(default_factory=dict)
    examined: int = 0

    def due(self) -> Iterable[Due]:
        """Return every assignment of the plan, once per person told."""
        for group in (*self.by_recipient.values(), *self.unreachable.values()):
            yield from group


@dataclass(frozen=True)
class Item:
    """What a person needs to know about one assignment, as it stands on the day asked for."""

    assignment_id: int
    task_id: int
    task_code: str
    title: str
    clause_code: str
    clause_text: str
    document_id: int
    document_code: str
    document_name: str
    document_number: str | None
    document_issued_on: date | None
    agency_id: int
    agency_name: str
    lead_basis_kind: str
    lead_basis: str | None
    state: str
    progress: int
    due_on: date
    effective_on: date
    wording: str | None
    deadline_basis_kind: str | None
    deadline_basis: str | None
    days_overdue: int
    days_left: int  # working days until the last day that counts; 0 on that day and after it
    step: str  # empty before the first
    responsible: Responsible | None
    slips: int  # extensions granted
    original_on: date | None  # the day that counted before the first of them
    asked: Asked | None  # a request for more time that waits
    waits: Wait | None = None  # for whose answer to an obstacle


def plan(session: Session, day: date) -> Plan:
    """Return whom to tell what on `day`: nobody on a day off.

    For today and the days to come, what anybody has ever been told is left out; for a past day, what was told before it.
    """
    calendar = work_calendar(session)
    if not calendar.is_working(day):
        return Plan(day)
    steps = _steps(session, day, calendar)
    if not steps:
        return Plan(day)
    people = recipients(session, day)
    told: dict[int, set[int]] = defaultdict(set)
    candidates: dict[int, Any] = {}
    for row in session.execute(_candidates(day, steps), execution_options={"yield_per": ROWS_AT_ONCE}):
        candidates[row.assignment_id] = row
        if row.told_id is not None:
            told[row.assignment_id].add(row.told_id)
    return _grouped(day, candidates.values(), told, people, steps)


def _grouped(
    day: date, rows: Collection[Any], told: dict[int, set[int]], people: Recipients, steps: dict[date, Step]
) -> Plan:
    by_recipient: dict[int, list[Due]] = defaultdict(list)
    unreachable: dict[int, list[Due]] = defaultdict(list)
    for row in rows:
        due = Due(row.assignment_id, row.agency_id, row.effective_on, steps[row.effective_on])
        wanted = people.of(row.agency_id, _responsible(row))
        if not wanted:
            unreachable[row.agency_id].append(due)
        for person in wanted:
            if person not in told.get(row.assignment_id, ()):
                by_recipient[person].append(due)
    return Plan(day, dict(sorted(by_recipient.items())), dict(unreachable), len(rows))


def _steps(session: Session, day: date, calendar: WorkCalendar) -> dict[date, Step]:
    """Return the step reached on `day` for every last day that some open assignment has: worked out once a date."""
    horizon = calendar.shift(day, max(DEFAULT_POLICY.before, default=1))
    dates = select(AssignmentPeriod.effective_on).where(_open(day), AssignmentPeriod.effective_on <= horizon).distinct()
    reached = {on: ladder.reached(on, day, calendar) for on in session.scalars(dates) if on is not None}
    return {on: step for on, step in sorted(reached.items()) if step is not None}


def _open(day: date) -> Any:
    period = AssignmentPeriod
    return and_(
        in_force(period, day), period.clock == RUNNING, period.role == "lead", period.state.in_(REMINDABLE)
    )  # fmt: skip


def _candidates(day: date, steps: dict[date, Step]) -> Select[*tuple[Any, ...]]:
    """Return the query for what has reached a step, one row for each person already told of it (or one with None)."""
    period, step = AssignmentPeriod, _as_table(steps)
    known = Reminder.day < day if day < clock.today() else true()
    same_step = and_(
        Reminder.assignment_id == period.assignment_id, Reminder.effective_on == period.effective_on,
        Reminder.step == step.c.code, known,
    )  # fmt: skip
    return (
        select(period.assignment_id, period.agency_id, period.effective_on, *_RESPONSIBLE, Reminder.recipient_id.label("told_id"))
        .join(step, step.c.effective_on == period.effective_on)
        .join(Assignment, Assignment.id == period.assignment_id)
        .outerjoin(User, User.id == Assignment.responsible_id)
        .outerjoin(Reminder, same_step)
        .where(_open(day))
        .order_by(period.effective_on, period.id)
    )  # fmt: skip


_RESPONSIBLE = (
    User.id.label("responsible_id"), User.active.label("responsible_active"), User.agency_id.label("responsible_agency_id"),
)  # fmt: skip


def _as_table(steps: dict[date, Step]) -> CTE:
    shape = values(column("effective_on", Date), column("code", String), name="reached_step")
    return shape.data([(on, step.code) for on, step in steps.items()]).cte("step")


def _responsible(row: Any) -> Responsible | None:
    if row.responsible_id is None:
        return None
    return Responsible(row.responsible_id, row.responsible_active, row.responsible_agency_id)


def items(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Item]:
    """Return by assignment what to say about it on `day`; what needs no reminder is left out. A constant number of queries."""
    calendar = work_calendar(session)
    found: list[Row[*tuple[Any, ...]]] = []
    wanted = sorted(set(assignment_ids))
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        query = _facts(day).where(AssignmentPeriod.assignment_id.in_(wanted[start : start + ROWS_AT_ONCE]))
        found += session.execute(query).all()
    deadlines = _deadlines(session, {row.task_id for row in found}, day)
    asked = waiting_on(session, {row.assignment_id for row in found}, day)
    held = waits(session, {row.assignment_id for row in found}, day)
    return {
        row.assignment_id: replace(
            _item(row, deadlines.get(row.task_id, []), asked.get(row.assignment_id), day, calendar),
            waits=held.get(row.assignment_id),
        )
        for row in found
    }


def _facts(day: date) -> Select[*tuple[Any, ...]]:
    period = AssignmentPeriod
    return (
        select(
            period.assignment_id, period.task_id, Task.code.label("task_code"), Task.short_title.label("title"),
            Clause.code.label("clause_code"), Clause.text.label("clause_text"), Task.document_id,
            Document.code.label("document_code"), Document.short_name.label("document_name"),
            Document.number.label("document_number"), Document.issued_on.label("document_issued_on"),
            period.agency_id, Agency.name.label("agency_name"), period.state, period.progress, period.due_on,
            period.effective_on, period.slips, period.original_on, Assignment.basis_kind.label("lead_basis_kind"),
            Assignment.basis.label("lead_basis"), *_RESPONSIBLE,
        )
        .join(Task, Task.id == period.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == period.agency_id)
        .join(Assignment, Assignment.id == period.assignment_id)
        .outerjoin(User, User.id == Assignment.responsible_id)
        .where(_open(day))
    )  # fmt: skip


def _item(
    row: Row[*tuple[Any, ...]], deadlines: list[Any], asked: Asked | None, day: date, calendar: WorkCalendar
) -> Item:
    step = ladder.reached(row.effective_on, day, calendar)
    words = _deadline_of(row, deadlines)
    facts = {name: value for name, value in row._mapping.items() if not name.startswith("responsible_")}
    facts["due_on"] = row.due_on or row.effective_on
    late = days_overdue(WorkState(row.state), row.effective_on, None, day)
    return Item(
        **facts,
        wording=words and words.wording,
        deadline_basis_kind=words and words.basis_kind,
        deadline_basis=words and words.basis,
        days_overdue=late,
        days_left=0 if late else calendar.count(day, row.effective_on),
        step=step.code if step else "",
        responsible=_responsible(row),
        asked=asked,
    )


def _deadlines(session: Session, task_ids: Collection[int], day: date) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    wanted = sorted(task_ids)
    columns = (
        Deadline.task_id,
        Deadline.assignment_id,
        Deadline.due_on,
        Deadline.wording,
        Deadline.basis_kind,
        Deadline.basis,
    )
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        query = select(*columns).where(
            Deadline.task_id.in_(wanted[start : start + ROWS_AT_ONCE]),
            Deadline.due_on.is_not(None), Deadline.valid_from <= day, Deadline.valid_to > day,
        )  # fmt: skip
        for row in session.execute(query.order_by(Deadline.id.desc())):
            found[row.task_id].append(row)
    return found


def _deadline_of(row: Row[*tuple[Any, ...]], deadlines: list[Any]) -> Any | None:
    """Return the deadline that gave the period its date: the assignment's own before the task's, the newest first."""
    fitting = [d for d in deadlines if d.due_on == row.due_on and d.assignment_id in (row.assignment_id, None)]
    return next((d for d in fitting if d.assignment_id is not None), fitting[0] if fitting else None)
