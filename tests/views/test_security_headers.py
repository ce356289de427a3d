"""What every answer carries, and what every change asks for."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pages import parse
from tests.people import Person
from tracker.views.security import POLICY

AsPerson = Callable[[str], FlaskClient]
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STRICTER = {"Referrer-Policy": "no-referrer"}
"""Of the page whose very address answers for somebody."""
SIGNED = ("/da-nhan/", "/thoi-nhan/", "/zalo/")
"""What is pressed in a mail, or sent by Zalo, knows no page of ours: the signature in it is the token."""
VALUES = {"int": "1", "string": "2022-05-02", "path": "icon.svg"}


def addresses(app: Flask, method: str) -> list[str]:
    return sorted(
        re.sub(r"<(\w+):\w+>", lambda found: VALUES[found[1]], rule.rule)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or set()) and rule.endpoint != "static"
    )


def test_policy_lets_nothing_in_from_elsewhere() -> None:
    assert "unsafe" not in POLICY and "http" not in POLICY and "*" not in POLICY
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'")


def test_every_page_carries_the_headers(app: Flask, as_person: AsPerson) -> None:
    wrong = {}
    for client in (as_person("admin"), as_person("monitor"), app.test_client()):
        for address in [*addresses(app, "GET"), "/khong-co-trang-nay"]:
            answer = client.get(address)
            wanted = HEADERS | (STRICTER if address.startswith("/da-nhan/") else {})
            lacking = {name for name, value in wanted.items() if answer.headers.get(name) != value}
            if lacking:
                wrong[address] = lacking
    assert wrong == {}


def test_pictures_are_kept_but_guarded(client: FlaskClient) -> None:
    answer = client.get("/static/icon.svg")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_an_error_about_a_picture_is_kept_by_nobody(as_person: AsPerson) -> None:
    answer = as_person("viewer").get("/static/khong-co.svg")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_secure_transport_is_promised_only_when_there_is_one(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/dang-nhap").headers
    answer = client.get("/dang-nhap", base_url="https://baro.tinh.gov.vn")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.config(SESSION_COOKIE_SECURE=True)
def test_cookie_of_a_secure_site(client: FlaskClient) -> None:
    cookie = client.get("/dang-nhap", base_url="https://baro.tinh.gov.vn").headers.get("Set-Cookie")
    answer = client.post("/ngon-ngu", data={"language": "en"}, base_url="https://baro.tinh.gov.vn")
    for said in filter(None, (cookie, answer.headers["Set-Cookie"])):
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))


def test_cookie_of_the_embedded_site(client: FlaskClient, people: dict[str, Person]) -> None:
    viewer = people["viewer"]
    answer = client.post("/dang-nhap", data={"email": viewer.email, "password": viewer.password})
    said = set(answer.headers["Set-Cookie"].split("; "))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= said and "Secure" not in said
    assert not any(part.startswith(("Domain", "Expires")) for part in said)


@pytest.mark.config(WTF_CSRF_ENABLED=True)
def test_no_change_without_the_token(app: Flask, as_person: AsPerson) -> None:
    wrong = []
    for key in ("admin", "monitor"):
        for address in [address for address in addresses(app, "POST") if not address.startswith(SIGNED)]:
            answer = as_person(key).post(address, data={"x": "y"})
            title = parse(answer.text).h1
            if answer.status_code != 400 or title is None or title.get_text() != "Phiên làm việc đã hết hạn":
                wrong.append(f"{key} POST {address}: {answer.status}")
    assert wrong == []


@pytest.mark.config(WTF_CSRF_ENABLED=True)
def test_the_token_of_the_page_lets_one_in(client: FlaskClient, people: dict[str, Person]) -> None:
    form = parse(client.get("/dang-nhap").text).select_one("main form")
    token = form.select_one("input[name=csrf_token]")["value"]
    sent = {"email": people["viewer"].email, "password": people["viewer"].password}
    assert client.post("/dang-nhap", data=sent).status_code == 400
    assert client.post("/dang-nhap", data={**sent, "csrf_token": "x"}).status_code == 400
    assert client.post("/dang-nhap", data={**sent, "csrf_token": token}).status_code == 302


@pytest.mark.parametrize(
    ("method", "address", "status", "title"),
    [
        ("GET", "/khong-co-trang-nay", 404, "Không tìm thấy trang"),
        ("DELETE", "/nhiem-vu", 405, "Thao tác không hợp lệ"),
        ("GET", "/quan-tri", 403, "Bạn không có quyền làm việc này"),
    ],
)
def test_errors_are_sentences(as_person: AsPerson, method: str, address: str, status: int, title: str) -> None:
    answer = as_person("viewer").open(address, method=method)
    assert (answer.status_code, parse(answer.text).h1.get_text()) == (status, title)


def test_too_much_is_refused_with_a_sentence(as_person: AsPerson) -> None:
    answer = as_person("viewer").post("/ngon-ngu", data={"language": "x" * (2 * 1024 * 1024)})
    assert (answer.status_code, parse(answer.text).h1.get_text()) == (413, "Nội dung gửi quá lớn")
