"""Reminders are drawn up and leave in the hours of the policy, on working days, in Viet Nam's time."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days
from tracker.rules.office_hours import may_plan, may_send, next_planning_day
from tracker.rules.reminder_policy import Hours
from tracker.rules.workdays import WorkCalendar

WEDNESDAY = date(2022, 5, 4)
LATE = Hours(digest_at=time(14, 0), send_from=time(13, 0), send_until=time(16, 30))


@pytest.mark.parametrize(
    ("at", "plans", "sends"),
    [
        (time(7, 29, 59), False, False), (time(7, 30), False, True), (time(7, 59, 59), False, True), (time(8, 0), True, True),
        (time(20, 30), True, True), (time(20, 30, 1), True, False), (time(0, 0), False, False), (time(23, 59), True, False),
    ],
    ids=str,
)  # fmt: skip
def test_the_usual_hours(at: time, plans: bool, sends: bool) -> None:
    moment = datetime.combine(WEDNESDAY, at)
    assert (may_plan(moment, MAY_2022), may_send(moment, MAY_2022)) == (plans, sends)


@pytest.mark.parametrize(
    ("at", "plans", "sends"),
    [(time(12, 59), False, False), (time(13, 0), False, True), (time(14, 0), True, True), (time(16, 31), True, False)],
    ids=str,
)
def test_the_hours_a_province_chose(at: time, plans: bool, sends: bool) -> None:
    moment = datetime.combine(WEDNESDAY, at)
    assert (may_plan(moment, MAY_2022, LATE), may_send(moment, MAY_2022, LATE)) == (plans, sends)


@pytest.mark.parametrize("day", [date(2022, 5, 2), date(2022, 5, 3), date(2022, 5, 7)], ids=str)
def test_nothing_on_a_day_off(day: date) -> None:
    noon = datetime.combine(day, time(12, 0))
    assert not may_plan(noon, MAY_2022)
    assert not may_send(noon, MAY_2022)


def test_a_saturday_worked_in_exchange_is_a_working_day() -> None:
    saturday = date(2022, 5, 7)
    assert may_send(datetime.combine(saturday, time(12, 0)), WorkCalendar({saturday: True}))


def test_the_next_run() -> None:
    friday_evening, holiday = datetime(2022, 4, 29, 13, 59), datetime(2022, 5, 2, 23, 0)
    assert next_planning_day(friday_evening, MAY_2022, LATE) == date(2022, 4, 29)
    assert next_planning_day(friday_evening + timedelta(minutes=1), MAY_2022, LATE) == WEDNESDAY
    assert next_planning_day(holiday, MAY_2022) == WEDNESDAY


@given(near_days, st.times(), calendars, st.times())
def test_the_next_run_is_the_first_moment_to_come_at_which_one_may_plan(
    day: date, at: time, calendar: WorkCalendar, digest_at: time
) -> None:
    hours, moment = Hours(digest_at=digest_at), datetime.combine(day, at)
    following = next_planning_day(moment, calendar, hours)
    run = datetime.combine(following, digest_at)
    assert run > moment
    assert may_plan(run, calendar, hours)
    between = (day + timedelta(days=n) for n in range(1, (following - day).days))
    assert not any(calendar.is_working(each) for each in between)
