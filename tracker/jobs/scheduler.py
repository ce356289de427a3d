"""The clock that rings: the table of jobs. What is due is decided by the jobs' queries, never here."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from types import FrameType
from typing import Any, NoReturn

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from tracker import clock
from tracker.database import begin_writing, insert_into
from tracker.extensions import db
from tracker.jobs import calendar, housekeeping, occurrences, reminders, reorganisation, sender, zalo
from tracker.models import JobRun


@dataclass(frozen=True)
class Job:
    """What rings, and every how many seconds."""

    name: str
    every: int
    run: Callable[[], str]


def jobs(stopping: Callable[[], bool] = lambda: False) -> tuple[Job, ...]:
    """Return the table of jobs."""
    return (
        Job("reminders", 60, reminders.draw_up),
        Job("sender", 10, lambda: sender.send_due(stopping)),
        Job("housekeeping", 60, housekeeping.tidy),
        Job("evidence", 3600, housekeeping.tidy_evidence),
        Job("reorganisation", 600, reorganisation.carry_out),
        Job("occurrences", 600, occurrences.open_due),
        Job("zalo", 3600, zalo.keep_tokens),
        Job("calendar", 3600, calendar.ask_for_year),
    )


def run_until_stopped(app: Flask) -> None:
    """Ring in the foreground until SIGTERM or Ctrl+C; the message on its way is finished, the others stay in the queue."""
    stopping = Event()
    # The default job store is in memory: a ring that is missed is not made up for, the next one finds what is due.
    scheduler = BlockingScheduler(
        timezone=clock.zone_name(), job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for job in jobs(stopping.is_set):
        scheduler.add_job(ring, args=[app, job])  # at once: what was missed while nothing ran is caught up
        scheduler.add_job(ring, "interval", seconds=job.every, args=[app, job], id=job.name)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        scheduler.start()
    except SystemExit:
        stopping.set()
        scheduler.shutdown(wait=True)


def ring(app: Flask, job: Job) -> None:
    """Run one job and write its beat before and after; an error is in the beat and in the log, and the clock goes on."""
    with app.app_context():
        try:
            _beat(job.name, started_at=clock.now(), finished_at=None, outcome=None)
            outcome = job.run()
            _beat(job.name, finished_at=clock.now(), outcome=outcome)
        except Exception as error:
            app.logger.exception("job %s failed", job.name)
            db.session.rollback()
            _beat(job.name, outcome=f"error: {error}"[:500])


def _beat(name: str, **values: Any) -> None:
    begin_writing()
    row = insert_into(db.session())(JobRun.__table__).values(name=name, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    db.session.commit()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
