"""When a recurring duty falls due: an RFC 5545 RRULE over dates, counted from the day the duty was given."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from dateutil.rrule import rrule, rrulestr

from tracker.rules.recurrences import month_day
from tracker.rules.workdays import WorkCalendar

EVERY = ("week", "month", "quarter", "half_year", "year")
DAILY = "FREQ=DAILY"
"""What is done every day is a standing duty in other words: nobody opens a record of it each morning."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS_APART = {"quarter": 3, "half_year": 6}
_ENDS = {
    "week": "FREQ=WEEKLY;BYDAY=FR",
    "month": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "quarter": "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    "half_year": "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1",
    "year": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
}


class Recurrence(NamedTuple):
    """An RRULE, and the code of tracker.rules.deadline_rules that says how it was read."""

    rrule: str
    rule: str


class Due(NamedTuple):
    """One time the duty falls due: the last day as written, the working day that counts, and the first day it speaks of."""

    starts_on: date
    due_on: date
    effective_on: date


def recurrence(every: str, day: date | None) -> Recurrence:
    """Return the RRULE of a duty of every week, month, quarter, half year or year that falls due on the like of `day`.

    20/11/2023 every quarter is the 20th of February, May, August and November. The 31st is the last day where a month has
    none. Without a day it is the end of the period, a week's is its Friday. Raises KeyError for another interval.
    """
    if day is None:
        return Recurrence(_ENDS[every], "recurring_period")
    if every == "week":
        return Recurrence(f"FREQ=WEEKLY;BYDAY={_WEEKDAYS[day.weekday()]}", "recurring_day")
    if every == "month":
        return Recurrence(f"FREQ=MONTHLY;{month_day(day.day)}", "recurring_day")
    if every == "year":
        last = -1 if (day.month, day.day) == (2, 29) else day.day
        return Recurrence(f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={last}", "recurring_day")
    months = range((day.month - 1) % _MONTHS_APART[every] + 1, 13, _MONTHS_APART[every])
    return Recurrence(f"FREQ=MONTHLY;BYMONTH={','.join(map(str, months))};{month_day(day.day)}", "recurring_day")


def due_days(rule: str, given_on: date, after: date, until: date) -> list[date]:
    """Return the days after `after` and up to `until` on which a duty given on `given_on` falls due."""
    first = max(after + timedelta(days=1), given_on)
    found = _days(rule, given_on).between(_midnight(first), _midnight(until), inc=True)
    return [moment.date() for moment in found]


def next_due(rule: str, given_on: date, day: date) -> date | None:
    """Return the first day from `day` on on which the duty falls due; None when its years are over."""
    found = _days(rule, given_on).after(_midnight(day), inc=True)
    return found.date() if found else None


def to_open(rule: str, given_on: date, day: date, opened: Collection[date], calendar: WorkCalendar) -> list[Due]:
    """Return what of the duty is to be opened on `day`, when the days in `opened` are already.

    The first time only what `day` lies in; afterwards all that was missed since the last one too, oldest first.
    """
    present = next_due(rule, given_on, day)
    own = [due for due in due_days(rule, given_on, date.min, present or day) if due in opened]
    if own:
        return spans(rule, given_on, due_days(rule, given_on, own[-1], present or day), calendar)
    return spans(rule, given_on, [present] if present else [], calendar)


def spans(rule: str, given_on: date, days: Collection[date], calendar: WorkCalendar) -> list[Due]:
    """Return the days with the span each speaks of, which begins the day after the one before it."""
    if not days:
        return []
    before = due_days(rule, given_on, date.min, max(days))
    starts = {due: last + timedelta(days=1) for last, due in pairwise(before)} | {before[0]: given_on}
    return [Due(starts[due], due, calendar.on_or_after(due)) for due in sorted(days)]


def _days(rule: str, given_on: date) -> rrule:
    found = rrulestr(rule, dtstart=_midnight(given_on))
    if not isinstance(found, rrule):
        raise ValueError(f"{rule} is more than one rule.")
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
