"""What is typed is kept as plain text: composed, visible, one kind of line end."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.plain_text import plain

DE_AN = "Đề án chuyển đổi số"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", DE_AN), DE_AN),
        ("a\x00b", "ab"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("hai\tcột", "hai\tcột"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u200b\ufeff\u2060", ""),
        ("chuyển\u00ad đổi", "chuyển đổi"),
        ("a\u200db", "ab"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥", "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥"),
        ("\u200d", ""),
        ("giá < 5 & “trích”", "giá < 5 & “trích”"),
    ],
)
def test_plain(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once and "\r" not in once
    once.encode()  # no half of a letter is left
