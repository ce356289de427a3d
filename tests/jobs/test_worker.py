"""The worker as a process: killed in the middle, told to stop, two at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import databases
from tests.architecture.code import ROOT
from tests.jobs.world import World
from tests.smtp_sink import Received, SmtpSink
from tracker import clock
from tracker.jobs import housekeeping, scheduler, sender
from tracker.messages import digest
from tracker.models import CalendarDay, JobRun, Message
from tracker.queries.reminder import Due
from tracker.rules.ladder import Step
from tracker.rules.workdays import WorkCalendar

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
# The mail is sent whatever the hour at which the tests run; nothing else of the worker is different.
SEND_NOW = (
    "from tracker import create_app; from tracker.jobs import sender; sender.may_send = lambda *facts: True;"
    "app = create_app(); context = app.app_context(); context.push(); sender.send_due()"
)


@pytest.fixture
def environment(database_url: str, tmp_path: Path, smtp: SmtpSink) -> dict[str, str]:
    return dict(
        databases.environment(
            database_url,
            tmp_path,
            SECRET_KEY="x" * 32,
            SMTP_HOST=smtp.host,
            SMTP_PORT=str(smtp.port),
            SMTP_SECURITY="none",
        )
    )


def digests(db: Session, world: World, count: int) -> None:
    """Queue digests of today for so many people: today is made a working day, whatever day the tests run on."""
    today = clock.today()
    if today.weekday() > 4:
        db.add(CalendarDay(day=today, working=True, name="làm bù"))
        world.calendar = WorkCalendar({**world.calendar.exceptions, today: True})
    people = [world.person(f"p{n}", world.office) for n in range(count)]
    owed = world.task(world.office, today)
    world.ready()
    due = Due(owed.id, world.office.id, today, Step("due", today))
    digest.queue(db, today, {person.id: [due] for person in people})
    db.commit()


def states(db: Session) -> dict[str, int]:
    db.rollback()
    found = list(db.scalars(select(Message.state)))
    return {state: found.count(state) for state in set(found)}


def test_killed_between_claim_and_mark_sends_again_with_the_same_identity(
    app: Flask, db: Session, world: World, smtp: SmtpSink, environment: dict[str, str]
) -> None:
    digests(db, world, 30)
    victim: list[subprocess.Popen[bytes]] = []

    def kill(mail: Received) -> None:
        if len(smtp.received) == 5:
            os.kill(victim[0].pid, signal.SIGKILL)

    smtp.on_mail = kill
    victim.append(subprocess.Popen([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment))
    assert victim[0].wait(60) == -signal.SIGKILL
    left = states(db)  # on a slow machine the first mails may be written down already: every second, or every 20
    assert left["claimed"] >= 25
    assert left["claimed"] + left.get("sent", 0) == 30
    smtp.on_mail = None
    db.execute(update(Message).values(claimed_at=clock.now() - timedelta(minutes=16)))
    db.commit()
    with app.app_context():
        housekeeping.tidy()
    subprocess.run([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment, check=True, timeout=60)
    assert states(db) == {"sent": 30}
    by_person: dict[str, set[str]] = {}
    for mail in smtp.received:
        by_person.setdefault(mail.recipients[0], set()).add(mail.message["Message-ID"])
    assert len(by_person) == 30, "somebody was forgotten"
    assert {len(identities) for identities in by_person.values()} == {1}, "a repeat looks like another mail"
    assert 30 <= len(smtp.received) <= 30 + sender.UNWRITTEN


def test_two_processes_share_the_queue(db: Session, world: World, smtp: SmtpSink, environment: dict[str, str]) -> None:
    digests(db, world, 150)
    workers = [subprocess.Popen([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment) for _ in range(2)]
    assert [worker.wait(120) for worker in workers] == [0, 0]
    assert states(db) == {"sent": 150}
    assert len({mail.recipients[0] for mail in smtp.received}) == len(smtp.received) == 150


def test_the_worker_beats_and_stops_when_told(db: Session, environment: dict[str, str]) -> None:
    wanted = {job.name for job in scheduler.jobs()}
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            db.rollback()
            beats = {run.name: run.finished_at for run in db.scalars(select(JobRun))}
            if set(beats) == wanted and all(beats.values()):
                break
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.1)
        assert set(beats) == wanted and all(beats.values())
        worker.terminate()
        assert worker.wait(20) == 0
    finally:
        worker.kill()
