"""Naming who answers: what is written, what is refused, what the task keeps of it, who wins a race."""

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
from tracker.actions import clarity
from tracker.actions.person import name_people, name_people_of
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db as tables
from tracker.models import Assignment, Event, Message, Role, Succession, Task, User
from tracker.queries.person import last_named, people_of_task
from tracker.rules.basis import Basis
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
TODAY, DUE = date(2022, 5, 5), date(2022, 6, 30)
ORDER, PROPOSAL = Basis("document", "12/QĐ-SCT, 04/05/2022"), Basis("proposal")


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def head(world: World) -> User:
    return world.person("giamdoc", world.trade, contact=False, role=Role.AGENCY_HEAD)


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.trade, contact=False)


@pytest.fixture
def owed(world: World) -> Assignment:
    return world.task(world.trade, DUE)


def seen(db: Session, owed: Assignment) -> int:
    db.commit()
    return last_named(db, [owed.id])[owed.id]


def flags(db: Session, task_id: int) -> tuple[bool, bool]:
    db.commit()
    return tuple(db.execute(select(Task.has_responsible, Task.has_head).where(Task.id == task_id)).one())


def told(db: Session) -> list[tuple[str, int, Any]]:
    db.commit()
    return [
        tuple(row) for row in db.execute(select(Message.kind, Message.recipient_id, Message.facts).order_by(Message.id))
    ]


def test_both_are_named_with_their_basis(db: Session, head: User, lan: User, owed: Assignment) -> None:
    name_people(db, head, owed, 0, lan, head, ORDER)
    assert (owed.responsible_id, owed.responsible_basis_kind, owed.responsible_basis) == (
        lan.id,
        "document",
        ORDER.text,
    )
    assert (owed.head_id, owed.head_basis_kind, owed.head_basis) == (head.id, "document", ORDER.text)
    assert flags(db, owed.task_id) == (True, True)
    event = db.scalars(select(Event)).one()
    assert (event.verb, event.noun_id, event.task_id, event.agency_id) == (
        "name_people", owed.id, owed.task_id, owed.agency_id
    )  # fmt: skip
    assert event.facts["before"] == {"responsible": None, "head": None}
    assert event.facts["after"]["responsible"]["name"] == "lan"
    assert told(db) == [("person_named", lan.id, {"assignment_ids": [owed.id]})], "who named is not told"


def test_the_basis_is_written_for_whom_it_changes(db: Session, head: User, lan: User, owed: Assignment) -> None:
    name_people(db, head, owed, 0, lan, None, PROPOSAL)
    name_people(db, head, owed, seen(db, owed), lan, head, ORDER)
    assert (owed.responsible_basis_kind, owed.head_basis_kind) == ("proposal", "document")
    name_people(db, head, owed, seen(db, owed), lan, head, ORDER)  # nobody else: a proposal becomes an order
    assert (owed.responsible_basis_kind, owed.responsible_basis) == ("document", ORDER.text)
    assert len(told(db)) == 1


def test_cleared_rests_on_nothing(db: Session, head: User, lan: User, owed: Assignment) -> None:
    name_people(db, head, owed, 0, lan, head, ORDER)
    name_people(db, head, owed, seen(db, owed), None, head, ORDER)
    assert (owed.responsible_id, owed.responsible_basis_kind, owed.responsible_basis) == (None, None, None)
    assert flags(db, owed.task_id) == (False, True)
    with pytest.raises(Refused):
        name_people(db, head, owed, name_and_see(db, head, owed), None, None, ORDER)


def name_and_see(db: Session, head: User, owed: Assignment) -> int:
    name_people(db, head, owed, seen(db, owed), None, None, ORDER)
    return seen(db, owed)


@pytest.mark.parametrize(("who", "says"), [("stranger", "không thuộc cơ quan"), ("closed", "đã ngừng")])
def test_only_active_people_of_the_agency(
    db: Session, world: World, head: User, owed: Assignment, who: str, says: str
) -> None:
    stranger = world.person("nguoi-khac", world.office)
    closed = world.person("da-nghi", world.trade, active=False)
    with pytest.raises(Refused, match=says):
        name_people(db, head, owed, 0, {"stranger": stranger, "closed": closed}[who], None, ORDER)
    assert owed.responsible_id is None


def test_people_of_the_successor_may_be_named(db: Session, world: World, head: User, owed: Assignment) -> None:
    heir = world.agency("so-moi", "Sở mới")
    mai = world.person("mai", heir)
    with pytest.raises(Refused):
        name_people(db, head, owed, 0, mai, None, ORDER)
    db.add(
        Succession(agency_id=world.trade.id, successor_id=heir.id, took_effect_on=TODAY, legal_basis="190/2025/QH15")
    )
    db.flush()
    name_people(db, head, owed, 0, mai, None, ORDER)
    assert owed.responsible_id == mai.id


def test_closed_work_keeps_its_people(db: Session, world: World, head: User, lan: User) -> None:
    done = world.task(world.trade, DUE, state=WorkState.DONE, result_on=date(2022, 5, 4))
    with pytest.raises(Refused, match="đã khép lại"):
        name_people(db, head, done, 0, lan, None, ORDER)


def test_whoever_has_not_seen_the_last_naming_is_told(db: Session, head: User, lan: User, owed: Assignment) -> None:
    name_people(db, head, owed, 0, lan, None, ORDER)
    db.commit()
    with pytest.raises(Changed):
        name_people(db, head, owed, 0, None, head, ORDER)


