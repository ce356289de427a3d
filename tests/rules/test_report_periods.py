"""Reporting periods: every day lies in one of each kind, and a report is in time until a working day after it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategies import calendars, days
from tracker.rules.report_periods import EVERY, ReportPeriod, Rule, asked, last_day_in_time, period_of, previous
from tracker.rules.workdays import WorkCalendar

FOREVER = date(9999, 12, 31)
WEEKDAYS = WorkCalendar()
kinds = st.sampled_from(EVERY)


@given(kinds, days)
def test_the_day_lies_in_its_period_and_every_day_of_it_gives_the_same(every: str, day: date) -> None:
    period = period_of(every, day)
    assert period.start <= day <= period.end
    assert period_of(every, period.start) == period_of(every, period.end) == period


@given(kinds, days)
def test_the_one_before_ends_the_day_before(every: str, day: date) -> None:
    period = period_of(every, day)
    assert previous(period).end == period.start - timedelta(days=1)


@pytest.mark.parametrize(
    ("every", "day", "start", "end"),
    [
        ("week", date(2023, 11, 15), date(2023, 11, 13), date(2023, 11, 19)),
        ("week", date(2023, 1, 1), date(2022, 12, 26), date(2023, 1, 1)),
        ("month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        ("month", date(2023, 12, 31), date(2023, 12, 1), date(2023, 12, 31)),
        ("quarter", date(2023, 11, 15), date(2023, 10, 1), date(2023, 12, 31)),
        ("quarter", date(2023, 1, 1), date(2023, 1, 1), date(2023, 3, 31)),
    ],
)
def test_weeks_from_monday_months_and_quarters(every: str, day: date, start: date, end: date) -> None:
    assert period_of(every, day) == ReportPeriod(every, start, end)


@given(kinds, days, st.integers(0, 20), calendars)
def test_so_many_working_days_of_grace(every: str, day: date, grace: int, calendar: WorkCalendar) -> None:
    period = period_of(every, day)
    last = last_day_in_time(period, grace, calendar)
    assert last >= period.end and calendar.is_working(last)
    assert calendar.count(period.end, last) == grace or (grace == 0 and last == calendar.on_or_after(period.end))


def test_tet_moves_the_last_day() -> None:
    tet = WorkCalendar({date(2023, 1, day): False for day in range(20, 27)})
    week = period_of("week", date(2023, 1, 18))
    assert last_day_in_time(week, 2, tet) == date(2023, 1, 30)  # 27/01 and 30/01 are the two working days


@settings(deadline=None)
@given(kinds, days, days)
def test_the_period_in_which_the_rule_was_set_is_the_first_and_today_lies_in_the_last(
    every: str, one: date, other: date
) -> None:
    set_on, today = min(one, other), max(one, other)
    periods = [each.period for each in asked([Rule(every, 3, set_on, FOREVER)], today, WEEKDAYS)]
    assert periods[0] == period_of(every, set_on) and periods[-1] == period_of(every, today)
    assert all(previous(after) == before for before, after in pairwise(periods))


@settings(deadline=None)
@given(kinds, kinds, days, st.integers(0, 400), st.integers(0, 400))
def test_a_change_leaves_what_has_ended_and_decides_what_has_not(
    before: str, after: str, set_on: date, held: int, later: int
) -> None:
    changed_on = set_on + timedelta(days=held)
    until = changed_on + timedelta(days=later)
    periods = [
        each.period
        for each in asked([Rule(before, 3, set_on, changed_on), Rule(after, 3, changed_on, FOREVER)], until, WEEKDAYS)
    ]
    ends = [period.end for period in periods]
    assert ends == sorted(set(ends))
    assert {period.every for period in periods if period.end < changed_on} <= {before}
    assert {period.every for period in periods if period.end >= changed_on} == {after}


def test_no_rule_asks_for_nothing() -> None:
    assert asked([], date(2023, 11, 15), WEEKDAYS) == []


def test_taken_back_the_present_period_is_not_asked_for() -> None:
    month = Rule("month", 3, date(2023, 8, 20), date(2023, 11, 15))
    assert [each.period.end for each in asked([month], date(2023, 11, 15), WEEKDAYS)] == [
        date(2023, 8, 31), date(2023, 9, 30), date(2023, 10, 31),
    ]  # fmt: skip
