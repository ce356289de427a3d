"""Was more time asked for early enough, and how far has a date slipped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days
from tracker.rules.extension import is_late, last_day_to_ask, slip_days
from tracker.rules.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
NOTICES = st.integers(0, 15)
# Tết Quý Mão: off from Friday 20/01 to Thursday 26/01/2023.
TET_2023 = WorkCalendar(dict.fromkeys((date(2023, 1, day) for day in range(20, 27)), False))


@pytest.mark.parametrize(
    ("asked_on", "late"),
    [
        (date(2022, 4, 26), False),  # Tuesday: 27, 28, 29 April and 4 May are four working days
        (date(2022, 4, 27), False),  # Wednesday: three are left
        (date(2022, 4, 28), True),
        (date(2022, 5, 4), True),
        (date(2022, 5, 5), True),
    ],
)
def test_three_days_before_a_last_day_after_the_holidays(asked_on: date, late: bool) -> None:
    assert is_late(asked_on, date(2022, 5, 4), 3, MAY_2022) is late


def test_days_of_tet_are_no_notice() -> None:
    last_day = date(2023, 1, 27)  # the first Friday after it
    assert last_day_to_ask(last_day, 3, TET_2023) == date(2023, 1, 17)
    assert is_late(date(2023, 1, 18), last_day, 3, TET_2023)
    assert not is_late(date(2023, 1, 17), last_day, 3, TET_2023)


def test_a_weekend_before_the_notice_is_still_in_time() -> None:
    wednesday = date(2022, 6, 15)
    assert last_day_to_ask(wednesday, 3, MAY_2022) == date(2022, 6, 12)  # a Sunday: Monday is the first of the three
    assert not is_late(date(2022, 6, 11), wednesday, 3, MAY_2022)


def test_without_notice_the_last_day_is_in_time_and_the_weekend_after_it_is_not() -> None:
    friday = date(2022, 6, 10)
    assert not is_late(friday, friday, 0, MAY_2022)
    assert is_late(friday + ONE_DAY, friday, 0, MAY_2022)


@given(near_days, NOTICES, calendars)
def test_the_last_day_to_ask_divides_early_from_late(effective_on: date, notice: int, calendar: WorkCalendar) -> None:
    last = last_day_to_ask(effective_on, notice, calendar)
    assert not is_late(last, effective_on, notice, calendar)
    assert is_late(last + ONE_DAY, effective_on, notice, calendar)


@given(near_days, near_days, NOTICES, calendars)
def test_asking_earlier_is_never_later(asked_on: date, effective_on: date, notice: int, calendar: WorkCalendar) -> None:
    if not is_late(asked_on, effective_on, notice, calendar):
        assert not is_late(asked_on - ONE_DAY, effective_on, notice, calendar)
    else:
        assert is_late(asked_on + ONE_DAY, effective_on, notice, calendar)


@given(near_days, near_days, NOTICES, calendars)
def test_a_longer_notice_makes_nobody_early(
    asked_on: date, effective_on: date, notice: int, calendar: WorkCalendar
) -> None:
    if is_late(asked_on, effective_on, notice, calendar):
        assert is_late(asked_on, effective_on, notice + 1, calendar)


@given(near_days, near_days, NOTICES, calendars)
def test_after_the_last_day_it_is_always_late(
    asked_on: date, effective_on: date, notice: int, calendar: WorkCalendar
) -> None:
    if asked_on > effective_on:
        assert is_late(asked_on, effective_on, notice, calendar)


@given(near_days, near_days)
def test_slips_add_up(first: date, second: date) -> None:
    original = date(2022, 1, 31)
    assert slip_days(original, first) + (second - first).days == slip_days(original, second)


def test_never_extended_has_not_slipped() -> None:
    assert slip_days(None, date(2022, 5, 4)) == slip_days(None, None) == 0
