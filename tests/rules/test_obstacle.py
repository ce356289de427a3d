"""The table of an obstacle's steps, and the clock of whoever must answer."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import calendars, near_days
from tracker.rules.obstacle import RAISE, STEPS, Level, State, after, allowed, answer_due, drawn, settles_from, step
from tracker.rules.workdays import WorkCalendar

levels, states = st.sampled_from(Level), st.sampled_from(State)
verbs = st.sampled_from([taken.verb for taken in STEPS])
PLAIN = {code: code for code in [*Level, *State, RAISE, *(taken.verb for taken in STEPS)]}
TET_2023 = WorkCalendar({date(2023, 1, day): False for day in range(20, 27)})


def test_each_verb_stands_once() -> None:
    named = [taken.verb for taken in STEPS]
    assert len(named) == len(set(named))


@given(verbs, levels)
def test_nothing_is_done_to_what_is_closed(verb: str, level: Level) -> None:
    assert not allowed(verb, level, State.CLOSED)


@given(levels, st.lists(verbs, max_size=12))
def test_an_obstacle_never_goes_down_and_waits_or_has_an_answer_until_closed(level: Level, tried: list[str]) -> None:
    order = list(Level)
    here, state = after(RAISE, level)
    for verb in tried:
        if allowed(verb, here, state):
            before, (here, state) = here, after(verb, here)
            assert order.index(here) >= order.index(before)
            assert (state is State.CLOSED) == (verb in {"close", "settle", "lapse"})


@given(levels, states)
def test_somebody_can_always_go_on_unless_it_is_closed(level: Level, state: State) -> None:
    possible = {taken.who for taken in STEPS if allowed(taken.verb, level, state)}
    assert possible == (set() if state is State.CLOSED else {"agency", "level", "system"})


@given(levels)
def test_only_a_level_that_waits_answers(level: Level) -> None:
    answers = {taken.verb for taken in STEPS if taken.is_answer}
    assert answers == {"answer", "escalate", "decide"}
    assert not any(allowed(verb, level, State.ANSWERED) for verb in answers)
    assert allowed("decide", level, State.WAITING) == (level is Level.PROVINCE)
    assert allowed("escalate", level, State.WAITING) == (level is Level.STANDING_BODY)


@given(verbs, levels, states)
def test_the_drawing_shows_exactly_what_is_allowed(verb: str, level: Level, state: State) -> None:
    place = f"{level.value}_{state.value}"
    arrows = [line for line in drawn(PLAIN, PLAIN, PLAIN) if line.strip().startswith(f"{place} -->")]
    shown = any(verb in line.split(": ", 1)[1].split(" · ") for line in arrows)
    assert shown == (state is not State.CLOSED and allowed(verb, level, state))


def test_raising_is_drawn_to_both_levels() -> None:
    starts = [line.strip() for line in drawn(PLAIN, PLAIN, PLAIN) if "[*] -->" in line]
    assert starts == ["[*] --> standing_body_waiting: raise", "[*] --> province_waiting: raise"]


@given(near_days, st.integers(1, 20), calendars)
def test_a_level_has_its_working_days_after_the_day_it_received_it(
    day: date, days: int, calendar: WorkCalendar
) -> None:
    due = answer_due(day, days, calendar)
    between = [day + timedelta(n) for n in range(1, (due - day).days + 1)]
    assert sum(map(calendar.is_working, between)) == days and calendar.is_working(due)


@given(near_days, st.integers(1, 20), calendars)
def test_a_level_settles_only_after_the_agency_had_as_long(day: date, days: int, calendar: WorkCalendar) -> None:
    first = settles_from(day, days, calendar)
    assert first > answer_due(day, days, calendar) and calendar.is_working(first)


def test_the_clock_stands_still_over_tet() -> None:
    assert answer_due(date(2023, 1, 18), 5, TET_2023) == date(2023, 2, 1)
    assert answer_due(date(2023, 1, 22), 1, TET_2023) == date(2023, 1, 27)


def test_escalating_moves_up_and_the_rest_stay() -> None:
    assert {taken.verb for taken in STEPS if taken.rises_to} == {"escalate"}
    assert after("escalate", Level.STANDING_BODY) == (Level.PROVINCE, State.WAITING)
    assert step("ask_again").target is State.WAITING
