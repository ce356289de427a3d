"""Giving everything over: what passes to whom, what the record keeps, who wins a race."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker import clock
from tracker.actions.handover import Grounds, hand_over
from tracker.actions.person import name_people
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db as tables
from tracker.models import Assignment, Event, Handover, HandoverItem, Message, Role, Task, User
from tracker.queries import handover as handovers
from tracker.queries.person import last_named
from tracker.rules.basis import Basis
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
TODAY, DUE = date(2022, 5, 5), date(2022, 6, 30)
GROUNDS = Grounds("nghỉ hưu", Basis("document", "7/QĐ-SCT, 01/05/2022"))


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def boss(world: World) -> User:
    return world.person("giamdoc", world.trade, contact=False, role=Role.AGENCY_HEAD)


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.trade)


@pytest.fixture
def hai(world: World) -> User:
    return world.person("hai", world.trade, contact=False)


@pytest.fixture
def parts(db: Session, world: World, lan: User) -> list[Assignment]:
    """Two that lan answers for, one that she heads, one that is done."""
    found = [world.task(world.trade, DUE, lan) for _ in range(2)]
    headed = world.task(world.trade, DUE)
    headed.head_id = lan.id
    done = world.task(world.trade, DUE, lan, state=WorkState.DONE, result_on=date(2022, 5, 4))
    db.commit()
    return [*found, headed, done]


def keys(parts: list[Assignment], to: User | None) -> dict[str, User | None]:
    return {f"responsible_{parts[0].id}": to, f"responsible_{parts[1].id}": to, f"head_{parts[2].id}": to}


def seen(db: Session, user: User) -> int:
    return handovers.version(handovers.held(db, user.id, TODAY))


def test_everything_open_passes_at_once(db: Session, boss: User, lan: User, hai: User, parts: list[Assignment]) -> None:
    record = hand_over(db, boss, lan, seen(db, lan), keys(parts, hai), GROUNDS)
    db.commit()
    assert [part.responsible_id for part in parts] == [hai.id, hai.id, None, lan.id], "what is done keeps who did it"
    assert (parts[2].head_id, parts[2].head_basis) == (hai.id, GROUNDS.basis.text)
    assert parts[0].responsible_basis_kind == "document"
    items = db.scalars(select(HandoverItem).order_by(HandoverItem.id)).all()
    assert [(item.part, item.to_id, item.state, item.progress) for item in items] == [
        ("responsible", hai.id, "not_started", 0), ("responsible", hai.id, "not_started", 0), ("head", hai.id, "not_started", 0)
    ]  # fmt: skip
    assert (record.person_id, record.reason, record.basis, record.on) == (lan.id, "nghỉ hưu", GROUNDS.basis.text, TODAY)
    events = db.scalars(select(Event).where(Event.verb == "hand_over").order_by(Event.id)).all()
    assert [event.task_id for event in events] == [part.task_id for part in parts[:3]]
    assert (events[0].facts["person"], events[0].facts["to"]) == ("lan", "hai")
    assert db.scalars(select(Message.recipient_id).where(Message.kind == "work_received")).all() == [hai.id]
    assert handovers.held(db, lan.id, TODAY) == []
    assert db.scalars(select(Task.has_responsible).where(Task.id == parts[0].task_id)).one() is True


def test_line_by_line_and_nobody_yet(db: Session, boss: User, lan: User, hai: User, parts: list[Assignment]) -> None:
    receivers = {**keys(parts, hai), f"responsible_{parts[1].id}": None, f"head_{parts[2].id}": boss}
    hand_over(db, boss, lan, seen(db, lan), receivers, GROUNDS)
    assert [parts[0].responsible_id, parts[1].responsible_id, parts[2].head_id] == [hai.id, None, boss.id]
    assert parts[1].responsible_basis_kind is None
    assert db.scalars(select(Message.recipient_id)).all() == [hai.id], "who made it is not told"


def test_the_contact_passes_too(db: Session, boss: User, lan: User, hai: User, parts: list[Assignment]) -> None:
    hand_over(db, boss, lan, seen(db, lan), keys(parts, hai), GROUNDS, contact=hai)
    assert (lan.is_contact, hai.is_contact) == (False, True)


@pytest.mark.parametrize("who", ["stranger", "closed", "self"])
def test_who_may_not_receive(
    db: Session, world: World, boss: User, lan: User, parts: list[Assignment], who: str
) -> None:
    people = {
        "stranger": world.person("xa", world.office), "closed": world.person("nghi", world.trade, active=False), "self": lan,
    }  # fmt: skip
    db.commit()
    with pytest.raises(Refused):
        hand_over(db, boss, lan, seen(db, lan), keys(parts, people[who]), GROUNDS)
    db.rollback()
    assert parts[0].responsible_id == lan.id and db.scalars(select(Handover)).all() == []


def test_nothing_held_is_nothing_given(db: Session, boss: User, hai: User) -> None:
    with pytest.raises(Refused, match="không còn giữ"):
        hand_over(db, boss, hai, seen(db, hai), {}, GROUNDS)


def test_named_meanwhile_is_told(db: Session, boss: User, lan: User, hai: User, parts: list[Assignment]) -> None:
    before = seen(db, lan)
    name_people(db, boss, parts[0], last_named(db, [parts[0].id])[parts[0].id], hai, None, GROUNDS.basis)
    db.commit()
    with pytest.raises(Changed):
        hand_over(db, boss, lan, before, keys(parts, hai), GROUNDS)
    db.rollback()
    assert parts[1].responsible_id == lan.id


def test_two_at_once_give_once(
    app: Flask, db: Session, boss: User, lan: User, hai: User, parts: list[Assignment]
) -> None:
    number, actor_id, lan_id = seen(db, lan), boss.id, lan.id
    wanted = [dict.fromkeys(keys(parts, to), to.id) for to in (hai, boss)]
    db.commit()
    barrier, outcomes = Barrier(2), []

    def race(ids: dict[str, int]) -> None:
        with app.app_context():
            session: Any = tables.session()
            barrier.wait()
            begin_writing()
            try:
                receivers = {key: session.get_one(User, to) for key, to in ids.items()}
                actor, person = session.get_one(User, actor_id), session.get_one(User, lan_id)
                hand_over(session, actor, person, number, receivers, GROUNDS)
                session.commit()
                outcomes.append("won")
            except Changed:
                session.rollback()
                outcomes.append("told")

    racers = [Thread(target=race, args=(ids,)) for ids in wanted]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(outcomes) == ["told", "won"]
    assert db.scalar(select(func.count()).select_from(Handover)) == 1
    assert len({part.responsible_id for part in parts[:2]}) == 1
