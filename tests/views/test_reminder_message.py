"""/nhac-viec/tin/<id>: one message as it went or would go, and sending a failed one again."""

import re
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


def test_the_mail_is_shown_as_it_looks_in_a_frame_that_can_do_nothing(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    html = '<p style="color:red">Nguyên văn</p><script>alert(1)</script>'
    db.execute(update(Message).values(state="sent", subject="Như đã gửi", body="Nguyên văn.", body_html=html))
    as_user(client, db, monitor)
    shown = client.get(f"/nhac-viec/tin/{message_id}")
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    frame = page(client, f"/nhac-viec/tin/{message_id}").iframe
    assert frame["src"] == f"/nhac-viec/tin/{message_id}/html" and frame.has_attr("sandbox") and not frame["sandbox"]
    letter = client.get(frame["src"])
    assert letter.text == html
    policy = letter.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox"} <= set(policy)
    assert not any(rule.startswith("script-src") for rule in policy)
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_what_only_the_recipient_may_press_is_shown_to_nobody_else(
    client: FlaskClient, db: Session, world: World, monitor: User, message_id: int, page: Any
) -> None:
    with at("2022-05-05 09:30"):
        as_user(client, db, monitor)
        seen = said(page(client, f"/nhac-viec/tin/{message_id}")) + client.get(f"/nhac-viec/tin/{message_id}/html").text
        as_user(client, db, db.scalars(select(User).where(User.name == "lan")).one())
        own = said(page(client, f"/nhac-viec/tin/{message_id}"))
    assert "/da-nhan/…" in seen and not re.search(r"/da-nhan/\w", seen)
    assert re.search(r"/da-nhan/\w", own)


def test_a_colleague_does_not_read_it(client: FlaskClient, db: Session, world: World, message_id: int) -> None:
    as_user(client, db, world.person("mai", world.office))
    for address in (f"/nhac-viec/tin/{message_id}", f"/nhac-viec/tin/{message_id}/html", "/nhac-viec/tin/99999"):
        assert client.get(address).status_code == 403, address


def test_a_cancelled_message_has_no_letter(client: FlaskClient, db: Session, monitor: User, message_id: int) -> None:
    db.execute(update(Message).values(state="cancelled", reason="settled"))
    as_user(client, db, monitor)
    assert client.get(f"/nhac-viec/tin/{message_id}/html").status_code == 404


def test_what_went_by_another_channel_instead_is_one_press_away(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    first = db.get_one(Message, message_id)
    first.state, first.channel = "failed", "zalo"
    second = Message(
        kind=first.kind, channel="email", recipient_id=first.recipient_id, day=first.day, key="k2", facts={}, state="sent",
        not_before=first.not_before, created_at=first.created_at, instead_of_id=first.id,
    )  # fmt: skip
    db.add(second)
    as_user(client, db, monitor)
    for number, other in ((message_id, second.id), (second.id, message_id)):
        found = page(client, f"/nhac-viec/tin/{number}")
        assert "Các kênh đã thử Zalo (không gửi được), Thư điện tử (đã gửi)" in said(found)
        assert found.find("a", href=f"/nhac-viec/tin/{other}") is not None


def test_who_sent_it_again_is_part_of_its_story(
    client: FlaskClient, db: Session, monitor: User, message_id: int, page: Any
) -> None:
    db.execute(update(Message).values(state="failed", reason="550 no", attempts=5))
    as_user(client, db, monitor)
    client.post(f"/nhac-viec/tin/{message_id}/gui-lai")
    words = said(page(client, f"/nhac-viec/tin/{message_id}"))
    assert "Lập tin 08:00 05/05/2022 Cho gửi lại " in words and ", theo Loại tin" not in words and ", theo" in words
