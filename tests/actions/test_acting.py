"""Standing in: which days and which people, when it ends, who wins a race."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker import clock
from tracker.actions.account import deactivate, edit_account, version
from tracker.actions.acting import appoint, end
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db as tables
from tracker.models import Acting, Event, Message, Role, User
from tracker.queries.acting import heads_of, on_behalf, stand_ins

pytestmark = pytest.mark.unseeded
TODAY = date(2022, 5, 5)
DAYS = [TODAY + timedelta(days=n) for n in range(10)]


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def three(world: World) -> tuple[User, User, User]:
    return tuple(world.person(name, world.trade) for name in ("an", "binh", "cuc"))  # type: ignore[return-value]


@pytest.fixture
def admin(world: World) -> User:
    return world.person("quan-tri", None, role=Role.ADMINISTRATOR, contact=False)


def test_both_days_are_included(db: Session, admin: User, three: tuple[User, User, User]) -> None:
    an, binh, _ = three
    appoint(db, admin, an, binh, DAYS[1], DAYS[3], reason="nghỉ phép", basis="12/QĐ")
    db.commit()
    assert [stand_ins(db, day).get(an.id) for day in DAYS[:5]] == [None, binh.id, binh.id, binh.id, None]
    assert [on_behalf(db, binh.id, day) for day in DAYS[:5]] == [None, "an", "an", "an", None]
    event = db.scalars(select(Event)).one()
    assert (event.verb, event.noun_id, event.facts["stand_in"]) == ("appoint_acting", an.id, "binh")
    assert db.scalars(select(Message.recipient_id).where(Message.kind == "acting_appointed")).all() == [binh.id]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (DAYS[3], DAYS[1], "trước ngày đầu"),
        (TODAY - timedelta(days=1), DAYS[1], "đã qua"),
        (TODAY, TODAY + timedelta(days=366), "quá một năm"),
        (DAYS[4], DAYS[6], "đã có binh thay từ"),
    ],
)
def test_impossible_days(
    db: Session, admin: User, three: tuple[User, User, User], first: date, last: date, says: str
) -> None:
    an, binh, cuc = three
    appoint(db, admin, an, binh, DAYS[6], DAYS[7])
    db.commit()
    with pytest.raises(Refused, match=says):
        appoint(db, admin, an, cuc, first, last)
    appoint(db, admin, an, cuc, DAYS[4], DAYS[5])


def test_impossible_people(db: Session, world: World, admin: User, three: tuple[User, User, User]) -> None:
    an = three[0]
    monitor = world.person("theo", world.office, role=Role.MONITOR)
    cases = [
        (an, an, "tự thay mình"),
        (an, world.person("xa", world.office), "không cùng cơ quan"),
        (an, world.person("nghi", world.trade, active=False), "đã ngừng"),
        (monitor, world.person("vp", world.office), "không giữ cùng vai trò"),
    ]
    for person, stand_in, says in cases:
        with pytest.raises(Refused, match=says):
            appoint(db, admin, person, stand_in, TODAY, DAYS[1])


def test_no_circle(db: Session, admin: User, three: tuple[User, User, User]) -> None:
    an, binh, cuc = three
    appoint(db, admin, an, binh, DAYS[1], DAYS[3])
    appoint(db, admin, binh, cuc, DAYS[3], DAYS[5])
    for person, stand_in, day in ((binh, an, DAYS[1]), (cuc, an, DAYS[3])):
        with pytest.raises(Refused, match=r"cũng vắng|đã có"):
            appoint(db, admin, person, stand_in, day, day)
    appoint(db, admin, cuc, an, DAYS[4], DAYS[4])  # an is back


def test_ended_early_the_person_is_back_today(db: Session, admin: User, three: tuple[User, User, User]) -> None:
    an, binh, cuc = three
    acting = appoint(db, admin, an, binh, TODAY, DAYS[5])
    coming = appoint(db, admin, binh, cuc, DAYS[2], DAYS[3])
    with clock.on_day(DAYS[1]):
        end(db, admin, acting)
        end(db, admin, coming)
        db.commit()
        with pytest.raises(Changed):
            end(db, admin, acting)
    assert [stand_ins(db, day) for day in (TODAY, DAYS[1], DAYS[2])] == [{an.id: binh.id}, {}, {}]


def test_a_removed_stand_in_falls_back(db: Session, world: World, admin: User, three: tuple[User, User, User]) -> None:
    an, binh, cuc = three
    appoint(db, admin, an, binh, TODAY, DAYS[5])
    appoint(db, admin, cuc, binh, TODAY, DAYS[5])
    db.commit()
    assert stand_ins(db, TODAY) == {an.id: binh.id, cuc.id: binh.id}
    edit_account(
        db, admin, binh.id, version(binh), name="binh", position=None, role="officer", agency_id=world.office.id,
        is_contact=False,
    )  # fmt: skip
    db.commit()
    assert stand_ins(db, TODAY) == {}
    assert {acting.ended_on for acting in db.scalars(select(Acting))} == {TODAY}
    deactivate(db, admin, an.id)
    db.commit()


def test_a_closed_account_stands_in_for_nobody(db: Session, admin: User, three: tuple[User, User, User]) -> None:
    an, binh, _ = three
    appoint(db, admin, an, binh, TODAY, DAYS[5])
    binh.active = False
    db.commit()
    assert (stand_ins(db, TODAY), on_behalf(db, binh.id, TODAY)) == ({}, None)


def test_who_stands_in_for_the_head_decides(db: Session, world: World, admin: User) -> None:
    head = world.person("giamdoc", world.trade, role=Role.AGENCY_HEAD)
    deputy = world.person("pho", world.trade)
    appoint(db, admin, head, deputy, DAYS[1], DAYS[2])
    assert heads_of(db, world.trade.id, TODAY) == {head.id}
    assert heads_of(db, world.trade.id, DAYS[1]) == {head.id, deputy.id}
    assert on_behalf(db, deputy.id, DAYS[1]) == "giamdoc"


def test_two_at_once_leave_somebody_there(app: Flask, db: Session, admin: User, three: tuple[User, User, User]) -> None:
    """One for the other and the other for the one, in the same moment: one of them is refused."""
    an, binh, _ = three
    pairs, admin_id = [(an.id, binh.id), (binh.id, an.id)], admin.id
    db.commit()
    barrier, outcomes = Barrier(2), []

    def race(person_id: int, stand_in_id: int) -> None:
        with app.app_context():
            session = tables.session()
            barrier.wait()
            begin_writing()
            try:
                person, stand_in = session.get_one(User, person_id), session.get_one(User, stand_in_id)
                appoint(session, session.get_one(User, admin_id), person, stand_in, TODAY, DAYS[2])
                session.commit()
                outcomes.append("won")
            except Refused:
                session.rollback()
                outcomes.append("told")

    racers = [Thread(target=race, args=pair) for pair in pairs]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(outcomes) == ["told", "won"]
    assert db.scalar(select(func.count()).select_from(Acting)) == 1
