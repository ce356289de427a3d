"""Clearing many tasks at once: all or none, also when two do it at the same moment."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.clarity import Basis, assign_lead
from tracker.actions.clarity_bulk import Conflicts, clear_many
from tracker.actions.standing import rebuild_tally
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.models import Agency, Assignment, Tally, Task, User

PROPOSAL = Basis("proposal")


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2023, 11, 15)):
        yield


def unled(session: Session, n: int) -> list[int]:
    return list(session.scalars(select(Task.id).where(~Task.has_lead).order_by(Task.id).limit(n)))


def give(session: Session, ids: list[int], name: str) -> None:
    office = session.scalars(select(User).where(User.email == "theodoi.vp@tinh.gov.vn")).one()
    to = session.scalars(select(Agency).where(Agency.name == name)).one()
    clear_many(
        session, dict.fromkeys(ids, 0), lambda task, seen: assign_lead(session, office, task, seen, to, PROPOSAL)
    )


def leads(session: Session, ids: list[int]) -> list[tuple[int, str]]:
    query = select(Assignment.task_id, Agency.name).join(Agency, Agency.id == Assignment.agency_id)
    query = query.where(Assignment.task_id.in_(ids), Assignment.role == "lead")
    return [tuple(row) for row in session.execute(query.order_by(Assignment.task_id))]


def test_counts_stay_right(context: Session) -> None:
    ids = unled(context, 30)
    give(context, ids, "Sở Tài chính")
    assert leads(context, ids) == [(key, "Sở Tài chính") for key in ids]
    query = select(Tally.scope, Tally.scope_id, Tally.clock, Tally.effective_on, Tally.n).where(Tally.n != 0)
    kept = {tuple(row) for row in context.execute(query)}
    rebuild_tally(context)
    assert {tuple(row) for row in context.execute(query)} == kept


def test_every_conflict_is_named(context: Session) -> None:
    ids = unled(context, 3)
    give(context, ids[1:], "Sở Nội vụ")
    context.commit()
    with pytest.raises(Conflicts) as refusal:
        give(context, ids, "Sở Tài chính")
    assert [conflict.task_id for conflict in refusal.value.conflicts] == ids[1:]
    assert "2 nhiệm vụ sau không giao được" in refusal.value.sentence
    context.rollback()
    assert leads(context, ids) == [(key, "Sở Nội vụ") for key in ids[1:]]


def test_of_two_at_once_one_gets_all_and_the_other_nothing(app: Flask) -> None:
    barrier, outcomes = Barrier(2), []
    with app.app_context():
        ids = unled(db.session(), 6)

    def race(name: str, chosen: list[int]) -> None:
        with app.app_context():
            barrier.wait()
            begin_writing()
            try:
                give(db.session(), chosen, name)
                db.session.commit()
                outcomes.append((name, 0))
            except Conflicts as refusal:
                db.session.rollback()
                outcomes.append((name, len(refusal.conflicts)))

    racers = [
        Thread(target=race, args=("Sở Tài chính", ids[:4])),
        Thread(target=race, args=("Sở Nội vụ", ids[:1:-1])),  # the other way round, and two tasks in common
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    [winner] = [name for name, conflicts in outcomes if not conflicts]
    assert sorted(conflicts for _name, conflicts in outcomes) == [0, 2]
    with app.app_context():
        assert {name for _task, name in leads(db.session(), ids)} == {winner}
        assert len(leads(db.session(), ids)) == 4
