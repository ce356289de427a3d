"""Workers killed while they send by Zalo: what may have gone out waits for a person and never goes again; the rest goes out."""

import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import zalo as linking
from tests.jobs.conftest import mail_settings
from tests.jobs.test_every_step import every, noting, steps_that_differ
from tests.jobs.world import at
from tests.machines.crowd import DAY, crowd
from tests.machines.fleet import Fleet, Mother, fleet
from tests.machines.order import Order
from tests.machines.outcome import forget, states
from tests.smtp_sink import SmtpSink
from tests.zalo_stand_in import ZaloStandIn
from tracker.messages import digest
from tracker.models import Message, User, ZaloLink
from tracker.queries.reminder import plan

pytestmark = pytest.mark.unseeded
PEOPLE = 2
SENDING = Order(jobs=["housekeeping", "sender"], constants={"tracker.jobs.sender:FRESH": 600})


@pytest.fixture
def workers(mother: Mother, database_url: str, smtp: SmtpSink, zalo: ZaloStandIn) -> Iterator[Fleet]:
    """Worker processes that send by Zalo too."""
    with fleet(mother, database_url, **{**mail_settings(smtp), **linking.settings(zalo)}) as made:
        yield made


@pytest.fixture
def agreed(app: Flask, db: Session, zalo: ZaloStandIn) -> dict[str, int]:
    """People who are told by Zalo, by telephone number."""
    crowd(db, agencies=1, people=PEOPLE, tasks=1)
    phones = {f"8490000000{number}": person for number, person in enumerate(db.scalars(select(User.id)))}
    db.commit()
    with at("2022-05-05 07:00"):
        linking.link(linking.point_at(app, zalo), zalo)
        db.add_all(linking.consented(person, phone=phone) for phone, person in phones.items())
        db.commit()
    return phones


def queue(db: Session, zalo: ZaloStandIn) -> None:
    """Undo what there is, and queue the day's digests by Zalo."""
    forget(db)
    zalo.received.clear()
    with at("2022-05-05 08:00"):
        found = plan(db, DAY).by_recipient
        db.rollback()
        digest.queue(db, DAY, found, by_zalo=found.keys())
        db.commit()


def test_killed_at_every_step(
    db: Session, zalo: ZaloStandIn, smtp: SmtpSink, agreed: dict[str, int], workers: Fleet
) -> None:
    queue(db, zalo)
    workers.compile(SENDING)
    queue(db, zalo)
    [whole] = workers.run(SENDING)
    assert whole.steps.count("HTTP answer") == len(zalo.received) == PEOPLE
    for step in steps_that_differ(whole.steps)[:: every(db)]:
        queue(db, zalo)
        [victim] = workers.run(replace(SENDING, die_at=step))
        workers.run(replace(SENDING, at="2022-05-05 08:16"))
        with noting(f"killed before step {step} of {len(whole.steps)}: {whole.steps[step - 1]}"):
            assert victim.code == -signal.SIGKILL
            assert_nobody_was_told_twice(db, zalo, agreed)
    assert smtp.received == []


def assert_nobody_was_told_twice(db: Session, zalo: ZaloStandIn, agreed: dict[str, int]) -> None:
    """One message at most is uncertain, and that may have arrived; everybody else's arrived, and is written down as sent."""
    arrived = Counter(message.to for message in zalo.received)
    assert set(arrived.values()) <= {1}, "a message went twice"
    found = states(db)
    assert found in ({"sent": PEOPLE}, {"sent": PEOPLE - 1, "uncertain": 1})
    sent = db.execute(select(Message.address, Message.recipient_id).where(Message.state == "sent")).all()
    assert {address for address, _ in sent} <= set(arrived)
    assert all(agreed[address] == person for address, person in sent)


def test_the_uncertain_one_says_whom_zalo_was_asked_to_tell(
    db: Session, zalo: ZaloStandIn, agreed: dict[str, int], workers: Fleet
) -> None:
    queue(db, zalo)
    [whole] = workers.run(SENDING)
    queue(db, zalo)
    workers.run(replace(SENDING, die_at=whole.steps.index("HTTP answer") + 1))
    for moment in ("08:16", "08:32", "12:00"):
        workers.run(replace(SENDING, at=f"2022-05-05 {moment}"))
    assert states(db) == {"sent": PEOPLE - 1, "uncertain": 1}
    unsure = db.scalars(select(Message).where(Message.state == "uncertain")).one()
    assert (unsure.reason, agreed[str(unsure.address)]) == ("may_have_gone", unsure.recipient_id)
    assert Counter(message.to for message in zalo.received) == dict.fromkeys(agreed, 1)


def test_several_workers_at_once(db: Session, zalo: ZaloStandIn, agreed: dict[str, int], workers: Fleet) -> None:
    queue(db, zalo)
    small = replace(SENDING, constants={**SENDING.constants, "tracker.jobs.sender:BATCH": 1}, rounds=2)
    assert [ended.code for ended in workers.run(small, small, small)] == [0, 0, 0]
    assert states(db) == {"sent": PEOPLE}
    assert Counter(message.to for message in zalo.received) == dict.fromkeys(agreed, 1)
    assert db.scalars(select(ZaloLink.user_id)).all() == list(agreed.values())
