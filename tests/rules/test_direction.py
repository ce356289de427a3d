"""Two working days to acknowledge a direction; the day it was sent is not counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.direction import WORKING_DAYS, waited
from tracker.rules.workdays import WorkCalendar

CALENDAR = WorkCalendar({date(2022, 5, 2): False, date(2022, 5, 3): False})


@pytest.mark.parametrize(
    ("sent_on", "day", "by", "days", "overdue"),
    [
        (date(2022, 4, 27), date(2022, 4, 27), date(2022, 4, 29), 0, False),
        (date(2022, 4, 27), date(2022, 4, 29), date(2022, 4, 29), 2, False),
        (date(2022, 4, 27), date(2022, 4, 30), date(2022, 4, 29), 2, True),
        (date(2022, 4, 29), date(2022, 5, 5), date(2022, 5, 5), 2, False),  # a week-end and two holidays between
        (date(2022, 4, 29), date(2022, 5, 6), date(2022, 5, 5), 3, True),
    ],
)
def test_two_working_days(sent_on: date, day: date, by: date, days: int, overdue: bool) -> None:
    wait = waited(sent_on, day, CALENDAR)
    assert (wait.acknowledge_by, wait.working_days, wait.overdue) == (by, days, overdue)


@given(st.dates(date(2022, 1, 1), date(2023, 12, 31)), st.integers(0, 60))
def test_overdue_begins_the_day_after_and_never_ends(sent_on: date, later: int) -> None:
    wait = waited(sent_on, sent_on + timedelta(days=later), CALENDAR)
    assert wait.overdue == (sent_on + timedelta(days=later) > wait.acknowledge_by)
    assert not wait.overdue or wait.working_days >= WORKING_DAYS
    assert CALENDAR.count(sent_on, wait.acknowledge_by) == WORKING_DAYS
