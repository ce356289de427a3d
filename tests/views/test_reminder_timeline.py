"""/nhiem-vu/<id>/nhac-viec and /nhac-viec/nguoi/<id>: everything done to urge a task or a person, as proof."""

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
from tracker.jobs import reminders
from tracker.models import (
    Acknowledgement,
    Assignment,
    Message,
    Reminder,
    ReminderHold,
    ReminderSkip,
    Role,
    UrgeLetter,
    UrgeLetterItem,
    User,
)

pytestmark = pytest.mark.unseeded
DUE = date(2022, 4, 29)


def moment(day: int, month: int = 5) -> datetime:
    return datetime(2022, month, day, 2, tzinfo=UTC)


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("Theo", world.office, contact=False, role=Role.MONITOR)


@pytest.fixture
def lan(world: World) -> User:
    return world.person("Lan", world.office, position="Phó phòng")


@pytest.fixture
def owed(app: Flask, db: Session, world: World, monitor: User, lan: User) -> Assignment:
    """A task told on 4 May, kept back on the 11th, acknowledged on the 18th, held and let go again, and urged by letter."""
    owed = world.task(world.office, DUE, lan, title="Vận hành E-Cabinet", clause="6.b")
    world.ready()
    with at("2022-05-04 08:00"), app.app_context():
        reminders.draw_up()
    sent = {"state": "sent", "sent_at": moment(4), "subject": "1 việc quá hạn", "address": "lan@tinh.gov.vn"}
    db.execute(update(Message).values(**sent, provider_id="<m@baro>"))
    _kept_back(db, owed, monitor, lan)
    letter = UrgeLetter(
        agency_id=world.office.id, state="sent", drafted_on=date(2022, 6, 10), drafted_at=moment(10, 6), number="1234/UBND-KSTT",
        sent_on=date(2022, 6, 13), signer="Nguyễn Văn Ký, Phó Chủ tịch", recorded_by_id=monitor.id, recorded_at=moment(13, 6),
        answer_by=date(2022, 6, 20),
    )  # fmt: skip
    letter.items = [UrgeLetterItem(assignment_id=owed.id, effective_on=DUE, days_overdue=42, reminders=6)]
    db.add(letter)
    db.commit()
    return owed


def _kept_back(db: Session, owed: Assignment, monitor: User, lan: User) -> None:
    common = {"assignment_id": owed.id, "effective_on": DUE}
    db.add_all(
        [
            ReminderSkip(step="overdue_2", level="responsible", reason="asked_more_time", day=date(2022, 5, 11), **common),
            Acknowledgement(person_id=lan.id, day=date(2022, 5, 18), at=moment(18), until_on=date(2022, 5, 25), via="mail",
                            **common),
            ReminderHold(assignment_id=owed.id, from_on=date(2022, 5, 26), until_on=date(2022, 6, 3), reason="chờ thiết bị",
                         made_by_id=monitor.id, made_at=moment(26), ended_at=moment(30), ended_on=date(2022, 5, 30),
                         ended_by_id=monitor.id),
        ]
    )  # fmt: skip


def lines(page: Any) -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in page.select("ol.time > li")]


STORY = [
    "13/06/2022 Gửi công văn đôn đốc số 1234/UBND-KSTT đến Văn phòng UBND tỉnh, đề nghị trả lời đến hết 20/06/2022",
    "10/06/2022 Dự thảo công văn đôn đốc Văn phòng UBND tỉnh",
    "30/05/2022 Cho nhắc trở lại, trước ngày đã định 03/06/2022 Theo, Văn phòng UBND tỉnh · 09:00 30/05/2022",
    "26/05/2022 Tạm ngừng nhắc đến hết 03/06/2022: chờ thiết bị Theo, Văn phòng UBND tỉnh · 09:00 26/05/2022",
    "18/05/2022 Trả lời “đã nhận, đang xử lý”; hoãn báo cấp trên đến hết 25/05/2022 · hạn 29/04/2022 Lan, Phó phòng",
    "11/05/2022 Không nhắc người phụ trách (quá hạn, mốc thứ 2): đề nghị gia hạn đang chờ quyết định · hạn 29/04/2022",
    "04/05/2022 Nhắc người phụ trách: quá hạn, mốc thứ 1 · hạn 29/04/2022 Lan, Phó phòng, Văn phòng UBND tỉnh Thư điện tử: "
    "lan@tinh.gov.vn · đã gửi 09:00 04/05/2022",
]


