"""Which assignments a day's reminders look at: by policy, and for deadlines and reports apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, AssignmentPeriod, Task
from tracker.queries.batches import AT_ONCE
from tracker.queries.period import in_force
from tracker.queries.reminder_item import NAMED, with_named
from tracker.queries.reminder_policy import Policies
from tracker.queries.report_owing import silent_now
from tracker.rules.climb import Rung
from tracker.rules.ladder import ABOUT_REPORT, LadderPolicy, Step, reached
from tracker.rules.reminder_policy import Policy
from tracker.rules.report_periods import Asked
from tracker.rules.timeliness import CLOSED, RUNNING, WorkState
from tracker.rules.workdays import WorkCalendar

# Written out and not bound: only so do the databases see that the index of running work says it already.
_RUNNING: ColumnElement[str] = literal_column(f"'{RUNNING}'")
LATELY = timedelta(days=14)
"""Work that was finished not longer ago than this is noted when a step of it comes; before that nobody expects a reminder."""


@dataclass(frozen=True)
class Scope:
    """Assignments that share a policy and a ladder; `last_days` are all the days they have to look at."""

    policy: Policy
    ladder: LadderPolicy
    rungs: tuple[Rung, ...]
    prefix: str
    last_days: Sequence[date]
    rows: Iterable[Any]


def parts(rules: Policies) -> Iterator[tuple[Policy, Any]]:
    """Return each policy with the condition over tasks that it holds for; None for all of them."""
    yield rules.province, Task.document_id.not_in(rules.documents) if rules.documents else None
    for document_id, policy in sorted(rules.documents.items()):
        yield policy, Task.document_id == document_id


def deadlines(
    session: Session, day: date, calendar: WorkCalendar, policy: Policy, condition: Any
) -> Iterator[Scope]:  # fmt: skip
    """Return the lead assignments whose clock runs and whose last day is near or past, as they stood on `day`: some thousand at
    a time, the earliest last day first."""
    period = AssignmentPeriod
    horizon = calendar.shift(day, max(policy.ladder.before, default=1))
    columns = (period.assignment_id, period.agency_id, period.effective_on, period.state, *NAMED)
    query = select(*columns).join(Assignment, Assignment.id == period.assignment_id).where(
        in_force(period, day), period.clock == _RUNNING, period.role == "lead", period.effective_on <= horizon
    )  # fmt: skip
    # Read through a cursor, PostgreSQL follows the index of running work in this very order. Asked for all at once, or for the
    # days first, it takes them for a large share of everything that exists, and reads that.
    found = session.execute(
        with_named(_of_tasks(query, condition)).order_by(period.effective_on, period.id),
        execution_options={"yield_per": AT_ONCE},
    )  # fmt: skip
    for rows in _whole_days(found):
        yield Scope(policy, policy.ladder, policy.climb, "", sorted({row.effective_on for row in rows}), rows)


def _whole_days(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Return the rows, which come in the order of their last days, a part at a time: never a last day in two parts."""
    part: list[Any] = []
    for row in rows:
        if len(part) >= AT_ONCE and row.effective_on != part[-1].effective_on:
            yield part
            part = []
        part.append(row)
    if part:
        yield part


def _of_tasks(query: Any, condition: Any) -> Any:
    if condition is None:
        return query
    return query.join(Task, Task.id == AssignmentPeriod.task_id).where(condition)


def stopped(
    session: Session, day: date, calendar: WorkCalendar, policy: Policy, condition: Any
) -> Iterator[tuple[Any, Step]]:
    """Return what waits for a decision, or was finished lately, with the step that came since then."""
    period = AssignmentPeriod
    closed = and_(period.state.in_(CLOSED), period.valid_from > day - LATELY)
    query = select(period.assignment_id, period.agency_id, period.effective_on, period.state, period.valid_from).where(
        in_force(period, day), period.role == "lead", period.effective_on.is_not(None),
        or_(period.state == WorkState.AWAITING.value, closed),
    )  # fmt: skip
    steps: dict[date, Step | None] = {}
    for row in session.execute(_of_tasks(query, condition)):
        if row.effective_on not in steps:
            steps[row.effective_on] = reached(row.effective_on, day, calendar, policy.ladder)
        step = steps[row.effective_on]
        if step is not None and step.on > row.valid_from:
            yield row, step


def reports(session: Session, day: date, policy: Policy, document_id: int, asked: Asked) -> Scope:
    """Return who owes a report of the period now; the last day on which it is in time stands for the last day of work."""
    period = AssignmentPeriod
    last_day = literal(asked.last_day, Date).label("effective_on")
    query = (
        select(period.assignment_id, period.agency_id, last_day, period.state, *NAMED)
        .join(Assignment, Assignment.id == period.assignment_id)
        .where(in_force(period, day), period.assignment_id.in_(silent_now(document_id, asked, day)))
        .order_by(period.id)
    )  # fmt: skip
    rows = session.execute(with_named(query), execution_options={"yield_per": AT_ONCE})
    return Scope(policy, policy.reports, policy.reports_climb, ABOUT_REPORT, [asked.last_day], rows)
