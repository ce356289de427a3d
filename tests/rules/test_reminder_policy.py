"""A policy is kept and read back the same, and what cannot be carried out is named."""

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days, policies
from tracker.rules.climb import Level, Rung
from tracker.rules.ladder import LadderPolicy, Step
from tracker.rules.reminder_policy import (
    DEFAULT,
    EMAIL,
    FAULTS,
    ZALO,
    Hours,
    Policy,
    as_rules,
    example,
    faults,
    from_rules,
)
from tracker.rules.workdays import WorkCalendar

HEAD, MONITOR, LEADER = Level.HEAD, Level.MONITOR, Level.LEADER
MANY = LadderPolicy(before=(1, 2, 3, 4, 5, 6, 7))
WRONG: dict[str, dict[str, Any]] = {
    "before_many": {"ladder": MANY},
    "before_far": {"ladder": LadderPolicy(before=(61,))},
    "before_twice": {"ladder": LadderPolicy(before=(3, 3))},
    "every": {"ladder": LadderPolicy(overdue_every_days=91)},
    "climb_order": {"climb": (Rung(HEAD, 5), Rung(MONITOR, 3))},
    "climb_after": {"climb": (Rung(HEAD, 101),)},
    "grace": {"grace": 31},
    "rest": {"rest": 0},
    "rests": {"rests": 21},
    "reports_before_many": {"reports": MANY},
    "reports_before_far": {"reports": LadderPolicy(before=(2**63,))},
    "reports_before_twice": {"reports": LadderPolicy(before=(1, 1))},
    "reports_every": {"reports": LadderPolicy(overdue_every_days=2**63)},
    "reports_climb_order": {"reports_climb": (Rung(LEADER, 1), Rung(HEAD, 1))},
    "reports_climb_after": {"reports_climb": (Rung(HEAD, 0),)},
    "hours_order": {"hours": Hours(time(9, 0), time(9, 0), time(9, 0))},
    "hours_night": {"hours": Hours(time(8, 0), time(5, 59), time(20, 0))},
    "digest_outside": {"hours": Hours(time(7, 0), time(7, 30), time(20, 30))},
    "channel": {"channels": {HEAD: "sms"}},
}


@given(policies)
def test_a_policy_is_read_back_as_it_was_kept(policy: Policy) -> None:
    assert from_rules(json.loads(json.dumps(as_rules(policy)))) == policy


@given(policies)
def test_what_the_form_can_say_has_no_fault(policy: Policy) -> None:
    assert faults(policy) == []


@pytest.mark.parametrize("code", WRONG)
def test_each_fault_is_named_alone(code: str) -> None:
    assert faults(replace(DEFAULT, **WRONG[code])) == [code]


def test_every_fault_there_is_has_been_seen() -> None:
    assert set(FAULTS) == set(WRONG)


@pytest.mark.parametrize(
    "hours",
    [Hours(time(8, 0), time(6, 0), time(21, 59)), Hours(time(7, 30), time(7, 30), time(7, 31)), Hours(time(20, 30))],
    ids=["widest", "at_the_opening", "at_the_close"],
)
def test_the_bounds_of_the_hours_are_within(hours: Hours) -> None:
    assert faults(replace(DEFAULT, hours=hours)) == []


def test_after_22_is_night() -> None:
    assert faults(replace(DEFAULT, hours=Hours(send_until=time(22, 0)))) == ["hours_night"]


def test_the_person_responsible_is_no_rung() -> None:
    assert faults(replace(DEFAULT, climb=(Rung(Level.RESPONSIBLE, 1),))) == ["climb_order"]


def test_a_level_twice_is_out_of_order() -> None:
    assert faults(replace(DEFAULT, climb=(Rung(HEAD, 1), Rung(HEAD, 2)))) == ["climb_order"]


def test_rules_of_an_older_program_that_name_fewer_levels_are_mailed() -> None:
    rules = as_rules(replace(DEFAULT, channels=dict.fromkeys(Level, ZALO)))
    del rules["channels"]["leader"]
    assert from_rules(rules).channels == {**dict.fromkeys(Level, ZALO), LEADER: EMAIL}


def test_the_example_of_the_paperless_meeting_room() -> None:
    shown = example(date(2022, 4, 30), MAY_2022, DEFAULT.ladder, DEFAULT.climb, DEFAULT.grace)
    assert shown.effective_on == date(2022, 5, 4)
    assert shown.steps[:5] == [
        Step("before_7", date(2022, 4, 21)), Step("before_3", date(2022, 4, 27)), Step("before_1", date(2022, 4, 29)),
        Step("due", date(2022, 5, 4)), Step("overdue_1", date(2022, 5, 5)),
    ]  # fmt: skip
    assert [step.code for step in shown.steps[4:]] == [f"overdue_{n}" for n in range(1, 6)]
    assert {level: step.on for level, step in shown.levels.items()} == {
        HEAD: date(2022, 5, 23), MONITOR: date(2022, 6, 6), LEADER: date(2022, 6, 8),
    }  # fmt: skip


def test_the_example_of_a_policy_that_says_little() -> None:
    quiet = LadderPolicy((), False, 0)
    shown = example(date(2022, 4, 29), MAY_2022, quiet, (Rung(HEAD, 2),), 2)
    assert (shown.steps, shown.levels) == ([Step("overdue_1", date(2022, 5, 4))], {})


@given(near_days, calendars, policies)
def test_an_example_tells_every_step_on_a_working_day_in_order(
    due: date, calendar: WorkCalendar, policy: Policy
) -> None:
    shown = example(due, calendar, policy.ladder, policy.climb, policy.grace)
    days = [step.on for step in shown.steps]
    assert days == sorted(set(days))
    assert all(calendar.is_working(day) for day in (*days, *(step.on for step in shown.levels.values())))
    before = [step.code for step in shown.steps if step.code.startswith("before_")]
    assert before == [f"before_{n}" for n in sorted(policy.ladder.before, reverse=True)]
    reached = policy.ladder.overdue_every_days > 0
    assert list(shown.levels) == [rung.level for rung in policy.climb if reached or rung.after == 1]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 90), st.integers(1, 100))
def test_an_example_of_the_longest_climb_has_an_end(due: date, every: int, after: int) -> None:
    shown = example(due, WorkCalendar({}), LadderPolicy((60,), True, every), (Rung(LEADER, after),), 30)
    assert shown.levels[LEADER].on > due
    assert len(shown.steps) <= 12, "only the first overdue reminders are listed"
