from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, near_days, states
from tracker.rules.timeliness import (
    Timeliness,
    WorkState,
    aggregate,
    classify,
    classify_bucket,
    days_overdue,
    is_due_soon,
    tally_bucket,
)
from tracker.rules.workdays import WorkCalendar

DUE = date(2022, 5, 4)
EVE, MORROW = DUE - timedelta(days=1), DUE + timedelta(days=1)
RUNNING = [WorkState.NOT_STARTED, WorkState.IN_PROGRESS, WorkState.RETURNED, WorkState.PAUSED]
S, T = WorkState, Timeliness
maybe_day = st.none() | near_days


@pytest.mark.parametrize(
    ("state", "result_on", "day", "expected", "overdue"),
    [
        *[(state, None, DUE, T.OPEN_IN_TIME, 0) for state in RUNNING],
        *[(state, EVE, MORROW, T.OPEN_OVERDUE, 1) for state in RUNNING],
        (S.AWAITING, DUE, DUE + timedelta(days=90), T.OPEN_IN_TIME, 0),
        (S.AWAITING, MORROW, DUE + timedelta(days=90), T.OPEN_OVERDUE, 1),
        (S.DONE, DUE, DUE + timedelta(days=90), T.DONE_ON_TIME, 0),
        (S.DONE, DUE + timedelta(days=10), DUE + timedelta(days=90), T.DONE_LATE, 10),
        (S.WITHDRAWN, None, MORROW, T.NO_DEADLINE, 0),
    ],
)
def test_the_four_classes_at_their_edges(
    state: WorkState, result_on: date | None, day: date, expected: Timeliness, overdue: int
) -> None:
    assert classify(state, DUE, result_on, day) == expected
    assert days_overdue(state, DUE, result_on, day) == overdue


@pytest.mark.parametrize("state", WorkState)
def test_without_a_deadline_nothing_is_late(state: WorkState) -> None:
    assert classify(state, None, None, MORROW) == T.NO_DEADLINE
    assert days_overdue(state, None, None, MORROW) == 0
    assert not is_due_soon(state, None, None, MORROW, MAY_2022)


@pytest.mark.parametrize("state", [S.DONE, S.AWAITING])
def test_a_result_without_its_day_is_refused(state: WorkState) -> None:
    with pytest.raises(ValueError, match="needs the day of its result"):
        classify(state, DUE, None, DUE)


def test_a_bucket_nobody_made_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        classify_bucket("soon", None, DUE)
    with pytest.raises(ValueError, match="running clock"):
        classify_bucket("running", None, DUE)


def test_due_soon_begins_three_working_days_before() -> None:
    # Before Wednesday 4 May 2022: Friday 29, Thursday 28, Wednesday 27 April.
    seen = [day for day in range(20, 31) if is_due_soon(S.IN_PROGRESS, DUE, None, date(2022, 4, day), MAY_2022)]
    assert seen == [27, 28, 29, 30]
    assert is_due_soon(S.IN_PROGRESS, DUE, None, DUE, MAY_2022)
    assert not is_due_soon(S.IN_PROGRESS, DUE, None, MORROW, MAY_2022)
    assert not is_due_soon(S.AWAITING, DUE, EVE, DUE, MAY_2022)
    assert not is_due_soon(S.DONE, DUE, EVE, DUE, MAY_2022)
    assert not is_due_soon(S.WITHDRAWN, DUE, None, DUE, MAY_2022)


def expected_class(state: WorkState, due: date | None, result: date, day: date) -> Timeliness:
    """The definition once more, as the table of the report reads it."""
    if due is None or state == "withdrawn":
        return T.NO_DEADLINE
    clock = {"done": result, "awaiting_confirmation": result}.get(state, day)
    finished = "DONE" if state == "done" else "OPEN"
    words = {"DONE": ("ON_TIME", "LATE"), "OPEN": ("IN_TIME", "OVERDUE")}[finished]
    return T[f"{finished}_{words[clock > due]}"]


@given(states, maybe_day, near_days, near_days)
def test_classify_is_the_table_and_its_bucket(state: WorkState, due: date | None, result: date, day: date) -> None:
    expected = expected_class(state, due, result, day)
    assert classify(state, due, result, day) == expected
    assert classify_bucket(*tally_bucket(state, due, result), day) == expected


