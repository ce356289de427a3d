"""Who has opened a task: one row for each person and task, whoever comes at once."""

from datetime import date
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tracker.actions.sighting import is_noted, note
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.models import Sighting, Task

DAY = date(2023, 11, 15)


def rows(session: Session) -> list[tuple[date, date]]:
    return [tuple(row) for row in session.execute(select(Sighting.first_on, Sighting.last_on))]


def test_first_and_last_day_are_kept(context: Session, people: dict[str, Person]) -> None:
    person, task = people["officer_vp"].id, context.scalars(select(Task.id).limit(1)).one()
    assert not is_noted(context, person, task, DAY)
    note(context, person, task, DAY)
    assert is_noted(context, person, task, DAY)
    assert not is_noted(context, person, task, date(2023, 11, 16))
    note(context, person, task, date(2023, 11, 20))
    note(context, person, task, date(2023, 11, 18))  # an older view that was slow to be written takes nothing back
    assert rows(context) == [(DAY, date(2023, 11, 20))]


def test_first_views_at_once_do_not_clash(app: Flask, people: dict[str, Person]) -> None:
    with app.app_context():
        task = db.session.scalars(select(Task.id).limit(1)).one()
    together, failed = Barrier(6), []

    def open_the_page() -> None:
        with app.app_context():
            is_noted(db.session(), people["officer_vp"].id, task, DAY)
            together.wait()
            db.session.rollback()
            try:
                begin_writing()
                note(db.session(), people["officer_vp"].id, task, DAY)
                db.session.commit()
            except Exception as error:
                failed.append(error)

    threads = [Thread(target=open_the_page) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with app.app_context():
        assert rows(db.session()) == [(DAY, DAY)]
