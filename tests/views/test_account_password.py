"""/mat-khau: one's own password; and what it takes to be one."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import PASSWORD, Person
from tracker.actions import password
from tracker.models import Event, User

URL = "/mat-khau"
GOOD = "mùa xuân năm nay về sớm"
AsPerson = Callable[[str], FlaskClient]


def change(client: FlaskClient, current: str, new: str, again: str | None = None) -> tuple[int, list[str]]:
    answer = client.post(URL, data={"current": current, "new": new, "again": new if again is None else again})
    return answer.status_code, [error.get_text() for error in parse(answer.text).select("p.error")]


def test_page(as_person: AsPerson, page: Callable[..., BeautifulSoup]) -> None:
    assert page(as_person("viewer"), URL).h1.get_text() == "Đổi mật khẩu"


def test_change_ends_every_other_session(
    app: Flask, as_person: AsPerson, people: dict[str, Person], db: Session
) -> None:
    here, elsewhere, viewer = as_person("viewer"), as_person("viewer"), people["viewer"]
    db.get_one(User, viewer.id).must_change_password = True
    assert change(here, PASSWORD, GOOD) == (302, [])
    assert elsewhere.get("/mat-khau").headers["Location"] == "/dang-nhap?next=/mat-khau"
    assert here.get("/mat-khau").status_code == 200
    user = db.get_one(User, viewer.id, populate_existing=True)
    assert password.matches(user.password_hash, GOOD) and not password.matches(user.password_hash, PASSWORD)
    assert user.must_change_password is False
    assert db.scalars(select(Event.verb).where(Event.noun_id == viewer.id)).all() == ["change_password"]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("Ngan1!", "Mật khẩu cần ít nhất 14 ký tự; hoặc một câu dài từ 20 ký tự."),
        ("khongduhoa1234", "Mật khẩu dưới 20 ký tự cần đủ chữ thường, chữ hoa, chữ số và ký tự khác (như dấu cách, dấu chấm)."),
        ("ababababababababababababab", "Mật khẩu lặp lại quá ít ký tự khác nhau; hãy chọn câu khác."),
        ("Toi la Hồ Văn Xem 2026!", "Mật khẩu không được chứa họ tên hoặc thư điện tử của bạn."),
        ("NguoiXem@tinh.gov.vn.1", "Mật khẩu không được chứa họ tên hoặc thư điện tử của bạn."),
        ("x" * 201, "Mật khẩu dài tối đa 200 ký tự."),
        (PASSWORD, "Mật khẩu mới phải khác mật khẩu đang dùng."),
        ("", "Hãy nhập mật khẩu mới."),
    ],
)  # fmt: skip
def test_weak_password_has_its_sentence(as_person: AsPerson, new: str, sentence: str) -> None:
    status, errors = change(as_person("viewer"), PASSWORD, new)
    assert (status, errors[0]) == (422, sentence)


@pytest.mark.parametrize("new", [GOOD, "Nam14KyTu.bonLop", "12345678901234567890abc"])
def test_strong_password_is_taken(as_person: AsPerson, new: str) -> None:
    assert change(as_person("viewer"), PASSWORD, new) == (302, [])


def test_both_entries_must_agree(as_person: AsPerson) -> None:
    assert change(as_person("viewer"), PASSWORD, GOOD, GOOD + "x") == (
        422, ["Hai lần nhập mật khẩu mới không giống nhau."],
    )  # fmt: skip


def test_current_password_is_asked_and_counted(as_person: AsPerson) -> None:
    client = as_person("viewer")
    for _ in range(5):
        assert change(client, "sai-mat-khau-roi", GOOD) == (422, ["Mật khẩu đang dùng không đúng."])
    status, errors = change(client, PASSWORD, GOOD)
    assert status == 429
    assert errors == ["Đã có nhiều lần đăng nhập không thành công. Xin đợi 15 phút rồi thử lại."]


def test_stranger_is_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get(URL).headers["Location"] == "/dang-nhap?next=/mat-khau"


def test_forced_change_says_why(
    client: FlaskClient, as_person: AsPerson, people: dict[str, Person], db: Session
) -> None:
    db.get_one(User, people["viewer"].id).must_change_password = True
    shown = checked(parse(as_person("viewer").get(URL).text), URL)
    assert "Mật khẩu hiện nay do quản trị cấp." in shown.get_text()
