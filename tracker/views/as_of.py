"""The day a page speaks of: `?on=YYYY-MM-DD`, today when absent; and the sentence that says so."""

from datetime import date

from flask import flash, request
from flask_babel import gettext as _

from tracker import clock, words
from tracker.words.days import dmy

FIRST_DAY = date(1900, 1, 1)  # before it nothing was ordered, and the calendar itself soon ends


def requested_day() -> date:
    """Return the day asked for. A malformed or future day gives a sentence and today."""
    text = request.args.get("on", "").strip()
    if not text:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day < FIRST_DAY:
        flash(
            _(
                "“%(text)s” không phải là ngày; cần dạng năm-tháng-ngày, ví dụ 2023-12-31. Đang hiển thị hôm nay.",
                text=text[:40],
            ),
            "error",
        )
        return clock.today()
    if day > clock.today():
        flash(_("Ngày %(day)s chưa tới; đang hiển thị hôm nay.", day=dmy(day)), "error")
        return clock.today()
    return day


def past(day: date) -> str | None:
    """Return `on` for the addresses on a page that speaks of a past day, None (left out of an address) for today."""
    return day.isoformat() if day < clock.today() else None


def as_of_sentence(day: date | None = None) -> str:
    """Return "Dữ liệu tính đến 08:00 thứ Tư, 15/11/2023"; a past day is meant as at its end."""
    moment = clock.local(clock.now())
    if day is not None and day < moment.date():
        return _("Dữ liệu tính đến hết %(weekday)s, %(day)s", weekday=words.weekday(day), day=dmy(day))
    return _(
        "Dữ liệu tính đến %(hour)s %(weekday)s, %(day)s", hour=f"{moment:%H:%M}", weekday=words.weekday(moment.date()),
        day=dmy(moment),
    )  # fmt: skip
