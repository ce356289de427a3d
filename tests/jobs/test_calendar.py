"""The administrators are asked for next year's calendar: from 1 October, once a month, until it is entered."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker.actions.account import deactivate
from tracker.jobs import calendar
from tracker.models import CalendarDay, Message, Role, User
from tracker.queries.calendar import DAYS_OFF

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]


@pytest.fixture
def ask(app: Flask) -> Job:
    def run() -> str:
        with app.app_context():
            return calendar.ask_for_year()

    return run


@pytest.fixture
def admins(world: World) -> list[User]:
    """Two administrators, and somebody who is none; this year is entered."""
    enter(world.session, 2026)
    enter(world.session, 2025)
    world.person("binh", world.office, role=Role.MONITOR)
    found = [world.person(name, None, role=Role.ADMINISTRATOR) for name in ("an", "yen")]
    world.session.commit()
    return found


def enter(db: Session, year: int) -> None:
    db.add_all(CalendarDay(day=date(year, 3, n + 1), working=False, name="Nghỉ", source="TB") for n in range(DAYS_OFF))
    db.commit()


def asked(db: Session) -> list[tuple[int, date, str]]:
    db.rollback()
    query = select(Message).where(Message.kind == "calendar_missing").order_by(Message.id)
    return [(message.recipient_id, message.day, message.state) for message in db.scalars(query)]


def test_from_october_and_once_a_month(db: Session, admins: list[User], ask: Job) -> None:
    ids = [admin.id for admin in admins]
    with at("2026-09-30 23:59"):
        assert ask() == "complete"
    with at("2026-10-01 00:00"):
        assert ask() == ask() == "asked for 2027"
    with at("2026-10-31 23:00"):
        ask()
    first = [(number, date(2026, 10, 1), "queued") for number in ids]
    assert asked(db) == first
    with at("2026-11-02 08:00"):
        ask()
    assert asked(db) == [*first, *((number, date(2026, 11, 2), "queued") for number in ids)]
    enter(db, 2027)
    with at("2026-12-02 08:00"):
        assert ask() == "complete"
    assert len(asked(db)) == 4


def test_the_letter(db: Session, admins: list[User], ask: Job, send: Job, smtp: SmtpSink) -> None:
    with at("2026-10-01 09:00"):
        ask()
        send()
    assert {mail.recipients[0] for mail in smtp.received} == {admin.email for admin in admins}
    mail = smtp.received[0]
    assert mail.message["Subject"] == "Chưa nhập lịch nghỉ lễ, tết năm 2027"
    assert "Lịch làm việc năm 2027 trong Ba Rõ mới có 0 ngày nghỉ." in " ".join(mail.body().split())
    assert "/quan-tri/lich/de-xuat?year=2027" in mail.body()


def test_not_sent_when_it_was_entered_meanwhile(
    db: Session, admins: list[User], ask: Job, send: Job, smtp: SmtpSink
) -> None:
    with at("2026-10-01 03:00"):
        ask()
    enter(db, 2027)
    with at("2026-10-01 09:00"):
        send()
    assert smtp.received == []
    assert {state for _who, _day, state in asked(db)} == {"cancelled"}
    assert set(db.scalars(select(Message.reason))) == {"calendar_entered"}


def test_who_has_left_is_not_told(db: Session, admins: list[User], ask: Job, send: Job, smtp: SmtpSink) -> None:
    with at("2026-10-01 09:00"):
        ask()
        deactivate(db, admins[0], admins[1].id)
        db.commit()
        send()
    assert [mail.recipients[0] for mail in smtp.received] == [admins[0].email]
