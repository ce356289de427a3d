"""More time asked for and decided by two at once: one is done, the other is told, and nothing is left half."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.actions.test_extension import JUNE, ask, grant, propose
from tests.actions.test_progress import monitor, officer, the_assignment
from tracker import clock
from tracker.actions import extension
from tracker.actions import report as reporting
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import Extension


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 20)):
        yield


def race(app: Flask, *moves: Callable[[Session], object]) -> list[str]:
    """Let everybody begin at once, each in a transaction of its own; return how they fared."""
    together, outcomes = Barrier(len(moves)), []

    def run(move: Callable[[Session], object]) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                move(db.session())
                db.session.commit()
                outcomes.append("done")
            except (Changed, Refused) as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def waiting_request(app: Flask) -> int:
    with app.app_context():
        number = ask(db.session()).id
        db.session.commit()
        return number


def test_two_who_ask_at_once_make_one_request(app: Flask) -> None:
    assert race(app, ask, ask) == ["Refused", "done"]
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(Extension)).scalar_one() == 1


def test_two_who_decide_at_once_make_one_decision(app: Flask) -> None:
    number = waiting_request(app)

    def granted(session: Session) -> None:
        grant(session, session.get_one(Extension, number))

    def refused(session: Session) -> None:
        extension.refuse(session, monitor(session), session.get_one(Extension, number), "Không.", None)

    assert race(app, granted, refused) == ["Changed", "done"]
    with app.app_context():
        asked = db.session.get_one(Extension, number)
        now = current_assignment(db.session(), asked.assignment_id)
        assert (asked.state == "granted") is (now.effective_on == JUNE)


def test_a_report_and_a_grant_at_once_lose_nothing(app: Flask) -> None:
    number = waiting_request(app)
    with app.app_context():
        seen = current_assignment(db.session(), the_assignment(db.session()).id).id

    def reported(session: Session) -> None:
        reporting.report_progress(session, officer(session), the_assignment(session), seen, 40, "Bốn phần.", None)

    def granted(session: Session) -> None:
        grant(session, session.get_one(Extension, number))

    outcomes = race(app, reported, granted)
    with app.app_context():
        asked = db.session.get_one(Extension, number)
        now = current_assignment(db.session(), asked.assignment_id)
        # Whoever came second either saw what the first had done, or was told.
        assert (now.effective_on == JUNE, now.progress == 40) in {(True, True), (True, False), (False, True)}
        assert outcomes.count("done") == (now.effective_on == JUNE) + (now.progress == 40)
        assert (asked.state == "granted") is (now.effective_on == JUNE)


def test_a_request_and_a_result_at_once_leave_no_request_on_finished_work(app: Flask) -> None:
    def proposed(session: Session) -> None:
        propose(session, date(2022, 4, 20))

    outcomes = race(app, ask, proposed)
    assert "done" in outcomes
    with app.app_context():
        now = current_assignment(db.session(), the_assignment(db.session()).id)
        waits = db.session.execute(select(func.count()).where(Extension.state == "waiting")).scalar_one()
        assert (now.state, waits) in {("awaiting_confirmation", 0), ("not_started", 1)}
