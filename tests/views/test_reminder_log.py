"""/nhac-viec/nhat-ky: the log of messages, filtered, page by page and as a table."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.views.test_reminder_index import as_user, said
from tests.views.test_reminder_today import message
from tracker.actions.account import edit_account, version
from tracker.jobs import reminders
from tracker.models import Message, Role, User

pytestmark = pytest.mark.unseeded
SENT = datetime(2022, 5, 5, 1, 5, tzinfo=UTC)


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


@pytest.fixture
def told(app: Flask, db: Session, world: World) -> dict[str, Any]:
    """Two agencies told on one day; the Office's digest was sent."""
    lan, mai = world.person("Lan", world.office, position="Phó phòng"), world.person("Mai", world.trade)
    owed = world.task(world.office, date(2022, 4, 29), title="Vận hành E-Cabinet", clause="6.b")
    world.task(world.trade, date(2022, 4, 29), title="Ký hợp tác", clause="4")
    world.ready()
    with at("2022-05-05 08:00"), app.app_context():
        reminders.draw_up()
    sent = {"state": "sent", "sent_at": SENT, "subject": "=1+1", "address": "cu@tinh.gov.vn", "provider_id": "<m@baro>"}
    db.execute(update(Message).where(Message.recipient_id == lan.id).values(**sent))
    db.commit()
    return {"lan": lan, "mai": mai, "owed": owed}


def rows(page: Any) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select("table.rows tbody tr")]


def test_who_was_told_what_by_which_channel_and_with_what_outcome(
    client: FlaskClient, db: Session, monitor: User, told: dict[str, Any], page: Any
) -> None:
    as_user(client, db, monitor)
    newest, oldest = rows(page(client, "/nhac-viec/nhat-ky"))
    assert (
        newest.startswith("08:00 05/05/2022 Mai")
        and "Ký hợp tác · quá hạn, mốc thứ 1" in newest
        and "Chờ gửi" in newest
    )
    assert oldest == (
        "08:05 05/05/2022 Lan Phó phòng, Văn phòng UBND tỉnh Thư điện tử: cu@tinh.gov.vn =1+1 · 1 việc "
        "Vận hành E-Cabinet · quá hạn, mốc thứ 1 Đã gửi <m@baro>"
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=sent", ["Lan"]), ("state=queued", ["Mai"]), ("channel=zalo", []), ("kind=result_returned", []),
        ("kind=reminder_digest", ["Mai", "Lan"]), ("task=TB1802:6.b", ["Lan"]), ("from=2022-05-06", []),
        ("until=2022-05-04", []), ("from=2022-05-05&until=2022-05-05", ["Mai", "Lan"]),
        ("from=2022-05-09&until=2022-05-02", ["Mai", "Lan"]), ("state=x&kind=y&channel=z", ["Mai", "Lan"]),
        ("agency=99999999999999999999", ["Mai", "Lan"]), ("document=123456", []),
    ],
)  # fmt: skip
def test_each_filter(
    client: FlaskClient, db: Session, monitor: User, told: dict[str, Any], page: Any, query: str, names: list[str]
) -> None:
    as_user(client, db, monitor)
    found = page(client, f"/nhac-viec/nhat-ky?{query}")
    assert [row.find("a", href=lambda url: "/nguoi/" in url).get_text() for row in found.select("tbody tr")] == names


def test_filters_that_name_somebody(
    client: FlaskClient, db: Session, world: World, monitor: User, told: dict[str, Any], page: Any
) -> None:
    message(world, told["mai"], "sent")  # a message to a person of the trade department, about no task
    as_user(client, db, monitor)
    assert len(rows(page(client, f"/nhac-viec/nhat-ky?agency={world.trade.id}"))) == 2
    assert len(rows(page(client, f"/nhac-viec/nhat-ky?document={world.document.id}"))) == 2
    one = page(client, f"/nhac-viec/nhat-ky?person={told['lan'].id}&task={told['owed'].task_id}")
    assert len(rows(one)) == 1 and "Người nhận: Lan" in said(one) and "Nhiệm vụ: Vận hành E-Cabinet" in said(one)


