"""Days, months, quarters, half-years, periods and years named in a wording → the last day they cover.

Every text here is already lower case NFC with single spaces (see `deadlines`). When several dates are named the last
one is the deadline: a range ends at its end, and a start without an end has none.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.rules.deadline_rules import UNREADABLE, YEAR_MISSING, Found, Precision

_YEAR = r"((?:19|20)\d\d)(?!\d)"
_OF_YEAR = rf"(?: ?[/,\-] ?(?:năm )?| (?:của )?(?:năm )?){_YEAR}"
_DAY_MONTH = r"(?<![\d/])(\d{1,2})(?: ?/ ?| (?:của )?tháng )(\d{1,2})"
_DAY = re.compile(
    r"(?<![\d/])(\d{1,2}) ?([/.\-]) ?(\d{1,2}) ?\2 ?((?:19|20)\d\d|(?<=/)\d\d)(?![\d/])"
    rf"|{_DAY_MONTH},? (?:của )?năm {_YEAR}|{_DAY_MONTH}(?![\d/])"
)
_WORDS = {"một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
_WORDS |= {"mười một": 11, "mười hai": 12, "mười": 10, "chạp": 12}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTH = re.compile(
    rf"tháng (\d{{1,2}}){_OF_YEAR}|(?<!quý )(?<![\d/])(\d{{1,2}}) ?[/\-] ?{_YEAR}"
    rf"|tháng ({'|'.join(_WORDS)}) (?:của )?năm {_YEAR}|tháng (\d{{1,2}})(?![\d/])"
)
_QUARTER = re.compile(
    rf"(?:quý |và |đến |[,\-] ?)(iv|i{{1,3}}|[1-4]){_OF_YEAR}|quý (iv|i{{1,3}}|[1-4])(?!\w)",
)
_HALF = re.compile(rf"(?:0?6|sáu) tháng (đầu|cuối) năm(?: {_YEAR})?")
_PART = re.compile(rf"(đầu|giữa|cuối) năm(?: {_YEAR})?")
_PERIOD = re.compile(rf"{_YEAR} ?(?:-|đến(?: hết)?) ?(?:năm )?{_YEAR}")
_NAMED_YEAR = re.compile(rf"(?<![\d/.]){_YEAR}(?![/.]\d)|(?:trong|hết) năm(?! ?\w)")
# "trước 17 giờ ngày 30/11" does not match: an hour of that day is named, so the day itself still counts.
_BEFORE = re.compile(r"trước:? (?:ngày |năm )?(?:§ ?(?:,|và|hoặc) ?(?:ngày )?)*$")
_FROM = re.compile(r"từ (?:ngày |năm )?$")
_DAY_LEAD = re.compile(r"(?:ngày|mùng|mồng|trước|đến|hết|là|và|hoặc|,|từ) $")
_UNTIL = re.compile(r"(?:đến|tới|hết) (?:hết )?(?:ngày )?$")
_NO_LATER = re.compile(r"(?:chậm nhất|muộn nhất|muộn hơn)[^§]*$")
_HALVES = {"đầu": (1, 6), "cuối": (7, 12)}
_PARTS = {
    "đầu": ((1, 1), "year_first_day", Precision.DAY),
    "giữa": ((1, 6), "year_middle", Precision.HALF_YEAR),
    "cuối": ((1, 12), "year_last_day", Precision.YEAR),
}


@dataclass(frozen=True)
class Setting:
    """What a wording leaves open: the year it does not say, and whether "trước ngày D" leaves D out."""

    default_year: int | None = None
    before_is_exclusive: bool = True


@dataclass(frozen=True)
class _Span:
    """A stretch of days named at `start` of the text, or why it has no days; `said`: its year is written."""

    start: int
    said: bool
    rule: str
    precision: Precision
    first: date = date.min
    last: date = date.min
    failure: Found | None = None


_Kind = Callable[[str, int | None], list[_Span]]


def find_exact(text: str, setting: Setting) -> Found | None:
    """Return the last day, month, quarter or half-year named, the finest kind first; None if none is."""
    return _first_of((_days, _months, _quarters, _halves), text, setting)


def find_wide(text: str, setting: Setting) -> Found | None:
    """Return the end of the last period of years, part of a year or year named; None if none is."""
    return _first_of((_periods, _parts, _years), text, setting)


def _first_of(kinds: tuple[_Kind, ...], text: str, setting: Setting) -> Found | None:
    for kind in kinds:
        if spans := kind(text, setting.default_year):
            return _settle(text, spans, setting.before_is_exclusive)
    return None


def _settle(text: str, spans: list[_Span], before_is_exclusive: bool) -> Found:
    """Read the last of the spans, by the words before it; a year that is written goes before one that is borrowed."""
    spans = [span for span in spans if span.said] or spans
    if failure := next((span.failure for span in spans if span.failure), None):
        return failure
    last = max(spans, key=lambda span: span.last)
    lead = _DAY.sub("§", text[: last.start])
    if _FROM.search(lead) and last.precision is not Precision.PERIOD:
        return Found("open_ended", Precision.STANDING)
    kind = "day" if last.rule == "named_day" else "period"
    if not _BEFORE.search(lead):
        return Found(_day_rule(lead) if kind == "day" else last.rule, last.precision, last.last)
    if before_is_exclusive:
        return Found(f"before_{kind}_exclusive", last.precision, last.first - timedelta(days=1))
    return Found(f"before_{kind}_inclusive", last.precision, last.last)


def _day_rule(lead: str) -> str:
    if _NO_LATER.search(lead):
        return "no_later_than_day"
    return "until_day_inclusive" if _UNTIL.search(lead) else "named_day"


def _span(
    start: int, year: str | None, default_year: int | None, months: tuple[int, int], rule: str, precision: Precision
) -> _Span:
    """Make the span of the first to the last of `months` in the year said, else in the default one."""
    said = year is not None
    in_year = int(year) if year else default_year
    if in_year is None:
        return _Span(start, said, rule, precision, failure=YEAR_MISSING)
    try:
        first = date(in_year, months[0], 1)
        last = date(in_year, months[1], monthrange(in_year, months[1])[1])
    except ValueError:
        return _Span(start, said, rule, precision, failure=UNREADABLE)
    return _Span(start, said, rule, precision, first, last)


def _days(text: str, default_year: int | None) -> list[_Span]:
    spans = []
    for match in _DAY.finditer(text):
        day, month, year = (next((g for g in groups if g), None) for groups in _day_groups(match))
        if year is None and not _DAY_LEAD.search(text[: match.start()]):
            continue  # "24/7" or "6 tháng 1 lần" is no date
        if year is not None and len(year) == 2:
            year = f"20{year}"
        span = _span(match.start(), year, default_year, (int(month or 0),) * 2, "named_day", Precision.DAY)
        spans.append(_one_day(span, int(day or 0)))
    return spans


def _day_groups(match: re.Match[str]) -> tuple[tuple[str | None, ...], ...]:
    return match.group(1, 5, 8), match.group(3, 6, 9), match.group(4, 7)


def _one_day(span: _Span, day: int) -> _Span:
    """Narrow the span of a month to one day of it."""
    if span.failure:
        return span
    if not 1 <= day <= span.last.day:
        return replace(span, failure=UNREADABLE)
    on = span.first.replace(day=day)
    return replace(span, first=on, last=on)


def _months(text: str, default_year: int | None) -> list[_Span]:
    spans = []
    for match in _MONTH.finditer(text):
        number = match[1] or match[3] or match[7]
        month = int(number) if number else _WORDS[match[5]]
        year = match[2] or match[4] or match[6]
        span = _span(match.start(), year, default_year, (month, month), "month_last_day", Precision.MONTH)
        part = text[: match.start()].split()[-1:]
        if part == ["đầu"]:
            span = replace(_one_day(span, 1), rule="month_first_day", precision=Precision.DAY)
        elif part == ["giữa"]:
            span = replace(_one_day(span, 15), rule="month_middle", precision=Precision.DAY)
        spans.append(span)
    return spans


def _quarters(text: str, default_year: int | None) -> list[_Span]:
    spans = []
    for match in _QUARTER.finditer(text) if "quý" in text else ():
        number = match[1] or match[3]
        quarter = _ROMAN.get(number) or int(number)
        months = 3 * quarter - 2, 3 * quarter
        spans.append(_span(match.start(), match[2], default_year, months, "quarter_last_day", Precision.QUARTER))
    return spans


def _halves(text: str, default_year: int | None) -> list[_Span]:
    return [
        _span(m.start(), m[2], default_year, _HALVES[m[1]], "half_year_last_day", Precision.HALF_YEAR)
        for m in _HALF.finditer(text)
    ]


def _parts(text: str, default_year: int | None) -> list[_Span]:
    spans = []
    for match in _PART.finditer(text):
        months, rule, precision = _PARTS[match[1]]
        span = _span(match.start(), match[2], default_year, months, rule, precision)
        spans.append(_one_day(span, 1) if match[1] == "đầu" else span)
    return spans


def _periods(text: str, _default_year: int | None) -> list[_Span]:
    spans = []
    for match in _PERIOD.finditer(text):
        end = _span(match.start(), match[2], None, (1, 12), "period_last_day", Precision.PERIOD)
        reversed_ = match[1] > match[2]
        spans.append(replace(end, first=date(int(match[1]), 1, 1), failure=UNREADABLE if reversed_ else None))
    return spans


def _years(text: str, default_year: int | None) -> list[_Span]:
    return [
        _span(m.start(), m[1], default_year, (1, 12), "year_last_day", Precision.YEAR)
        for m in _NAMED_YEAR.finditer(text)
    ]
