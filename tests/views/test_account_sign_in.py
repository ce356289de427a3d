"""/dang-nhap: the only door, and how many times one may knock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import extract_parameters
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import Person
from tracker.actions import password
from tracker.models import Event, SignInAttempt, User

URL = "/dang-nhap"
WRONG = "Thư điện tử hoặc mật khẩu không đúng. Xin kiểm tra rồi nhập lại."
WAIT = "Đã có nhiều lần đăng nhập không thành công. Xin đợi 15 phút rồi thử lại."
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SignIn = Callable[[FlaskClient, str], FlaskClient]


def knock(client: FlaskClient, email: str, typed: str, **more: str) -> tuple[int, str, str]:
    """Return (status, the sentence of refusal, where it leads)."""
    answer = client.post(URL, data={"email": email, "password": typed, **more})
    page = parse(answer.text)
    refusal = page.select_one(".notice.bad")
    return answer.status_code, refusal.get_text(" ", strip=True) if refusal else "", answer.headers.get("Location", "")


def who(client: FlaskClient) -> str | None:
    with client.session_transaction() as session:
        return session.get("_user_id")


def test_page(client: FlaskClient, page: Callable[..., BeautifulSoup]) -> None:
    shown = page(client, URL)
    assert shown.h1.get_text() == "Đăng nhập"
    assert shown.select("input[name=role], button[name=role]") == []


def test_right_password_opens(client: FlaskClient, people: dict[str, Person], db: Session) -> None:
    monitor = people["monitor"]
    assert knock(client, f"  {monitor.email.upper()} ", monitor.password) == (302, "", "/")
    assert who(client) == monitor.login
    user = db.get_one(User, monitor.id)
    assert user.signed_in_at is not None
    assert db.scalars(select(Event.verb).where(Event.noun == "user", Event.noun_id == user.id)).all() == ["sign_in"]
    assert extract_parameters(user.password_hash) == extract_parameters(password.hash_password("x"))


@pytest.mark.parametrize("email", ["monitor", "nobody@tinh.gov.vn"])
def test_wrong_password_and_unknown_address_get_one_answer(
    client: FlaskClient, people: dict[str, Person], email: str
) -> None:
    address = people[email].email if email in people else email
    assert knock(client, address, "sai-mat-khau-roi") == (422, WRONG, "")
    assert who(client) is None


def test_unknown_address_costs_the_same_parameters() -> None:
    assert extract_parameters(password._nobodys()) == extract_parameters(password.hash_password("x"))
    assert (password.HASHER.memory_cost, password.HASHER.time_cost, password.HASHER.parallelism) == (19 * 1024, 2, 1)


def test_closed_account_gets_the_same_answer(client: FlaskClient, people: dict[str, Person], db: Session) -> None:
    viewer = people["viewer"]
    db.get_one(User, viewer.id).active = False
    assert knock(client, viewer.email, viewer.password) == (422, WRONG, "")


@pytest.mark.parametrize(
    ("email", "typed", "sentence"),
    [
        ("", "x", "Hãy nhập thư điện tử công vụ."),
        ("a@tinh.gov.vn", "", "Hãy nhập mật khẩu."),
        ("a" * 255, "x", "Thư điện tử dài tối đa 254 ký tự."),
        ("a@tinh.gov.vn", "x" * 201, "Mật khẩu dài tối đa 200 ký tự."),
    ],
)
def test_bad_input_has_its_sentence(client: FlaskClient, email: str, typed: str, sentence: str) -> None:
    answer = client.post(URL, data={"email": email, "password": typed})
    assert answer.status_code == 422
    assert [e.get_text() for e in checked(parse(answer.text), URL).select("p.error")] == [sentence]


def test_five_failures_close_the_address_to_everybody_and_the_wait_ends(
    app: Flask, client: FlaskClient, people: dict[str, Person]
) -> None:
    monitor, viewer = people["monitor"], people["viewer"]
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert knock(client, monitor.email, "sai-mat-khau-roi") == (422, WRONG, "")
        assert knock(client, monitor.email, monitor.password) == (429, WAIT, "")
        assert knock(app.test_client(), viewer.email, viewer.password) == (302, "", "/")
        clock.move_to(NOON + timedelta(minutes=14, seconds=1))
        answer = client.post(URL, data={"email": monitor.email, "password": monitor.password})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "59")
        assert "Xin đợi 1 phút" in answer.text
        clock.move_to(NOON + timedelta(minutes=15))
        assert knock(client, monitor.email, monitor.password) == (302, "", "/")


def test_unknown_address_is_closed_just_the_same(client: FlaskClient) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            knock(client, "nobody@tinh.gov.vn", "sai-mat-khau-roi")
        assert knock(client, "nobody@tinh.gov.vn", "sai-mat-khau-roi") == (429, WAIT, "")


def test_refused_knocks_do_not_prolong_the_wait(client: FlaskClient, people: dict[str, Person], db: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            knock(client, people["monitor"].email, "sai-mat-khau-roi")
        clock.move_to(NOON + timedelta(minutes=10))
        assert knock(client, people["monitor"].email, "sai-mat-khau-roi")[0] == 429
        assert db.scalar(select(func.count()).select_from(SignInAttempt)) == 5


def test_success_clears_the_count(client: FlaskClient, app: Flask, people: dict[str, Person]) -> None:
    monitor = people["monitor"]
    for _ in range(4):
        knock(client, monitor.email, "sai-mat-khau-roi")
    assert knock(app.test_client(), monitor.email, monitor.password)[0] == 302
    for _ in range(5):
        assert knock(client, monitor.email, "sai-mat-khau-roi") == (422, WRONG, "")


def test_twenty_failures_from_one_address(app: Flask, client: FlaskClient, people: dict[str, Person]) -> None:
    monitor = people["monitor"]
    with time_machine.travel(NOON, tick=False):
        for n in range(20):
            assert knock(client, f"nobody{n}@tinh.gov.vn", "sai-mat-khau-roi") == (422, WRONG, "")
        assert knock(client, monitor.email, monitor.password) == (429, WAIT, "")
        elsewhere = app.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "10.1.2.3"
        assert knock(elsewhere, monitor.email, monitor.password) == (302, "", "/")


def test_many_at_once_get_no_more_tries_than_five(app: Flask, people: dict[str, Person]) -> None:
    def try_once(n: int) -> int:
        return knock(app.test_client(), people["monitor"].email, f"sai-mat-khau-{n}")[0]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(try_once, range(12)))
    assert set(answers) <= {422, 429}
    assert answers.count(422) <= 5


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/nhiem-vu?timeliness=open_overdue", "/nhiem-vu?timeliness=open_overdue"),
        ("//ke-xau.example/", "/"),
        ("https://ke-xau.example/", "/"),
        ("/\\ke-xau.example", "/"),
        ("\\\\ke-xau.example", "/"),
        ("/\t/ke-xau.example", "/"),
        ("javascript:alert(1)", "/"),
        ("nhiem-vu", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_our_own_pages(
    client: FlaskClient, people: dict[str, Person], wanted: str, leads_to: str
) -> None:
    viewer = people["viewer"]
    assert knock(client, viewer.email, viewer.password, next=wanted) == (302, "", leads_to)
    assert client.get(URL, query_string={"next": wanted}).headers["Location"] == leads_to


def test_session_begins_anew(client: FlaskClient, people: dict[str, Person]) -> None:
    viewer = people["viewer"]
    with client.session_transaction() as session:
        session.update({"planted": "x", "csrf_token": "y", "language": "en"})
    knock(client, viewer.email, viewer.password)
    with client.session_transaction() as session:
        assert "planted" not in session and session.get("csrf_token") != "y"
        assert session["language"] == "en"


def test_signed_in_people_are_led_on(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "viewer")
    assert client.get(URL).headers["Location"] == "/"


def test_first_password_must_be_changed_first(client: FlaskClient, people: dict[str, Person], db: Session) -> None:
    viewer = people["viewer"]
    db.get_one(User, viewer.id).must_change_password = True
    assert knock(client, viewer.email, viewer.password, next="/nhiem-vu") == (302, "", "/mat-khau")
    assert client.get("/nhiem-vu").headers["Location"] == "/mat-khau"


def test_rehearsal_door_does_not_exist(app: Flask, client: FlaskClient) -> None:
    assert "account.demo_sign_in" not in app.view_functions
    assert client.post("/dien-tap", data={"role": "administrator"}).status_code == 404


@pytest.mark.config(DEMO=True)
def test_rehearsal_has_a_button_per_role(
    client: FlaskClient, db: Session, people: dict[str, Person], page: Callable[..., BeautifulSoup]
) -> None:
    monitor = db.get_one(User, people["monitor"].id)
    monitor.email = "monitor@dien-tap.example"
    shown = page(client, URL)
    assert [button["value"] for button in shown.select("button[name=role]")] == [
        "officer", "agency_head", "monitor", "standing_body", "leader", "viewer", "administrator",
    ]  # fmt: skip
    assert client.post("/dien-tap", data={"role": "nobody"}).status_code == 404
    assert client.get("/dien-tap").status_code == 405
    assert client.post("/dien-tap", data={"role": "monitor"}).headers["Location"] == "/"
    assert who(client) == people["monitor"].login
