"""Reminders and more time: a letter says that a request waits, and none leaves for a date that has been moved."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker.actions import extension
from tracker.actions.standing import current_assignment
from tracker.models import Assignment, Extension, Message, Reminder, Role, User
from tracker.queries.reminder_item import items

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 4, 30)  # counts until 04/05/2022
LATER = date(2022, 6, 18)  # a Saturday, counts until 20/06/2022


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office)


@pytest.fixture
def theo(world: World) -> User:
    return world.person("theo", None, contact=False, role=Role.MONITOR)


def ask(app: Flask, db: Session, owed: Assignment, who: User, until: date = LATER) -> Extension:
    with app.app_context():
        seen = current_assignment(db, owed.id).id
        asked = extension.ask(db, who, owed, seen, "Thiết bị về chậm <2 tuần>.", until, None)
        db.commit()
    return asked


def read(client: FlaskClient, who: User, url: str) -> str:
    with client.session_transaction() as session:
        session.update({"_user_id": who.get_id(), "_fresh": True})
    return client.get(url).text


def letters(smtp: SmtpSink, person: User) -> list[str]:
    return [str(mail.message["Subject"]) for mail in smtp.to(person.email)]


def test_while_a_request_waits_nobody_is_reminded_and_the_pages_say_why(
    app: Flask, client: FlaskClient, db: Session, world: World, lan: User, theo: User, draw_up: Job, send: Job,
    smtp: SmtpSink,
) -> None:  # fmt: skip
    owed = world.task(world.office, DUE)
    other = world.task(world.office, DUE)
    world.ready()
    with at("2022-04-26 09:00"):
        ask(app, db, owed, lan)
    with at("2022-05-04 20:00"):
        upcoming = read(client, theo, "/nhac-viec")
    with at("2022-05-05 08:00"):
        draw_up()
        task = read(client, theo, f"/nhiem-vu/{owed.task_id}")
        send()
        found = items(db, [owed.id], date(2022, 5, 5))[owed.id]
    said = "đã xin gia hạn đến 18/06/2022 (ngày 26/04/2022), chưa có quyết định."
    assert said in task
    assert "Đề nghị gia hạn đang chờ quyết định" in upcoming
    assert found.asked is not None and found.asked.proposed_on == LATER
    reminders = [mail for mail in smtp.to(lan.email) if "gia hạn" not in str(mail.message["Subject"])]
    assert [
        (f"/nhiem-vu/{owed.task_id}" in mail.body(), f"/nhiem-vu/{other.task_id}" in mail.body()) for mail in reminders
    ] == [(False, True)]


@pytest.mark.parametrize("fate", ["withdrawn", "refused"])
def test_a_request_that_no_longer_waits_is_not_mentioned(
    app: Flask, db: Session, world: World, lan: User, theo: User, draw_up: Job, send: Job, smtp: SmtpSink, fate: str
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-04-28 09:00"):
        asked = ask(app, db, owed, lan)
    with at("2022-04-29 09:00"), app.app_context():
        if fate == "withdrawn":
            extension.withdraw(db, lan, asked)
        else:
            extension.refuse(db, theo, asked, "Không.", None)
        db.commit()
    with at("2022-05-05 08:00"):
        draw_up()
        send()
    reminder = next(mail for mail in smtp.to(lan.email) if "nhắc việc" in str(mail.message["Subject"]))
    assert "xin gia hạn" not in reminder.body()
    db.rollback()
    assert items(db, [owed.id], date(2022, 4, 28))[owed.id].asked is not None  # as of the day before it still waited


def test_after_a_grant_the_new_date_counts_and_nothing_leaves_for_the_old(
    app: Flask, db: Session, world: World, lan: User, theo: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
        asked = ask(app, db, owed, lan)
    with at("2022-05-05 08:05"), app.app_context():
        extension.grant(db, theo, asked, LATER, "1234/UBND-VX", None)
        db.commit()
    with at("2022-05-05 08:10"):
        send()
    db.rollback()
    old = db.scalars(select(Message).where(Message.kind == "reminder_digest")).one()
    assert (old.state, old.reason) == ("cancelled", "deadline_moved")
    assert letters(smtp, lan) == ["Đồng ý gia hạn đến 18/06/2022: Việc 1"]
    smtp.received.clear()
    with at("2022-06-21 08:00"):
        draw_up()
        send()
    [mail] = smtp.to(lan.email)
    assert mail.message["Subject"] == "1 việc quá hạn (nhắc việc 21/06/2022)"
    assert "Hạn: 18/06/2022" in mail.body() and "1234/UBND-VX" in mail.body() and "là 20/06/2022" in mail.body()
    assert "Đã gia hạn 1 lần; hạn gốc 04/05/2022." in mail.body()
    db.rollback()
    assert set(db.scalars(select(Reminder.effective_on))) == {date(2022, 6, 20)}


def test_a_request_goes_to_the_monitors_and_the_answer_to_the_agency(
    app: Flask, db: Session, world: World, lan: User, theo: User, send: Job, smtp: SmtpSink
) -> None:
    owed = world.task(world.office, DUE, title="Vận hành E-Cabinet")
    world.ready()
    with at("2022-04-28 09:00"):
        asked = ask(app, db, owed, lan)
        send()
    [mail] = smtp.received
    assert mail.message["To"] == theo.email
    assert mail.message["Subject"] == "Xin gia hạn: Văn phòng UBND tỉnh, Vận hành E-Cabinet"
    assert "xin gia hạn từ 04/05/2022 đến 18/06/2022. Xin sau hạn." in mail.body()
    assert "Lý do: Thiết bị về chậm <2 tuần>." in mail.body() and "&lt;2 tuần&gt;" in mail.body("html")
    assert f"/gia-han/{asked.id}" in mail.body()
    smtp.received.clear()
    with at("2022-04-29 09:00"), app.app_context():
        extension.refuse(db, theo, asked, "Đã đủ thời gian.", "15/UBND-VX")
        db.commit()
    with at("2022-04-29 09:01"):
        send()
    [mail] = smtp.received
    assert (mail.message["To"], mail.message["Subject"]) == (lan.email, "Không đồng ý gia hạn: Vận hành E-Cabinet")
    assert "(15/UBND-VX)" in mail.body() and "Ý kiến: Đã đủ thời gian." in mail.body()
    assert "Thời hạn giữ nguyên là 04/05/2022." in mail.body() and f"/nhiem-vu/{owed.task_id}" in mail.body("html")


def test_a_request_already_decided_is_not_announced(
    app: Flask, db: Session, world: World, lan: User, theo: User, send: Job, smtp: SmtpSink
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-04-28 09:00"):
        asked = ask(app, db, owed, lan)
        with app.app_context():
            extension.withdraw(db, lan, asked)
            db.commit()
        send()
    db.rollback()
    assert smtp.received == []
    assert db.execute(select(Message.state, Message.reason)).one() == ("cancelled", "extension_settled")


def test_the_number_of_queries_of_the_items_is_constant(
    app: Flask, db: Session, world: World, lan: User, theo: User, count_queries: Any
) -> None:
    owed = [world.task(world.office, DUE) for _turn in range(3)]
    world.ready()
    ids, counted = [one.id for one in owed], []
    with at("2022-04-28 09:00"):
        for one in owed:
            ask(app, db, one, lan)
        for some in (ids[:1], ids):
            with count_queries(app) as statements:
                found = items(db, some, date(2022, 4, 28))
            assert len(found) == len(some) and all(item.asked for item in found.values())
            counted.append(len(statements))
    assert counted[0] == counted[1]