def test_the_whole_story_of_a_task(
    client: FlaskClient, db: Session, monitor: User, owed: Assignment, page: Any
) -> None:
    as_user(client, db, monitor)
    found = lines(page(client, f"/nhiem-vu/{owed.task_id}/nhac-viec"))
    assert [line.startswith(told) for line, told in zip(found, STORY, strict=True)] == [True] * len(STORY), found
    assert "người ký: Nguyễn Văn Ký, Phó Chủ tịch" in found[0] and "bấm từ thư" in found[4]


def test_the_story_of_a_person(client: FlaskClient, db: Session, lan: User, owed: Assignment, page: Any) -> None:
    as_user(client, db, lan)
    found = lines(page(client, f"/nhac-viec/nguoi/{lan.id}"))
    assert [line[:10] for line in found] == [told[:10] for told in STORY]
    assert all("Vận hành E-Cabinet" in line for line in found)


def test_it_turns_pages_and_prints_whole(
    client: FlaskClient, db: Session, monitor: User, owed: Assignment, page: Any
) -> None:
    db.add_all(
        ReminderSkip(assignment_id=owed.id, effective_on=DUE, step=f"overdue_{n}", level="head", reason="answered",
                     day=date(2022, 7, 1))
        for n in range(70)
    )  # fmt: skip
    as_user(client, db, monitor)
    address = f"/nhiem-vu/{owed.task_id}/nhac-viec"
    first = page(client, address)
    second = page(client, first.find("a", rel="next")["href"])
    assert (len(lines(first)), len(lines(second))) == (60, 17) and second.find("a", rel="next") is None
    assert not set(lines(first)) & set(lines(second))
    whole = page(client, f"{address}?in=1")
    assert len(lines(whole)) == 77 and "bởi Theo" in said(whole.select_one(".printed").parent.parent)
    for wrong in ("x", "2022-05-04_1", "2022-05-04_9_99999999999", "_", "0000-00-00_1_1"):
        assert "không còn đúng với danh sách này" in said(page(client, f"{address}?before={wrong}")), wrong


def test_as_a_table(client: FlaskClient, db: Session, monitor: User, lan: User, owed: Assignment) -> None:
    db.execute(update(ReminderHold).values(reason="=HYPERLINK(1)"))
    as_user(client, db, monitor)
    for address in (f"/nhiem-vu/{owed.task_id}/nhac-viec.csv", f"/nhac-viec/nguoi/{lan.id}.csv"):
        answer = client.get(address)
        assert answer.mimetype == "text/csv" and answer.text.startswith("\ufeff")
        found = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert [row["Ngày"] for row in found] == [
            "2022-06-13", "2022-06-10", "2022-05-30", "2022-05-26", "2022-05-18", "2022-05-11", "2022-05-04",
        ]  # fmt: skip
        assert not any(cell.startswith(tuple("=+-@")) for row in found for cell in row.values())
        told = found[-1]
        assert (told["Lúc"], told["Địa chỉ"], told["Tình trạng"], told["Mã tin"]) == (
            "2022-05-04 09:00", "lan@tinh.gov.vn", "đã gửi", "<m@baro>",
        )  # fmt: skip


def test_an_agency_reads_its_own_part_only(
    client: FlaskClient, db: Session, world: World, lan: User, owed: Assignment, page: Any
) -> None:
    task = world.task(world.trade, DUE, title="Việc chung")
    other = world.lead(task.task, world.office, DUE, alone=False)
    for assignment in (task, other):
        db.add(
            ReminderSkip(assignment_id=assignment.id, effective_on=DUE, step="overdue_1", level="responsible",
                         reason="paused", day=date(2022, 5, 4))
        )  # fmt: skip
    mai = world.person("Mai", world.trade)
    as_user(client, db, mai)
    address = f"/nhiem-vu/{task.task_id}/nhac-viec"
    assert len(lines(page(client, address))) == 1
    assert client.get(f"/nhiem-vu/{owed.task_id}/nhac-viec").status_code == 403
    assert client.get(f"/nhac-viec/nguoi/{lan.id}").status_code == 403
    as_user(client, db, world.person("Chủ", None, role=Role.LEADER))
    assert len(lines(page(client, address))) == 2


