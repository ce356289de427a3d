"""When and to whom reminders go, as a province sets it: a document kept as data, with bounds and a sentence for each mistake.

No regulation fixes any of it. The defaults are the steps in use in provinces (seven, three and one working days before, the
day itself, every week after), and two working days for each level to answer before the next one hears of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from tracker.rules.climb import Level, Rung, first_told, overdue_steps
from tracker.rules.ladder import DEFAULT_POLICY, LadderPolicy, Step, steps_before
from tracker.rules.workdays import WorkCalendar

EMAIL, ZALO = "email", "zalo"
CHANNELS = (EMAIL, ZALO)
"""By which a level is told first. Whoever cannot be reached by Zalo is mailed."""
MOST_BEFORE, LONGEST_BEFORE = 6, 60
OVERDUE_SHOWN = 5
EARLIEST, LATEST = time(6, 0), time(21, 59)
"""Zalo pushes no message between 22:00 and 06:00, and nobody wants a mail then either."""


@dataclass(frozen=True)
class Hours:
    """When the tracker speaks, on working days, in Viet Nam's time."""

    digest_at: time = time(8, 0)
    send_from: time = time(7, 30)
    send_until: time = time(20, 30)


REPORTS = LadderPolicy((2,), True, 7)
"""About a report that is not there: two working days before its last day, on it, and every week after."""


@dataclass(frozen=True)
class Policy:
    """One province's (or one document's) rules. `grace` and `rest` are working days."""

    ladder: LadderPolicy = DEFAULT_POLICY
    climb: tuple[Rung, ...] = (Rung(Level.HEAD, 3), Rung(Level.MONITOR, 5), Rung(Level.LEADER, 5))
    grace: int = 2
    rest: int = 5  # how long "đã nhận, đang xử lý", or a report, keeps the work from going up
    rests: int = 2  # so often for one deadline; reports are not counted
    letter: bool = True  # after the last level the letter of urging is drafted
    reports: LadderPolicy = REPORTS
    reports_climb: tuple[Rung, ...] = (Rung(Level.HEAD, 2),)
    channels: Mapping[Level, str] = field(default_factory=lambda: dict.fromkeys(Level, EMAIL), hash=False)
    hours: Hours = Hours()  # the province's hold for every document


DEFAULT = Policy()


def as_rules(policy: Policy) -> dict[str, Any]:
    """Return the policy as it is kept in the database."""
    return {
        "ladder": _ladder_rules(policy.ladder),
        "climb": [[rung.level.value, rung.after] for rung in policy.climb],
        "grace": policy.grace,
        "rest": policy.rest,
        "rests": policy.rests,
        "letter": policy.letter,
        "reports": _ladder_rules(policy.reports),
        "reports_climb": [[rung.level.value, rung.after] for rung in policy.reports_climb],
        "channels": {level.value: channel for level, channel in policy.channels.items()},
        "hours": {
            name: getattr(policy.hours, name).strftime("%H:%M") for name in ("digest_at", "send_from", "send_until")
        },
    }


def from_rules(rules: Mapping[str, Any]) -> Policy:
    """Return the policy that was kept. Raises ValueError, KeyError or TypeError for what no policy wrote."""
    return Policy(
        ladder=_ladder(rules["ladder"]),
        climb=_rungs(rules["climb"]),
        grace=int(rules["grace"]),
        rest=int(rules["rest"]),
        rests=int(rules["rests"]),
        letter=bool(rules["letter"]),
        reports=_ladder(rules["reports"]),
        reports_climb=_rungs(rules["reports_climb"]),
        channels={level: rules["channels"].get(level.value, EMAIL) for level in Level},
        hours=Hours(**{name: time.fromisoformat(text) for name, text in rules["hours"].items()}),
    )


_OF_A_LADDER = ("before_many", "before_far", "before_twice", "every", "climb_order", "climb_after")
FAULTS = (
    *_OF_A_LADDER, "grace", "rest", "rests", *(f"reports_{code}" for code in _OF_A_LADDER), "hours_order", "hours_night",
    "digest_outside", "channel",
)  # fmt: skip
"""before_*: the days before; every: the distance of the overdue reminders; climb_order: a higher level before a lower one;
climb_after: after how many reminders; the same with "reports_" before it for reports; hours_* and digest_outside: the hours."""


