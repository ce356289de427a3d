"""/nhac-viec/tin/<id>: one message as it went or would go, and sending a failed one again."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.views.test_reminder_index import as_user, said
from tracker.actions.standing import current_assignment, move_assignment
from tracker.jobs import reminders
from tracker.models import Event, Message, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


@pytest.fixture
def message_id(app: Flask, db: Session, world: World) -> int:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 30), text="Vận hành E-Cabinet <trong> tháng 04/2022.")
    world.ready()
    with at("2022-05-05 08:00"), app.app_context():
        reminders.draw_up()
    return db.scalars(select(Message.id)).one()


def test_a_waiting_message_shows_what_it_would_say(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    with at("2022-05-05 09:30"):
        as_user(client, db, monitor)
        words = said(page(client, f"/nhac-viec/tin/{message_id}"))
    assert "1 việc quá hạn (nhắc việc 05/05/2022)" in words and "Nội dung nếu gửi lúc này" in words
    assert "“Vận hành E-Cabinet <trong> tháng 04/2022.”" in words and "09:30" in words


def test_a_waiting_message_that_is_no_longer_true_says_so(
    client: FlaskClient, db: Session, world: World, monitor: User, message_id: int, page: Any
) -> None:
    with at("2022-05-05 09:00"):
        move_assignment(db, current_assignment(db, 1), state="done", result_on=date(2022, 5, 5))
        as_user(client, db, monitor)
        words = said(page(client, f"/nhac-viec/tin/{message_id}"))
    assert "Đến lượt gửi, tin này sẽ không đi nữa: việc đã xong" in words


def test_a_sent_message_is_shown_as_it_went(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    db.execute(
        update(Message).values(
            state="sent", subject="Như đã gửi", body="Nguyên văn.\nhttp://a.vn/x", provider_id="<x@y>"
        )
    )
    as_user(client, db, monitor)
    found = page(client, f"/nhac-viec/tin/{message_id}")
    assert found.h1.get_text() == "Như đã gửi" and "Nguyên văn." in said(found) and "Gửi lại" not in said(found)


@pytest.mark.parametrize(("role", "reads"), [(Role.MONITOR, True), (Role.LEADER, True), (Role.ADMINISTRATOR, False)])
def test_a_report_in_a_message_is_for_those_who_may_read_reports(
    client: FlaskClient, db: Session, world: World, message_id: int, page: Any, role: Role, reads: bool
) -> None:
    sent = {"state": "sent", "subject": "Kết quả được trả lại: E-Cabinet", "body": "Lý do: thiếu biên bản."}
    db.execute(update(Message).values(kind="result_returned", **sent))
    as_user(client, db, world.person("ai", world.trade, role=role))
    words = said(page(client, f"/nhac-viec/tin/{message_id}"))
    assert ("thiếu biên bản" in words, "thuộc báo cáo của cơ quan" in words) == (reads, not reads)


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 302), (Role.LEADER, 403), (Role.OFFICER, 403)])
def test_who_may_send_again(
    client: FlaskClient, db: Session, world: World, message_id: int, role: Role, status: int
) -> None:
    db.execute(update(Message).values(state="failed", reason="550 no", attempts=1))
    as_user(client, db, world.person("ai", world.trade, role=role))
    assert client.post(f"/nhac-viec/tin/{message_id}/gui-lai").status_code == status
    db.expire_all()
    assert db.scalars(select(Message.state)).one() == ("queued" if status == 302 else "failed")


def test_sending_again_is_for_failed_ones_and_leaves_a_trace(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    db.execute(update(Message).values(state="failed", reason="550 no", attempts=5))
    as_user(client, db, monitor)
    assert "Gửi lại" in said(page(client, f"/nhac-viec/tin/{message_id}"))
    client.post(f"/nhac-viec/tin/{message_id}/gui-lai")
    db.expire_all()
    assert db.execute(select(Message.state, Message.attempts, Message.reason)).one() == ("queued", 0, None)
    assert db.execute(select(Event.verb, Event.noun_id, Event.actor_id)).one() == ("resend", message_id, monitor.id)
    client.post(f"/nhac-viec/tin/{message_id}/gui-lai")
    assert "Chỉ gửi lại được tin không gửi được" in said(page(client, f"/nhac-viec/tin/{message_id}"))


@pytest.mark.parametrize("url", ["/nhac-viec/tin/99999", "/nhac-viec/tin/x"])
def test_no_such_message(client: FlaskClient, db: Session, monitor: User, url: str) -> None:
    as_user(client, db, monitor)
    assert client.get(url).status_code == 404
    assert client.post(f"{url}/gui-lai").status_code == 404


def test_resend_is_posted(client: FlaskClient, db: Session, monitor: User, message_id: int) -> None:
    as_user(client, db, monitor)
    assert client.get(f"/nhac-viec/tin/{message_id}/gui-lai").status_code == 405
