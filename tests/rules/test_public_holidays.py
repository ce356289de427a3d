"""What is proposed for a year, against the law and the years that were announced."""

from datetime import date

import pytest

from tracker.rules.calendar_table import Change, swap_faults
from tracker.rules.public_holidays import Standing, proposed
from tracker.rules.workdays import WorkCalendar

TET = {
    2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
    2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2030: date(2030, 2, 2),
}  # fmt: skip
HUNG_KINGS = {
    2023: date(2023, 4, 29), 2024: date(2024, 4, 18), 2025: date(2025, 4, 7), 2026: date(2026, 4, 26),
    2027: date(2027, 4, 16), 2028: date(2028, 4, 4),
}  # fmt: skip


@pytest.mark.parametrize("year", range(2012, 2101))
def test_every_day_the_law_names(year: int) -> None:
    days = proposed(year)
    law = [each.day for each in days if each.standing is Standing.LAW]
    assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= set(law)
    assert len(law) == 8  # with three days of Tết and Giỗ Tổ; the others of the eleven are arranged
    beside = {each.day for each in days if each.standing is Standing.ARRANGED}
    assert beside & {date(year, 9, 1), date(year, 9, 3)} or year < 2021
    assert len({each.day for each in days}) == len(days)
    assert days == sorted(days)


@pytest.mark.parametrize("year", TET)
def test_the_lunar_days(year: int) -> None:
    named = {each.name: each.day for each in proposed(year)}
    assert named["Tết Nguyên Đán"] == TET[year]
    assert named["Ngày Giỗ Tổ Hùng Vương"] == HUNG_KINGS.get(year, named["Ngày Giỗ Tổ Hùng Vương"])


def test_exchanges_are_whole() -> None:
    for year in (2024, 2025, 2026):
        rows = [(n, Change(each.day, each.working, each.name, "x")) for n, each in enumerate(proposed(year))]
        assert any(change.working for _line, change in rows) or year == 2025
        assert swap_faults(rows, WorkCalendar()) == []


@pytest.mark.parametrize("year", [2026, 2027, 2029])
def test_the_day_of_culture_is_never_said_to_be_law(year: int) -> None:
    culture = [each for each in proposed(year) if each.day.month == 11]
    assert culture and {each.standing for each in culture} == {Standing.UNVERIFIED}


def test_beyond_what_is_known_the_fixed_days_remain() -> None:
    assert {each.day for each in proposed(3000) if each.standing is Standing.LAW} >= {
        date(3000, 1, 1),
        date(3000, 9, 2),
    }
