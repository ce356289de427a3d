"""/da-nhan/<receipt> pressed: noted once, and nothing else changes; what needs no answer any more is refused politely."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.pages import parse
from tests.receipts import DUE, NOW, everything, link, noted, remind, stand, text, work
from tracker.models import Acknowledgement, Assignment, Event, Message, User
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded


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


def test_one_press_is_noted_and_told(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any
) -> None:
    url = address(told, owed)
    answer = client.post(url)
    assert (answer.status_code, answer.location) == (303, url)
    said = db.scalars(select(Acknowledgement)).one()
    assert (said.assignment_id, said.person_id, said.via, said.message_id) == (
        owed.id,
        told.recipient_id,
        "mail",
        told.id,
    )
    shown: Any = parse(client.get(url).text)
    assert "Đã ghi nhận lúc 08:15 10/05/2022." in text(str(shown)) and "đến hết ngày 17/05/2022" in text(str(shown))
    assert not shown.main.find_all("form")
    onward = shown.main.find("a", class_="btn")
    assert onward["href"] == f"/nhiem-vu/{owed.task_id}" and "Đăng nhập để cập nhật tiến độ" in onward.get_text()


def test_a_press_changes_nothing_else(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any
) -> None:
    before = everything(db)
    assert client.post(address(told, owed), data={"state": "done", "progress": "100"}).status_code == 303
    after = everything(db)
    assert {name for name, rows in after.items() if rows != before[name]} == {"acknowledgement", "event", "event_chain"}


def test_twice_is_once(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any, in_may: Any
) -> None:
    client.post(address(told, owed))
    in_may.shift(timedelta(hours=3))
    assert client.post(address(told, owed)).status_code == 303
    assert "Đã ghi nhận lúc 08:15 10/05/2022." in text(client.get(address(told, owed)).text)
    assert noted(db) == 1 and len(db.scalars(select(Event)).all()) == 1


def test_two_presses_at_once_are_one(app: Flask, db: Session, told: Message, owed: Assignment, address: Any) -> None:
    url, together, answers = address(told, owed), Barrier(4), []
    db.commit()
    app.extensions.pop("test_session")  # a session is no thing to share with threads

    def press() -> None:
        client = app.test_client()
        together.wait()
        answers.append((client.post(url).status_code, "Đã ghi nhận lúc" in client.get(url).text))

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    app.extensions["test_session"] = db
    assert answers == [(303, True)] * 4 and noted(db) == 1


def test_all_of_a_message_by_one_press(
    client: FlaskClient, db: Session, world: World, owed: Assignment, an: User, address: Any
) -> None:
    second, done = world.task(world.trade, DUE, an), world.task(world.trade, DUE, an)
    message = remind(world, an, owed, second, done)
    stand(db, done, state=WorkState.WITHDRAWN.value)
    shown = client.get(address(message)).text
    assert "Đã nhận cả 2 việc, đang xử lý" in text(shown) and "không còn phải thực hiện" in text(shown)
    assert client.post(address(message)).status_code == 303
    assert set(db.scalars(select(Acknowledgement.assignment_id))) == {owed.id, second.id}


def test_a_message_that_went_instead_speaks_of_what_the_first_did(
    client: FlaskClient, db: Session, world: World, told: Message, an: User, address: Any
) -> None:
    mail = remind(world, an)
    mail.instead_of_id = told.id
    db.commit()
    assert client.post(address(mail)).status_code == 303 and noted(db) == 1
    assert db.scalars(select(Acknowledgement.message_id)).one() == mail.id


@pytest.mark.config(WTF_CSRF_ENABLED=True)
def test_no_session_is_needed_to_press(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any
) -> None:
    answer = client.post(address(told, owed), headers={"Origin": "null", "Referer": ""})
    assert answer.status_code == 303 and noted(db) == 1


def test_work_finished_meanwhile(
    client: FlaskClient, db: Session, told: Message, owed: Assignment, address: Any
) -> None:
    stand(db, owed, state=WorkState.DONE.value, result_on=DUE, clock="done_on_time")
    shown = client.get(address(told, owed))
    assert shown.status_code == 200 and "đã hoàn thành; không cần báo đã nhận nữa" in text(shown.text)
    assert not parse(shown.text).select("main form")
    answer = client.post(address(told, owed))
    assert answer.status_code == 409 and "không cần báo đã nhận nữa" in text(answer.text)
    assert noted(db) == 0


def test_somebody_else_is_responsible_meanwhile(
    client: FlaskClient, db: Session, world: World, told: Message, owed: Assignment, address: Any
) -> None:
    owed.responsible_id = world.person("binh", world.trade, contact=False).id
    db.commit()
    shown = client.get(address(told, owed))
    assert "do người khác phụ trách" in text(shown.text) and "binh" not in shown.text
    assert client.post(address(told, owed)).status_code == 409 and noted(db) == 0
