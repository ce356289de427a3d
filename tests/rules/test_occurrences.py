"""Recurring duties: which days they fall due, and what is to be opened on a day, also after months of silence."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategies import days
from tracker.rules.occurrences import EVERY, due_days, next_due, recurrence, to_open
from tracker.rules.workdays import WorkCalendar

WEEKDAYS = WorkCalendar()
GIVEN = date(2023, 1, 1)


@pytest.mark.parametrize(
    ("every", "day", "expected"),
    [
        ("week", None, [date(2023, 11, 3), date(2023, 11, 10)]),
        ("week", date(2023, 11, 15), [date(2023, 11, 1), date(2023, 11, 8)]),
        ("month", None, [date(2023, 11, 30), date(2023, 12, 31)]),
        ("month", date(2023, 11, 20), [date(2023, 11, 20), date(2023, 12, 20)]),
        ("month", date(2024, 1, 30), [date(2023, 11, 30), date(2023, 12, 30), date(2024, 1, 30), date(2024, 2, 29)]),
        ("month", date(2024, 1, 31), [date(2023, 11, 30), date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]),
        ("quarter", None, [date(2023, 12, 31), date(2024, 3, 31)]),
        ("quarter", date(2023, 11, 20), [date(2023, 11, 20), date(2024, 2, 20), date(2024, 5, 20)]),
        ("quarter", date(2023, 8, 31), [date(2023, 11, 30), date(2024, 2, 29), date(2024, 5, 31)]),
        ("half_year", None, [date(2023, 12, 31), date(2024, 6, 30)]),
        ("half_year", date(2023, 12, 15), [date(2023, 12, 15), date(2024, 6, 15)]),
        ("year", None, [date(2023, 12, 31), date(2024, 12, 31)]),
        ("year", date(2024, 2, 29), [date(2024, 2, 29), date(2025, 2, 28)]),
    ],
)
def test_the_days_of_each_interval(every: str, day: date | None, expected: list[date]) -> None:
    rule = recurrence(every, day).rrule
    assert due_days(rule, GIVEN, date(2023, 10, 31), expected[-1]) == expected


@given(st.sampled_from(EVERY), days)
def test_a_duty_falls_due_on_the_day_it_was_told_by(every: str, day: date) -> None:
    assert next_due(recurrence(every, day).rrule, GIVEN - timedelta(days=1500), day) == day


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(EVERY), st.none() | days, days, st.integers(0, 200))
def test_opened_day_by_day_or_after_a_long_silence_is_the_same(
    every: str, told: date | None, first: date, silent: int
) -> None:
    rule = recurrence(every, told).rrule
    one = {due.due_on for due in to_open(rule, first, first, (), WEEKDAYS)}
    assert len(one) == 1
    daily = set(one)
    for number in range(silent + 1):
        daily |= {due.due_on for due in to_open(rule, first, first + timedelta(days=number), daily, WEEKDAYS)}
    late = one | {due.due_on for due in to_open(rule, first, first + timedelta(days=silent), one, WEEKDAYS)}
    assert late == daily
    assert not to_open(rule, first, first + timedelta(days=silent), late, WEEKDAYS)


@settings(deadline=None)
@given(st.sampled_from(EVERY), st.none() | days, days)
def test_spans_meet_without_gap(every: str, told: date | None, first: date) -> None:
    rule = recurrence(every, told).rrule
    opened = to_open(rule, first, first, (), WEEKDAYS)
    opened += to_open(rule, first, first + timedelta(days=800), {opened[0].due_on}, WEEKDAYS)
    assert opened[0].starts_on <= first <= opened[0].due_on
    for before, after in pairwise(opened):
        assert after.starts_on == before.due_on + timedelta(days=1)


def test_three_months_of_silence_open_all_three_and_the_present_one() -> None:
    rule = recurrence("month", date(2023, 1, 20)).rrule
    missed = to_open(rule, GIVEN, date(2023, 5, 2), {date(2023, 1, 20)}, WEEKDAYS)
    assert [due.due_on for due in missed] == [date(2023, month, 20) for month in (2, 3, 4, 5)]


def test_the_first_time_only_the_present_one() -> None:
    rule = recurrence("month", date(2023, 1, 20)).rrule
    assert [due.due_on for due in to_open(rule, GIVEN, date(2023, 5, 2), (), WEEKDAYS)] == [date(2023, 5, 20)]


def test_tet_moves_the_day_that_counts_and_not_the_day_as_written() -> None:
    tet = WorkCalendar({date(2023, 1, day): False for day in range(20, 27)})
    (due,) = to_open(recurrence("month", date(2023, 1, 20)).rrule, GIVEN, date(2023, 1, 5), (), tet)
    assert (due.starts_on, due.due_on, due.effective_on) == (GIVEN, date(2023, 1, 20), date(2023, 1, 27))


def test_when_its_years_are_over_nothing_opens() -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20230331"
    assert to_open(rule, GIVEN, date(2023, 4, 1), (), WEEKDAYS) == []
    left = to_open(rule, GIVEN, date(2023, 6, 1), {date(2023, 1, 31)}, WEEKDAYS)
    assert [due.due_on for due in left] == [date(2023, 2, 28), date(2023, 3, 31)]
