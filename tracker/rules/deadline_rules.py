"""The names of what can be read from the wording of a deadline, and the law behind each."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Precision(StrEnum):
    """How exactly the wording says when."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    PERIOD = "period"
    RECURRING = "recurring"
    RELATIVE = "relative"
    STANDING = "standing"
    NONE = "none"


class Found(NamedTuple):
    """What one rule read: its code, how exact, the last day if one is named, the RRULE if it comes back."""

    rule: str
    precision: Precision
    due_on: date | None = None
    recurrence: str | None = None


UNREADABLE = Found("unreadable", Precision.NONE)
YEAR_MISSING = Found("year_missing", Precision.NONE)

_CIVIL_CODE = "Bộ luật Dân sự 2015, "
_LAST_DAY = _CIVIL_CODE + "Điều 148 khoản 1, khoản 6"
_REGULAR = "Quyết định 23/2018/QĐ-TTg"

# The source of each rule. Empty where no text of law fixes the reading and a convention of the office does, which is
# then a setting or a person's decision. The Civil Code speaks of agreements; orders are read by it for want of another.
RULES: Mapping[str, str] = {
    "no_wording": "",
    "unreadable": "",
    "year_missing": "",
    "urgency_only": "",
    "before_day_exclusive": "",
    "before_day_inclusive": "",
    "before_period_exclusive": "",
    "before_period_inclusive": "",
    "until_day_inclusive": _LAST_DAY,
    "no_later_than_day": _LAST_DAY,
    "named_day": _LAST_DAY,
    "month_first_day": _CIVIL_CODE + "Điều 146 khoản 2 điểm a",
    "month_middle": _CIVIL_CODE + "Điều 146 khoản 2 điểm b",
    "month_last_day": _CIVIL_CODE + "Điều 146 khoản 2 điểm c",
    "quarter_last_day": _LAST_DAY,
    "half_year_last_day": _LAST_DAY,
    "year_first_day": _CIVIL_CODE + "Điều 146 khoản 3 điểm a",
    "year_middle": _CIVIL_CODE + "Điều 146 khoản 3 điểm b",
    "year_last_day": _CIVIL_CODE + "Điều 146 khoản 3 điểm c",
    "period_last_day": _CIVIL_CODE + "Điều 146 khoản 3 điểm c",
    "days_from_start": _CIVIL_CODE + "Điều 147 khoản 2, Điều 148 khoản 1",
    "working_days_from_start": _CIVIL_CODE + "Điều 147 khoản 2, Điều 148 khoản 1",
    "weeks_from_start": _CIVIL_CODE + "Điều 147 khoản 2, Điều 148 khoản 2",
    "months_from_start": _CIVIL_CODE + "Điều 147 khoản 2, Điều 148 khoản 3",
    "years_from_start": _CIVIL_CODE + "Điều 147 khoản 2, Điều 148 khoản 4",
    "counted_from_event": _CIVIL_CODE + "Điều 147 khoản 3",
    "after_event": _CIVIL_CODE + "Điều 147 khoản 3",
    "according_to_plan": "",
    "on_request": "",
    "recurring_day": "",
    "recurring_period": "",
    "recurring_without_interval": "",
    "standing_duty": _REGULAR,
    "open_ended": "",
}
