"""When work is next reminded of, by the rules that the day's run goes by: policy, holds, state, requests for more time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import FOREVER, AssignmentPeriod, Reminder, Task
from tracker.queries.answer import holds
from tracker.queries.calendar import work_calendar
from tracker.queries.extension import waiting_on
from tracker.queries.reminder_policy import policies
from tracker.rules.inhibition import Reason, inhibited
from tracker.rules.ladder import reached
from tracker.rules.next_step import next_step
from tracker.rules.office_hours import next_planning_day
from tracker.rules.reminder_policy import Policy
from tracker.rules.timeliness import WorkState
from tracker.rules.workdays import WorkCalendar


@dataclass(frozen=True)
class Next:
    """The next reminder of some work: on which day, of which step, of how many of its parts; or, `on` None, why there is none.
    `held_until` is the last day of a hold that puts it off."""

    on: date | None = None
    step: str | None = None
    parts: int = 0
    reason: Reason | None = None
    held_until: date | None = None


def next_reminder(session: Session, assignment_ids: Collection[int], day: date) -> Next | None:
    """Return the nearest reminder of these assignments as things stand on `day` (today); None when none has a clock.

    A constant number of statements. What somebody does in between (reports, asks for time) may of course put it off.
    """
    rows = _running(session, assignment_ids)
    if not rows:
        return None
    calendar, rules = work_calendar(session), policies(session, day)
    run = next_planning_day(clock.local(clock.now()), calendar, rules.province.hours)
    asked, held = waiting_on(session, assignment_ids, day), holds(session, assignment_ids, day)
    told = _told(session, [row.assignment_id for row in rows])
    found = []
    for row in rows:
        reason = inhibited(WorkState(row.state), row.assignment_id in asked, None)
        if reason is not None:
            found.append(Next(reason=reason, parts=1))
            continue
        hold = held.get(row.assignment_id)
        since = max(run, calendar.shift(hold.until_on, 1)) if hold else run
        step = _step(row, since, calendar, rules.of(row.document_id), told)
        until = hold.until_on if hold else None
        found.append(Next(*step, parts=1, held_until=until) if step else Next(parts=1))
    return _nearest(found)


def _running(session: Session, assignment_ids: Collection[int]) -> Sequence[Any]:
    period = AssignmentPeriod
    query = (
        select(period.assignment_id, period.state, period.effective_on, Task.document_id)
        .join(Task, Task.id == period.task_id)
        .where(
            period.assignment_id.in_(assignment_ids), period.valid_to == FOREVER, period.role == "lead",
            period.effective_on.is_not(None),
        )
    )  # fmt: skip
    return session.execute(query).all()


def _told(session: Session, assignment_ids: Collection[int]) -> set[tuple[int, date, str]]:
    """Return the steps of which somebody was told."""
    query = select(Reminder.assignment_id, Reminder.effective_on, Reminder.step).distinct()
    rows = session.execute(query.where(Reminder.assignment_id.in_(assignment_ids)))
    return {(row[0], row[1], row[2]) for row in rows}


def _step(
    row: Any, since: date, calendar: WorkCalendar, policy: Policy, told: Collection[tuple[int, date, str]]
) -> tuple[date, str] | None:
    """Return the day and the code: what was reached before `since` and not told is told then."""
    now = reached(row.effective_on, since, calendar, policy.ladder)
    if now is not None and (row.assignment_id, row.effective_on, now.code) not in told:
        return since, now.code
    step = next_step(row.effective_on, calendar.shift(since, 1), calendar, policy.ladder)
    return (step.on, step.code) if step else None


def _nearest(found: Sequence[Next]) -> Next:
    """Return the first day on which something is reminded of, with how many parts; without any, why the first has none."""
    dated = [one for one in found if one.on is not None]
    if not dated:
        return next((one for one in found if one.reason), found[0])
    first = min(dated, key=lambda one: (one.on, one.step))
    parts = sum(1 for one in dated if one.on == first.on)
    return Next(first.on, first.step, parts, None, first.held_until)
