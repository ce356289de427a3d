"""The letter about a direction: to the people of each agency addressed, and no longer once the agency has taken it in."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker.actions import direction as directing
from tracker.jobs import sender
from tracker.models import Direction, Message, Role, Task, User

pytestmark = pytest.mark.unseeded
NOW = "2022-06-21 09:00"


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def leader(world: World) -> User:
    return world.person("lanh", None, contact=False, role=Role.LEADER)


@pytest.fixture
def given(world: World, leader: User, db: Session) -> Direction:
    """A direction to the two agencies that lead a task: one with a contact, one with a responsible person."""
    owed = world.task(world.trade, date(2022, 6, 30), title="Ký chương trình hợp tác", text="Ký trong tháng 6")
    task = db.get_one(Task, owed.task_id)
    world.person("cong", world.trade)
    hai = world.person("hai", world.office, contact=False)
    world.person("van", world.office)
    world.lead(task, world.office, date(2022, 6, 30), responsible=hai, alone=False)
    world.ready()
    with at(NOW):
        direction = directing.give(
            db, leader, task, "Ký trước <ngày 25>.", date(2022, 6, 20), date(2022, 6, 25), "152/TB-UBND"
        )
        db.commit()
    return direction


def deliver(app: Flask, smtp: SmtpSink) -> None:
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with at(NOW), app.app_context():
        sender.send_due()


def test_each_agency_gets_its_own_letter(app: Flask, db: Session, given: Direction, smtp: SmtpSink) -> None:
    deliver(app, smtp)
    assert sorted(mail.message["To"] for mail in smtp.received) == ["cong@tinh.gov.vn", "hai@tinh.gov.vn"]
    [mail] = smtp.to("cong@tinh.gov.vn")
    text = mail.body()
    assert mail.message["Subject"] == "Ý kiến chỉ đạo: Ký chương trình hợp tác"
    assert "lanh, Lãnh đạo UBND tỉnh, có ý kiến chỉ đạo ngày 20/06/2022 gửi Sở Công Thương:" in text
    assert "“Ký trước <ngày 25>.”" in text and "Ký trước &lt;ngày 25&gt;." in mail.body("html")
    assert "Văn bản: 152/TB-UBND." in text and "Cần xong hoặc trả lời chậm nhất ngày 25/06/2022." in text
    assert "Nhiệm vụ: Ký chương trình hợp tác" in text and "“Ký trong tháng 6”" in text
    assert f"/chi-dao/{given.id}" in text and f"/chi-dao/{given.id}" in mail.body("html")
    assert "gửi Văn phòng UBND tỉnh:" in smtp.to("hai@tinh.gov.vn")[0].body()


def test_taken_in_already_it_does_not_leave(
    app: Flask, db: Session, world: World, given: Direction, smtp: SmtpSink
) -> None:
    receipt = next(receipt for receipt in given.receipts if receipt.agency_id == world.trade.id)
    officer = db.scalars(select(User).where(User.name == "cong")).one()
    directing.acknowledge(db, officer, receipt, None)
    db.commit()
    deliver(app, smtp)
    assert [mail.message["To"] for mail in smtp.received] == ["hai@tinh.gov.vn"]
    db.rollback()
    rows: Any = db.execute(select(Message.state, Message.reason).order_by(Message.state)).all()
    assert [tuple(row) for row in rows] == [("cancelled", "acknowledged"), ("sent", None)]
