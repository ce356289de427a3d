"""PostgreSQL is stopped and started while workers plan and send: they go on by themselves, and nobody notices."""

import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests import databases, postgres
from tests.jobs.conftest import mail_settings
from tests.jobs.world import at
from tests.machines.crowd import crowd
from tests.machines.fleet import Mother, fleet
from tests.machines.order import Order
from tests.machines.outcome import assert_everybody_was_told_once, planned, states
from tests.smtp_sink import SmtpSink
from tracker.models import JobRun

PATIENCE = 120


@pytest.fixture
def server() -> Iterator[postgres.OwnPostgres]:
    """A server of this test's own: the others' goes on meanwhile."""
    try:
        made = postgres.own()
    except RuntimeError as error:
        pytest.skip(f"needs a PostgreSQL that it may stop: {error}")
    yield made
    made.stop()


def until(condition: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, f"{what} never came"
        time.sleep(0.1)


def test_workers_survive_a_restart(mother: Mother, server: postgres.OwnPostgres, smtp: SmtpSink) -> None:
    url = server.create("restarted")
    app = databases.make_app(url)
    databases.migrate(app)
    databases.let_go(app)
    engine = create_engine(url, pool_pre_ping=True)
    with Session(engine) as db, fleet(mother, url, **mail_settings(smtp)) as workers:
        crowd(db, agencies=4, people=20, tasks=2)
        with at("2022-05-05 08:00"):
            expected = planned(db)
        workers.start(Order(ring=True, constants={"tracker.jobs.sender:BATCH": 10}), Order(ring=True))
        until(lambda: len(smtp.received) >= 10, "the tenth mail")
        db.close()
        server.pause()
        while_away = len(smtp.received)
        time.sleep(1)
        server.resume()
        until(lambda: states(db) == {"sent": 80}, "the last mail")
        assert while_away < 80, "everything had left before the server stopped: nothing was shown"
        until(lambda: _beat_well(db), "a beat without an error")
        assert [ended.code for ended in workers.stop()] == [0, 0]
        assert_everybody_was_told_once(db, expected, smtp.received, most_repeats=0)
    engine.dispose()


def _beat_well(db: Session) -> bool:
    db.rollback()
    runs = db.scalars(select(JobRun)).all()
    return {run.name for run in runs} >= {"sender", "reminders", "housekeeping"} and not any(
        run.outcome is None or run.outcome.startswith("error") for run in runs
    )
