"""What a mail server refuses is told apart: the address, the letter, the moment, the pace, and us."""

from datetime import timedelta

import pytest

from tests.messages.letters import HAI, LAN, WORDS, envelope, send, settings
from tests.smtp_sink import SmtpSink
from tracker.messages.email import connected
from tracker.messages.transport import NeedsPerson, NeverDeliverable, TryLater, Unreachable

REST = timedelta(minutes=15)


@pytest.mark.parametrize(
    "reply", ["550 5.1.1 No such mailbox", "551 not here", "550 5.2.1 Disabled", "553 no", "550 5.4.1 Denied"]
)
def test_an_address_that_takes_nothing(smtp: SmtpSink, reply: str) -> None:
    smtp.refuse(LAN, reply)
    with pytest.raises(NeverDeliverable, match=reply) as refused:
        send(smtp)
    assert refused.value.address_fault


@pytest.mark.parametrize(
    "reply",
    ["550 5.7.1 Policy", "554 no", "552 5.3.4 Too big", "550 relaying denied", "550 blocked as spam", "554 5.7.26 SPF"],
)
def test_a_letter_that_is_not_wanted_is_no_fault_of_the_address(smtp: SmtpSink, reply: str) -> None:
    smtp.refuse(LAN, reply)
    with pytest.raises(NeverDeliverable, match=reply) as refused:
        send(smtp)
    assert not refused.value.address_fault


@pytest.mark.parametrize(
    ("reply", "after"),
    [("452 4.2.2 Full", None), ("552 5.2.2 Full", None), ("450 greylisted", None), ("451 4.7.1 Slow", REST),
     ("450 4.7.28 Unusual rate", REST), ("452 Too many recipients", REST), ("421 4.7.0 Rate limited", REST),
     ("421 4.3.2 Closing", None)],
)  # fmt: skip
def test_what_may_be_tried_again(smtp: SmtpSink, reply: str, after: timedelta | None) -> None:
    smtp.refuse(LAN, reply)
    with pytest.raises(TryLater, match=reply) as refused:
        send(smtp)
    assert refused.value.after == after


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("554 5.7.1 Spam", False),
        ("550 5.1.1 Unknown", True),
        ("552 too big", False),
        ("554 no", False),
        ("550 no", False),
    ],
)
def test_a_letter_refused_after_it_was_read(smtp: SmtpSink, reply: str, fault: bool) -> None:
    smtp.answer_mail_with(reply)
    with pytest.raises(NeverDeliverable, match=reply) as refused:
        send(smtp)
    assert refused.value.address_fault is fault


def test_a_letter_put_off_after_it_was_read(smtp: SmtpSink) -> None:
    smtp.answer_mail_with("451 4.3.0 Later")
    with pytest.raises(TryLater, match=r"451 4\.3\.0 Later"):
        send(smtp)


@pytest.mark.parametrize("reply", ["553 5.1.8 Sender address rejected: Domain not found", "550 5.1.7 Bad sender"])
def test_a_sender_refused_at_rcpt_marks_no_address(smtp: SmtpSink, reply: str) -> None:
    """Postfix says so at RCPT: taken for the address, it would bury every contact of the province."""
    smtp.refuse(LAN, reply)
    with pytest.raises(NeedsPerson, match=f"mail_sender: {reply}"):
        send(smtp)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("530 5.7.0 Authentication required", NeedsPerson),
        ("550 5.1.8 who are you", NeedsPerson),
        ("451 4.3.0 Later", Unreachable),
    ],
)
def test_a_refused_sender_stops_everybody_and_blames_nobody(smtp: SmtpSink, reply: str, error: type[Exception]) -> None:
    smtp.answer_sender_with(reply)
    with pytest.raises(error, match=reply):
        send(smtp)


def test_a_letter_too_large_says_so_before_it_is_carried() -> None:
    small = SmtpSink(data_size_limit=2000)
    small.come_back()
    try:
        with pytest.raises(NeverDeliverable, match=r"^552") as refused:
            send(small)
    finally:
        small.go_down()
    assert not refused.value.address_fault


def test_a_refusal_leaves_the_connection_good_for_the_next(smtp: SmtpSink) -> None:
    smtp.refuse(LAN)
    with connected(settings(smtp.port)) as server:
        with pytest.raises(NeverDeliverable):
            server.send(envelope(1), WORDS)
        server.send(envelope(2, HAI), WORDS)
    assert len(smtp.received) == 1 and smtp.connections == 1
