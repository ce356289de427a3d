"""What the law says of a year's days off: a proposal that a person checks against the year's announcement and enters.

Bộ luật Lao động 2019, Điều 112 gives eleven days: 1/1, five of Tết, Giỗ Tổ (10/3 âm lịch), 30/4, 1/5, and 2/9 with the day
before or after it. Điều 111 khoản 3 gives the next working day for one that falls on a weekly day off. Which five days of
Tết, which day beside 2/9, and what is exchanged, is decided every year: those are proposed from the calendar of the holidays
library, lunar days included, marked as waiting for their document. It knows no exchange that
was announced after it was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import holidays

from tracker.rules.calendar_table import OFF_FOR, WORKED_FOR

FIXED = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
LUNAR = frozenset({"Tết Nguyên Đán", "Mùng hai Tết Nguyên Đán", "Mùng ba Tết Nguyên Đán", "Ngày Giỗ Tổ Hùng Vương"})
IN_LIEU = "(nghỉ bù)"
CULTURE_DAY = (11, 24)


class Standing(StrEnum):
    """On what a proposed day rests."""

    LAW = "law"
    IN_LIEU = "in_lieu"
    ARRANGED = "arranged"  # decided year by year
    UNVERIFIED = (
        "unverified"  # Ngày Văn hóa Việt Nam: a resolution of the Party; whether the law has it is not known to us
    )


@dataclass(frozen=True, order=True)
class Proposed:
    """One day of the proposal."""

    day: date
    working: bool
    name: str
    standing: Standing


def proposed(year: int) -> list[Proposed]:
    """Return what is proposed for the year, in order of the days. Outside what the library knows only the fixed days."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    days = [Proposed(day, False, _named(name), _standing(day, name)) for day, name in known.items() if day.year == year]
    found = {each.day for each in days}
    fixed = {date(year, month, day) for month, day in FIXED}
    missing = [Proposed(day, False, f"{day:%d/%m}", Standing.LAW) for day in sorted(fixed - found)]
    return sorted([*days, *missing, *_worked(year, known)])


def _named(name: str) -> str:
    """Return the name; of an exchange as we write it everywhere."""
    return name.replace("Ngày nghỉ (thay cho ngày", OFF_FOR)


def _standing(day: date, name: str) -> Standing:
    if (day.month, day.day) == CULTURE_DAY or name.startswith("Ngày Văn hóa"):
        return Standing.UNVERIFIED
    if name.endswith(IN_LIEU):
        return Standing.IN_LIEU
    return Standing.LAW if (day.month, day.day) in FIXED or name in LUNAR else Standing.ARRANGED


def _worked(year: int, known: holidays.HolidayBase) -> Iterator[Proposed]:
    """Yield the weekends worked, each for the weekday whose name speaks of it: what names none is left to people."""
    for weekend in sorted(known.weekend_workdays):
        instead = [day for day, name in known.items() if f"{weekend:%d/%m/%Y}" in name]
        if weekend.year == year and instead:
            yield Proposed(weekend, True, f"{WORKED_FOR} {instead[0]:%d/%m/%Y}", Standing.ARRANGED)
