"""To whom, beside the person responsible, overdue work goes up, and when: a boss is told later than the one who does the work.

No regulation fixes this; it is the province's policy. Work is told to a level when so many reminders about it have gone
unanswered, and each level is given some working days to answer before the next one hears of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.ladder import LadderPolicy, Step
from tracker.rules.workdays import WorkCalendar


class Level(StrEnum):
    """As what somebody is told: the person responsible, then up."""

    RESPONSIBLE = "responsible"
    HEAD = "head"  # of the agency that owes the work
    MONITOR = "monitor"  # the People's Committee Office
    LEADER = "leader"  # of the province, in charge of the agency


@dataclass(frozen=True)
class Rung:
    """`level` is told from the `after`-th unanswered reminder of overdue work on."""

    level: Level
    after: int


@dataclass(frozen=True)
class Rest:
    """Somebody answered: from `begin` to `end`, both included, no level above is told."""

    begin: date
    end: date

    def covers(self, day: date) -> bool:
        """Return whether the climb rests on `day`."""
        return self.begin <= day <= self.end


def overdue_steps(effective_on: date, day: date, calendar: WorkCalendar, ladder: LadderPolicy) -> list[Step]:
    """Return the steps after the last day that were reached up to `day`, in order; of two on one day the later one."""
    first = calendar.shift(effective_on, 1)
    steps: dict[date, Step] = {}
    number = 0
    while (begins := first + timedelta(days=ladder.overdue_every_days * number)) <= day:
        on = calendar.on_or_after(begins)
        if on <= day:
            steps[on] = Step(f"overdue_{number + 1}", on)
        number += 1
        if not ladder.overdue_every_days:
            break
    return list(steps.values())


def unanswered(steps: Sequence[Step], rests: Sequence[Rest]) -> list[Step]:
    """Return the steps on whose day nobody had said that the work is being done."""
    return [step for step in steps if not any(rest.covers(step.on) for rest in rests)]


def resting(rests: Sequence[Rest], day: date) -> date | None:
    """Return the last day of the rest that holds on `day`, None when the climb goes on."""
    return max((rest.end for rest in rests if rest.covers(day)), default=None)


def offsets(rungs: Sequence[Rung], grace: int) -> list[int]:
    """Return how many working days after a reminder each rung hears of it: `grace` for the first that does, then `grace` more
    for each further rung of the same reminder."""
    found: list[int] = []
    for number, rung in enumerate(rungs):
        same = number > 0 and rungs[number - 1].after == rung.after
        found.append(found[-1] + grace if same else grace)
    return found


def first_told(steps: Sequence[Step], calendar: WorkCalendar, rungs: Sequence[Rung], grace: int) -> dict[Level, Step]:
    """Return by level the first of the unanswered `steps` it is told of, with the day: never sooner than `grace` working days
    after the level below, however close the reminders come. A level the steps do not reach is left out."""
    found: dict[Level, Step] = {}
    below: date | None = None
    for rung, offset in zip(rungs, offsets(rungs, grace), strict=True):
        if len(steps) < rung.after:
            break
        step = steps[rung.after - 1]
        on = calendar.shift(step.on, offset)
        below = on if below is None else max(on, calendar.shift(below, grace))
        found[rung.level] = Step(step.code, below)
    return found


def climbed(
    steps: Sequence[Step], day: date, calendar: WorkCalendar, rungs: Sequence[Rung], grace: int
) -> dict[Level, Step]:
    """Return by level the latest of the unanswered `steps` it is to be told of on `day`, with the day it is reached there."""
    found: dict[Level, Step] = {}
    begins = first_told(steps, calendar, rungs, grace)
    for rung, offset in zip(rungs, offsets(rungs, grace), strict=True):
        if rung.level not in begins or begins[rung.level].on > day:
            continue
        for step in reversed(steps[rung.after - 1 :]):
            on = max(begins[rung.level].on, calendar.shift(step.on, offset))
            if on <= day:
                found[rung.level] = Step(step.code, on)
                break
    return found
