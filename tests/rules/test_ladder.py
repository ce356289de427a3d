from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days
from tracker.rules.ladder import LadderPolicy, Step, reached
from tracker.rules.workdays import WorkCalendar

E_CABINET = date(2022, 5, 4)  # "chậm nhất trong tháng 04/2022", past the holidays


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 4, 20), None),
        (date(2022, 4, 21), Step("before_7", date(2022, 4, 21))),
        (date(2022, 4, 26), Step("before_7", date(2022, 4, 21))),
        (date(2022, 4, 27), Step("before_3", date(2022, 4, 27))),
        (date(2022, 4, 29), Step("before_1", date(2022, 4, 29))),
        (date(2022, 5, 3), Step("before_1", date(2022, 4, 29))),
        (date(2022, 5, 4), Step("due", date(2022, 5, 4))),
        (date(2022, 5, 5), Step("overdue_1", date(2022, 5, 5))),
        (date(2022, 5, 11), Step("overdue_1", date(2022, 5, 5))),
        (date(2022, 5, 12), Step("overdue_2", date(2022, 5, 12))),
        (date(2022, 8, 4), Step("overdue_14", date(2022, 8, 4))),
    ],
)
def test_the_ladder_of_the_paperless_meeting_room(day: date, expected: Step | None) -> None:
    assert reached(E_CABINET, day, MAY_2022) == expected


def test_the_weekend_after_the_last_day_is_still_the_last_day() -> None:
    friday = date(2022, 4, 8)
    assert reached(friday, date(2022, 4, 10), MAY_2022) == Step("due", friday)
    assert reached(friday, date(2022, 4, 11), MAY_2022) == Step("overdue_1", date(2022, 4, 11))


def test_a_week_that_ends_in_a_holiday_waits_for_its_end() -> None:
    # Due Friday 22 April: overdue since Monday 25, the week after falls on Monday 2 May, a day off until the 4th.
    friday = date(2022, 4, 22)
    assert reached(friday, date(2022, 5, 3), MAY_2022) == Step("overdue_1", date(2022, 4, 25))
    assert reached(friday, date(2022, 5, 4), MAY_2022) == Step("overdue_2", date(2022, 5, 4))


def test_another_policy() -> None:
    quiet = LadderPolicy(before=(5,), on_the_day=False, overdue_every_days=0)
    assert reached(E_CABINET, E_CABINET, MAY_2022, quiet) == Step("before_5", date(2022, 4, 25))
    assert reached(E_CABINET, date(2023, 1, 1), MAY_2022, quiet) == Step("overdue_1", date(2022, 5, 5))
    assert reached(E_CABINET, E_CABINET, MAY_2022, LadderPolicy(before=(), on_the_day=False)) is None


@pytest.mark.parametrize("wrong", [{"before": (0,)}, {"before": (3, -1)}, {"overdue_every_days": -7}])
def test_a_policy_that_cannot_be_kept_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="at least one working day before"):
        LadderPolicy(**wrong)  # type: ignore[arg-type]


policies = st.builds(
    LadderPolicy,
    before=st.lists(st.integers(1, 15), max_size=4, unique=True).map(tuple),
    on_the_day=st.booleans(),
    overdue_every_days=st.integers(0, 10),
)


def height(code: str) -> tuple[int, int]:
    kind, _, number = code.partition("_")
    return {"before": (0, -int(number or 0)), "due": (1, 0), "overdue": (2, int(number or 0))}[kind]


@given(near_days, calendars, policies)
def test_the_ladder_is_climbed_step_by_step(due: date, calendar: WorkCalendar, policy: LadderPolicy) -> None:
    effective_on = calendar.on_or_after(due)
    last: Step | None = None
    for day in (effective_on + timedelta(days=n) for n in range(-40, 60)):
        step = reached(effective_on, day, calendar, policy)
        assert step is not None or last is None, "a step once reached is never lost"
        if step is None:
            continue
        assert step.on <= day
        assert calendar.is_working(step.on)
        assert step.code.startswith("overdue_") == (step.on > effective_on)
        if last is not None and step != last:
            assert step.on == day, "a step is reached on its own day"
            assert height(step.code) > height(last.code)
        last = step


@given(near_days, calendars)
def test_no_step_of_the_usual_ladder_is_left_out(due: date, calendar: WorkCalendar) -> None:
    effective_on = calendar.on_or_after(due)
    seen = {reached(effective_on, effective_on + timedelta(days=n), calendar) for n in range(-60, 1)}
    codes = {step.code for step in seen if step}
    assert codes == {"before_7", "before_3", "before_1", "due"}


@given(near_days, calendars, st.integers(1, 5))
def test_an_overdue_step_is_its_weeks_after_the_first_or_the_next_working_day(
    due: date, calendar: WorkCalendar, number: int
) -> None:
    effective_on = calendar.on_or_after(due)
    on = calendar.on_or_after(calendar.shift(effective_on, 1) + timedelta(days=7 * (number - 1)))
    step = reached(effective_on, on, calendar)
    assert step is not None
    assert step.on == on
    assert int(step.code.removeprefix("overdue_")) >= number
