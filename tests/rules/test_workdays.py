from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days
from tracker.rules.workdays import WorkCalendar

PLAIN = WorkCalendar()


def test_saturday_is_off_unless_it_is_worked_in_exchange() -> None:
    saturday = date(2022, 4, 30)
    assert not PLAIN.is_working(saturday)
    assert WorkCalendar({saturday: True}).is_working(saturday)


def test_a_last_day_on_a_holiday_moves_past_the_whole_holiday() -> None:
    assert MAY_2022.on_or_after(date(2022, 4, 30)) == date(2022, 5, 4)
    assert MAY_2022.on_or_before(date(2022, 5, 3)) == date(2022, 4, 29)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, date(2022, 5, 4)), (1, date(2022, 5, 4)), (2, date(2022, 5, 5)), (-1, date(2022, 4, 29))],
)
def test_shift_from_a_day_off(n: int, expected: date) -> None:
    assert MAY_2022.shift(date(2022, 5, 1), n) == expected


def test_shift_does_not_count_the_day_it_starts_on() -> None:
    friday, monday = date(2022, 4, 8), date(2022, 4, 11)
    assert PLAIN.shift(friday, 0) == friday
    assert PLAIN.shift(friday, 1) == monday
    assert PLAIN.shift(monday, -1) == friday


def test_a_calendar_without_working_days_says_so() -> None:
    first = date(2022, 1, 1)
    never = WorkCalendar({first + timedelta(days=n): False for n in range(800)})
    for look in (never.on_or_after, lambda day: never.shift(day, 1)):
        with pytest.raises(ValueError, match=r"no working day within 366 days of 0[12]/01/2022"):
            look(first)
    with pytest.raises(ValueError, match="no working day within 366 days"):
        never.on_or_before(first + timedelta(days=799))


@given(calendars, near_days)
def test_the_nearest_working_days_are_working_and_nearest(calendar: WorkCalendar, day: date) -> None:
    after, before = calendar.on_or_after(day), calendar.on_or_before(day)
    assert before <= day <= after
    assert calendar.is_working(after)
    assert calendar.is_working(before)
    passed = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(calendar.is_working(between) for between in passed)


@given(calendars, near_days, near_days)
def test_count_is_what_counting_one_by_one_gives(calendar: WorkCalendar, one: date, other: date) -> None:
    after, until = sorted((one, other))
    worked = sum(calendar.is_working(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))
    assert calendar.count(after, until) == worked
    assert calendar.count(until, after) == -worked


@given(calendars, near_days, st.integers(1, 30))
def test_shift_goes_as_many_working_days_as_count_counts(calendar: WorkCalendar, day: date, n: int) -> None:
    later, earlier = calendar.shift(day, n), calendar.shift(day, -n)
    assert calendar.count(day, later) == n
    assert calendar.count(earlier, day) + calendar.is_working(earlier) - calendar.is_working(day) == n
    assert calendar.is_working(later)
    assert calendar.is_working(earlier)


@given(calendars, near_days, st.integers(-20, 20), st.integers(-20, 20))
def test_a_larger_shift_is_never_earlier(calendar: WorkCalendar, day: date, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert calendar.shift(day, low) <= calendar.shift(day, high)
