"""Which reminder step a deadline has reached on a day.

Seven, three and one working days before, on the day, the first working day after, then weekly: the steps in use in
provinces; no regulation fixes them, so they are a policy an administrator can change.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.workdays import WorkCalendar

ABOUT_REPORT = "report_"
"""What the code of a step begins with that is about a report that is not there, and not about the work."""


@dataclass(frozen=True)
class Step:
    """One step of the ladder: its code ("before_7", "due", "overdue_1") and the day it is reached."""

    code: str
    on: date


@dataclass(frozen=True)
class LadderPolicy:
    """When to remind: `before` in working days, then on the day, then every so many calendar days (0: only once)."""

    before: tuple[int, ...] = (7, 3, 1)
    on_the_day: bool = True
    overdue_every_days: int = 7

    def __post_init__(self) -> None:
        if any(days < 1 for days in self.before) or self.overdue_every_days < 0:
            raise ValueError("Reminders come at least one working day before, and no negative number of days apart.")


DEFAULT_POLICY = LadderPolicy()


def reached(
    effective_on: date, day: date, calendar: WorkCalendar, policy: LadderPolicy = DEFAULT_POLICY
) -> Step | None:
    """Return the latest step reached on or before `day`, None before the first.

    Steps missed while nobody looked collapse into this one. With `effective_on` a working day, every step is on one.
    """
    if day > effective_on:
        overdue = _overdue(effective_on, day, calendar, policy)
        if overdue is not None:
            return overdue
    if policy.on_the_day and day >= effective_on:
        return Step("due", effective_on)
    for days in sorted(policy.before):
        step = Step(f"before_{days}", calendar.shift(effective_on, -days))
        if step.on <= day:
            return step
    return None


def steps_before(effective_on: date, calendar: WorkCalendar, policy: LadderPolicy) -> list[Step]:
    """Return the steps before the last day, and that of the day itself, in order."""
    days_before = sorted(policy.before, reverse=True)
    before = [Step(f"before_{days}", calendar.shift(effective_on, -days)) for days in days_before]
    return [*before, Step("due", effective_on)] if policy.on_the_day else before


def _overdue(effective_on: date, day: date, calendar: WorkCalendar, policy: LadderPolicy) -> Step | None:
    first = calendar.shift(effective_on, 1)
    if day < first:
        return None
    every = policy.overdue_every_days
    number = (day - first).days // every if every else 0
    # The week may end in a holiday that `day` is still inside: then the step before it is the latest reached.
    while (on := calendar.on_or_after(first + timedelta(days=every * number))) > day:
        number -= 1
    return Step(f"overdue_{number + 1}", on)