def faults(policy: Policy) -> list[str]:
    """Return the codes (of FAULTS) of what is wrong with the policy, in the order of the form; none: it can be carried out."""
    return [
        *_ladder_faults(policy.ladder, ""), *_climb_faults(policy.climb, ""),
        *_bounds("grace", policy.grace, 0, 30), *_bounds("rest", policy.rest, 1, 60), *_bounds("rests", policy.rests, 0, 20),
        *_ladder_faults(policy.reports, "reports_"), *_climb_faults(policy.reports_climb, "reports_"),
        *_hour_faults(policy.hours), *([] if set(policy.channels.values()) <= set(CHANNELS) else ["channel"]),
    ]  # fmt: skip


@dataclass(frozen=True)
class Example:
    """What the rules make of one last day nobody answers for: the reminders (of the overdue ones the first), and by level the
    day it hears of it first."""

    due_on: date
    effective_on: date
    steps: list[Step]
    levels: dict[Level, Step]


def example(due_on: date, calendar: WorkCalendar, ladder: LadderPolicy, rungs: Sequence[Rung], grace: int) -> Example:
    """Return when whom is reminded of work due on `due_on` that nobody does and nobody answers for."""
    effective_on = calendar.on_or_after(due_on)
    before = steps_before(effective_on, calendar, ladder)
    most = max((rung.after for rung in rungs), default=0) + OVERDUE_SHOWN
    overdue = _first_overdue(effective_on, calendar, ladder, most)
    levels = first_told(overdue, calendar, rungs, grace)
    return Example(due_on, effective_on, [*before, *overdue[:OVERDUE_SHOWN]], levels)


def _first_overdue(effective_on: date, calendar: WorkCalendar, ladder: LadderPolicy, count: int) -> list[Step]:
    """Return the first overdue steps, `count` at least where there are so many: days off make one of several."""
    found: list[Step] = []
    for more in (1, 2, 4, 8):
        reach = max(ladder.overdue_every_days * count, 14) * more
        found = overdue_steps(effective_on, effective_on + timedelta(days=reach), calendar, ladder)
        if len(found) >= count:
            break
    return found


def _bounds(code: str, number: int, low: int, high: int) -> list[str]:
    return [] if low <= number <= high else [code]


def _ladder_faults(ladder: LadderPolicy, prefix: str) -> list[str]:
    found = []
    if len(ladder.before) > MOST_BEFORE:
        found.append(f"{prefix}before_many")
    if any(days > LONGEST_BEFORE for days in ladder.before):
        found.append(f"{prefix}before_far")
    if len(set(ladder.before)) < len(ladder.before):
        found.append(f"{prefix}before_twice")
    return found + _bounds(f"{prefix}every", ladder.overdue_every_days, 0, 90)


def _climb_faults(rungs: Sequence[Rung], prefix: str) -> list[str]:
    order = [list(Level).index(rung.level) for rung in rungs]
    afters = [rung.after for rung in rungs]
    found = [] if order == sorted(set(order)) and afters == sorted(afters) and Level.RESPONSIBLE not in {
        rung.level for rung in rungs} else [f"{prefix}climb_order"]  # fmt: skip
    return found if all(1 <= after <= 100 for after in afters) else [*found, f"{prefix}climb_after"]


def _hour_faults(hours: Hours) -> list[str]:
    found = [] if hours.send_from < hours.send_until else ["hours_order"]
    if hours.send_from < EARLIEST or hours.send_until > LATEST:
        found.append("hours_night")
    return found if hours.send_from <= hours.digest_at <= hours.send_until else [*found, "digest_outside"]


def _ladder_rules(ladder: LadderPolicy) -> dict[str, Any]:
    return {"before": list(ladder.before), "on_the_day": ladder.on_the_day, "every": ladder.overdue_every_days}


def _ladder(rules: Mapping[str, Any]) -> LadderPolicy:
    return LadderPolicy(tuple(int(days) for days in rules["before"]), bool(rules["on_the_day"]), int(rules["every"]))


def _rungs(rules: Sequence[Sequence[Any]]) -> tuple[Rung, ...]:
    return tuple(Rung(Level(level), int(after)) for level, after in rules)
