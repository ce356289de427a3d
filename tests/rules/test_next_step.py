"""The next reminder falls on the first day on which the ladder is a step further."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, ladders, near_days
from tracker.rules.ladder import LadderPolicy, Step, reached
from tracker.rules.next_step import next_step
from tracker.rules.workdays import WorkCalendar

E_CABINET = date(2022, 5, 4)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2022, 4, 1), Step("before_7", date(2022, 4, 21))),
        (date(2022, 4, 22), Step("before_3", date(2022, 4, 27))),
        (date(2022, 4, 30), Step("due", date(2022, 5, 4))),
        (date(2022, 5, 5), Step("overdue_1", date(2022, 5, 5))),
        (date(2022, 5, 6), Step("overdue_2", date(2022, 5, 12))),
        (date(2023, 5, 6), Step("overdue_54", date(2023, 5, 11))),
    ],
    ids=["before", "between", "holidays", "the_day_itself", "week", "year_later"],
)
def test_the_paperless_meeting_room(since: date, expected: Step) -> None:
    assert next_step(E_CABINET, since, MAY_2022, LadderPolicy()) == expected


def test_after_the_only_overdue_reminder_there_is_none() -> None:
    once = LadderPolicy(overdue_every_days=0)
    assert next_step(E_CABINET, date(2022, 5, 6), MAY_2022, once) is None


@given(calendars, near_days, st.integers(-40, 40), ladders)
def test_it_is_the_first_day_on_which_the_ladder_moves(
    calendar: WorkCalendar, last_day: date, distance: int, ladder: LadderPolicy
) -> None:
    effective_on, since = calendar.on_or_after(last_day), last_day + timedelta(days=distance)
    found = next_step(effective_on, since, calendar, ladder)
    days = (since + timedelta(days=n) for n in range(120))
    moved = (step for day in days if (step := reached(effective_on, day, calendar, ladder)) and step.on == day)
    assert next(moved, None) == found
