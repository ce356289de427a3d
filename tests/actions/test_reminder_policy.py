"""Two administrators change the policy of reminders, or who is in charge, at once: one is done, the other is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_extension_races import race
from tests.people import Person
from tracker import clock
from tracker.actions.leader import put_in_charge
from tracker.actions.reminder_policy import set_policy
from tracker.extensions import db
from tracker.models import Agency, Document, Event, LeaderInCharge, ReminderPolicy, User
from tracker.queries.reminder_policy import current_id, policies, versions
from tracker.rules.reminder_policy import DEFAULT

TODAY = date(2022, 4, 20)
CODES = [None, "TB1802"]


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


def change(session: Session, admin: int, code: str | None, seen: int, grace: int) -> bool:
    document = session.scalars(select(Document).where(Document.code == code)).one() if code else None
    wanted = replace(DEFAULT, grace=grace)
    return set_policy(session, session.get_one(User, admin), document, wanted, seen, None)


@pytest.mark.parametrize("code", CODES, ids=["province", "document"])
def test_two_first_changes_at_once(app: Flask, people: dict[str, Person], code: str | None) -> None:
    admin = people["admin"].id
    outcomes = race(app, *(lambda session, n=n: change(session, admin, code, 0, n) for n in (4, 5)))
    assert outcomes == ["Changed", "done"]
    with app.app_context():
        assert len(db.session.scalars(select(ReminderPolicy)).all()) == 1
        assert len(db.session.scalars(select(Event).where(Event.noun == "reminder_policy")).all()) == 1


@pytest.mark.parametrize("code", CODES, ids=["province", "document"])
def test_two_later_changes_at_once(app: Flask, people: dict[str, Person], code: str | None) -> None:
    admin = people["admin"].id
    with app.app_context():
        change(db.session(), admin, code, 0, 3)
        db.session.commit()
        seen = db.session.scalars(select(ReminderPolicy.id)).one()
    outcomes = race(app, *(lambda session, n=n: change(session, admin, code, seen, n) for n in (4, 5, 6)))
    assert outcomes == ["Changed", "Changed", "done"]
    with app.app_context():
        rows = db.session.scalars(select(ReminderPolicy).order_by(ReminderPolicy.id)).all()
        assert [(row.valid_from, row.valid_to == TODAY) for row in rows] == [(TODAY, True), (TODAY, False)]


def test_one_changes_the_province_and_one_a_document(app: Flask, people: dict[str, Person]) -> None:
    admin = people["admin"].id
    moves = [lambda session, code=code: change(session, admin, code, 0, 3) for code in CODES]
    assert race(app, *moves) == ["done", "done"]


def test_what_cannot_be_carried_out_is_no_policy(context: Session, people: dict[str, Person]) -> None:
    admin = context.get_one(User, people["admin"].id)
    with pytest.raises(ValueError, match="cannot be carried out"):
        set_policy(context, admin, None, replace(DEFAULT, grace=99), 0, None)
    with pytest.raises(ValueError, match="cannot be carried out"):
        set_policy(context, admin, None, None, 0, None)


def test_a_document_without_rules_has_none_to_give_up(context: Session, people: dict[str, Person]) -> None:
    document = context.scalars(select(Document)).first()
    assert not set_policy(context, context.get_one(User, people["admin"].id), document, None, 0, None)
    assert context.scalars(select(ReminderPolicy)).all() == []


def test_a_version_says_what_held_before_it(context: Session, people: dict[str, Person]) -> None:
    admin = context.get_one(User, people["admin"].id)
    document = context.scalars(select(Document).order_by(Document.id)).first()
    assert document is not None
    province, own = replace(DEFAULT, grace=3), replace(DEFAULT, grace=5)
    set_policy(context, admin, None, province, 0, "đầu tiên")
    set_policy(context, admin, document, own, 0, None)
    set_policy(context, admin, document, None, current_id(context, document.id), None)
    found = versions(context, document.id)
    assert [(each.own, each.before, each.policy) for each in found] == [(False, own, province), (True, province, own)]
    [first] = versions(context)
    assert (first.before, first.policy, first.note, first.set_by) == (
        DEFAULT,
        province,
        "đầu tiên",
        people["admin"].name,
    )
    assert policies(context, TODAY).documents == {}


@pytest.mark.parametrize("entered", [False, True], ids=["nobody", "somebody"])
def test_two_say_at_once_who_is_in_charge(app: Flask, people: dict[str, Person], entered: bool) -> None:
    admin, leader, other = people["admin"].id, people["leader"].id, people["monitor"].id
    with app.app_context():
        agency = db.session.scalars(select(Agency.id).order_by(Agency.id)).first() or 0
        if entered:
            db.session.add(LeaderInCharge(agency_id=agency, leader_id=people["viewer"].id))
            db.session.commit()
    seen = {agency: people["viewer"].id if entered else None}

    def put(session: Session, who: int) -> object:
        return put_in_charge(session, session.get_one(User, admin), {agency: who}, seen, None)

    outcomes = race(app, *(lambda session, who=who: put(session, who) for who in (leader, other)))
    assert outcomes == ["Changed", "done"]
    with app.app_context():
        assert len(db.session.scalars(select(Event).where(Event.verb == "put_in_charge")).all()) == 1
