"""/nhac-viec: what the next run tells whom and why, what it keeps back; /nhac-viec/lan-toi/<person>: all of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.people import Person, sign_in_as
from tracker.jobs import reminders
from tracker.models import Message, ReminderHold, ReminderPolicy, Role, User
from tracker.rules.ladder import LadderPolicy
from tracker.rules.reminder_policy import DEFAULT, as_rules

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
    assert "Sẽ nhắc thứ Sáu, 06/05/2022 0 người được nhắc 0 lời nhắc" in words
    assert "Không có ai được nhắc vào ngày này." in words
    assert "trước 7, 3, 1 ngày làm việc và đúng ngày hạn" in words
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
    assert (
        "Sẽ nhắc thứ Tư, 04/05/2022 1 người được nhắc 1 lời nhắc 0 mốc không nhắc, có lý do 1 việc không có người nhận"
        in words
    )
    assert (
        "Lan · Văn phòng UBND tỉnh · 1 việc · thư điện tử 04 Th 05 Vận hành E-Cabinet Văn phòng UBND tỉnh Đúng ngày hạn · "
        "TB 18/02/2022, 6.b · "
        "hạn 04/05/2022 Với tư cách người phụ trách · theo quy định chung của tỉnh" in words
    )
    assert "Không có người nhận" in words and "Sở Công Thương · 1 việc 04 Th 05 Ký chương trình hợp tác" in words
    assert found.find("a", href=f"/nhiem-vu/{owed.task_id}") is not None
    assert db.query(Message).count() == 0, "looking writes nothing"


def test_another_day_one_agency_and_days_that_are_none(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    world.person("Lan", world.office)
    world.person("Mai", world.trade)
    world.task(world.office, date(2022, 5, 4), title="Việc của Văn phòng")
    world.task(world.trade, date(2022, 5, 4), title="Việc của Sở")
    world.ready()
    with at("2022-04-20 09:00"):
        as_user(client, db, monitor)
        words = said(page(client, f"/nhac-viec?on=2022-05-05&agency={world.trade.id}"))
        assert "Sẽ nhắc thứ Năm, 05/05/2022 1 người được nhắc" in words
        assert "Việc của Sở" in words and "Việc của Văn phòng" not in words
        assert "không phải ngày làm việc" in said(page(client, "/nhac-viec?on=2022-05-02"))
        for wrong in ("2022-13-01", "hôm nào", "0001-01-01", "9999-12-31"):
            assert "không phải là ngày; đang hiển thị lần nhắc tới" in said(page(client, f"/nhac-viec?on={wrong}")), (
                wrong
            )
        assert "Ngày đã qua" in said(page(client, "/nhac-viec?on=2022-04-19"))
        assert client.get("/nhac-viec?agency=99999999999999999999").status_code == 200


def test_why_how_often_and_what_is_kept_back(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    world.person("Lan", world.office)
    world.person("Sếp", world.office, contact=False, role=Role.AGENCY_HEAD)
    world.task(world.office, date(2022, 4, 29), title="Việc leo thang")
    held = world.task(world.office, date(2022, 5, 18), title="Việc tạm ngừng")
    db.add(
        ReminderHold(assignment_id=held.id, from_on=date(2022, 5, 18), until_on=date(2022, 5, 24), reason="lũ",
                     made_by_id=monitor.id, made_at=datetime(2022, 5, 18, 2, tzinfo=UTC))
    )  # fmt: skip
    world.ready()
    for day in ("2022-05-04", "2022-05-11", "2022-05-18"):
        with at(f"{day} 08:00"), app.app_context():
            reminders.draw_up()
    with at("2022-05-19 17:00"):
        as_user(client, db, monitor)
        words = said(page(client, "/nhac-viec"))
    assert "Sẽ nhắc thứ Sáu, 20/05/2022" in words
    assert "Sếp · Văn phòng UBND tỉnh · 1 việc · thư điện tử 29 Th 04 Việc leo thang" in words
    assert "Quá hạn, mốc thứ 3" in words and "Với tư cách lãnh đạo cơ quan · theo quy định chung của tỉnh" in words
    assert "đã nhắc quá hạn 3 lần, 3 lần chưa được trả lời" in words
    assert "Văn phòng UBND tỉnh tạm ngừng nhắc · 1 mốc 18 Th 05 Việc tạm ngừng" in words
    assert "đến hết 24/05/2022" in words


def test_a_document_with_rules_of_its_own_says_so(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    world.person("Lan", world.office)
    world.task(world.office, date(2022, 5, 4))
    rules = as_rules(replace(DEFAULT, ladder=LadderPolicy(before=(2,))))
    db.add(
        ReminderPolicy(document_id=world.document.id, rules=rules, valid_from=date(2022, 1, 1), set_by_id=monitor.id,
                       set_at=datetime(2022, 1, 1, tzinfo=UTC))
    )  # fmt: skip
    world.ready()
    with at("2022-04-27 17:00"):
        as_user(client, db, monitor)
        words = said(page(client, "/nhac-viec"))
    assert "Sẽ nhắc thứ Năm, 28/04/2022 1 người được nhắc" in words
    assert "Trước 2 ngày làm việc" in words and "theo quy định riêng của văn bản" in words


def test_a_long_list_shows_the_first_and_leads_to_all(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    lan = world.person("Lan", world.office)
    for number in range(12):
        world.task(world.office, date(2022, 5, 5), title=f"Việc số {number}")
    for number in range(21):
        agency = world.agency(f"a{number}", f"Cơ quan {number}")
        world.person(f"P{number}", agency)
        world.task(agency, date(2022, 5, 5))
    world.ready()
    with at("2022-05-04 17:00"):
        as_user(client, db, monitor)
        found = page(client, "/nhac-viec")
        words = said(found)
        assert "22 người được nhắc 33 lời nhắc" in words and "chỉ hiện 20 người đầu" in words
        whole = found.find("a", string="Xem cả 12 việc")["href"]
        assert whole == f"/nhac-viec/lan-toi/{lan.id}?on=2022-05-05"
        all_of_it = said(page(client, whole))
        as_user(client, db, lan)
        own = said(page(client, whole))
    assert (
        all(f"Việc số {number} " in all_of_it for number in range(12)) and "Lan, Văn phòng UBND tỉnh · 12 việc" in own
    )


def test_nobody_reads_what_another_is_to_be_told(client: FlaskClient, db: Session, world: World) -> None:
    lan, mai = world.person("Lan", world.office), world.person("Mai", world.office)
    world.ready()
    as_user(client, db, lan)
    assert client.get(f"/nhac-viec/lan-toi/{mai.id}").status_code == 403
    assert client.get("/nhac-viec/lan-toi/99999999999999999999").status_code == 403
    assert client.get(f"/nhac-viec/lan-toi/{lan.id}").status_code == 200


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
            world.task(world.trade, date(2022, 4, 28))
        world.ready()
        with count_queries(app) as statements, at("2022-05-04 09:00"):
            assert client.get("/nhac-viec").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]
