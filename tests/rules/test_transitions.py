"""The table of transitions: the law of the workflow."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.timeliness import WorkState
from tracker.rules.transitions import TRANSITIONS, allowed, drawn, transition


def test_each_verb_stands_once() -> None:
    verbs = [change.verb for change in TRANSITIONS]
    assert len(verbs) == len(set(verbs))


def test_every_state_is_reached_and_left() -> None:
    reached = {change.target for change in TRANSITIONS} | {WorkState.NOT_STARTED}
    left = {source for change in TRANSITIONS for source in change.sources}
    assert reached == left == set(WorkState)


def test_only_the_office_makes_anything_done() -> None:
    assert [(change.verb, change.who) for change in TRANSITIONS if change.target is WorkState.DONE] == [
        ("confirm", "office")
    ]


def test_nothing_becomes_done_without_a_result_given_first() -> None:
    assert transition("confirm").sources == (WorkState.AWAITING,)


@given(st.sampled_from(TRANSITIONS), st.sampled_from(WorkState))
def test_the_drawing_shows_exactly_what_is_allowed(change: object, state: WorkState) -> None:
    verb = change.verb  # type: ignore[attr-defined]
    names = {state.value: state.value for state in WorkState}
    lines = drawn(names, {change.verb: f"<{change.verb}>" for change in TRANSITIONS})
    arrows = [line for line in lines if f"<{verb}>" in line and line.strip().startswith(f"{state.value} -->")]
    assert bool(arrows) == allowed(verb, state)
