"""Reading what mail servers return: in every dress the standard allows, and through every kind of rubbish."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.messages.reports import report
from tracker.messages.bounces import read

NAME = "<reminder_digest.7.20220505010000.abcdef012345@baro.tinh.gov.vn>"


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_report_of_one_recipient(headers_only: bool) -> None:
    [found] = read(report(NAME, headers_only=headers_only))
    assert (found.message_id, found.addresses, found.action) == (NAME, frozenset({"lan@tinh.gov.vn"}), "failed")
    assert found.said == "5.1.1 smtp; 550 5.1.1 <lan@tinh.gov.vn>: User unknown"
    assert found.at == datetime(2022, 5, 5, 1, 0, 2, tzinfo=UTC)


def test_windows_line_ends_and_folded_fields_read_alike() -> None:
    folded = report(NAME, diagnostic="smtp; 550-5.1.1\n gone\n for good").replace(b"\n", b"\r\n")
    [found] = read(folded)
    assert found.said == "5.1.1 smtp; 550-5.1.1 gone for good" and found.message_id == NAME


def test_both_addresses_of_a_letter_that_was_forwarded() -> None:
    [found] = read(report(NAME, address="LAN@elsewhere.vn", original="lan@tinh.gov.vn"))
    assert found.addresses == {"lan@elsewhere.vn", "lan@tinh.gov.vn"}


def test_several_recipients_in_one_report() -> None:
    more = b"\n\nFinal-Recipient: rfc822; hai@tinh.gov.vn\nAction: delayed\nStatus: 4.4.1\n"
    raw = report(NAME).replace(b"User unknown\n", b"User unknown" + more, 1)
    assert [(sorted(one.addresses), one.action) for one in read(raw)] == [
        (["lan@tinh.gov.vn"], "failed"), (["hai@tinh.gov.vn"], "delayed"),
    ]  # fmt: skip


def test_a_report_in_base64_is_read_too() -> None:
    from_exchange = report(NAME).replace(
        b"Content-Type: message/delivery-status\n",
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n",
    )
    start = from_exchange.index(b"Reporting-MTA")
    end = from_exchange.index(b"\n--9B", start)
    raw = from_exchange[:start] + base64.encodebytes(from_exchange[start:end]) + from_exchange[end:]
    [found] = read(raw)
    assert found.action == "failed" and found.addresses == {"lan@tinh.gov.vn"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"Subject: hello\n\nbody", report(""), report("no-brackets@x"), report(NAME, address=""),
     report(NAME, action="exploded"), report("<" + "x" * 600 + "@a.vn>"), report(NAME).replace(b"delivery-status", b"plain")],
)  # fmt: skip
def test_what_is_no_report_says_nothing(raw: bytes) -> None:
    assert read(raw) == []


@pytest.mark.parametrize(
    "part", [b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"]
)
def test_parts_within_parts_without_end_stop_nobody(part: bytes) -> None:
    """One such letter in the Maildir would keep every later one unread: nobody could be told that an address is dead."""
    assert read(b"Subject: x\n" + part * 5000) == []


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 1500), st.integers(0, 400))
def test_no_rubbish_makes_it_fall(rubbish: bytes, at: int, gone: int) -> None:
    raw = report(NAME)
    for found in read(raw[:at] + rubbish + raw[at + gone :]):
        assert found.addresses and found.said.isprintable() and len(found.said) <= 500


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_whatever_a_server_says_stays_in_its_line(said: str) -> None:
    raw = report(NAME, diagnostic="smtp; 550 " + " ".join(said.encode("utf-8", "ignore").decode().split()))
    [found] = read(raw)
    assert found.said.isprintable() and found.said.startswith("5.1.1 smtp; 550")
