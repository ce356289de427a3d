"""Overdue work goes up: later than the person responsible, level by level, and not while somebody has answered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, climbs, days_of_grace, ladders, near_days
from tracker.rules.climb import Level, Rest, Rung, climbed, first_told, offsets, overdue_steps, resting, unanswered
from tracker.rules.ladder import LadderPolicy, Step, reached
from tracker.rules.reminder_policy import DEFAULT
from tracker.rules.workdays import WorkCalendar

E_CABINET = date(2022, 5, 4)  # "chậm nhất trong tháng 04/2022", past the holidays
WEEKLY = LadderPolicy()
HEAD, MONITOR, LEADER = Level.HEAD, Level.MONITOR, Level.LEADER
SUMMER = date(2022, 8, 31)


def steps(until: date = SUMMER, calendar: WorkCalendar = MAY_2022, ladder: LadderPolicy = WEEKLY) -> list[Step]:
    return overdue_steps(E_CABINET, until, calendar, ladder)


def told(day: date, rests: tuple[Rest, ...] = ()) -> dict[Level, Step]:
    return climbed(unanswered(steps(day), rests), day, MAY_2022, DEFAULT.climb, DEFAULT.grace)


def first_days(rests: tuple[Rest, ...] = ()) -> dict[Level, date]:
    """The first day on which each level hears anything, found day by day."""
    found: dict[Level, date] = {}
    for day in (E_CABINET + timedelta(days=n) for n in range(120)):
        for level in told(day, rests) if resting(rests, day) is None else ():
            found.setdefault(level, day)
    return found


def test_the_overdue_steps_of_the_paperless_meeting_room() -> None:
    assert steps(date(2022, 5, 25)) == [
        Step("overdue_1", date(2022, 5, 5)), Step("overdue_2", date(2022, 5, 12)), Step("overdue_3", date(2022, 5, 19)),
    ]  # fmt: skip
    assert steps(E_CABINET) == []


def test_head_after_the_third_monitor_after_the_fifth_then_the_leader() -> None:
    """19/05 is the third and 02/06 the fifth reminder; two working days each, over a week-end."""
    assert first_days() == {HEAD: date(2022, 5, 23), MONITOR: date(2022, 6, 6), LEADER: date(2022, 6, 8)}
    assert told(date(2022, 5, 22)) == {}
    assert told(date(2022, 5, 23)) == {HEAD: Step("overdue_3", date(2022, 5, 23))}
    assert told(date(2022, 6, 8)) == {
        HEAD: Step("overdue_5", date(2022, 6, 6)), MONITOR: Step("overdue_5", date(2022, 6, 6)),
        LEADER: Step("overdue_5", date(2022, 6, 8)),
    }  # fmt: skip


def test_a_reminder_in_a_rest_does_not_count() -> None:
    """Answered on 11/05 for five working days: the reminder of 12/05 does not count, so the third is that of 26/05."""
    rest = Rest(date(2022, 5, 11), MAY_2022.shift(date(2022, 5, 11), 5))
    assert rest.end == date(2022, 5, 18)
    assert first_days((rest,))[HEAD] == MAY_2022.shift(date(2022, 5, 26), 2) == date(2022, 5, 30)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 5, 10), None), (date(2022, 5, 11), date(2022, 5, 18)), (date(2022, 5, 18), date(2022, 5, 18)),
        (date(2022, 5, 19), None),
    ],
    ids=str,
)  # fmt: skip
def test_both_ends_of_a_rest_belong_to_it(day: date, expected: date | None) -> None:
    assert (
        resting([Rest(date(2022, 5, 11), date(2022, 5, 18)), Rest(date(2022, 5, 1), date(2022, 5, 2))], day) == expected
    )


def test_of_two_rests_the_longer_counts() -> None:
    assert resting([Rest(E_CABINET, SUMMER), Rest(E_CABINET, E_CABINET)], E_CABINET) == SUMMER


def test_a_reminder_that_falls_into_a_holiday_is_one_with_that_after_it() -> None:
    """A policy of every day: Saturday's, Sunday's and the holidays' reminders come on the next working day, once."""
    daily = LadderPolicy(overdue_every_days=1)
    found = overdue_steps(date(2022, 4, 28), date(2022, 5, 5), MAY_2022, daily)
    assert found == [
        Step("overdue_1", date(2022, 4, 29)), Step("overdue_6", date(2022, 5, 4)), Step("overdue_7", date(2022, 5, 5)),
    ]  # fmt: skip


def test_a_policy_of_one_reminder_never_climbs_past_it() -> None:
    once = overdue_steps(E_CABINET, SUMMER, MAY_2022, LadderPolicy(overdue_every_days=0))
    assert once == [Step("overdue_1", date(2022, 5, 5))]
    assert list(first_told(once, MAY_2022, (Rung(HEAD, 1), Rung(MONITOR, 2)), 2)) == [HEAD]


