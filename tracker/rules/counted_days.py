"""Time limits counted from a day: "trong thời hạn 10 ngày làm việc kể từ ngày nhận"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from tracker.rules.deadline_rules import UNREADABLE, Found, Precision
from tracker.rules.fixed_dates import Setting, find_exact
from tracker.rules.workdays import WorkCalendar

_COUNTED = re.compile(
    r"(?<!\d)(?<!ngày )(\d{1,3}) ?(?:\([^)]*\) ?)?(ngày|tuần|tháng|năm)( làm việc)?,? "
    r"(?:(?:được )?(?:tính |kể )*từ|sau)(?: (?:ngày|khi|lúc|thời điểm))*(.*)"
)
_LIMIT_ONLY = re.compile(
    r"(?:thời hạn|trong vòng|trong|sau|chậm nhất) \d{1,3} ?(?:\([^)]*\) ?)?(?:ngày|giờ|tuần|tháng)(?!\w)"
)
_RECEIVED = re.compile(r"^ (?:được )?(?:tiếp )?nhận")


def find_counted(text: str, calendar: WorkCalendar, received_on: date | None) -> Found | None:
    """Return a limit counted from a day, which is itself not counted; relative while that day is not known; else None.

    Working days leave out what the calendar does; a month ends on the same day of the last one, or on its last day
    (Bộ luật Dân sự 2015, Điều 147 khoản 2, Điều 148).
    """
    counted = _COUNTED.search(text)
    if not counted:
        return None
    start = _start(counted[4], received_on)
    if start is None:
        return Found("counted_from_event", Precision.RELATIVE)
    try:
        return _count(int(counted[1]), "ngày làm việc" if counted[3] else counted[2], start, calendar)
    except (ValueError, OverflowError):
        return UNREADABLE


def names_only_length(text: str) -> bool:
    """Return whether a length of time is given but not what it is counted from: "trong vòng 10 ngày"."""
    return bool(_LIMIT_ONLY.search(text))


def _start(event: str, received_on: date | None) -> date | None:
    if _RECEIVED.match(event):
        return received_on
    if re.match(r" \d", event) and (found := find_exact(f"ngày{event}", Setting())):
        return found.due_on
    return None


def _count(number: int, unit: str, start: date, calendar: WorkCalendar) -> Found:
    if unit == "ngày làm việc":
        return Found("working_days_from_start", Precision.DAY, calendar.shift(start, number))
    if unit == "ngày":
        return Found("days_from_start", Precision.DAY, start + timedelta(days=number))
    if unit == "tuần":
        return Found("weeks_from_start", Precision.DAY, start + timedelta(weeks=number))
    months = number * (12 if unit == "năm" else 1)
    rule = "years_from_start" if unit == "năm" else "months_from_start"
    return Found(rule, Precision.DAY, _months_after(start, months))


def _months_after(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
