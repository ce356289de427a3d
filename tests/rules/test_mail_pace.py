"""The pace of mail to one domain: never more in a minute than asked for, nobody forgotten, everybody in turn."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.mail_pace import MINUTE, Pace, share

START = datetime(2022, 5, 5, 1, 0, tzinfo=UTC)
wishes = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 150)), min_size=1, max_size=20)


@given(wishes, st.integers(1, 60))
def test_no_minute_gets_more_than_its_share(wishes: list[tuple[int, int]], most: int) -> None:
    pace, now = Pace(START), START
    gone, turns = Counter[datetime](), Counter[datetime]()
    for seconds, wanted in wishes:
        now += timedelta(seconds=seconds)
        go, later, pace = share(pace, now, wanted, most)
        assert go + len(later) == wanted and all(turn > now for turn in later)
        assert later == sorted(later)
        gone[now.replace(second=0)] += go
        turns.update(later)
    assert max(gone.values()) <= most and max(turns.values(), default=0) <= most


@given(wishes, st.integers(1, 60))
def test_whoever_waits_has_his_turn_and_the_queue_empties(wishes: list[tuple[int, int]], most: int) -> None:
    pace, now, waiting, sent, total = Pace(START), START, list[datetime](), 0, sum(wanted for _, wanted in wishes)
    for _, wanted in wishes:
        go, later, pace = share(pace, now, wanted, most)
        sent, waiting = sent + go, waiting + later
    for _ in range(total // most + 2):
        now += MINUTE
        due = [turn for turn in waiting if turn <= now]
        waiting = [turn for turn in waiting if turn > now]
        go, later, pace = share(pace, now, len(due), most)
        assert go == len(due), "a turn given is a turn kept"
        sent, waiting = sent + go, waiting + later
    assert (sent, waiting) == (total, [])


@given(st.integers(0, 1000))
def test_no_limit_lets_everybody_go(wanted: int) -> None:
    assert share(Pace(START, sent=500), START, wanted, 0)[:2] == (wanted, [])


def test_a_domain_that_asked_for_a_rest_has_it() -> None:
    until = START + timedelta(minutes=15)
    resting = Pace(START, rests_until=until)
    for most in (0, 10):
        assert share(resting, START, 3, most) == (0, [until] * 3, resting)
        assert share(resting, until, 3, most)[0] == 3


def test_turns_missed_are_counted_anew() -> None:
    go, turns, pace = share(Pace(START), START, 50, 10)
    assert go == 10 and Counter(turns) == {START + MINUTE * n: 10 for n in range(1, 5)}
    go, again, _ = share(pace, START + MINUTE * 30, 40, 10)
    assert go == 10 and Counter(again) == {START + MINUTE * n: 10 for n in range(31, 34)}
