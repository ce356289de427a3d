"""Several workers find the same address dead, or read the same returned letter, at the same moment: it counts once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tests.messages.reports import report
from tracker import clock
from tracker.actions import contact
from tracker.actions.bounce import take
from tracker.database import begin_writing
from tracker.extensions import db as ours
from tracker.messages import bounces, mime
from tracker.models import Contact, Message, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture
def lan(db: Session) -> User:
    world = World(db)
    world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)
    found = world.person("lan", world.office)
    db.commit()
    return found


def at_once(app: Flask, step: Callable[[Session], Any], times: int = 6) -> list[Any]:
    def run(_: int) -> Any:
        with app.app_context():
            begin_writing()
            found = step(ours.session())
            ours.session.commit()
            return found

    with ThreadPoolExecutor(times) as workers:
        return sorted(workers.map(run, range(times)))


def test_one_refusal_is_news(app: Flask, db: Session, lan: User) -> None:
    person, address = lan.id, lan.email
    db.commit()
    found = at_once(app, lambda session: contact.refused(session, person, "email", address, "550 no"))
    assert found == [False] * 5 + [True]
    assert db.scalars(select(Message.kind)).all() == ["contact_unwell"]


def test_soft_bounces_are_each_counted(app: Flask, db: Session, lan: User) -> None:
    person, address = lan.id, lan.email
    db.commit()
    found = at_once(app, lambda session: contact.bounced(session, person, "email", address, "4.4.7", hard=False), 3)
    assert found == [False, False, True] and db.scalars(select(Contact.state)).one() == "bounced"


def test_one_returned_letter_handed_over_by_two_servers(app: Flask, db: Session, lan: User) -> None:
    now, name = clock.now(), mime.message_id(app.config, "reminder_digest.1.20220505010000")
    db.add(
        Message(kind="reminder_digest", recipient_id=lan.id, address=lan.email, day=clock.today(), key="k", state="sent",
                not_before=now, created_at=now, provider_id=name)
    )  # fmt: skip
    db.commit()
    [bounce] = bounces.read(report(name, status="4.4.7", diagnostic="expired"))
    assert at_once(app, lambda session: take(session, app.config, bounce)) == ["failed"] + ["known"] * 5
    assert db.scalars(select(Contact.failures)).one() == 1
