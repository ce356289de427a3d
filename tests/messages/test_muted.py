"""A kind that somebody gave up is not queued, and does not leave when it waits already; duties reach everybody."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.actions import extension
from tracker.actions.mute import give_up
from tracker.jobs import sender
from tracker.messages import outbox
from tracker.models import Acting, Assignment, Extension, Message, ProgressReport, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at("2022-06-21 09:00"):
        yield


@pytest.fixture
def owed(world: World) -> Assignment:
    return world.task(world.trade, date(2022, 6, 30), title="Ký chương trình hợp tác")


@pytest.fixture
def report(db: Session, world: World, owed: Assignment) -> ProgressReport:
    """A result of the agency that the Office confirmed."""
    author = world.person("cong", world.trade)
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=world.trade.id, author_id=author.id, kind="completion",
        reported_at=clock.now(), reported_on=date(2022, 6, 20), progress=100, done="Đã ký.", result_on=date(2022, 6, 20),
        decision="confirmed", decided_by_id=monitor.id,
    )  # fmt: skip
    db.add(report)
    world.ready()
    return report


def person(db: Session, name: str) -> User:
    return db.scalars(select(User).where(User.name == name)).one()


def fates(db: Session) -> list[tuple[str, str, str | None]]:
    db.rollback()
    return [tuple(row) for row in db.execute(select(Message.kind, Message.state, Message.reason).order_by(Message.id))]


def deliver(app: Flask, smtp: SmtpSink) -> None:
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with app.app_context():
        sender.send_due()


def test_what_was_given_up_is_not_queued_and_a_duty_is(db: Session, report: ProgressReport) -> None:
    give_up(db, person(db, "cong"), outbox.RESULT_CONFIRMED)
    outbox.result_confirmed(db, report)
    report.decision = "returned"
    outbox.result_returned(db, report)
    db.commit()
    assert fates(db) == [("result_returned", "queued", None)]


def test_given_up_meanwhile_it_does_not_leave(app: Flask, db: Session, report: ProgressReport, smtp: SmtpSink) -> None:
    outbox.result_confirmed(db, report)
    db.commit()
    give_up(db, person(db, "cong"), outbox.RESULT_CONFIRMED)
    db.commit()
    deliver(app, smtp)
    assert smtp.received == [] and fates(db) == [("result_confirmed", "cancelled", "muted")]


def test_a_duty_cannot_be_given_up(db: Session, report: ProgressReport) -> None:
    with pytest.raises(ValueError, match="reminder_digest"):
        give_up(db, person(db, "cong"), outbox.REMINDER_DIGEST)


def test_neither_the_absent_nor_the_stand_in_is_told_what_he_gave_up(
    db: Session, world: World, report: ProgressReport
) -> None:
    absent, stand_in = person(db, "cong"), world.person("thay", world.trade, contact=False)
    db.add(
        Acting(
            person_id=absent.id, acting_id=stand_in.id, from_on=date(2022, 6, 20), until_on=date(2022, 6, 24),
            made_by_id=absent.id, made_at=clock.now(),
        )
    )  # fmt: skip
    db.flush()
    give_up(db, absent, outbox.RESULT_CONFIRMED)
    outbox.result_confirmed(db, report)
    db.commit()
    assert fates(db) == []
    give_up(db, stand_in, outbox.EXTENSION_GRANTED)
    outbox.tell(db, outbox.EXTENSION_GRANTED, "extension", 1, [absent.id], None)
    db.commit()
    assert fates(db) == []


@pytest.mark.parametrize(("granted", "kind"), [(True, "extension_granted"), (False, "extension_decided")])
def test_a_grant_can_be_given_up_and_a_refusal_cannot(
    app: Flask, db: Session, world: World, owed: Assignment, smtp: SmtpSink, granted: bool, kind: str
) -> None:
    lan = world.person("lan", world.trade)
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    asked = Extension(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=world.trade.id, asked_by_id=lan.id, asked_at=clock.now(),
        asked_on=clock.today(), proposed_on=date(2022, 7, 29), reason="Chờ ký.", effective_on=date(2022, 6, 30),
        due_on=date(2022, 6, 30), late=False, state="waiting",
    )  # fmt: skip
    db.add(asked)
    world.ready()
    with app.app_context():
        if granted:
            extension.grant(db, monitor, asked, date(2022, 7, 29), "1234/UBND-VX", None)
        else:
            extension.refuse(db, monitor, asked, "Không có lý do.", None)
        db.commit()
    assert fates(db) == [(kind, "queued", None)]
    deliver(app, smtp)
    [mail] = smtp.received
    assert ("Thôi nhận loại thư này" in mail.body()) == granted == ("/thoi-nhan/" in mail.body("html"))
