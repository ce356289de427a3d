"""/nhac-viec: what goes out next and to whom, and the log."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.people import Person, sign_in_as
from tracker.jobs import reminders
from tracker.models import Message, Role, User

pytestmark = pytest.mark.unseeded


def as_user(client: FlaskClient, db: Session, user: User) -> FlaskClient:
    db.commit()
    return sign_in_as(client, Person(user.name, user.email, user.name, Role(user.role), None, login=user.get_id()))


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


def said(page: Any) -> str:
    return " ".join(page.main.get_text(" ").split())


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MONITOR, 200), (Role.STANDING_BODY, 200), (Role.LEADER, 200), (Role.ADMINISTRATOR, 200),
     (Role.OFFICER, 403), (Role.AGENCY_HEAD, 403), (Role.VIEWER, 403)],
)  # fmt: skip
def test_who_may_see_it(client: FlaskClient, db: Session, world: World, role: Role, status: int) -> None:
    as_user(client, db, world.person("ai", world.office, role=role))
    assert client.get("/nhac-viec").status_code == status


def test_strangers_sign_in_first(client: FlaskClient) -> None:
    assert client.get("/nhac-viec").status_code == 302


def test_nothing_yet(client: FlaskClient, db: Session, world: World, monitor: User, page: Any) -> None:
    with at("2022-05-05 09:00"):
        as_user(client, db, monitor)
        words = said(page(client, "/nhac-viec"))
    assert "Sẽ gửi thứ Sáu, 06/05/2022 Không có việc nào tới mốc nhắc vào ngày này." in words
    assert "Chưa có tin nào. Tin được lập từ 08:00 các ngày làm việc" in words
    assert "còn 7, 3, 1 ngày làm việc" in words
    assert "Chưa cấu hình máy chủ thư" in words


def test_the_next_working_day_and_who_is_told(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    world.person("Lan", world.office, email="lan@tinh.gov.vn")
    owed = world.task(world.office, date(2022, 4, 30), title="Vận hành E-Cabinet", clause="6.b")
    world.task(world.trade, date(2022, 5, 4), title="Ký chương trình hợp tác")
    world.ready()
    with at("2022-04-29 17:00"):  # the Friday before four days off
        as_user(client, db, monitor)
        found = page(client, "/nhac-viec")
    words = said(found)
    assert "Sẽ gửi thứ Tư, 04/05/2022 1 người được nhắc. 1 việc không có người nhận." in words
    assert (
        "Lan · Văn phòng UBND tỉnh · 1 việc 04 Th 05 Vận hành E-Cabinet Đến hạn hôm nay TB 18/02/2022, 6.b · hạn 04/05/2022"
        in words
    )
    assert "Không có người nhận" in words and "Sở Công Thương · 1 việc 04 Th 05 Ký chương trình hợp tác" in words
    assert found.find("a", href=f"/nhiem-vu/{owed.task_id}") is not None
    assert db.query(Message).count() == 0, "looking writes nothing"


def test_the_log_filters_and_turns_pages(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    for n in range(52):
        world.person(f"p{n}", world.office)
    world.task(world.office, date(2022, 4, 30))
    world.ready()
    with at("2022-05-05 08:00"), app.app_context():
        reminders.draw_up()
    db.execute(
        update(Message)
        .where(Message.id == db.query(Message.id).limit(1).scalar_subquery())
        .values(state="failed", reason="550 no")
    )
    with at("2022-05-05 09:00"):
        as_user(client, db, monitor)
        first = page(client, "/nhac-viec")
        assert len(first.select("table.rows tbody tr")) == 50
        second = page(client, first.find("a", rel="next")["href"].split("#")[0])
        assert len(second.select("table.rows tbody tr")) == 2 and second.find("a", rel="next") is None
        failed = page(client, "/nhac-viec?state=failed")
        assert len(failed.select("table.rows tbody tr")) == 1 and "550 no" in said(failed)
        assert len(page(client, "/nhac-viec?state=nonsense").select("table.rows tbody tr")) == 50


def test_the_number_of_queries_is_constant(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, count_queries: Any
) -> None:
    world.person("lan", world.office)
    with at("2022-05-04 09:00"):
        as_user(client, db, monitor)
    counted = []
    for more in (1, 3):
        for _ in range(more):
            world.task(world.office, date(2022, 5, 5))
            world.task(world.trade, date(2022, 5, 5))
        world.ready()
        with count_queries(app) as statements, at("2022-05-04 09:00"):
            assert client.get("/nhac-viec").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]
