"""Clocks that are set while workers run: nothing twice, nothing lost, whatever the hour was thought to be."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.machines.crowd import crowd
from tests.machines.fleet import Fleet
from tests.machines.order import Order
from tests.machines.outcome import recorded, repeats, states
from tests.smtp_sink import Received, SmtpSink
from tracker import clock
from tracker.actions.message import claim
from tracker.jobs import housekeeping, sender
from tracker.models import Message

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]


def steps(db: Session) -> list[str]:
    return sorted(step for _, _, step, _ in recorded(db))


@pytest.mark.parametrize(
    "moment", ["2022-05-05 07:00", "2022-05-05 09:00", "2022-05-06 08:00"], ids=["back", "on", "day"]
)
def test_a_batch_taken_away_is_not_sent_by_two(
    app: Flask, db: Session, smtp: SmtpSink, workers: Fleet, moment: str
) -> None:
    """In the middle of a worker's batch the clock jumps, and the batch is taken for lost: whoever had it notices."""
    crowd(db, agencies=1, people=12, tasks=1)
    began, go_on = Event(), Event()

    def wait(mail: Received) -> None:
        if len(smtp.received) == 3:
            began.set()
            go_on.wait(90)

    smtp.on_mail = wait
    # Read anew at every mail, as it is every second: a fast machine then does what a slow one does.
    workers.start(Order(constants={"tracker.jobs.sender:FRESH": 0}))
    assert began.wait(90)
    with at(moment), app.app_context():
        said = housekeeping.tidy()
    go_on.set()
    assert said == "returned 10 to the queue"  # two are written down as sent
    assert [ended.code for ended in workers.wait()] == [0]
    assert states(db) == {"sent": 12}
    assert repeats(smtp.received) == 1, "only the mail that was on its way may go twice"
    assert len({mail.recipients[0] for mail in smtp.received}) == 12


def test_a_slow_server_keeps_its_batch(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every mail takes six minutes and every batch over an hour: nobody takes the rest of it for lost meanwhile."""
    crowd(db, agencies=1, people=12, tasks=1, world=world)
    monkeypatch.setattr(sender, "FRESH", 0)  # seconds of the machine, which the clock of the test does not move
    said = []
    with at("2022-05-05 08:00") as traveller:

        def dawdle(mail: Received) -> None:
            traveller.shift(timedelta(minutes=6))
            with app.app_context():
                said.append(housekeeping.tidy())

        smtp.on_mail = dawdle
        draw_up()
        assert send() == "sent 12"
    assert set(said) == {"returned 0 to the queue"} and len(smtp.received) == 12


def test_a_claim_of_a_clock_that_ran_ahead_is_lost_like_any_other(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    crowd(db, agencies=1, people=3, tasks=1, world=world)
    with at("2022-05-05 08:00"):
        draw_up()
    with at("2099-05-05 08:00"):  # the machine whose battery is empty dies with its batch
        claim(db, "gone", 100, "email")
        db.commit()
    with at("2022-05-05 09:00"):
        with app.app_context():
            assert housekeeping.tidy() == "returned 3 to the queue"
        assert send() == "sent 3"


def test_a_day_ahead_and_back_again(db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink) -> None:
    """What tomorrow's clock told is told; what comes up after the clock was set right is told as soon as a digest may leave."""
    crowd(db, agencies=1, people=1, tasks=1, world=world)
    for moment in ("05-05 08:00", "05-05 07:00", "05-05 08:00", "05-06 08:00", "05-05 08:05", "05-05 09:00"):
        with at(f"2022-{moment}"):
            draw_up()
            send()
    assert steps(db) == ["due", "overdue_1"] and len(smtp.received) == 2
    late = world.task(world.agency("so-moi", "Sở mới"), date(2022, 5, 5), responsible=None)
    world.person("moi", late.agency, email="moi@tinh.gov.vn")
    world.ready()
    for moment in ("05-05 09:30", "05-05 09:31", "05-06 08:00", "05-06 07:00", "05-06 08:00"):
        with at(f"2022-{moment}"):
            draw_up()
            send()
    assert steps(db) == ["due", "due", "overdue_1", "overdue_1"]
    assert Counter(mail.recipients[0].partition("@")[0] for mail in smtp.received) == {"p0-0": 2, "moi": 2}
    assert states(db) == {"sent": 4}


def test_an_hour_back_in_the_middle_of_the_day(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:  # fmt: skip
    """What was queued by the later clock waits for its hour; it is not lost and does not come twice."""
    crowd(db, agencies=1, people=2, tasks=1, world=world)
    with at("2022-05-05 09:00"):
        draw_up()
    with at("2022-05-05 08:00"):
        draw_up()
        assert send() == "nothing waits"
    with at("2022-05-05 09:00"):
        draw_up()
        assert send() == "sent 2"
    assert steps(db) == ["due", "due"] and states(db) == {"sent": 2}
    assert db.scalars(select(Message.day)).all() == [date(2022, 5, 5)] * 2
    assert clock.today() != date(2022, 5, 5)
