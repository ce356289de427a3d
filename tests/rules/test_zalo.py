"""What Zalo's protocol fixes: numbers, lengths, identities, signatures, and how long to wait."""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import zalo
from tracker.rules.zalo import FATES, Fate

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
MOBILE = st.builds("".join, st.tuples(st.sampled_from("35789"), st.text("0123456789", min_size=8, max_size=8)))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200)


@given(
    MOBILE, st.sampled_from(["0", "84", "+84", "0084", "+84 0", "84 (0)"]), st.integers(0, 8), st.sampled_from(" .-")
)
def test_every_way_of_writing_a_number_is_one(digits: str, prefix: str, at: int, mark: str) -> None:
    assert zalo.phone(f" {prefix}{digits[:at]}{mark}{digits[at:]} ") == f"84{digits}"


@pytest.mark.parametrize(
    "text",
    ["", "0", "84", "+84", "098765432", "09876543210", "0287654321", "02438123456", "84123456789", "+1987654321",
     "０９８７６５４３２１", "0987654321x", "0987\x00654321", "987654321", "9" * 400],
)  # fmt: skip
def test_what_is_no_vietnamese_mobile_number_is_refused(text: str) -> None:
    assert zalo.phone(text) is None


@given(WORDS)
def test_a_number_is_84_and_nine_digits_or_nothing(text: str) -> None:
    found = zalo.phone(text)
    assert found is None or (len(found) == 11 and found.startswith("84") and found.isascii() and found.isdigit())


@given(WORDS, st.integers(1, 100))
def test_cut_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    found = zalo.cut(text, limit)
    assert len(found) <= limit and unicodedata.is_normalized("NFC", found)
    assert found == whole or (found.endswith("…") and whole.startswith(found[:-1]))
    assert (found == whole) == (len(whole) <= limit)


@given(WORDS, st.integers(1, 100))
def test_composed_and_decomposed_letters_are_cut_alike(text: str, limit: int) -> None:
    assert zalo.cut(unicodedata.normalize("NFD", text), limit) == zalo.cut(unicodedata.normalize("NFC", text), limit)


@pytest.mark.parametrize(
    ("limit", "said"),
    [(40, "Xây dựng nền tảng tích hợp"), (26, "Xây dựng nền tảng tích hợp"), (25, "Xây dựng nền tảng tích…"),
     (23, "Xây dựng nền tảng tích…"), (22, "Xây dựng nền tảng…"), (3, "Xâ…"), (4, "Xây…"), (1, "…")],
)  # fmt: skip
def test_text_is_cut_at_a_word(limit: int, said: str) -> None:
    assert zalo.cut("Xây dựng nền tảng tích hợp", limit) == said


IDENTITY = st.from_regex(r"\A[a-z_]{1,30}\.[0-9]{1,12}\.[0-9]{14}\Z") | WORDS


@given(IDENTITY, IDENTITY)
def test_tracking_ids_fit_and_tell_messages_apart(one: str, other: str) -> None:
    found = zalo.tracking_id(one)
    assert 1 <= len(found) <= 48 and found.isascii() and found == zalo.tracking_id(one)
    assert (found == zalo.tracking_id(other)) == (one == other)
    assert zalo.tracking_id(found) == found or found.startswith("h-")


def test_identity_of_a_message_is_its_tracking_id() -> None:
    assert zalo.tracking_id("reminder_digest.123.20231115013000") == "reminder_digest.123.20231115013000"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("code", "now", "until"),
    [
        (-133, "2023-11-15 22:00", "2023-11-16 06:00"), (-234, "2023-11-16 05:59", "2023-11-16 06:00"),
        (-234, "2023-11-16 06:00", "2023-11-17 06:00"), (-144, "2023-11-15 00:01", "2023-11-16 07:30"),
        (-147, "2023-12-31 23:59", "2024-01-01 07:30"), (-211, "2023-11-15 10:00", "2023-11-16 07:30"),
        (-115, "2023-11-15 10:00", "2023-11-16 07:30"), (-32, "2023-11-15 10:00", "2023-11-15 10:01"),
        (-100, "2023-11-15 10:00", None), (-99999, "2023-11-15 10:00", None),
    ],
)  # fmt: skip
def test_how_long_to_wait(code: int, now: str, until: str | None) -> None:
    waited = zalo.wait(code, moment(now))
    assert waited == (moment(until) - moment(now) if until else None)


