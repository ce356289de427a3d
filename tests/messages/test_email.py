"""The letter we write by hand reads as the standard says, whatever stands in names and subjects."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.messages import letters
from tests.messages.letters import AT, LAN, WORDS, envelope, send
from tests.smtp_sink import SmtpSink
from tracker.messages import mime
from tracker.messages.email import connected
from tracker.messages.transport import Attachment, Envelope, NeverDeliverable, Words


def test_what_arrives_is_what_was_written(smtp: SmtpSink) -> None:
    message_id = send(smtp)
    [mail] = smtp.received
    assert mail.message["Subject"] == WORDS.subject
    assert mail.body().splitlines() == WORDS.text.splitlines() and mail.body("html") == WORDS.html
    assert str(mail.message["From"]) == "Ba Rõ <baro@tinh.gov.vn>" and mail.sender == "baro@tinh.gov.vn"
    assert mail.message["To"] == LAN and mail.recipients == (LAN,)
    assert mail.message["Date"].datetime == AT
    assert message_id == mail.message["Message-ID"]
    assert message_id.startswith("<reminder_digest.1.20220505010000.") and message_id.endswith("@baro.tinh.gov.vn>")
    assert mail.message["List-Id"] == "Nhac viec <nhac-viec.baro.tinh.gov.vn>"
    assert mail.message["List-Unsubscribe"] is None
    assert mail.message.get_content_type() == "multipart/alternative" and not mail.message.defects
    assert max(len(line) for line in mail.message.as_bytes().splitlines()) <= 78


def test_a_repeat_has_the_same_name_and_nobody_else_can_guess_it(smtp: SmtpSink) -> None:
    first, again = send(smtp), send(smtp)
    with connected(letters.settings(smtp.port, SECRET_KEY="another" * 8)) as server:
        elsewhere = server.send(envelope(), WORDS)
        other = server.send(envelope(2), WORDS)
    assert first == again and len({first, elsewhere, other}) == 3


def test_bounces_go_where_they_are_read(smtp: SmtpSink) -> None:
    with connected(letters.settings(smtp.port, SMTP_BOUNCES="tra-ve@tinh.gov.vn")) as server:
        server.send(envelope(), WORDS)
    [mail] = smtp.received
    assert mail.sender == "tra-ve@tinh.gov.vn" and str(mail.message["From"]) == "Ba Rõ <baro@tinh.gov.vn>"


def test_one_press_to_unsubscribe(smtp: SmtpSink) -> None:
    send(smtp, unsubscribe="https://baro.tinh.gov.vn/thoi-nhan/abc.def-1?x=1&y=%C4%91\r\nBcc: <x@y.vn>")
    [mail] = smtp.received
    assert str(mail.message["List-Unsubscribe"]) == (
        "<https://baro.tinh.gov.vn/thoi-nhan/abc.def-1?x=1&y=%C4%91Bcc:x@y.vn>"
    )
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and mail.message["Bcc"] is None


def test_what_is_enclosed_arrives_whole_under_its_name(smtp: SmtpSink) -> None:
    calendar = Attachment("han.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:VCALENDAR\r\nđ".encode())
    table = Attachment('Việc "quá hạn"\r\nX: 1 ' + "dài" * 50 + ".pdf", "application/pdf", bytes(range(256)) * 9)
    send(smtp, words=Words("Có tệp", "chữ", "<p>chữ</p>", (calendar, table)))
    [mail] = smtp.received
    assert mail.message.get_content_type() == "multipart/mixed" and not mail.message.defects
    assert mail.body() == "chữ" and mail.body("html") == "<p>chữ</p>"
    first, second = list(mail.message.iter_attachments())
    assert isinstance(first, EmailMessage) and isinstance(second, EmailMessage)
    assert (first.get_filename(), first.get_content_type(), first["Content-Type"].params["method"]) == (
        "han.ics", "text/calendar", "PUBLISH",
    )  # fmt: skip
    assert first.get_payload(decode=True) == calendar.content and second.get_payload(decode=True) == table.content
    assert second.get_filename() == 'Việc "quá hạn" X: 1 ' + "dài" * 50 + ".pdf" and mail.message["X"] is None


@pytest.mark.parametrize("subject", ["Chào\r\nBcc: x@y.vn", "Hello\nBcc: x@y.vn", "a\x0b\x0c\x1c\u2028\x85Bcc: x@y.vn"])
def test_a_subject_cannot_smuggle_a_header(smtp: SmtpSink, subject: str) -> None:
    send(smtp, words=Words(subject, "a", "b"))
    [mail] = smtp.received
    assert mail.message["Bcc"] is None and mail.message["Subject"].endswith(" Bcc: x@y.vn")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2000).filter(lambda text: not any("\ud800" <= mark <= "\udfff" for mark in text)))
def test_any_subject_stays_in_its_line(subject: str) -> None:
    written = mime.letter("a@b.vn", LAN, "h.vn", "<1@h.vn>", Envelope(LAN, "1", AT), Words(subject, "x", "y"))
    head = written.partition("\n\n")[0]
    names = [line.partition(":")[0] for line in head.splitlines() if not line.startswith((" ", "\t"))]
    assert names == [
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "List-Id", "Auto-Submitted"
    ]  # fmt: skip
    assert max(map(len, head.partition("Subject:")[2].partition("From:")[0].splitlines())) <= 78


@pytest.mark.parametrize(
    "address",
    ["", "không phải", "a b@c.vn", "x@y.vn\r\nRCPT TO:<z@y.vn>", "<a@b.vn>, c@d.vn", '"a b"@c.vn', "a@b@c.vn", "a@", "@c.vn",
     "a@c..vn", "a@.c.vn", "đỗ@c.vn", "a\x00@c.vn", "x" * 65 + "@c.vn", "a@" + "c" * 64 + ".vn", "a@" + "c." * 130 + "vn",
     "a@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_never_tried(smtp: SmtpSink, address: str) -> None:
    with pytest.raises(NeverDeliverable, match="no_address"):
        send(smtp, address)
    assert smtp.received == []


def test_a_domain_in_vietnamese_goes_by_its_name_in_the_dns(smtp: SmtpSink) -> None:
    send(smtp, "lan@tỉnh.vn")
    [mail] = smtp.received
    assert mail.recipients == ("lan@xn--tnh-dlz.vn",)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[a-z.'+]{1,20}@[a-z.]{1,30}", fullmatch=True))
def test_no_text_becomes_a_second_command(text: str) -> None:
    try:
        taken = mime.mailbox(text)
    except NeverDeliverable:
        return
    assert taken.isascii() and taken.isprintable() and not set(taken) & set(' <>(),;:"\\') and taken.count("@") == 1
