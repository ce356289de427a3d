"""A wording that comes back ("hằng tháng trước ngày 20") → an RFC 5545 RRULE over the last days of its occurrences.

Days are dates, so an hour ("trước 15 giờ thứ 4 hằng tuần") stays in the wording only. A period without a day ends with
its last day: the month's last, the quarter's, the 31st of December; the week's is its Friday.
"""

import re
from datetime import date, timedelta

_EVERY = r"(?:hằng|mỗi|định kỳ|,|và|hoặc|/)"
_NOT_NUMBERED = r"(?! ?(?:\d|(?:iv|i{1,3})(?!\w)))(?! (?:cuối|đầu))(?!\w)"
_REPEATED = re.compile(r"hằng (?:ngày|tuần|tháng|quý|năm)|mỗi (?:ngày|tuần|tháng|quý|năm)")
_PERIODIC = re.compile(r"định kỳ|thường kỳ|hằng kỳ")
_COUNTED = re.compile(r"(?<!\d)(\d{1,2}) (tuần|tháng|năm) ?/?(?:một |0?1 )?lần")
_HALF_YEARS = re.compile(
    rf"{_EVERY} (?:0?6|sáu) tháng(?! (?:đầu|cuối))|(?<!\d)0?6 tháng(?:,| và|/| một lần) ?(?:hằng )?năm"
)
_UNITS = ("ngày", "tuần", "tháng", "quý", "năm")
_YEAR_DAY = re.compile(r"(?<![\d/])(\d{1,2})(?: ?/ ?| (?:của )?tháng )(\d{1,2})(?![\d/]|,? năm \d)")
_DAY_OF_MONTH = re.compile(r"ngày (?:mùng |mồng )?(\d{1,2})(?![\d/]| tháng \d| ngày)")
_MONTH_OF_YEAR = re.compile(r"tháng (\d{1,2})(?![\d/])(?! ?năm \d)")
_QUARTER_OF_YEAR = re.compile(r"quý (iv|i{1,3}|[1-4])(?!\w)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WEEKDAY = re.compile(r"thứ ([2-7]|hai|ba|tư|năm|sáu|bảy)(?!\w)|chủ nhật")
_WEEK = {"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tư": 2, "5": 3, "năm": 3, "6": 4, "sáu": 4, "7": 5, "bảy": 5}
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EXCLUDED = re.compile(r"trước (?:ngày )?(?:mùng |mồng )?(?:\d{1,2}(?!\d| ?giờ| ?h(?:\d|\b))|thứ|chủ)")
_FIRST_OF_QUARTERS = "1,4,7,10"
_LAST_OF_QUARTERS = "3,6,9,12"


def is_periodic(text: str) -> bool:
    """Return whether the wording says that the work comes back, with an interval or without."""
    return bool(_PERIODIC.search(text) or _REPEATED.search(text) or _COUNTED.search(text))


def find_recurrence(text: str, before_is_exclusive: bool) -> tuple[str, bool] | None:
    """Return (RRULE, whether a day is named), None when the wording names no interval or days that do not exist."""
    if not is_periodic(text):
        return None
    earlier = int(before_is_exclusive and bool(_EXCLUDED.search(text)))
    if counted := _COUNTED.search(text):
        return _counted(int(counted[1]), counted[2])
    unit = _finest_unit(text)
    if unit == "tuần":
        return _weekly(text, earlier)
    if unit in ("tháng", "quý"):
        return _monthly(text, earlier, every_quarter=unit == "quý")
    if unit == "nửa năm" and not _YEAR_DAY.search(text):
        return "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1", False
    if unit in ("nửa năm", "năm"):
        return _yearly(text, earlier)
    return ("FREQ=DAILY", False) if unit else None


def _finest_unit(text: str) -> str | None:
    """Return the shortest interval named: "hằng tháng, quý, năm" is reported every month."""
    for unit in _UNITS:
        if unit == "năm" and _HALF_YEARS.search(text):
            return "nửa năm"
        every = r"(?:hằng|mỗi)" if unit == "ngày" else _EVERY
        if re.search(rf"{every} ?{unit}{_NOT_NUMBERED}", text):
            return unit
    return None


def _counted(number: int, unit: str) -> tuple[str, bool] | None:
    if number == 0:
        return None
    if unit == "tuần":
        return f"FREQ=WEEKLY;INTERVAL={number};BYDAY=FR", False
    months = number * (12 if unit == "năm" else 1)
    if months in (1, 3, 6, 12):
        return f"FREQ=YEARLY;BYMONTH={','.join(str(m) for m in range(months, 13, months))};BYMONTHDAY=-1", False
    return f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY=-1", False


def _weekly(text: str, earlier: int) -> tuple[str, bool]:
    named = _WEEKDAY.search(text)
    if not named:
        return "FREQ=WEEKLY;BYDAY=FR", False
    weekday = _WEEK[named[1]] if named[1] else 6
    return f"FREQ=WEEKLY;BYDAY={_CODES[weekday - earlier]}", True


def _monthly(text: str, earlier: int, *, every_quarter: bool) -> tuple[str, bool] | None:
    named = _DAY_OF_MONTH.search(text)
    if named and not 1 <= int(named[1]) <= 31:
        return None
    day = (int(named[1]) - earlier if named else 0) or -1
    months = ""
    if every_quarter:
        # Before the 1st of a quarter's first month is the end of the month before it.
        first = ("tháng đầu" in text or "quý sau" in text) and not (named and day == -1)
        months = f"BYMONTH={_FIRST_OF_QUARTERS if first else _LAST_OF_QUARTERS};"
    return f"FREQ=MONTHLY;{months}{month_day(day)}", bool(named)


def month_day(day: int) -> str:
    """Return the rule part for a day of the month; in a month that has no 29th to 31st, its last day stands for it."""
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return f"BYMONTHDAY={','.join(str(d) for d in range(28, day + 1))};BYSETPOS=-1"


def _yearly(text: str, earlier: int) -> tuple[str, bool] | None:
    named = [(int(day), int(month)) for day, month in _YEAR_DAY.findall(text)]
    if named:
        return _days_of_year(named, earlier)
    month = next((int(m) for m in _MONTH_OF_YEAR.findall(text)), None)
    quarter = _QUARTER_OF_YEAR.search(text)
    if quarter:
        month = 3 * (_ROMAN.get(quarter[1]) or int(quarter[1]))
    if month is None:
        return "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", False
    return (f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY=-1", True) if 1 <= month <= 12 else None


def _days_of_year(named: list[tuple[int, int]], earlier: int) -> tuple[str, bool] | None:
    """Return the RRULE of days of the year; several need BYYEARDAY, as BYMONTH with BYMONTHDAY would multiply them."""
    leap = 2024
    try:
        days = [date(leap, month, day) - timedelta(days=earlier) for day, month in named]
    except ValueError:
        return None
    if len(days) > 1:
        return f"FREQ=YEARLY;BYYEARDAY={','.join(str(_year_day(day)) for day in days)}", True
    only = days[0]
    last = (earlier and named[0][0] == 1) or (only.month, only.day) == (2, 29)
    return f"FREQ=YEARLY;BYMONTH={only.month};BYMONTHDAY={-1 if last else only.day}", True


def _year_day(day: date) -> int:
    """Return the day's number in every year: from the start before March, from the end after, so no leap day shifts it."""
    if (day.month, day.day) < (2, 29):
        return day.timetuple().tm_yday
    return (day - date(day.year, 12, 31)).days - 1