@given(
    st.sampled_from(sorted(FATES)),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(VIET_NAM)),
)
def test_waits_are_ahead_and_within_two_days(code: int, now: datetime) -> None:
    waited = zalo.wait(code, now)
    assert waited is None or timedelta() < waited <= timedelta(hours=32)
    assert waited is None or zalo.fate_of(code) == Fate.LATER


def test_unknown_code_is_tried_again() -> None:
    assert zalo.fate_of(-4711) == Fate.LATER


def test_signature_is_a_plain_hash_of_the_raw_bytes() -> None:
    body, stamp = '{"event_name":"follow","tên":"Đỗ"}'.encode(), "1700000000000"
    mac = hashlib.sha256(b"app" + body + stamp.encode() + b"secret").hexdigest()
    owners = {"app_id": "app", "oa_id": "oa"}
    assert zalo.signed_by(f"mac={mac}", owners, body, stamp, "secret") == "app_id"
    with_oa = hashlib.sha256(b"oa" + body + stamp.encode() + b"secret").hexdigest()
    assert zalo.signed_by(f"mac={with_oa.upper()}", owners, body, stamp, "secret") == "oa_id"
    for wrong in ("", "mac=", f"mac={mac[:-1]}0", "mac=đ"):
        assert zalo.signed_by(wrong, owners, body, stamp, "secret") is None
    assert zalo.signed_by(f"mac={mac}", owners, body + b" ", stamp, "secret") is None
    assert zalo.signed_by(f"mac={mac}", owners, body, "1700000000001", "secret") is None


@pytest.mark.parametrize(
    ("trouble", "blocking"),
    [(None, False), ("zalo:-137:no money", True), ("zalo:-124:", True), ("zalo:relink:", True), ("zalo:key:", True),
     ("zalo:no_answer:", True), ("zalo:-1121:too long: by far", False), ("zalo:-115:", False), ("zalo:template:DISABLE", False)],
)  # fmt: skip
def test_which_trouble_keeps_everything_back(trouble: str | None, blocking: bool) -> None:
    assert zalo.blocks(trouble) is blocking


def test_template_that_was_asked_gets_only_what_it_knows() -> None:
    values = {"ten_viec": "Xây dựng nền tảng tích hợp, chia sẻ dữ liệu", "han": "30/04/2022"}
    assert zalo.fitted(values, {}) == {"ten_viec": "Xây dựng nền tảng tích hợp,…", "han": "30/04/2022"}
    assert zalo.fitted(values, {"ten_viec": 200}) == {"ten_viec": values["ten_viec"]}


@pytest.mark.parametrize(
    ("trouble", "over"),
    [(None, False), ("zalo:-137:", True), ("zalo:no_answer:", True), ("zalo:-144:", True), ("zalo:-1121:", False),
     ("zalo:template:DISABLE", False), ("zalo:relink:-14014", False), ("zalo:key:", False)],
)  # fmt: skip
def test_which_trouble_a_message_that_went_out_ends(trouble: str | None, over: bool) -> None:
    assert zalo.over(trouble) is over


def test_address_is_not_cut() -> None:
    long = "https://baro.tinh.gov.vn/" + "x" * 300
    assert zalo.fitted({"duong_dan": long}, {"duong_dan": 200}) == {"duong_dan": long}


@pytest.mark.parametrize(
    ("why", "own"), [("zalo:-141:refused", True), ("zalo:-118:", False), ("zalo:lost:", False), ("550 no", False)]
)
def test_whose_decision_a_refusal_is(why: str, own: bool) -> None:
    assert zalo.refused_us(why) is own
