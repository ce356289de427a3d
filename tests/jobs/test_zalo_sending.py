"""Reminders by Zalo, from the plan to the telephone; what Zalo does not take is mailed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import zalo as wire
from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tests.zalo import FOLLOWER, PHONE, consented
from tests.zalo_stand_in import DROP, ZaloStandIn
from tracker import clock
from tracker.models import Contact, Message, ReminderPolicy, User
from tracker.rules.climb import Level
from tracker.rules.reminder_policy import DEFAULT, ZALO, as_rules

pytestmark = pytest.mark.unseeded
MORNING = "2022-05-05 08:15"
Run = Callable[[], str]


@pytest.fixture
def person(world: World, app: Flask, zalo: ZaloStandIn) -> User:
    """Somebody with overdue work, who agreed to be told by Zalo; the policy wants it so."""
    person = world.person("Phạm Văn Công", world.trade, email="cong@tinh.gov.vn")
    world.task(world.trade, date(2022, 4, 30), person, clause="6.b", title="Hoàn thiện nền tảng tích hợp dữ liệu")
    rules = as_rules(DEFAULT) | {"channels": {level.value: ZALO for level in Level}}
    world.session.add(
        ReminderPolicy(
            rules=rules, valid_from=date(2022, 1, 1), set_by_id=person.id, set_at=datetime(2022, 1, 1, tzinfo=UTC)
        )
    )
    with at(MORNING):
        world.session.add(consented(person.id, updated_at=clock.now() - timedelta(days=1)))
        world.ready()
        wire.link(wire.point_at(app, zalo), zalo)
    return person


def messages(db: Session) -> list[tuple[str, str]]:
    db.rollback()
    return [(row.channel, row.state) for row in db.scalars(select(Message).order_by(Message.id))]


def run(draw_up: Run, send: Run, moment: str = MORNING) -> None:
    with at(moment):
        draw_up()
        send()


def test_reminder_goes_by_zalo(
    person: User, zalo: ZaloStandIn, smtp: SmtpSink, db: Session, draw_up: Run, send: Run
) -> None:
    run(draw_up, send)
    [message] = zalo.to(PHONE)
    assert smtp.received == [] and messages(db) == [("zalo", "sent")]
    values = message.values
    assert (values["nguoi_nhan"], values["ma_viec"], values["ten_viec"], values["han"], values["so_qua_han"]) == (
        "Phạm Văn Công", "TB1802:6.b", "Hoàn thiện nền tảng tích hợp…", "04/05/2022", "1",
    )  # fmt: skip
    row = db.scalars(select(Message)).one()
    assert (row.provider_id, row.address) == (message.id, PHONE)
    assert message.tracking_id == f"reminder_digest.{row.id}.{row.created_at:%Y%m%d%H%M%S}"


def test_twice_is_once(person: User, zalo: ZaloStandIn, draw_up: Run, send: Run) -> None:
    for _ in range(2):
        run(draw_up, send)
    assert len(zalo.received) == 1


@pytest.mark.parametrize("code", [-118, -1121, -137])
def test_what_zalo_does_not_take_is_mailed(
    person: User, zalo: ZaloStandIn, smtp: SmtpSink, db: Session, draw_up: Run, send: Run, code: int
) -> None:
    zalo.refuse("*", code)
    run(draw_up, send)
    assert zalo.received == [] and len(smtp.to("cong@tinh.gov.vn")) == 1
    assert ("email", "sent") in messages(db)
    contact = db.get(Contact, (person.id, ZALO))
    assert (contact is not None) == (code == -118)


def test_follower_who_left_is_told_by_number_the_next_time(
    person: User, zalo: ZaloStandIn, smtp: SmtpSink, db: Session, draw_up: Run, send: Run
) -> None:
    link = db.get_one(type(consented(0)), person.id)
    link.zalo_id, link.follows = FOLLOWER, True
    db.commit()
    run(draw_up, send)
    assert zalo.received == [] and len(smtp.received) == 1
    contact = db.get(Contact, (person.id, ZALO))
    assert contact is not None and contact.address == f"zalo:{FOLLOWER}"
    run(draw_up, send, "2022-05-12 08:15")
    assert len(zalo.to(PHONE)) == 1


def test_night_is_waited_out(person: User, zalo: ZaloStandIn, db: Session, draw_up: Run, send: Run) -> None:
    zalo.refuse("*", -133)
    run(draw_up, send)
    row = db.scalars(select(Message)).one()
    assert (row.state, clock.local(row.not_before).isoformat()) == ("queued", "2022-05-06T06:00:00+07:00")


def test_no_answer_is_left_to_a_person(
    person: User, zalo: ZaloStandIn, smtp: SmtpSink, db: Session, draw_up: Run, send: Run
) -> None:
    zalo.refuse("*", DROP)
    for _ in range(2):
        run(draw_up, send)
    assert messages(db) == [("zalo", "uncertain")] and len(zalo.received) == 1 and smtp.received == []


def test_without_consent_it_is_mailed(
    person: User, zalo: ZaloStandIn, smtp: SmtpSink, db: Session, draw_up: Run, send: Run
) -> None:
    db.get_one(type(consented(0)), person.id).withdrawn_at = clock.now()
    db.commit()
    run(draw_up, send)
    assert zalo.received == [] and len(smtp.received) == 1
