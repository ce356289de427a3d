"""Which plans can stand, and what becomes of one assignment: law and arithmetic, no database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.reorganisation import (
    DISSOLVE,
    KINDS,
    LEFT,
    MERGE,
    MERGED,
    MOVED,
    RENAME,
    SPLIT,
    TRANSFER,
    Body,
    Owed,
    Part,
    faults,
    kind_of,
    outcome,
    suggested,
)
from tracker.rules.timeliness import CLOSED, WorkState
from tracker.rules.transitions import allowed

DAY = date(2025, 3, 1)
A, B, C, NEW, NEWER, LATE, GONE = range(1, 8)
BODIES = {
    A: Body(None, None), B: Body(None, None), C: Body(None, None), NEW: Body(DAY, None), NEWER: Body(DAY, None),
    LATE: Body(date(2026, 1, 1), None), GONE: Body(None, date(2024, 1, 1)),
}  # fmt: skip
owed = st.builds(
    Owed, st.sampled_from([state.value for state in WorkState]), st.sampled_from([None, date(2025, 6, 30)]),
    st.sampled_from([None, date(2025, 6, 30), date(2025, 7, 1)]), st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [
        (MERGE, [(A, NEW), (B, NEW)]), (MERGE, [(A, B)]), (MERGE, [(A, C), (B, C)]), (RENAME, [(A, NEW)]),
        (SPLIT, [(A, B), (A, NEW)]), (DISSOLVE, [(A, None)]), (DISSOLVE, [(A, C), (A, NEW), (B, C), (B, NEW)]),
        (TRANSFER, [(A, B)]), (TRANSFER, [(A, NEW)]),
    ],
)  # fmt: skip
def test_plans_that_stand(kind: str, pairs: list[tuple[int, int | None]]) -> None:
    assert faults(kind, [Part(*pair) for pair in pairs], BODIES, DAY) == []


@pytest.mark.parametrize(
    ("kind", "pairs", "codes"),
    [
        (MERGE, [], ["nobody"]),
        (MERGE, [(A, A)], ["itself"]),
        (MERGE, [(A, B), (A, B)], ["twice"]),
        (MERGE, [(A, NEW)], ["merge"]),
        (MERGE, [(A, B), (C, NEW)], ["merge"]),
        (MERGE, [(A, B), (B, C)], ["both_sides", "merge"]),
        (RENAME, [(A, B)], ["rename_into"]),
        (RENAME, [(A, NEW), (B, NEW)], ["rename"]),
        (SPLIT, [(A, B)], ["split"]),
        (SPLIT, [(A, C), (A, NEW), (B, C), (B, NEW)], ["split"]),
        (TRANSFER, [(A, None)], ["transfer"]),
        ("nonsense", [(A, B)], ["kind"]),
        (MERGE, [(LATE, B), (A, B)], ["not_begun"]),
        (MERGE, [(GONE, B)], ["ended"]),
        (SPLIT, [(A, LATE), (A, GONE)], ["heir_not_begun", "heir_ended"]),
    ],
)
def test_plans_that_do_not_stand(kind: str, pairs: list[tuple[int, int | None]], codes: list[str]) -> None:
    assert [fault.code for fault in faults(kind, [Part(*pair) for pair in pairs], BODIES, DAY)] == codes


def test_work_does_not_come_back_to_where_it_was() -> None:
    assert [f.code for f in faults(MERGE, [Part(A, B)], BODIES, DAY, [(B, C), (C, A)])] == ["circle"]
    assert faults(MERGE, [Part(A, B)], BODIES, DAY, [(B, C)]) == []


def test_an_ended_body_gives_away_what_it_still_holds() -> None:
    holding = {**BODIES, GONE: Body(None, date(2024, 1, 1), has_open_work=True)}
    assert faults(MERGE, [Part(GONE, B)], holding, DAY) == []
    assert [f.code for f in faults(TRANSFER, [Part(GONE, B)], holding, DAY)] == ["ended"]


@given(owed, st.booleans(), st.none() | owed)
def test_nothing_is_lost(mine: Owed, goes: bool, twin: Owed | None) -> None:
    what = outcome(mine, goes, twin)
    assert (what == LEFT) == (mine.state in CLOSED or not goes)
    if what == MERGED:
        assert twin is not None and twin.state not in CLOSED and not mine.pending
        assert (mine.due_on, mine.effective_on) == (twin.due_on, twin.effective_on)
        assert allowed("merge", mine.state)


def test_the_same_order_with_the_same_dates_becomes_one() -> None:
    mine = Owed("in_progress", DAY, DAY)
    assert outcome(mine, True, Owed("returned", DAY, DAY)) == MERGED
    assert outcome(mine, True, Owed("returned", DAY, date(2025, 3, 3))) == MOVED
    assert outcome(mine, True, Owed("done", DAY, DAY)) == MOVED
    assert outcome(Owed("awaiting_confirmation", DAY, DAY), True, Owed("returned", DAY, DAY)) == MOVED
    assert outcome(Owed("in_progress", DAY, DAY, pending=True), True, Owed("returned", DAY, DAY)) == MOVED


def test_words_of_the_order_suggest_who_takes_it() -> None:
    parts = [Part(A, B, "chuyển đổi số, viễn thông"), Part(A, C, "báo chí, xuất bản")]
    assert suggested("Đẩy mạnh thông tin trên BÁO CHÍ và mạng xã hội", parts) == C
    assert suggested("Phủ sóng viễn thông", parts) == B
    assert suggested("Bố trí kinh phí", parts) == B
    assert suggested("Bố trí kinh phí", parts, stays=True) is None
    assert suggested("Cải cách hành chính", [Part(A, B, "báo, ,")]) == B
    assert suggested("Bất kỳ", []) is None


@pytest.mark.parametrize(
    ("pairs", "kind"),
    [
        ([(A, NEW)], RENAME), ([(A, B)], MERGE), ([(A, NEW), (B, NEW)], MERGE), ([(A, B), (A, NEW)], SPLIT),
        ([(A, C), (A, NEW), (B, C), (B, NEW)], DISSOLVE), ([(A, None)], DISSOLVE),
    ],
)  # fmt: skip
def test_what_it_is_called(pairs: list[tuple[int, int | None]], kind: str) -> None:
    ended = (
        {**BODIES, A: Body(None, DAY), B: Body(None, DAY)}
        if kind != MERGE or len(pairs) > 1
        else {**BODIES, A: Body(None, DAY)}
    )
    parts = [Part(*pair) for pair in pairs]
    assert kind_of(parts, ended, DAY) == kind
    assert kind_of([Part(C, B)], BODIES, DAY) == TRANSFER
    assert kind in KINDS