@pytest.mark.parametrize("query", ["from=31/12/2022", "until=0000-00-00", "task=TB9999:1", "from=0001-01-01"])
def test_what_cannot_be_is_said(
    client: FlaskClient, db: Session, monitor: User, told: dict[str, Any], page: Any, query: str
) -> None:
    as_user(client, db, monitor)
    found = page(client, f"/nhac-viec/nhat-ky?{query}")
    assert len(found.select(".notice.bad")) == 1 and len(rows(found)) == 2


def test_the_person_is_told_as_on_that_day(
    client: FlaskClient, db: Session, world: World, monitor: User, told: dict[str, Any], page: Any
) -> None:
    lan = told["lan"]
    with at("2022-06-01 09:00"):
        edit_account(
            db, monitor, lan.id, version(lan), name="Lan (đã kết hôn)", position="Trưởng phòng", role="officer",
            agency_id=world.trade.id, is_contact=True,
        )  # fmt: skip
        db.commit()
    with at("2022-06-02 09:00"):
        as_user(client, db, monitor)
        _newest, oldest = rows(page(client, "/nhac-viec/nhat-ky"))
    assert "Lan Phó phòng, Văn phòng UBND tỉnh" in oldest and "kết hôn" not in oldest


def test_pages_turn_and_keep_the_filters(
    client: FlaskClient, db: Session, world: World, monitor: User, page: Any
) -> None:
    lan = world.person("lan", world.office)
    ids = [message(world, lan, "sent" if number % 2 else "failed").id for number in range(104)]
    as_user(client, db, monitor)
    first = page(client, "/nhac-viec/nhat-ky?state=sent")
    second = page(client, first.find("a", rel="next")["href"])
    assert (len(rows(first)), len(rows(second))) == (50, 2) and second.find("a", rel="next") is None
    shown = [int(link["href"].rpartition("/")[2]) for link in second.select("tbody a[href*='/tin/']")]
    assert shown == [ids[3], ids[1]]


def test_the_number_of_queries_is_constant(
    app: Flask, client: FlaskClient, db: Session, world: World, monitor: User, told: dict[str, Any], count_queries: Any
) -> None:
    as_user(client, db, monitor)
    counted = []
    for more in (0, 3):
        for number in range(more):
            message(world, world.person(f"p{number}", world.trade), "sent")
        db.commit()
        with count_queries(app) as statements:
            assert client.get("/nhac-viec/nhat-ky").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_the_table_is_what_is_filtered_and_no_cell_is_a_formula(
    client: FlaskClient, db: Session, monitor: User, told: dict[str, Any]
) -> None:
    as_user(client, db, monitor)
    answer = client.get("/nhac-viec/nhat-ky.csv?state=sent")
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
    heading, *found = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    [row] = [dict(zip(heading, one, strict=True)) for one in found]
    assert row["Người nhận"] == "Lan" and row["Cơ quan của người nhận"] == "Văn phòng UBND tỉnh"
    assert (row["Lập lúc"], row["Gửi lúc"], row["Đến lúc"]) == ("2022-05-05 08:00", "2022-05-05 08:05", "")
    assert (row["Tiêu đề"], row["Mã nhiệm vụ"], row["Mốc nhắc"]) == ("'=1+1", "TB1802:6.b", "quá hạn, mốc thứ 1")
    assert (row["Kênh"], row["Địa chỉ"], row["Mã tin"]) == ("thư điện tử", "cu@tinh.gov.vn", "<m@baro>")


def test_the_log_is_not_for_agencies(client: FlaskClient, db: Session, told: dict[str, Any]) -> None:
    as_user(client, db, told["lan"])
    assert [client.get(f"/nhac-viec/nhat-ky{end}").status_code for end in ("", ".csv")] == [403, 403]
    assert db.scalar(select(Message.id).limit(1)) is not None
