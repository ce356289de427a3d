"""/quan-tri/lien-he: whose address takes nothing, since when, why, and what to do about it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tests.people import Person, sign_in_as
from tracker import clock
from tracker.models import Contact, Event, Message, Role, User

pytestmark = pytest.mark.unseeded
PAGE = "/quan-tri/lien-he"
SINCE = datetime(2022, 5, 5, 2, 0, tzinfo=UTC)


def as_user(client: FlaskClient, db: Session, user: User) -> FlaskClient:
    db.commit()
    return sign_in_as(client, Person(user.name, user.email, user.name, Role(user.role), None, login=user.get_id()))


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def admin(world: World) -> User:
    return world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)


def dead(db: Session, user: User, state: str = "refused", **facts: Any) -> Contact:
    given = {"channel": "email", "address": user.email, "reason": "550 5.1.1 No such mailbox", "since": SINCE, **facts}
    row = Contact(user_id=user.id, state=state, failures=1, **given)
    db.add(row)
    return row


def said(page: Any) -> str:
    return " ".join(page.main.get_text(" ").split())


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MONITOR, 200), (Role.STANDING_BODY, 200), (Role.LEADER, 200), (Role.ADMINISTRATOR, 200),
     (Role.OFFICER, 403), (Role.AGENCY_HEAD, 403), (Role.VIEWER, 403)],
)  # fmt: skip
def test_who_may_see_it(client: FlaskClient, db: Session, world: World, role: Role, status: int) -> None:
    as_user(client, db, world.person("ai", world.office, role=role))
    assert client.get(PAGE).status_code == status


def test_everybody_is_well(client: FlaskClient, db: Session, world: World, admin: User, page: Any) -> None:
    assert "Mọi địa chỉ đã dùng đều nhận được tin." in said(page(as_user(client, db, admin), PAGE))


def test_what_is_told_of_a_dead_address(client: FlaskClient, db: Session, world: World, admin: User, page: Any) -> None:
    lan = world.person("lan", world.office)
    dead(db, lan, reason="5.1.1 gone", state="bounced", told_at=SINCE + timedelta(hours=1))
    shown = page(as_user(client, db, admin), PAGE)
    words = said(shown)
    assert "1 thư điện tử: thư bị trả lại 1 người không còn kênh nào" in words
    assert "lan Văn phòng UBND tỉnh · đầu mối lan@tinh.gov.vn thư điện tử · không còn kênh nào" in words
    assert "Thư bị trả lại, từ 09:00 05/05/2022: không có hộp thư này Máy chủ trả lời: 5.1.1 gone" in words
    assert "Hỏi lại người nhận rồi sửa địa chỉ." in words
    assert "Đã báo quản trị lúc 10:00 05/05/2022" in words
    assert shown.main.find("a", href=f"/quan-tri/tai-khoan/{lan.id}") is not None


def test_readers_get_no_buttons(client: FlaskClient, db: Session, world: World, page: Any) -> None:
    lan = world.person("lan", world.office)
    dead(db, lan)
    shown = page(as_user(client, db, world.person("theo", world.office, contact=False, role=Role.MONITOR)), PAGE)
    assert shown.main.find("form", method="post") is None
    assert shown.main.find("a", href=f"/quan-tri/tai-khoan/{lan.id}") is None
    assert client.post(f"{PAGE}/{lan.id}/email/thu-lai").status_code == 403


def test_who_is_gone_or_has_another_address_is_not_there(
    client: FlaskClient, db: Session, world: World, admin: User, page: Any
) -> None:
    dead(db, world.person("moi", world.office), address="cu@tinh.gov.vn")
    dead(db, world.person("nghi", world.office, active=False))
    dead(db, world.person("tot", world.office), state="works")
    assert "Mọi địa chỉ đã dùng đều nhận được tin." in said(page(as_user(client, db, admin), PAGE))


def test_an_agency_nobody_can_be_told_for(
    client: FlaskClient, db: Session, world: World, admin: User, page: Any
) -> None:
    dead(db, world.person("lan", world.office))
    world.task(world.office, date(2022, 5, 5))
    world.task(world.trade, date(2022, 5, 5))
    third = world.agency("so-y-te", "Sở Y tế")
    world.task(third, date(2022, 5, 5), responsible=world.person("binh", third, contact=False))
    world.ready()
    words = said(page(as_user(client, db, admin), PAGE)).partition("Cơ quan không nhắc được ai")[2]
    assert "Sở Công Thương Chưa có đầu mối nào" in words and "Văn phòng UBND tỉnh lan" in words
    assert "Sở Y tế" not in words


def test_trying_again_clears_it_and_sends_what_waits(
    client: FlaskClient, db: Session, world: World, admin: User, page: Any
) -> None:
    lan = world.person("lan", world.office)
    dead(db, lan)
    db.add(
        Message(kind="result_returned", recipient_id=lan.id, day=clock.today(), key="k", state="failed",
                not_before=clock.now(), created_at=clock.now())
    )  # fmt: skip
    as_user(client, db, admin)
    assert "1 tin chưa gửi được" in said(page(client, PAGE))
    answer = client.post(f"{PAGE}/{lan.id}/email/thu-lai", follow_redirects=True)
    assert "1 tin chưa gửi được đã vào hàng chờ." in answer.text and "Mọi địa chỉ đã dùng" in answer.text
    db.rollback()
    assert db.scalars(select(Message.state)).one() == "queued"
    verbs = set(db.scalars(select(Event.verb)))
    assert {"retry_contact", "resend"} <= verbs
    again = client.post(f"{PAGE}/{lan.id}/email/thu-lai", follow_redirects=True)
    assert "không còn bị ghi là không nhận tin" in again.text
    assert "cho thử lại địa chỉ của lan" in client.get(f"/quan-tri/tai-khoan/{lan.id}").text


@pytest.mark.parametrize("address", ["999999/email", "99999999999999999999/email", "1/fax", "1/%00", "x/email"])
def test_what_does_not_exist(client: FlaskClient, db: Session, world: World, admin: User, address: str) -> None:
    assert as_user(client, db, admin).post(f"{PAGE}/{address}/thu-lai").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["channel=fax", "state=%00", "after=%00", "after=x~y~z", "after=2022-05-05T00:00:00~1~email", "after=2022-05-05T00:00:00Z~x~",
     "after=2022-05-05T00:00:00Z~99999999999999999999~email", "after=9999-12-31T23:59:59Z~1~email",
     "after=0001-01-01T00:00:00%2B14:00~1~email", "after=" + "9" * 5000],
)  # fmt: skip
def test_rubbish_in_the_address_shows_the_first_page(
    client: FlaskClient, db: Session, world: World, admin: User, query: str
) -> None:
    dead(db, world.person("lan", world.office))
    assert "lan@tinh.gov.vn" in as_user(client, db, admin).get(f"{PAGE}?{query}").text


def test_filters_and_pages(client: FlaskClient, db: Session, world: World, admin: User, page: Any) -> None:
    for n in range(52):
        dead(
            db,
            world.person(f"p{n}", world.office),
            "bounced" if n == 7 else "refused",
            since=SINCE + timedelta(n // 10),
        )
    as_user(client, db, admin)
    first = page(client, PAGE)
    second = page(client, first.find("a", rel="next")["href"])
    seen = [row.td.contents[0] for shown in (first, second) for row in shown.select("table.rows tbody tr")]
    assert len(seen) == 52 == len(set(seen)) and seen[:2] == ["p51", "p50"] and second.find("a", rel="next") is None
    assert len(page(client, f"{PAGE}?state=bounced&channel=email").select("table.rows tbody tr")) == 1
    assert "Không có địa chỉ nào như vậy." in said(page(client, f"{PAGE}?channel=zalo"))


def test_the_number_of_queries_is_constant(
    app: Flask, client: FlaskClient, db: Session, world: World, admin: User, count_queries: Any
) -> None:
    as_user(client, db, admin)
    counted = []
    for more in (1, 3):
        for n in range(more):
            dead(db, world.person(f"p{more}{n}", world.agency(f"a{more}{n}", f"A {more}{n}")))
            world.task(world.office, date(2022, 5, 5))
        world.ready()
        with count_queries(app) as statements:
            assert client.get(PAGE).status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]
