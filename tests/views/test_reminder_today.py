"""/nhac-viec/hom-nay: the run of today while it goes on. /nhac-viec/khong-gui-duoc: what did not arrive, sent again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.views.test_reminder_index import as_user, said
from tracker.jobs import reminders
from tracker.models import Event, JobRun, Message, Role, User

pytestmark = pytest.mark.unseeded
DAY = date(2022, 5, 5)
NOW = datetime(2022, 5, 5, 1, 30, tzinfo=UTC)


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


def message(world: World, person: User, state: str, **facts: Any) -> Message:
    """Add a message of the day, each with a key of its own."""
    world.number += 1
    values = {
        "kind": "reminder_digest",
        "channel": "email",
        "day": DAY,
        "not_before": NOW,
        "created_at": NOW,
        "facts": {},
    }
    row = Message(recipient_id=person.id, state=state, key=f"k{world.number}", **{**values, **facts})
    world.session.add(row)
    world.session.flush()
    return row


def test_before_anything_was_drawn_up(client: FlaskClient, db: Session, monitor: User, page: Any) -> None:
    with at("2022-05-05 07:00"):
        as_user(client, db, monitor)
        words = said(page(client, "/nhac-viec/hom-nay"))
    assert "Hôm nay chưa lập bản nhắc" in words and "Gửi tin chưa chạy lần nào" in words
    assert "đã gửi 0, chờ gửi 0, không gửi được 0" in words


def test_how_far_the_day_has_come(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    lan = world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 29))
    world.ready()
    with at("2022-05-05 08:00"), app.app_context():
        reminders.draw_up()
    message(world, lan, "sent", sent_at=NOW)
    message(world, lan, "sent", channel="zalo", sent_at=NOW)
    message(world, lan, "uncertain", channel="zalo")
    message(world, lan, "queued", day=date(2022, 5, 4))
    db.add(JobRun(name="sender", started_at=NOW, finished_at=NOW, outcome="sent 2"))
    with at("2022-05-05 09:00"):
        as_user(client, db, monitor)
        found = page(client, "/nhac-viec/hom-nay")
        zalo = found.find("a", href=lambda url: url and "channel=zalo" in url and "state=uncertain" in url)
        assert len(page(client, zalo["href"]).select("table.rows tbody tr")) == 1
    words = said(found)
    assert "1 lời nhắc mới 0 mốc không nhắc, có lý do 0 việc không có người nhận 1 việc đã xét" in words
    assert "đã gửi 2, chờ gửi 2, không gửi được 1" in words
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in found.select("tbody tr")]
    assert rows == [["Thư điện tử", "1", "0", "1", "0", "0", "0"], ["Zalo", "0", "0", "1", "0", "1", "0"]]
    assert "1 tin của các ngày trước còn chờ gửi." in words and "Gửi tin chạy lúc 08:30 05/05/2022" in words
    assert found.find(id="live-said")["aria-live"] == "polite"


def test_the_number_of_queries_is_constant(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, count_queries: Any
) -> None:
    lan = world.person("lan", world.office)
    counted = {"/nhac-viec/hom-nay": [], "/nhac-viec/khong-gui-duoc": []}  # type: dict[str, list[int]]
    with at("2022-05-05 09:00"):
        as_user(client, db, monitor)
        for more in (1, 3):
            for _ in range(more):
                message(world, lan, "failed", reason="550 no")
                message(world, monitor, "uncertain")
            db.commit()
            for address, counts in counted.items():
                with count_queries(app) as statements:
                    assert client.get(address).status_code == 200
                counts.append(len(statements))
    assert [counts[0] - counts[1] for counts in counted.values()] == [0, 0]


def test_what_did_not_arrive_and_why(client: FlaskClient, db: Session, world: World, monitor: User, page: Any) -> None:
    lan = world.person("lan", world.office, position="Phó phòng")
    message(world, lan, "failed", reason="no_address", attempts=5)
    message(world, lan, "uncertain", channel="zalo", reason="interrupted")
    message(world, lan, "sent", sent_at=NOW)
    as_user(client, db, monitor)
    found = page(client, "/nhac-viec/khong-gui-duoc")
    words = said(found)
    assert len(found.select("tbody tr")) == 2 and "Không gửi được 2" in words
    assert "Phó phòng, Văn phòng UBND tỉnh" in words and "đã thử 5 lần" in words
    assert "địa chỉ thư của người nhận không đúng dạng" in words and "Chưa rõ đã đến" in words
    assert len(page(client, "/nhac-viec/khong-gui-duoc?state=uncertain").select("tbody tr")) == 1
    assert len(page(client, "/nhac-viec/khong-gui-duoc?channel=email").select("tbody tr")) == 1
    assert len(page(client, "/nhac-viec/khong-gui-duoc?state=x&channel=y").select("tbody tr")) == 2
    ticked = page(client, "/nhac-viec/khong-gui-duoc?select=all").select("tbody input[checked]")
    assert len(ticked) == 2


def test_nothing_in_trouble(client: FlaskClient, db: Session, monitor: User, page: Any) -> None:
    as_user(client, db, monitor)
    assert "Không có tin nào không gửi được." in said(page(client, "/nhac-viec/khong-gui-duoc"))


def test_many_sent_again_with_one_press_and_only_once(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    lan = world.person("lan", world.office)
    ids = [message(world, lan, state).id for state in ("failed", "uncertain", "sent", "failed")]
    as_user(client, db, monitor)
    form = {"message": [str(number) for number in ids[:3]], "once": "x" * 20}
    for _twice in range(2):
        assert client.post("/nhac-viec/khong-gui-duoc", data=form).status_code == 302
    assert db.scalars(select(Message.state).order_by(Message.id)).all() == ["queued", "queued", "sent", "failed"]
    events = db.execute(select(Event.verb, Event.noun_id, Event.actor_id).order_by(Event.id)).all()
    assert [tuple(row) for row in events] == [("resend", ids[0], monitor.id), ("resend", ids[1], monitor.id)]
    words = said(page(client, "/nhac-viec/khong-gui-duoc"))
    assert "Đã đưa 2 tin vào hàng chờ gửi lại. 1 tin đã ở tình trạng khác nên được giữ nguyên." in words


@pytest.mark.parametrize(
    "ticked", [[], ["x"], ["99999999999999999999"], ["-1"]], ids=["none", "word", "huge", "negative"]
)
def test_nothing_ticked(client: FlaskClient, db: Session, monitor: User, ticked: list[str]) -> None:
    as_user(client, db, monitor)
    answer = client.post("/nhac-viec/khong-gui-duoc", data={"message": ticked})
    assert answer.status_code == 422 and "Chưa chọn tin nào." in answer.text


def test_readers_do_not_send_again(client: FlaskClient, db: Session, world: World, page: Any) -> None:
    leader = world.person("lanh", None, role=Role.LEADER)
    failed = message(world, leader, "failed")
    as_user(client, db, leader)
    assert page(client, "/nhac-viec/khong-gui-duoc").select("input[type=checkbox]") == []
    assert client.post("/nhac-viec/khong-gui-duoc", data={"message": failed.id}).status_code == 403
    assert db.scalars(select(Message.state)).one() == "failed"


def test_a_person_finds_out_that_it_arrived(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    unsure = message(world, world.person("lan", world.office), "uncertain", channel="zalo", claimed_at=NOW)
    as_user(client, db, monitor)
    address = f"/nhac-viec/tin/{unsure.id}"
    assert "không rõ tin đã đến hay chưa" in said(page(client, address))
    for _twice in range(2):
        assert client.post(f"{address}/da-den").status_code == 302
    assert db.execute(select(Message.state, Message.sent_at)).one() == ("sent", NOW)
    assert db.scalars(select(Event.verb)).all() == ["message_arrived"]
    words = said(page(client, address))
    assert "Tin này không còn ở tình trạng chưa rõ đã đến." in words and "Ghi nhận đã đến" in words
    assert client.post("/nhac-viec/tin/99999999999999999999/da-den").status_code == 404
