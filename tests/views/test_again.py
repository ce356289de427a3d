"""Two changes that meet crosswise: PostgreSQL ends one, and the person it belonged to notices nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.people import Person
from tracker.actions.standing import current_assignment
from tracker.commands.rehearsal import refuse_wrong_world
from tracker.extensions import db as database
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Event, Task

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def _until_somebody_waits(db: Session) -> None:
    for _turn in range(400):
        if db.execute(text(WAITING)).scalar():
            return
        time.sleep(0.02)
    db.rollback()
    raise AssertionError("the report never came to the lock we hold")


def test_a_change_that_met_another_crosswise_is_made_again(
    app: Flask, db: Session, people: dict[str, Person], as_person: Callable[[str], FlaskClient]
) -> None:
    agency = select(Agency.id).where(Agency.name == people["officer_vp"].agency).scalar_subquery()
    own = db.scalars(select(Assignment).where(Assignment.agency_id == agency, Assignment.role == "lead")).first()
    assert own is not None
    url, seen = f"/phan-viec/{own.id}/tien-do", current_assignment(db, own.id).id
    sent, officer = {"seen": str(seen), "progress": "40", "done": "Đã làm"}, as_person("officer_vp")
    db.commit()
    app.extensions.pop("test_session")  # the request must not commit what we hold
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # so it is the request that PostgreSQL ends
        db.execute(select(Task.id).where(Task.id == own.task_id).with_for_update())
        with ThreadPoolExecutor() as threads:
            answer = threads.submit(officer.post, url, data=sent)
            _until_somebody_waits(db)
            db.execute(select(AssignmentPeriod.id).where(AssignmentPeriod.id == seen).with_for_update())
            db.commit()
            assert answer.result(60).status_code == 302
    else:  # one writer at a time: there is no crosswise
        assert officer.post(url, data=sent).status_code == 302
    app.extensions["test_session"] = db
    in_force = select(AssignmentPeriod.progress).where(
        AssignmentPeriod.assignment_id == own.id, AssignmentPeriod.valid_to == FOREVER
    )
    assert db.scalars(in_force).all() == [40]
    told = select(func.count()).where(Event.verb == "report_progress", Event.noun_id == own.id)
    assert db.execute(told).scalar() == 1


def test_no_connection_is_open_when_the_web_server_divides(app: Flask) -> None:
    """gunicorn --preload forks after wsgi.py was loaded; two processes on one connection read each other's answers."""
    refuse_wrong_world(app)
    with app.app_context():
        assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
