"""/da-nhan/<receipt> looked at: the facts for whoever has the link, nothing changed, nothing else of the system told."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from time_machine import travel

from tests.jobs.world import World, at
from tests.pages import parse
from tests.receipts import DUE, NOW, everything, link, noted, remind, stand, text, work
from tracker import clock
from tracker.messages.links import LIFETIME, acknowledge_address
from tracker.models import Acknowledgement, Assignment, Message, ProgressReport, Role, User

pytestmark = pytest.mark.unseeded
BUTTON = "Đã nhận, đang xử lý"


@pytest.fixture(autouse=True)
def in_may(app: Flask) -> Any:
    with at(NOW) as moment:
        yield moment


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def an(world: World) -> User:
    return world.person("an", world.trade, contact=False)


@pytest.fixture
def owed(world: World, an: User) -> Assignment:
    return work(world, an, title="Trang bị phòng họp", text="Trang bị xong trong tháng 4.")


@pytest.fixture
def told(world: World, owed: Assignment, an: User) -> Message:
    return remind(world, an, owed)


@pytest.fixture
def address(app: Flask) -> Callable[..., str]:
    return partial(link, app)


def test_the_facts_and_one_button(
    client: FlaskClient, told: Message, owed: Assignment, address: Any, page: Any
) -> None:
    shown = page(client, address(told, owed))
    said = text(str(shown))
    for fact in (
        "Gửi an.", "Dữ liệu tính đến 08:15 thứ Ba, 10/05/2022", "Trang bị phòng họp", "Trang bị xong trong tháng 4.",
        "TB 18/02/2022", "Sở Công Thương", "Quá hạn 5 ngày", "05/05/2022", "chưa triển khai",
    ):  # fmt: skip
        assert fact in said, fact
    [form] = shown.main.find_all("form")
    assert form["method"] == "post" and form.get_text(strip=True) == BUTTON
    assert not form.find_all("input"), "the signed address is the authority, nothing else is needed"


def test_looking_changes_nothing_however_often(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any
) -> None:
    url, before = address(told, owed), everything(db)
    headers = {"Sec-Purpose": "prefetch", "User-Agent": "Microsoft Office SafeLinks"}
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        answer = client.open(url, method=method, headers=headers)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.open(url, method=method).status_code == 405
    assert everything(db) == before


def test_a_link_says_nothing_of_what_it_was_not_told_of(
    client: FlaskClient, db: Session, world: World, told: Message, an: User, address: Any
) -> None:
    other = world.task(world.trade, DUE, an, title="Việc khác")
    remind(world, an, other)
    for method in ("GET", "POST"):
        answer = client.open(address(told, other), method=method)
        assert answer.status_code == 404 and "Việc khác" not in answer.text
    assert noted(db) == 0


def test_reports_are_answered_by_reporting(
    client: FlaskClient, db: Session, world: World, owed: Assignment, an: User, address: Any
) -> None:
    message = remind(world, an, owed, step="report_overdue_1")
    assert client.get(address(message)).status_code == 404
    assert client.post(address(message)).status_code == 404 and noted(db) == 0


def test_no_report_nor_other_people_are_shown(
    client: FlaskClient, db: Session, world: World, told: Message, owed: Assignment, address: Any
) -> None:
    boss = world.person("giam-doc-bi-mat", world.trade, contact=False, role=Role.AGENCY_HEAD)
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=boss.id, progress=40,
        reported_at=clock.now(), reported_on=clock.today(), done="đã làm nửa việc", difficulty="thiếu kinh phí",
    )  # fmt: skip
    said = Acknowledgement(
        assignment_id=owed.id, effective_on=DUE, person_id=boss.id, day=clock.today(), at=clock.now(), via="page"
    )
    db.add_all([report, said])
    stand(db, owed, progress=40)
    shown = client.get(address(told, owed)).text
    for secret in ("giam-doc-bi-mat", "nửa việc", "kinh phí", "40", "@tinh.gov.vn"):
        assert secret not in text(shown), secret


def test_nobody_keeps_the_address(client: FlaskClient, told: Message, owed: Assignment, address: Any) -> None:
    for answer in (client.get(address(told, owed)), client.post(address(told, owed)), client.get("/da-nhan/x")):
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert parse(client.get(address(told, owed)).text).select('meta[name="robots"][content="noindex, nofollow"]')


def test_expired(client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any) -> None:
    url = address(told, owed)
    with travel(clock.now() + LIFETIME + timedelta(minutes=1), tick=False):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 410 and "đã hết hạn" in text(answer.text)
            assert "Trang bị phòng họp" not in answer.text
    assert noted(db) == 0


@pytest.mark.parametrize(
    "junk",
    [
        "x",
        "W10.AAAA.BBBB",
        "x" * 20_000,
        "%00",
        "a%00b.c.d",
        "%F0%9F%92%A9",
        "%ff%fe",
        "..%2F..%2Fetc",
        "-1",
        str(2**63),
    ],
    ids=["short", "parts", "long", "nul", "nul-inside", "emoji", "no-utf8", "path", "negative", "large"],
)
def test_forged(client: FlaskClient, db: Session, junk: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        answer = client.open(f"/da-nhan/{junk}", method=method)
        assert answer.status_code == 404, (method, answer.status)
    assert noted(db) == 0


def test_a_signed_message_that_is_not_there(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        url = "/da-nhan/" + acknowledge_address(2**31 - 1, 2**31 - 1).rpartition("/")[2]
    assert client.get(url).status_code == client.post(url).status_code == 404


@pytest.mark.parametrize("gone", ["account", "message"])
def test_nothing_is_shown_to_whom_it_is_no_more(
    client: FlaskClient, db: Session, told: Message, an: User, owed: Assignment, address: Any, gone: str
) -> None:
    if gone == "account":
        an.active = False
    else:
        told.state = "cancelled"
    db.commit()
    for answer in (client.get(address(told, owed)), client.post(address(told, owed))):
        assert answer.status_code == 410 and "không còn dùng được" in text(answer.text)
        assert "Trang bị phòng họp" not in answer.text
    assert noted(db) == 0