@given(states, maybe_day, near_days)
def test_the_bucket_holds_a_day_only_while_the_clock_runs(state: WorkState, due: date | None, result: date) -> None:
    bucket, until = tally_bucket(state, due, result)
    assert (until is not None) == (bucket == "running") == (due is not None and state in RUNNING)


@given(states, maybe_day, near_days, near_days, near_days)
def test_time_makes_nothing_better(state: WorkState, due: date | None, result: date, one: date, other: date) -> None:
    early, late = sorted((one, other))
    before, after = classify(state, due, result, early), classify(state, due, result, late)
    assert before == after or (before, after) == (T.OPEN_IN_TIME, T.OPEN_OVERDUE)
    assert days_overdue(state, due, result, early) <= days_overdue(state, due, result, late)


@given(states, near_days, near_days, near_days)
def test_days_are_counted_exactly_for_what_is_late(state: WorkState, due: date, result: date, day: date) -> None:
    late = classify(state, due, result, day) in (T.OPEN_OVERDUE, T.DONE_LATE)
    assert (days_overdue(state, due, result, day) > 0) == late


@given(states, near_days, near_days, near_days, calendars)
def test_due_soon_is_a_shade_of_in_time(
    state: WorkState, due: date, result: date, day: date, calendar: WorkCalendar
) -> None:
    if is_due_soon(state, due, result, day, calendar):
        assert classify(state, due, result, day) == T.OPEN_IN_TIME
        assert is_due_soon(state, due, result, day, calendar, within=4)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], (S.NOT_STARTED, None)),
        ([(S.WITHDRAWN, None), (S.WITHDRAWN, DUE)], (S.WITHDRAWN, None)),
        ([(S.RETURNED, EVE)], (S.RETURNED, EVE)),
        ([(S.DONE, EVE), (S.DONE, DUE), (S.WITHDRAWN, None)], (S.DONE, DUE)),
        ([(S.DONE, DUE), (S.AWAITING, EVE)], (S.AWAITING, DUE)),
        ([(S.DONE, DUE), (S.DONE, None)], (S.DONE, None)),
        ([(S.DONE, EVE), (S.RETURNED, None), (S.AWAITING, EVE)], (S.RETURNED, None)),
        ([(S.RETURNED, None), (S.IN_PROGRESS, None)], (S.IN_PROGRESS, None)),
        ([(S.NOT_STARTED, None), (S.NOT_STARTED, None)], (S.NOT_STARTED, None)),
        ([(S.NOT_STARTED, None), (S.DONE, EVE)], (S.IN_PROGRESS, None)),
        ([(S.PAUSED, None), (S.DONE, EVE)], (S.PAUSED, None)),
        ([(S.PAUSED, None), (S.NOT_STARTED, None)], (S.NOT_STARTED, None)),
        ([(S.PAUSED, None), (S.IN_PROGRESS, None)], (S.IN_PROGRESS, None)),
    ],
)
def test_the_state_of_a_task(
    parts: list[tuple[WorkState, date | None]], expected: tuple[WorkState, date | None]
) -> None:
    assert aggregate(parts) == expected


part = st.tuples(states, near_days)


@given(st.lists(part, max_size=6).flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_a_task_does_not_depend_on_the_order_of_its_agencies(
    drawn: tuple[list[tuple[WorkState, date | None]], list[tuple[WorkState, date | None]]],
) -> None:
    parts, shuffled = drawn
    assert aggregate(parts) == aggregate(shuffled)


@given(st.lists(part, min_size=1, max_size=6))
def test_a_task_is_done_exactly_when_every_live_part_is(parts: list[tuple[WorkState, date | None]]) -> None:
    live = {state for state, _ in parts} - {S.WITHDRAWN}
    state, _ = aggregate(parts)
    assert (state == S.DONE) == (live == {S.DONE})
    assert (state == S.WITHDRAWN) == (not live)


@given(st.lists(part, min_size=1, max_size=6), near_days)
def test_the_day_of_a_task_is_never_before_a_result_it_counts(
    parts: list[tuple[WorkState, date | None]], due: date
) -> None:
    state, result_on = aggregate(parts)
    if state in (S.DONE, S.AWAITING):
        given_on = [on for part_state, on in parts if part_state != S.WITHDRAWN]
        late = any(on is not None and on > due for on in given_on)
        assert (classify(state, due, result_on, due) in (T.DONE_LATE, T.OPEN_OVERDUE)) == late
