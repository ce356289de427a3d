"""By when a direction (ý kiến chỉ đạo) is to be acknowledged.

Two working days are a policy of ours and of no regulation: long enough for a paper to be passed on inside an agency, short
enough for the leader to learn in the same week that nobody has read it. Late acknowledgement is shown, and changes nothing else.
"""

from dataclasses import dataclass
from datetime import date

from tracker.rules.workdays import WorkCalendar

WORKING_DAYS = 2


@dataclass(frozen=True)
class Wait:
    """How long a direction has waited on a day: `working_days` since it was given, and whether that is too long."""

    acknowledge_by: date
    working_days: int
    overdue: bool


def waited(sent_on: date, day: date, calendar: WorkCalendar) -> Wait:
    """Return how long a direction sent on `sent_on` has waited on `day`; the day of sending is never counted."""
    by = calendar.shift(sent_on, WORKING_DAYS)
    return Wait(by, max(calendar.count(sent_on, day), 0), day > by)
