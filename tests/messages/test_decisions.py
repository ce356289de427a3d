"""What people hear when a head is asked or declines, and when the Office holds or opens work: who, and in which words."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.messages.test_outbox import deliver
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.actions import completion
from tracker.actions.standing import current_assignment
from tracker.actions.suspension import suspend
from tracker.extensions import db as extension
from tracker.jobs import sender
from tracker.models import Assignment, Message, ProgressReport, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at("2022-06-21 09:00"):
        yield


@pytest.fixture
def ids(db: Session) -> dict[str, int]:
    """An agency whose head approves first, with its officer, and one assignment of it."""
    world = World(db)
    world.trade.needs_head_approval = True
    people = {
        "head": world.person("giam-doc", world.trade, contact=False, role=Role.AGENCY_HEAD),
        "officer": world.person("cong", world.trade), "monitor": world.person("theo", world.office, role=Role.MONITOR),
    }  # fmt: skip
    owed = world.task(world.trade, date(2022, 6, 30), title="Ký chương trình hợp tác")
    world.ready()
    return {"owed": owed.id, **{name: person.id for name, person in people.items()}}


@pytest.fixture
def propose(app: Flask, ids: dict[str, int]) -> Callable[[], int]:
    def run() -> int:
        with app.app_context():
            session = extension.session()
            owed, officer = session.get_one(Assignment, ids["owed"]), session.get_one(User, ids["officer"])
            seen = current_assignment(session, owed.id).id
            report = completion.propose_completion(session, officer, owed, seen, clock.today(), "12/CTr", "Đã ký.")
            session.commit()
            return report.id

    return run


def told(db: Session) -> list[tuple[Any, ...]]:
    db.rollback()
    return [
        tuple(row) for row in db.execute(select(Message.kind, Message.recipient_id, Message.state).order_by(Message.id))
    ]


def test_the_head_is_asked(app: Flask, db: Session, ids: dict[str, int], propose: Any, smtp: SmtpSink) -> None:
    report_id = propose()
    assert told(db) == [("approval_asked", ids["head"], "queued")]
    mail = deliver(app, smtp)
    assert mail.message["Subject"] == "Chờ duyệt: kết quả của Sở Công Thương, Ký chương trình hợp tác"
    assert f"/bao-cao/{report_id}/duyet" in mail.body() and "thời hạn vẫn chạy" in mail.body("html")


def test_what_was_taken_back_is_not_asked(
    app: Flask, db: Session, ids: dict[str, int], propose: Any, smtp: SmtpSink
) -> None:
    report_id = propose()
    with app.app_context():
        session = extension.session()
        completion.recall(session, session.get_one(User, ids["officer"]), session.get_one(ProgressReport, report_id))
        session.commit()
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with app.app_context():
        sender.send_due()
    assert (smtp.received, told(db)) == ([], [("approval_asked", ids["head"], "cancelled")])


def test_the_officer_is_told_why_not(
    app: Flask, db: Session, ids: dict[str, int], propose: Any, smtp: SmtpSink
) -> None:
    report_id = propose()
    with app.app_context():
        session = extension.session()
        head, report = session.get_one(User, ids["head"]), session.get_one(ProgressReport, report_id)
        completion.decline(session, head, report, "Thiếu phụ lục <số liệu>.")
        session.commit()
    mail = deliver(app, smtp)
    assert mail.message["Subject"] == "Lãnh đạo chưa duyệt kết quả: Ký chương trình hợp tác"
    assert "Lý do: Thiếu phụ lục <số liệu>." in mail.body() and "&lt;số liệu&gt;" in mail.body("html")
    assert [row[2] for row in told(db)] == ["cancelled", "sent"]


def test_the_agency_is_told_what_the_office_did(app: Flask, db: Session, ids: dict[str, int], smtp: SmtpSink) -> None:
    for verb in ("pause", "resume"):
        with app.app_context():
            session = extension.session()
            owed = session.get_one(Assignment, ids["owed"])
            seen = current_assignment(session, owed.id).id
            suspend(
                session, session.get_one(User, ids["monitor"]), owed, seen, verb, "Chờ hướng dẫn <mới>.", "512/UBND"
            )
            session.commit()
    mail = deliver(app, smtp)  # of two in a row the last one only
    assert mail.message["Subject"] == "Cho tiếp tục: Ký chương trình hợp tác"
    assert "Văn phòng UBND tỉnh cho tiếp tục phần việc của Sở Công Thương." in mail.body()
    assert "Lý do: Chờ hướng dẫn <mới>." in mail.body() and "Căn cứ: 512/UBND" in mail.body("html")
    assert [(row[0], row[2]) for row in told(db)] == [("state_changed", "cancelled"), ("state_changed", "sent")]
