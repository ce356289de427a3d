"""Standing in: who is there, and which absence would leave nobody there."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.acting import Stay, closes_circle, overlapping, present

FIRST = date(2022, 5, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(6)]


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    person, acting = draw(st.lists(st.integers(1, 4), min_size=2, max_size=2, unique=True))
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    return Stay(person, acting, first, last)


def appointed(asked: list[Stay]) -> list[Stay]:
    """Those of the stays that would be written, one after the other."""
    kept: list[Stay] = []
    for new in asked:
        if overlapping(kept, new) is None and not closes_circle(kept, new):
            kept.append(new)
    return kept


def on(day: date, kept: list[Stay]) -> dict[int, int]:
    return {stay.person_id: stay.acting_id for stay in kept if stay.from_on <= day <= stay.until_on}


@given(st.lists(stays(), max_size=12))
def test_somebody_is_there_on_every_day(asked: list[Stay]) -> None:
    kept = appointed(asked)
    for day in DAYS:
        away = on(day, kept)
        assert {present(away, person) for person in away} & set(away) == set(), "whoever is asked is away too"
        assert len(away) == sum(stay.from_on <= day <= stay.until_on for stay in kept), "two stand in for one"


@given(st.lists(stays(), max_size=12), stays())
def test_only_what_closes_a_circle_is_refused(asked: list[Stay], new: Stay) -> None:
    kept = appointed(asked)
    closed = []
    for day in DAYS:
        here, away = new.acting_id, on(day, kept)
        while here in away and here != new.person_id:
            here = away[here]
        closed.append(here == new.person_id and new.from_on <= day <= new.until_on)
    assert closes_circle(kept, new) == any(closed)


def test_both_days_count_and_the_next_does_not() -> None:
    kept = [Stay(1, 2, DAYS[1], DAYS[2])]
    assert overlapping(kept, Stay(1, 3, DAYS[2], DAYS[4])) == kept[0]
    assert overlapping(kept, Stay(1, 3, DAYS[3], DAYS[4])) is None
    assert overlapping(kept, Stay(2, 3, DAYS[1], DAYS[2])) is None


def test_a_chain_leads_to_whoever_is_there() -> None:
    assert present({1: 2, 2: 3}, 1) == 3
    assert present({1: 2}, 2) == 2