def test_addresses_of_others_are_not_shown_to_an_agency(
    client: FlaskClient, db: Session, world: World, owed: Assignment, page: Any
) -> None:
    as_user(client, db, world.person("Mai", world.office))
    address = f"/nhiem-vu/{owed.task_id}/nhac-viec"
    assert "lan@tinh.gov.vn" not in said(page(client, address)) + client.get(f"{address}.csv").text


@pytest.mark.parametrize("address", ["/nhiem-vu/99999/nhac-viec", "/nhac-viec/nguoi/99999999999999999999"])
def test_there_is_no_such_thing(client: FlaskClient, db: Session, monitor: User, address: str) -> None:
    as_user(client, db, monitor)
    assert [client.get(f"{address}{end}").status_code for end in ("", ".csv")] == [404, 404]


def test_the_number_of_queries_is_constant(
    app: Flask,
    client: FlaskClient,
    db: Session,
    world: World,
    monitor: User,
    lan: User,
    owed: Assignment,
    count_queries: Any,
) -> None:
    addresses = (f"/nhiem-vu/{owed.task_id}/nhac-viec", f"/nhac-viec/nguoi/{lan.id}")
    as_user(client, db, monitor)
    counted = []
    for turn in range(2):
        for address in addresses:
            with count_queries(app) as statements:
                assert client.get(address).status_code == 200
            counted.append(len(statements))
        for number in range(3):
            person = world.person(f"p{turn}{number}", world.office)
            db.add(
                Acknowledgement(assignment_id=owed.id, effective_on=DUE, person_id=person.id, day=date(2022, 5, 19),
                                at=moment(19), until_on=None, via="page")
            )  # fmt: skip
        db.commit()
    assert counted[:2] == counted[2:]


def test_the_page_of_the_task_says_when_it_was_and_when_it_will_be(
    client: FlaskClient, db: Session, monitor: User, owed: Assignment, world: World, page: Any
) -> None:
    free = world.task(world.office, None)
    with at("2022-05-05 09:00"):
        as_user(client, db, monitor)
        words = said(page(client, f"/nhiem-vu/{owed.task_id}"))
        assert "Nhắc gần nhất 04/05/2022 (đã gửi). Lần tới 11/05/2022: quá hạn, mốc thứ 2." in words
        assert "Chưa nhắc lần nào. Việc không có hạn nên không nhắc." in said(page(client, f"/nhiem-vu/{free.task_id}"))
    with at("2022-05-27 09:00"):
        as_user(client, db, monitor)
        words = said(page(client, f"/nhiem-vu/{owed.task_id}"))
        # What was kept back comes on the first working day after the hold.
        assert "Lần tới 06/06/2022: quá hạn, mốc thứ 5. Tạm ngừng nhắc đến hết 03/06/2022." in words
    with at("2022-05-05 09:00"):
        as_user(client, db, world.person("Mai", world.trade))
        assert "Nhắc gần nhất" not in said(page(client, f"/nhiem-vu/{owed.task_id}"))


def test_what_one_mail_said_stands_together(
    client: FlaskClient, db: Session, lan: User, owed: Assignment, page: Any
) -> None:
    again = db.scalars(select(Reminder).where(Reminder.assignment_id == owed.id)).one()
    report = Reminder(
        assignment_id=owed.id, effective_on=again.effective_on, step="report_overdue_1", recipient_id=lan.id,
        message_id=again.message_id, day=again.day, level=again.level,
    )  # fmt: skip
    db.add(report)
    db.commit()
    as_user(client, db, lan)
    (mail,) = [line for line in lines(page(client, f"/nhac-viec/nguoi/{lan.id}")) if line.startswith("04/05/2022")]
    assert mail.count("đã gửi") == 1 and "quá hạn, mốc thứ 1" in mail and "gửi báo cáo, quá hạn, mốc thứ 1" in mail
