"""What changes of the working calendar would do, before anything is written: by the very code that counts deadlines."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import AssignmentPeriod, CalendarDay, Task
from tracker.queries.calendar import CLEARED, Shifted, shifted_deadlines, work_calendar
from tracker.queries.period import in_force_now
from tracker.queries.reminder_policy import policies
from tracker.queries.reminder_scope import parts
from tracker.rules.calendar_table import Change, after
from tracker.rules.climb import overdue_steps
from tracker.rules.inhibition import inhibited
from tracker.rules.ladder import LadderPolicy, steps_before
from tracker.rules.timeliness import RUNNING, WorkState
from tracker.rules.workdays import WorkCalendar

REMINDED = tuple(state.value for state in WorkState if inhibited(state, False, None) is None)
LOOKED_AHEAD = timedelta(days=7)
"""Past the last changed day: the weekly step that it may push on."""


class Before(NamedTuple):
    """A day as it stands in the calendar; `edited`: by people, not by the days the program came with."""

    working: bool
    name: str
    source: str
    edited: bool


@dataclass(frozen=True)
class Line:
    """One day that would be written, over what stands there (None: an ordinary day)."""

    change: Change
    before: Before | None


@dataclass(frozen=True)
class Moves:
    """How many reminders would come on another day: those that come tomorrow now or would then, and those later."""

    tomorrow: int
    later: int


@dataclass(frozen=True)
class Preview:
    """What the changes do. `kept` are days that people edited and that stay as they are; `shifted` the deadlines that would
    not be the calendar's any more, `already` those of them that are not now; the reminders when only the calendar is saved,
    and when the deadlines are counted anew with it. `seen` stands for all of it."""

    lines: list[Line]
    same: int
    kept: list[Line]
    shifted: list[Shifted]
    already: frozenset[int]
    saved: Moves
    recounted: Moves
    seen: str


def preview(session: Session, changes: Sequence[Change], overwrite: bool = True) -> Preview:
    """Return what the changes would do; without `overwrite` days that people edited are kept as they are.

    Raises ValueError when a whole year would be without a working day.
    """
    lines, kept, same = _sorted(session, changes, overwrite)
    now = work_calendar(session)
    then = after(now, (line.change for line in lines))
    shifted = shifted_deadlines(session, then)
    already = frozenset(row.deadline_id for row in shifted_deadlines(session, now))
    moved = {(row.due_on, row.effective_on): row.wanted for row in shifted}
    ahead = max((line.change.day for line in lines), default=date.min)
    work = list(_reminded(session)) if lines else []
    saved, recounted = (_moves(work, now, then, each, ahead) for each in ({}, moved))
    seen = _fingerprint(lines, shifted, saved, recounted)
    return Preview(lines, same, kept, shifted, already & {row.deadline_id for row in shifted}, saved, recounted, seen)


def exchanged_with(session: Session, day: date) -> list[date]:
    """Return the days of the calendar that were exchanged for this one: their names say so."""
    query = select(CalendarDay.day).where(CalendarDay.name.contains(f"{day:%d/%m/%Y}"), CalendarDay.day != day)
    return list(session.scalars(query.order_by(CalendarDay.day)))


def _sorted(session: Session, changes: Sequence[Change], overwrite: bool) -> tuple[list[Line], list[Line], int]:
    """Return what would be written, what is kept because people edited it, and how many days are so already."""
    standing = _standing(session, [change.day for change in changes])
    lines, kept, same = [], [], 0
    for change in sorted(changes, key=lambda change: change.day):
        before = standing.get(change.day)
        cleared = before is not None and before.name in CLEARED
        stands = None if cleared or before is None else Change(change.day, *before[:3])
        if stands == change or (stands is None and change.working is None):
            same += 1
        elif before is not None and before.edited and not overwrite:
            kept.append(Line(change, None if cleared else before))
        else:
            lines.append(Line(change, None if cleared else before))
    return lines, kept, same


def _standing(session: Session, days: Sequence[date]) -> dict[date, Before]:
    session.flush()
    row = CalendarDay
    query = select(row.day, row.working, row.name, row.source, row.edited).where(row.day.in_(days))
    return {
        day: Before(working, name, source or "", edited)
        for day, working, name, source, edited in session.execute(query)
    }


def _reminded(session: Session) -> Iterator[tuple[LadderPolicy, date | None, date, int]]:
    """Yield (ladder, last day as written, last day that counts, how many) of the open work that people are reminded of."""
    period = AssignmentPeriod
    for policy, condition in parts(policies(session, clock.today())):
        query: Any = select(period.due_on, period.effective_on, func.count()).where(
            in_force_now(period), period.role == "lead", period.clock == RUNNING, period.state.in_(REMINDED)
        )
        if condition is not None:
            query = query.join(Task, Task.id == period.task_id).where(condition)
        for due_on, effective_on, n in session.execute(query.group_by(period.due_on, period.effective_on)):
            yield policy.ladder, due_on, effective_on, n


def _moves(
    work: Iterable[tuple[LadderPolicy, date | None, date, int]], now: WorkCalendar, then: WorkCalendar,
    moved: Mapping[Any, date], ahead: date,
) -> Moves:  # fmt: skip
    """Return how many of the reminders still to come would come on another day."""
    today = clock.today()
    tomorrow, until = today + timedelta(days=1), max(ahead, today) + LOOKED_AHEAD
    counted: Counter[bool] = Counter()
    for ladder, due_on, on, n in work:
        old = _steps(on, until, now, ladder)
        new = _steps(moved.get((due_on, on), on), until, then, ladder)
        for code in old.keys() | new.keys():
            days = {old.get(code), new.get(code)}
            to_come = {day for day in days if day is not None and day > today}
            if len(days) > 1 and to_come:
                counted[tomorrow in to_come] += n
    return Moves(counted[True], counted[False])


def _steps(on: date, until: date, calendar: WorkCalendar, ladder: LadderPolicy) -> dict[str, date]:
    """Return the days of all steps of one last day, of the weekly ones up to `until`."""
    steps = [*steps_before(on, calendar, ladder), *overdue_steps(on, until, calendar, ladder)]
    return {step.code: step.on for step in steps}


def _fingerprint(lines: Sequence[Line], shifted: Sequence[Shifted], *moves: Moves) -> str:
    rows = [(row.deadline_id, row.effective_on, row.wanted) for row in shifted]
    return hashlib.sha256(repr((lines, rows, moves)).encode()).hexdigest()[:32]
