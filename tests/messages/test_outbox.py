"""What people hear about results: who, and in which words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.jobs import sender
from tracker.messages import outbox
from tracker.models import Message, ProgressReport, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


@pytest.fixture
def author(world: World) -> User:
    return world.person("cong", world.trade, contact=False)


@pytest.fixture
def report(world: World, author: User, db: Session) -> ProgressReport:
    owed = world.task(world.trade, date(2022, 6, 30), title="Ký chương trình hợp tác")
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=world.trade.id, author_id=author.id, kind="completion",
        reported_at=clock.now(), reported_on=date(2022, 6, 20), progress=100, done="Đã ký.", result_on=date(2022, 6, 20),
        result_document="12/CTr-SCT",
    )  # fmt: skip
    db.add(report)
    world.ready()
    return report


@pytest.fixture
def now() -> Iterator[None]:
    with at("2022-06-21 09:00"):
        yield


def told(db: Session) -> list[tuple[str, int]]:
    db.commit()
    return [tuple(row) for row in db.execute(select(Message.kind, Message.recipient_id).order_by(Message.id))]


def deliver(app: Flask, smtp: SmtpSink) -> Any:
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with app.app_context():
        sender.send_due()
    [mail] = smtp.received
    return mail


def test_a_proposal_goes_to_every_monitor_once(
    app: Flask, db: Session, world: World, monitor: User, report: ProgressReport, smtp: SmtpSink, now: None
) -> None:
    outbox.result_proposed(db, report)
    outbox.result_proposed(db, report)
    assert told(db) == [("result_proposed", monitor.id)]
    mail = deliver(app, smtp)
    assert mail.message["Subject"] == "Chờ xác nhận: Sở Công Thương báo hoàn thành, Ký chương trình hợp tác"
    assert "Kết quả ngày 20/06/2022, văn bản 12/CTr-SCT." in mail.body() and "Nội dung: Đã ký." in mail.body()
    assert f"/bao-cao/{report.id}/quyet-dinh" in mail.body() and "Người báo cáo: cong" in mail.body("html")


def test_a_return_goes_to_the_agency_with_the_reason(
    app: Flask, db: Session, world: World, monitor: User, report: ProgressReport, smtp: SmtpSink, now: None
) -> None:
    contact = world.person("dau-moi", world.trade)
    report.decision, report.decided_by_id, report.decision_reason = "returned", monitor.id, "Thiếu biên bản <ký>."
    outbox.result_returned(db, report)
    assert told(db) == [("result_returned", contact.id)]
    mail = deliver(app, smtp)
    assert "Lý do: Thiếu biên bản <ký>." in mail.body() and "Thiếu biên bản &lt;ký&gt;." in mail.body("html")
    assert f"/nhiem-vu/{report.task_id}" in mail.body()


def test_the_answer_reaches_the_author_when_there_is_no_contact(
    app: Flask,
    db: Session,
    world: World,
    monitor: User,
    author: User,
    report: ProgressReport,
    smtp: SmtpSink,
    now: None,
) -> None:
    report.decision, report.decided_by_id = "confirmed", monitor.id
    outbox.result_confirmed(db, report)
    assert told(db) == [("result_confirmed", author.id)]
    assert deliver(app, smtp).message["Subject"] == "Kết quả đã được xác nhận: Ký chương trình hợp tác"


def test_who_acted_is_not_told(db: Session, world: World, monitor: User, report: ProgressReport, now: None) -> None:
    report.author_id = monitor.id
    outbox.result_proposed(db, report)
    assert told(db) == []


def test_a_proposal_already_decided_is_not_sent(
    app: Flask, db: Session, world: World, monitor: User, report: ProgressReport, smtp: SmtpSink, now: None
) -> None:
    outbox.result_proposed(db, report)
    report.decision = "confirmed"
    db.commit()
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with app.app_context():
        sender.send_due()
    db.rollback()
    assert smtp.received == []
    assert db.execute(select(Message.state, Message.reason)).one() == ("cancelled", "decided")
