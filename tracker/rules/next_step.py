"""The day on which the next reminder of a deadline falls."""

from datetime import date, timedelta

from tracker.rules.climb import overdue_steps
from tracker.rules.ladder import LadderPolicy, Step, steps_before
from tracker.rules.workdays import WorkCalendar

LONGEST_BREAK = timedelta(days=31)
"""Longer than any row of days off: a step whose week ends in one has come when it is over."""


def next_step(effective_on: date, since: date, calendar: WorkCalendar, ladder: LadderPolicy) -> Step | None:
    """Return the first step of the ladder that is reached on `since` or after, None when there is none any more."""
    until = max(since, effective_on) + timedelta(days=ladder.overdue_every_days) + LONGEST_BREAK
    overdue = overdue_steps(effective_on, until, calendar, ladder)
    steps = [*steps_before(effective_on, calendar, ladder), *overdue]
    return min((step for step in steps if step.on >= since), key=lambda step: step.on, default=None)
