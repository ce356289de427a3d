"""A worker killed (SIGKILL) before each of its steps in turn: whoever comes after it finds everything that is to be done."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.jobs.world import at
from tests.machines.crowd import crowd
from tests.machines.fleet import Fleet
from tests.machines.order import Order
from tests.machines.outcome import assert_everybody_was_told_once, forget, planned
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.unseeded
SMALL = {
    "tracker.jobs.reminders:PEOPLE_AT_ONCE": 1, "tracker.jobs.sender:BATCH": 2, "tracker.jobs.sender:UNWRITTEN": 2,
    "tracker.jobs.sender:FRESH": 600,
}  # fmt: skip
"""So small a crowd is then told in several transactions, as a large one is; a slow machine takes no other steps."""
CHANGES = re.compile("INSERT|UPDATE|DELETE|WITH due|COMMIT|SMTP")


def steps_that_differ(names: list[str]) -> list[int]:
    """Return the numbers of the steps, from 1: every one that changes something, and of those in between, that only read, one."""
    numbered = groupby(enumerate(names, 1), key=lambda step: step[0] if CHANGES.match(step[1]) else 0)
    return [next(steps)[0] for _, steps in numbered]


def test_killed_at_every_step(app: Flask, db: Session, smtp: SmtpSink, workers: Fleet) -> None:
    crowd(db, agencies=1, people=2, tasks=2)
    with at("2022-05-05 08:00"):
        expected = planned(db)
    first, second = Order(constants=SMALL), Order(at="2022-05-05 08:16", constants=SMALL)
    workers.compile(first)
    forget(db)
    [whole] = workers.run(first)
    assert {"COMMIT", "SMTP mail", "SMTP rcpt", "SMTP data", "SMTP letter"} <= set(whole.steps)
    for step in steps_that_differ(whole.steps)[:: every(db)]:
        forget(db)
        smtp.received.clear()
        [victim] = workers.run(replace(first, die_at=step))
        [heir] = workers.run(second)
        assert (victim.code, heir.code) == (-signal.SIGKILL, 0)
        with noting(f"killed before step {step} of {len(whole.steps)}: {whole.steps[step - 1]}"):
            assert_everybody_was_told_once(db, expected, smtp.received, most_repeats=2)


def test_killed_at_every_step_of_tidying(app: Flask, db: Session, smtp: SmtpSink, workers: Fleet) -> None:
    """One worker went down with its batch, the next is killed while it returns the batch to the queue."""
    crowd(db, agencies=1, people=2, tasks=1)
    with at("2022-05-05 08:00"):
        expected = planned(db)
    first, tidying = Order(constants=SMALL), Order(at="2022-05-05 08:16", jobs=["housekeeping"])
    workers.compile(first)
    forget(db)
    [whole] = workers.run(first)
    lost = replace(first, die_at=whole.steps.index("SMTP letter") + 1)
    steps = len(workers.run(tidying)[0].steps)
    for step in range(1, steps + 1, every(db)):
        forget(db)
        smtp.received.clear()
        ended = [*workers.run(lost), *workers.run(replace(tidying, die_at=step))]
        assert [one.code for one in ended] == [-signal.SIGKILL, -signal.SIGKILL]
        workers.run(Order(at="2022-05-05 08:32", constants=SMALL))
        with noting(f"killed before step {step} of tidying"):
            assert_everybody_was_told_once(db, expected, smtp.received, most_repeats=2)


def every(db: Session) -> int:
    """Every step where several machines may meet; on the embedded database, which has one writer at a time, every fifth."""
    return 1 if db.get_bind().dialect.name == "postgresql" else 5


@contextmanager
def noting(what: str) -> Iterator[None]:
    """Say with a failure where it was."""
    try:
        yield
    except AssertionError as error:
        error.add_note(what)
        raise
