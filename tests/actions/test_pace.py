"""The pace to one domain holds for all workers together; what waits loses neither its place nor an attempt."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker import clock
from tracker.actions import message as fate
from tracker.actions import pace
from tracker.database import begin_writing
from tracker.extensions import db as ours
from tracker.models import MailPace, Message, Setting, User

pytestmark = pytest.mark.unseeded
NOW = "2022-05-05 09:00"
MINUTE = timedelta(minutes=1)
Claim = Callable[..., list[str]]


def queue(db: Session, world: World, *addresses: str) -> None:
    now = clock.now()
    for address in addresses:
        who = world.person(address.partition("@")[0], world.office, email=address)
        db.add(
            Message(
                kind="person_named", recipient_id=who.id, day=clock.today(), key=address, not_before=now, created_at=now
            )
        )
    db.commit()


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def claim(app: Flask) -> Claim:
    """claim("w1", 100): what a worker does; gives the addresses that may go."""

    def run(worker: str = "w1", limit: int = 100) -> list[str]:
        with app.app_context():
            begin_writing()
            kept = pace.keep(ours.session(), worker, fate.claim(ours.session(), worker, limit, "email"))
            ours.session.commit()
            return [ours.session.get_one(User, message.recipient_id).email for message in kept]

    return run


def most(db: Session, number: int) -> None:
    db.add(Setting(name=pace.LIMIT, value=number))
    db.commit()


def waiting(db: Session) -> list[tuple[datetime, int, str | None]]:
    db.rollback()
    rows = db.execute(
        select(Message.not_before, Message.attempts, Message.reason)
        .where(Message.state == "queued")
        .order_by(Message.id)
    )
    return [(turn, attempts, reason) for turn, attempts, reason in rows]


def test_what_is_over_the_pace_waits_and_others_go_on(db: Session, world: World, claim: Claim) -> None:
    most(db, 2)
    with at(NOW):
        queue(db, world, *(f"p{n}@tinh.gov.vn" for n in range(5)), "a@so.gov.vn", "b@SO.gov.vn")
        assert claim() == ["p0@tinh.gov.vn", "p1@tinh.gov.vn", "a@so.gov.vn", "b@SO.gov.vn"]
        now = clock.now()
        assert waiting(db) == [(now + MINUTE, 0, "pace"), (now + MINUTE, 0, "pace"), (now + 2 * MINUTE, 0, "pace")]
        assert claim() == []
    with at("2022-05-05 09:01"):
        assert claim() == ["p2@tinh.gov.vn", "p3@tinh.gov.vn"]
    with at("2022-05-05 09:02"):
        assert claim() == ["p4@tinh.gov.vn"] and waiting(db) == []


def test_a_domain_rests_after_a_refusal_and_the_longer_rest_holds(
    app: Flask, db: Session, world: World, claim: Claim
) -> None:
    with at(NOW):
        queue(db, world, "a@tinh.gov.vn", "b@so.gov.vn")
        now = clock.now()
        with app.app_context():
            for minutes in (15, 5):
                begin_writing()
                pace.rest(ours.session(), "x@Tinh.gov.vn", now + minutes * MINUTE)
                ours.session.commit()
        assert claim() == ["b@so.gov.vn"] and waiting(db) == [(now + 15 * MINUTE, 0, "pace")]
    with at("2022-05-05 09:15"):
        assert claim() == ["a@tinh.gov.vn"]


def test_no_limit_writes_nothing_but_heeds_a_rest(app: Flask, db: Session, world: World, claim: Claim) -> None:
    most(db, 0)
    with at(NOW):
        queue(db, world, *(f"p{n}@tinh.gov.vn" for n in range(5)))
        assert len(claim("w1", 3)) == 3 and db.scalars(select(MailPace)).all() == []
        with app.app_context():
            pace.rest(ours.session(), "x@tinh.gov.vn", clock.now() + MINUTE)
            ours.session.commit()
        assert claim() == [] and len(waiting(db)) == 2


def test_several_workers_at_once_keep_one_pace(db: Session, world: World, claim: Claim) -> None:
    most(db, 20)
    with at(NOW):
        queue(db, world, *(f"p{n}@{'tinh' if n % 2 else 'so'}.gov.vn" for n in range(120)))
        with ThreadPoolExecutor(4) as workers:
            rounds = list(workers.map(lambda n: claim(f"w{n % 4}", 15), range(12)))
    gone = [address for one in rounds for address in one]
    assert len(gone) == len(set(gone)) == 40, "twenty to each domain, nobody twice"
    turns = [turn for turn, attempts, reason in waiting(db) if (attempts, reason) == (0, "pace")]
    start = datetime(2022, 5, 5, 2, 0, tzinfo=UTC)
    assert sorted(turns) == [start + MINUTE * n for n in (1, 2) for _ in range(40)]
