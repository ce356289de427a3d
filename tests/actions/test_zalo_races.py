"""Two at once with Zalo: two windows that agree, two administrators who link, one id for two people. Nobody meets an error."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import zalo as world
from tests.people import Person
from tests.zalo import PHONE, consented
from tests.zalo_stand_in import ZaloStandIn
from tracker import clock
from tracker.actions import zalo as acting
from tracker.database import begin_writing
from tracker.errors import Refused
from tracker.extensions import db as ours
from tracker.messages.zalo_tokens import Pair
from tracker.models import Event, User, ZaloLink, ZaloToken

Step = Callable[[Session, User], Any]


def at_once(app: Flask, person: Person, steps: Sequence[Step]) -> list[str]:
    """Take the steps at the same moment, each in a transaction of its own; return "done" or the error's name of each."""
    ends, begin = [""] * len(steps), Barrier(len(steps))

    def run(number: int, step: Step) -> None:
        with app.app_context():
            begin.wait()
            begin_writing()
            try:
                step(ours.session(), ours.session.get_one(User, person.id))
                ours.session.commit()
                ends[number] = "done"
            except Refused as error:
                ends[number] = type(error).__name__

    threads = [Thread(target=run, args=one) for one in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def count(db: Session, verb: str) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(Event).where(Event.verb == verb)) or 0


def test_one_person_agrees_in_four_windows(app: Flask, db: Session, people: dict[str, Person]) -> None:
    for key in ("officer_sct", "monitor", "viewer"):
        steps = [lambda session, actor: acting.consent(session, actor, PHONE, "…")] * 4
        assert at_once(app, people[key], steps) == ["done"] * 4
        db.rollback()
        assert db.get_one(ZaloLink, people[key].id).phone == PHONE
    assert count(db, "consent_zalo") == 12


def test_four_administrators_link(app: Flask, db: Session, people: dict[str, Person], zalo: ZaloStandIn) -> None:
    world.point_at(app, zalo)
    pairs = [Pair(f"a{number}", f"r{number}", clock.now(), clock.now()) for number in range(4)]
    steps: list[Step] = [
        lambda session, actor, pair=pair: acting.link(session, actor, app.config, pair)  # type: ignore[misc]
        for pair in pairs
    ]
    assert at_once(app, people["admin"], steps) == ["done"] * 4
    assert count(db, "link_zalo") == 4 and db.scalar(select(func.count()).select_from(ZaloToken)) == 1


@pytest.mark.parametrize("number", range(3))
def test_one_id_for_three_people(app: Flask, db: Session, people: dict[str, Person], number: int) -> None:
    three = [people[key].id for key in ("officer_sct", "monitor", "viewer")]
    db.add_all([consented(person, phone=f"8498765432{place}") for place, person in enumerate(three)])
    db.commit()
    steps: list[Step] = [
        lambda session, actor, person=person: acting.identify(session, actor, person, "246845883529")  # type: ignore[misc]
        for person in three
    ]
    assert at_once(app, people["admin"], steps) == ["Refused", "Refused", "done"]
    db.rollback()
    assert len(db.scalars(select(ZaloLink).where(ZaloLink.zalo_id.is_not(None))).all()) == 1
