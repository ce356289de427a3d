"""The log of events is append-only whatever is said to the database, on both kinds."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.people import Person
from tracker import clock
from tracker.models import Event

REWRITING = (
    "UPDATE event SET verb = 'x'",
    "UPDATE event SET actor_id = NULL WHERE id = 1",
    "DELETE FROM event",
    "DELETE FROM event WHERE id = 1",
)
OF_ONE_KIND = {
    "sqlite": (
        "INSERT OR REPLACE INTO event SELECT id, at, actor_id, 'x', noun, noun_id, task_id, agency_id, facts, hash, hash "
        "FROM event",
        "UPDATE OR REPLACE event SET verb = 'x'",
    ),
    "postgresql": ("TRUNCATE event", "TRUNCATE event CASCADE"),
}


@pytest.fixture
def logged(db: Session, people: dict[str, Person]) -> int:
    event = Event(at=clock.now(), actor_id=people["admin"].id, verb="sign_in", noun="user", noun_id=1, facts={"a": "ă"})
    db.add(event)
    db.commit()
    return event.id


def test_what_is_written_stays(db: Session, logged: int) -> None:
    before = db.execute(select(Event.__table__)).all()
    for statement in (*REWRITING, *OF_ONE_KIND[db.get_bind().dialect.name]):
        with pytest.raises(DBAPIError, match="the event log is append-only"):
            db.execute(text(statement.replace("id = 1", f"id = {logged}")))
        db.rollback()
    assert db.execute(select(Event.__table__)).all() == before
