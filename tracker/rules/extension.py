"""More time: was it asked for early enough, and how far has a date slipped?

No regulation we could read fixes the days of notice; provinces commonly ask for three to five working days before the
end, so the number is a setting. Whoever asks later is heard all the same, but the request says "xin sau hạn".
"""

from datetime import date, timedelta

from tracker.rules.workdays import WorkCalendar


def is_late(asked_on: date, effective_on: date, notice: int, calendar: WorkCalendar) -> bool:
    """Return whether a request comes too late: after the last day, or with fewer than `notice` working days left.

    Counted are the working days after `asked_on` up to and with `effective_on`: the day of asking is never counted, the
    last day is (Bộ luật Dân sự 2015, Điều 147 khoản 2).
    """
    return asked_on > effective_on or calendar.count(asked_on, effective_on) < notice


def last_day_to_ask(effective_on: date, notice: int, calendar: WorkCalendar) -> date:
    """Return the last day on which a request is in time: the day before the last `notice` working days begin."""
    if notice == 0:
        return effective_on
    first_too_late = calendar.shift(calendar.on_or_before(effective_on), 1 - notice)
    return first_too_late - timedelta(days=1)


def slip_days(original_on: date | None, effective_on: date | None) -> int:
    """Return the calendar days by which the last day has moved since the first one that counted; 0 if it never did."""
    if original_on is None or effective_on is None:
        return 0
    return (effective_on - original_on).days