@pytest.mark.parametrize(
    ("rungs", "grace", "expected"),
    [
        (DEFAULT.climb, 2, [2, 2, 4]), (DEFAULT.climb, 0, [0, 0, 0]), ((), 2, []),
        ((Rung(HEAD, 1), Rung(MONITOR, 1), Rung(LEADER, 1)), 3, [3, 6, 9]),
    ],
    ids=["usual", "at_once", "nobody", "one_reminder"],
)  # fmt: skip
def test_levels_of_one_reminder_hear_of_it_one_after_the_other(
    rungs: tuple[Rung, ...], grace: int, expected: list[int]
) -> None:
    assert offsets(rungs, grace) == expected


def test_a_level_has_its_days_of_grace_when_reminders_come_daily() -> None:
    daily = steps(date(2022, 5, 20), ladder=LadderPolicy(overdue_every_days=1))
    found = first_told(daily, MAY_2022, (Rung(HEAD, 1), Rung(MONITOR, 2), Rung(LEADER, 3)), 3)
    assert [step.on for step in found.values()] == [date(2022, 5, 10), date(2022, 5, 13), date(2022, 5, 18)]


overdue_for = st.integers(0, 60)


@given(near_days, calendars, ladders, overdue_for)
def test_the_last_overdue_step_is_the_one_the_ladder_has_reached(
    due: date, calendar: WorkCalendar, ladder: LadderPolicy, n: int
) -> None:
    effective_on = calendar.on_or_after(due)
    day = effective_on + timedelta(days=n)
    found = overdue_steps(effective_on, day, calendar, ladder)
    step = reached(effective_on, day, calendar, ladder)
    assert found[-1:] == ([step] if step and step.code.startswith("overdue_") else [])
    assert [each.on for each in found] == sorted({each.on for each in found}), "one a day, in order"
    assert all(calendar.is_working(each.on) and effective_on < each.on <= day for each in found)


@given(near_days, calendars, ladders, climbs, days_of_grace, overdue_for)
def test_a_boss_is_told_later_than_those_below(
    due: date, calendar: WorkCalendar, ladder: LadderPolicy, rungs: tuple[Rung, ...], grace: int, n: int
) -> None:
    effective_on = calendar.on_or_after(due)
    reminders = overdue_steps(effective_on, effective_on + timedelta(days=n), calendar, ladder)
    found = first_told(reminders, calendar, rungs, grace)
    assert list(found) == [rung.level for rung in rungs[: len(found)]], "nobody is passed over"
    below = None
    for rung in rungs[: len(found)]:
        reminder, on = reminders[rung.after - 1], found[rung.level].on
        assert calendar.is_working(on)
        assert calendar.count(reminder.on, on) >= grace, "the person responsible has the days of grace"
        assert below is None or calendar.count(below, on) >= grace, "and so has each level"
        below = on


@given(near_days, calendars, ladders, climbs, days_of_grace)
def test_day_by_day_no_level_is_told_twice_of_a_reminder_or_out_of_turn(
    due: date, calendar: WorkCalendar, ladder: LadderPolicy, rungs: tuple[Rung, ...], grace: int
) -> None:
    effective_on = calendar.on_or_after(due)
    last: dict[Level, Step] = {}
    for day in (effective_on + timedelta(days=n) for n in range(45)):
        reminders = overdue_steps(effective_on, day, calendar, ladder)
        now = climbed(reminders, day, calendar, rungs, grace)
        assert set(last) <= set(now), "who has been told once stays told"
        for level, step in now.items():
            assert step.on <= day
            assert any(each.code == step.code and each.on <= step.on for each in reminders)
            assert step == last.get(level) or step.on == day, "what is new is new today"
        last = now


@given(near_days, calendars, ladders, climbs, days_of_grace, st.integers(1, 45))
def test_whoever_looks_seldom_sees_the_same(
    due: date, calendar: WorkCalendar, ladder: LadderPolicy, rungs: tuple[Rung, ...], grace: int, n: int
) -> None:
    """What is found on a day does not hang on whether anybody looked the days before, nor on what comes after it."""
    effective_on = calendar.on_or_after(due)
    day = effective_on + timedelta(days=n)
    now = overdue_steps(effective_on, day, calendar, ladder)
    later = overdue_steps(effective_on, effective_on + timedelta(days=60), calendar, ladder)
    assert now == [step for step in later if step.on <= day]
    assert climbed(now, day, calendar, rungs, grace) == climbed(later, day, calendar, rungs, grace)


@given(
    near_days, calendars, climbs, days_of_grace, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=4)
)
def test_an_answer_never_makes_anybody_hear_sooner(
    due: date, calendar: WorkCalendar, rungs: tuple[Rung, ...], grace: int, answers: list[tuple[int, int]]
) -> None:
    effective_on = calendar.on_or_after(due)
    reminders = overdue_steps(effective_on, effective_on + timedelta(days=60), calendar, WEEKLY)
    rests = [Rest(effective_on + timedelta(days=a), effective_on + timedelta(days=a + n)) for a, n in answers]
    without = first_told(reminders, calendar, rungs, grace)
    rested = first_told(unanswered(reminders, rests), calendar, rungs, grace)
    assert set(rested) <= set(without)
    assert all(without[level].on <= step.on for level, step in rested.items())
