"""What refusals mean: as the registers of codes say, and as servers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.mail_status import Refusal, Stage, Status, dead_for_good, refusal, status

texts = st.text(max_size=300)
stages = st.sampled_from(Stage)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5.1.1 <x>: Recipient address rejected", Status(5, 1, 1)), ("550-5.7.26 a\n550 5.7.26 b", Status(5, 7, 26)),
     ("no such user", None), ("from 4.5.6.7 refused", None), ("version 5.10", None), ("15.1.1 5.1", None), ("", None),
     ("smtp; 550 5.1.1 gone", Status(5, 1, 1))],
)  # fmt: skip
def test_the_status_in_a_text(text: str, expected: Status | None) -> None:
    assert status(text) == expected


@pytest.mark.parametrize(
    ("said", "dead"),
    [("5.1.1 smtp; 550 5.1.1 User unknown", True), ("5.2.1 disabled", True), ("5.0.0 smtp; 550 User unknown", True),
     ("5.4.4 Name service error: Host not found", True), ("5.1.10 null MX", True), ("5.2.2 smtp; 552 Mailbox full", False),
     ("4.4.7 smtp; 451 expired", False), ("5.4.7 expired", False), ("5.7.1 smtp; 550 spam", False),
     ("5.0.0 smtp; 554 no", False), ("5.0.0 smtp; 550 blocked by policy", False), ("5.3.4 too big", False), ("", False),
     ("5.1.8 bad sender", False)],
)  # fmt: skip
def test_what_comes_back_says_whether_the_address_is_gone(said: str, dead: bool) -> None:
    assert dead_for_good(said) is dead


@given(st.integers(400, 599), texts, stages)
def test_every_answer_has_a_meaning(code: int, text: str, stage: Stage) -> None:
    found = refusal(code, text, stage)
    if code < 500:
        assert found in {Refusal.LATER, Refusal.TOO_FAST, Refusal.US}, "what may pass never condemns"
    if stage is Stage.SENDER:
        assert found in {Refusal.US, Refusal.LETTER}, "of the sender's address no recipient is guilty"


@given(st.integers(500, 599), st.integers(0, 50), stages, texts)
def test_policy_never_condemns_an_address(code: int, detail: int, stage: Stage, text: str) -> None:
    assert refusal(code, f"5.7.{detail} {text}", stage) is not Refusal.ADDRESS
    assert not dead_for_good(f"5.7.{detail} {text}")


@given(texts)
def test_a_returned_letter_is_read_without_a_fall(text: str) -> None:
    if dead_for_good(text):
        found = status(text)
        assert found is not None and found.kind == 5


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), stages)
def test_the_address_of_a_machine_is_no_status(a: int, b: int, c: int, d: int, stage: Stage) -> None:
    assert status(f"[{a}.{b}.{c}.{d}]") is None
    assert refusal(550, f"blocked [{a}.{b}.{c}.{d}]", stage) is not Refusal.ADDRESS
