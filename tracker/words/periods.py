"""Reporting periods and recurring duties in plain words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.words import WEEKDAYS
from tracker.words.days import dmy

EVERY: dict[str, LazyString] = {
    "week": _l("hằng tuần"),
    "month": _l("hằng tháng"),
    "quarter": _l("hằng quý"),
    "half_year": _l("6 tháng một lần"),
    "year": _l("hằng năm"),
}
OCCURRENCE_STATE: dict[str, LazyString] = {
    "open": _l("đang mở"),
    "done": _l("đã có kết quả"),
    "skipped": _l("không phát sinh"),
    "replaced": _l("đã thay bằng thời hạn khác"),
}
_ROMAN = ("I", "II", "III", "IV")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = {12: "month", 4: "quarter", 2: "half_year", 1: "year"}


def period(every: str, start: date, end: date) -> str:
    """Return the name of a reporting period: "tuần 13/11 – 19/11/2023", "tháng 11/2023", "quý IV/2023"."""
    if every == "week":
        return _("tuần %(start)s – %(end)s", start=f"{start:%d/%m}", end=dmy(end))
    if every == "month":
        return _("tháng %(month)s", month=f"{start:%m/%Y}")
    return _("quý %(number)s/%(year)s", number=_ROMAN[(start.month - 1) // 3], year=start.year)


def recurrence(rrule: str) -> str:
    """Return an RRULE in words: "hằng tháng, ngày 20", "hằng quý, ngày cuối kỳ"; one we do not make ourselves is "định kỳ"."""
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    if "INTERVAL" in parts or "BYYEARDAY" in parts:
        return _("định kỳ")
    if parts.get("FREQ") == "WEEKLY":
        return (
            _("hằng tuần, %(day)s", day=WEEKDAYS[_CODES.index(parts["BYDAY"])]) if "BYDAY" in parts else _("hằng tuần")
        )
    months = parts.get("BYMONTH", "").split(",") if parts.get("BYMONTH") else []
    every = _MONTHS.get(len(months) or 12)
    if every is None or "BYMONTHDAY" not in parts:
        return _("định kỳ")
    return _day_in(every, months, parts["BYMONTHDAY"].split(",")[-1])


def _day_in(every: str, months: list[str], day: str) -> str:
    interval = str(EVERY[every])
    if every == "year" and (day, months) != ("31", ["12"]):
        when = _("cuối tháng %(month)s", month=months[0]) if day == "-1" else f"{int(day):02}/{int(months[0]):02}"
        return _("%(interval)s, %(when)s", interval=interval, when=when)
    if day == "-1" or every == "year":
        return _("%(interval)s, ngày cuối kỳ", interval=interval)
    if every == "month":
        return _("%(interval)s, ngày %(day)s", interval=interval, day=day)
    return _("%(interval)s, ngày %(day)s các tháng %(months)s", interval=interval, day=day, months=", ".join(months))
