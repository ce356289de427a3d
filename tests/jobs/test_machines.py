"""Several workers on several machines, killed (SIGKILL) at random under load: nobody is forgotten, repeats keep their bounds."""

import os
import signal
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import at
from tests.machines.crowd import crowd
from tests.machines.fleet import Fleet
from tests.machines.order import Order
from tests.machines.outcome import assert_everybody_was_told_once, forget, planned, recorded, states
from tests.machines.storm import Storm
from tests.smtp_sink import Received, SmtpSink
from tracker.jobs import sender
from tracker.models import Message, Reminder, User

pytestmark = pytest.mark.unseeded


def test_a_storm(app: Flask, db: Session, smtp: SmtpSink, workers: Fleet) -> None:
    """Four workers at a time, each killed within moments; sixteen minutes later the next four, and at last one that is not."""
    world = crowd(db, agencies=1, people=2, tasks=1)
    workers.compile(Order())
    forget(db)
    smtp.received.clear()
    several = db.get_bind().dialect.name == "postgresql"
    crowd(db, agencies=20 if several else 6, people=15, tasks=7, world=world)
    with at("2022-05-05 08:00"):
        expected = planned(db)
    assert len(expected) == (2102 if several else 632)
    storm = Storm(workers, Random(20220505), at_once=4)
    storm.rage(kills=12 if several else 8)
    storm.calm()
    assert storm.killed
    assert_everybody_was_told_once(db, expected, smtp.received, sender.UNWRITTEN * storm.killed)


def test_workers_side_by_side(app: Flask, db: Session, smtp: SmtpSink, workers: Fleet) -> None:
    """Two schedulers, and a third whose clock is five minutes ahead, do everything at the same time: once."""
    world = crowd(db, agencies=1, people=2, tasks=1)
    workers.compile(Order())
    forget(db)
    smtp.received.clear()
    crowd(db, agencies=6, people=10, tasks=3, world=world)
    with at("2022-05-05 08:00"):
        expected = planned(db)
    clocks = ("2022-05-05 08:00", "2022-05-05 08:00", "2022-05-05 08:05")
    ended = workers.run(*(Order(at=clock, rounds=2) for clock in clocks))
    assert [one.code for one in ended] == [0, 0, 0]
    assert [len(one.outcomes) for one in ended] == [6, 6, 6], "a job failed"
    workers.run(Order(at="2022-05-05 08:06"))
    assert_everybody_was_told_once(db, expected, smtp.received, most_repeats=0)


def test_what_kills_every_worker_takes_nobody_with_it(
    app: Flask, db: Session, smtp: SmtpSink, workers: Fleet
) -> None:  # fmt: skip
    """One mail ends whoever sends it. It is given up after five attempts; the others of its batch go out, none of them is."""
    crowd(db, agencies=1, people=30, tasks=1)

    def kill(mail: Received) -> None:
        if mail.recipients[0].startswith("p0-9@"):
            os.kill(workers.pids[0], signal.SIGKILL)

    smtp.on_mail = kill
    killed = 0
    for wave in range(8):
        [ended] = workers.run(Order(at=f"2022-05-05 {8 + wave:02}:00"))
        killed += ended.code == -signal.SIGKILL
    assert killed == 5
    assert states(db) == {"sent": 29, "failed": 1}
    fatal = db.scalars(
        select(User.email).join(Message, Message.recipient_id == User.id).where(Message.state == "failed")
    )
    assert [email.partition("@")[0] for email in fatal] == ["p0-9"]


def test_a_mail_server_away_for_two_days(app: Flask, db: Session, smtp: SmtpSink, workers: Fleet) -> None:
    """On the third morning three workers find it back: everybody gets one mail, which speaks of everything."""
    crowd(db, agencies=2, people=5, tasks=2)
    smtp.go_down()
    for moment in ("2022-05-05 08:00", "2022-05-06 08:00", "2022-05-06 14:00"):
        workers.run(Order(at=moment), Order(at=moment), Order(at=moment, die_at=80))
        assert states(db).keys() <= {"queued", "cancelled"}
    smtp.come_back()
    workers.run(*(Order(at="2022-05-09 08:00", rounds=2) for _ in range(3)))
    assert sorted(mail.recipients[0] for mail in smtp.received) == sorted(db.scalars(select(User.email)))
    assert {mail.message["Subject"] for mail in smtp.received} == {"2 việc quá hạn (nhắc việc 09/05/2022)"}
    assert states(db) == {"cancelled": 10, "sent": 10}
    unsent = select(func.count()).select_from(Reminder).join(Message).where(Message.state != "sent")
    assert db.scalar(unsent) == 0
    told = recorded(db)
    assert len(told) == len(set(told)) == 40, "ten people, two tasks, due and overdue"