def test_the_other_page_sees_it_too(db: Session, world: World, head: User, lan: User, owed: Assignment) -> None:
    name_people(db, head, owed, 0, lan, None, ORDER)
    db.commit()
    task = db.get_one(Task, owed.task_id)
    with pytest.raises(Changed):
        clarity.name_person(db, head, task, 0, owed, head, ORDER)
    latest = db.scalars(select(func.max(Event.id))).one()
    clarity.name_person(db, head, task, latest, owed, head, PROPOSAL)
    assert (owed.responsible_id, owed.responsible_basis_kind) == (head.id, "proposal")


def test_a_collective_order_needs_everybody_named(db: Session, world: World, head: User, lan: User) -> None:
    first = world.task(world.trade, DUE)
    mai = world.person("mai", world.office)
    second = world.lead(db.get_one(Task, first.task_id), world.office, DUE, alone=False)
    helper = world.lead(db.get_one(Task, first.task_id), world.agency("khac", "Khác"), DUE, role="coordinate")
    name_people(db, head, first, 0, lan, head, ORDER)
    assert flags(db, first.task_id) == (False, False)
    name_people(db, head, second, 0, mai, None, ORDER)
    assert flags(db, first.task_id) == (True, False)
    assert helper.responsible_id is None, "who only helps is not asked for"
    second.merged_into_id = first.id
    name_people(db, head, first, seen(db, first), lan, head, PROPOSAL)
    assert flags(db, first.task_id) == (True, True), "what was merged is answered for by the other"


def test_one_press_names_for_many_in_one_message(db: Session, world: World, head: User, lan: User) -> None:
    parts = [world.task(world.trade, DUE) for _ in range(3)]
    parts[1].head_id = head.id
    db.commit()
    wanted = {part.id: 0 for part in parts}
    assert name_people_of(db, head, wanted, {"responsible": lan}, ORDER) == 3
    assert [part.responsible_id for part in parts] == [lan.id] * 3
    assert parts[1].head_id == head.id, "what was not chosen stays"
    assert told(db) == [("person_named", lan.id, {"assignment_ids": sorted(wanted)})]
    fourth = world.task(world.trade, DUE)
    name_people(db, head, fourth, 0, lan, None, ORDER)
    assert told(db) == [("person_named", lan.id, {"assignment_ids": [*sorted(wanted), fourth.id]})], "joins what waits"


def test_all_or_nothing(db: Session, world: World, head: User, lan: User) -> None:
    parts = [world.task(world.trade, DUE) for _ in range(3)]
    name_people(db, head, parts[2], 0, lan, None, ORDER)
    db.commit()
    with pytest.raises(Changed):
        name_people_of(db, head, {part.id: 0 for part in parts}, {"responsible": head}, ORDER)
    db.rollback()
    assert [part.responsible_id for part in parts] == [None, None, lan.id]


def test_a_past_day_shows_who_answered_then(db: Session, head: User, lan: User, owed: Assignment) -> None:
    with clock.on_day(date(2022, 5, 3)):
        name_people(db, head, owed, 0, lan, None, PROPOSAL)
        db.commit()
    name_people(db, head, owed, seen(db, owed), head, head, ORDER)
    db.commit()
    shown = {day: people_of_task(db, owed.task_id, date(2022, 5, day))[owed.id] for day in (2, 3, 4, 5)}
    assert (shown[2].responsible, shown[2].head) == (None, None)
    for day in (3, 4):
        assert shown[day].responsible is not None and shown[day].head is None
        assert (shown[day].responsible.name, shown[day].responsible.basis_kind) == ("lan", "proposal")
    assert shown[5].responsible is not None and shown[5].responsible.name == "giamdoc"


def test_two_at_once_name_one(app: Flask, db: Session, head: User, lan: User, owed: Assignment) -> None:
    ids = (head.id, lan.id, owed.id)
    db.commit()
    barrier, outcomes = Barrier(2), []

    def race(person_id: int) -> None:
        with app.app_context():
            session = tables.session()
            barrier.wait()
            begin_writing()
            try:
                part = session.get_one(Assignment, ids[2])
                actor, person = session.get_one(User, ids[0]), session.get_one(User, person_id)
                name_people(session, actor, part, 0, person, None, ORDER)
                session.commit()
                outcomes.append("won")
            except Changed:
                session.rollback()
                outcomes.append("told")

    racers = [Thread(target=race, args=(person_id,)) for person_id in ids[:2]]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(outcomes) == ["told", "won"]
    assert db.scalar(select(func.count()).select_from(Event).where(Event.verb == "name_people")) == 1


def test_two_agencies_at_once_make_the_task_named(app: Flask, db: Session, world: World, head: User, lan: User) -> None:
    """Each sees the other's part without a person; the one that comes second must not keep that."""
    first = world.task(world.trade, DUE)
    mai = world.person("mai", world.office)
    second = world.lead(db.get_one(Task, first.task_id), world.office, DUE, alone=False)
    pairs, actor_id, task_id = [(first.id, lan.id), (second.id, mai.id)], head.id, first.task_id
    db.commit()
    barrier = Barrier(2)

    def race(part_id: int, person_id: int) -> None:
        with app.app_context():
            session = tables.session()
            barrier.wait()
            begin_writing()
            part, person = session.get_one(Assignment, part_id), session.get_one(User, person_id)
            name_people(session, session.get_one(User, actor_id), part, 0, person, person, ORDER)
            session.commit()

    racers = [Thread(target=race, args=pair) for pair in pairs]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert flags(db, task_id) == (True, True)
