import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.clarity import has_clear_time, has_clear_work, six_clear, three_clear


def test_the_three_and_the_six() -> None:
    three = three_clear(has_person=True, has_work=True, has_time=False)
    assert (three.score, three.of, three.missing, three.is_clear) == (2, 3, ("time",), False)
    six = six_clear(person=False, work=True, time=True, responsibility=False, product=True, authority=False)
    assert (six.score, six.of, six.missing) == (3, 6, ("person", "responsibility", "authority"))
    assert three_clear(True, True, True).is_clear


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_every_gap_is_named_once_and_lowers_the_score_by_one(clear: list[bool]) -> None:
    six = six_clear(*clear)
    codes = ("person", "work", "time", "responsibility", "product", "authority")
    assert six.missing == tuple(code for code, is_clear in zip(codes, clear, strict=True) if not is_clear)
    assert six.score == sum(clear)
    assert three_clear(*clear[:3]).missing == tuple(code for code in six.missing if code in codes[:3])


@pytest.mark.parametrize(
    ("deliverable", "kind", "expected"),
    [
        ("Đề án", "solution", True),
        (None, "task", True),
        (None, "standing_duty", True),
        (None, "solution", False),
        (" ", "solution", False),
    ],
)
def test_work_is_clear_when_its_end_can_be_told(deliverable: str | None, kind: str, expected: bool) -> None:
    assert has_clear_work(deliverable, kind) is expected


@pytest.mark.parametrize(
    ("precision", "has_date", "recurrence", "expected"),
    [
        ("year", True, None, True),
        ("recurring", False, "FREQ=YEARLY", True),
        ("recurring", False, None, False),
        ("standing", False, None, True),
        ("relative", False, None, False),
        ("none", False, None, False),
    ],
)
def test_time_is_clear_with_a_date_an_interval_or_a_standing_duty(
    precision: str, has_date: bool, recurrence: str | None, expected: bool
) -> None:
    assert has_clear_time(precision, has_date, recurrence) is expected
