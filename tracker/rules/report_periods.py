"""The periods an agency reports for: weeks from Monday to Sunday, months, quarters; and until when a report is in time.

How often a document is reported on is set by people and may change. The rule in force on the last day of a period decides
for it: the period in which a rule is set counts, and what has ended keeps the rule it had.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.workdays import WorkCalendar

EVERY = ("week", "month", "quarter")
_ONE_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class ReportPeriod:
    """One week, month or quarter, both days included."""

    every: str
    start: date
    end: date


@dataclass(frozen=True)
class Rule:
    """How often a document is reported on from `valid_from` until the day before `valid_to`; `grace` in working days."""

    every: str
    grace: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Asked:
    """A period for which a report is asked, in time until the end of `last_day`."""

    period: ReportPeriod
    last_day: date

    def has_ended(self, day: date) -> bool:
        """Return whether the whole period lies before `day`."""
        return self.period.end < day


def period_of(every: str, day: date) -> ReportPeriod:
    """Return the week, month or quarter that holds the day. Raises KeyError for another kind of period."""
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        return ReportPeriod(every, monday, monday + timedelta(days=6))
    length = _MONTHS[every]
    start = date(day.year, day.month - (day.month - 1) % length, 1)
    months = start.year * 12 + start.month - 1 + length
    return ReportPeriod(every, start, date(months // 12, months % 12 + 1, 1) - _ONE_DAY)


def previous(period: ReportPeriod) -> ReportPeriod:
    """Return the period of the same kind before it."""
    return period_of(period.every, period.start - _ONE_DAY)


def last_day_in_time(period: ReportPeriod, grace: int, calendar: WorkCalendar) -> date:
    """Return the `grace`-th working day after the period; without grace its last day, or the working day that follows."""
    return calendar.shift(period.end, grace)


def asked(rules: Sequence[Rule], until: date, calendar: WorkCalendar) -> list[Asked]:
    """Return every period that the rules ask a report for, by its last day, up to the one that holds `until`."""
    return [
        Asked(period, last_day_in_time(period, rule.grace, calendar))
        for rule in sorted(rules, key=lambda rule: rule.valid_from)
        for period in _ending_under(rule, until)
    ]


def _ending_under(rule: Rule, until: date) -> Iterator[ReportPeriod]:
    period = period_of(rule.every, rule.valid_from)
    while period.start <= until and period.end < rule.valid_to:
        yield period
        period = period_of(rule.every, period.end + _ONE_DAY)
