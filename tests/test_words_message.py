"""Why an address is dead, in words an administrator can act on, whatever the server said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.words.message import why_dead


@pytest.mark.parametrize(
    ("said", "why", "what"),
    [("550 5.1.1 <x>: unknown", "không có hộp thư này", "Hỏi lại"), ("550 User unknown", "không có hộp thư này", "Hỏi lại"),
     ("5.0.0 smtp; 550 no user", "không có hộp thư này", "Hỏi lại"), ("552 5.2.2 full", "hộp thư đầy", "dọn hộp thư"),
     ("550 5.2.1 off", "hộp thư đã ngừng hoạt động", "Hỏi lại"), ("5.4.4 no host", "không tìm được máy chủ", "dấu @"),
     ("4.4.7 expired", "nhiều lần không giao được", "thử lại"), ("550 5.7.26 SPF", "không cho phép", "quản lý máy chủ thư"),
     ("550 5.1.9 odd", "địa chỉ không dùng được", "Hỏi lại"), ("550 blocked as spam", "", ""), ("", "", ""), (None, "", "")],
)  # fmt: skip
def test_why_and_what_to_do(said: str | None, why: str, what: str) -> None:
    found = why_dead(said)
    assert why in found[0] and what in found[1] and bool(found[0]) == bool(why)


@given(st.text(max_size=200))
def test_whatever_a_server_said_has_an_answer(said: str) -> None:
    why, what = why_dead(said)
    assert bool(why) == bool(what)
