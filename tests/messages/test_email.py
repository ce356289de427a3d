"""The letter we write by hand reads as the standard says, and a server's refusals are told apart."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.smtp_sink import SmtpSink, free_port
from tracker.messages.email import connected
from tracker.messages.transport import Envelope, NeverDeliverable, TryLater, Unreachable, Words

WORDS = Words(
    "Nhắc việc 05/05/2022: 12 việc quá hạn, 3 việc sắp đến hạn của Ủy ban nhân dân tỉnh " + "đ" * 80,
    "Kính gửi anh,\n.\n..dòng bắt đầu bằng chấm\n" + "Đẩy nhanh " * 200 + "\n",
    '<p title="x">Kính gửi ▲</p>',
)
AT = datetime(2022, 5, 5, 1, 0, tzinfo=UTC)


def settings(port: int, **more: Any) -> dict[str, Any]:
    return {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_SECURITY": "none", "SMTP_USER": "", "SMTP_PASSWORD": "",
        "SMTP_FROM": "Ba Rõ <baro@tinh.gov.vn>", "BASE_URL": "https://baro.tinh.gov.vn", **more,
    }  # fmt: skip


def send(smtp: SmtpSink, address: str = "lan@tinh.gov.vn", words: Words = WORDS) -> str:
    with connected(settings(smtp.port)) as server:
        return server.send(Envelope(address, "reminder_digest.7.20220505010000", AT), words)


def test_what_arrives_is_what_was_written(smtp: SmtpSink) -> None:
    message_id = send(smtp)
    [mail] = smtp.received
    assert mail.message["Subject"] == WORDS.subject
    assert mail.body().splitlines() == WORDS.text.splitlines() and mail.body("html") == WORDS.html
    assert str(mail.message["From"]) == "Ba Rõ <baro@tinh.gov.vn>" and mail.sender == "baro@tinh.gov.vn"
    assert mail.message["To"] == "lan@tinh.gov.vn" and mail.recipients == ("lan@tinh.gov.vn",)
    assert mail.message["Date"].datetime == AT
    assert message_id == mail.message["Message-ID"] == "<reminder_digest.7.20220505010000@baro.tinh.gov.vn>"
    assert mail.message["List-Id"] == "Nhac viec <nhac-viec.baro.tinh.gov.vn>"
    assert mail.message.get_content_type() == "multipart/alternative" and not mail.message.defects
    assert max(len(line) for line in mail.message.as_bytes().splitlines()) <= 78


def test_a_subject_cannot_smuggle_a_header(smtp: SmtpSink) -> None:
    send(smtp, words=Words("Chào\r\nBcc: x@y.vn", "a", "b"))
    send(smtp, words=Words("Hello\r\nBcc: x@y.vn", "a", "b"))
    assert [mail.message["Bcc"] for mail in smtp.received] == [None, None]


@pytest.mark.parametrize("address", ["", "không phải", "a b@c.vn", "x@y.vn\r\nRCPT TO:<z@y.vn>", "<a@b.vn>, c@d.vn"])
def test_what_is_no_address_is_never_tried(smtp: SmtpSink, address: str) -> None:
    with pytest.raises(NeverDeliverable):
        send(smtp, address)
    assert smtp.received == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [("550 5.1.1 No such mailbox", NeverDeliverable), ("452 4.2.2 Full", TryLater), ("421 4.3.2 Closing", Unreachable)],
)
def test_refusals_of_an_address(smtp: SmtpSink, reply: str, error: type[Exception]) -> None:
    smtp.refuse("lan@tinh.gov.vn", reply)
    with pytest.raises(error, match=reply):
        send(smtp)


@pytest.mark.parametrize(("reply", "error"), [("554 5.7.1 Spam", NeverDeliverable), ("451 4.3.0 Later", TryLater)])
def test_refusals_of_a_letter(smtp: SmtpSink, reply: str, error: type[Exception]) -> None:
    smtp.answer_mail_with(reply)
    with pytest.raises(error, match=reply):
        send(smtp)


def test_a_refusal_leaves_the_connection_good_for_the_next(smtp: SmtpSink) -> None:
    smtp.refuse("lan@tinh.gov.vn")
    with connected(settings(smtp.port)) as server:
        with pytest.raises(NeverDeliverable):
            server.send(Envelope("lan@tinh.gov.vn", "a.1", AT), WORDS)
        server.send(Envelope("hai@tinh.gov.vn", "a.2", AT), WORDS)
    assert len(smtp.received) == 1


def test_nobody_listens() -> None:
    with pytest.raises(Unreachable), connected(settings(free_port())):
        pass


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(smtp: SmtpSink) -> None:
    for security in ("starttls", "tls"):
        with pytest.raises(Unreachable), connected(settings(smtp.port, SMTP_SECURITY=security)):
            pass
    assert smtp.received == []


def test_the_server_goes_away_between_two_letters(smtp: SmtpSink) -> None:
    with connected(settings(smtp.port)) as server:
        server.send(Envelope("lan@tinh.gov.vn", "a.1", AT), WORDS)
        smtp.go_down()
        with pytest.raises(Unreachable):
            server.send(Envelope("lan@tinh.gov.vn", "a.2", AT), WORDS)
        smtp.come_back()
