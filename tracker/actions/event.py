"""The log of who did what: kept with the session while an action runs, written and chained just before its commit.

Only so is the end of the chain locked for a moment and last of all: two writers wait for each other there, but never crosswise.
"""

import json
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.orm import Session, SessionTransaction

from tracker import clock
from tracker.models import Event, EventChain, User
from tracker.rules import chain

KEPT = "events of this transaction"


def log(
    session: Session,
    actor: User | None,
    verb: str,
    noun: str,
    noun_id: int | None,
    *,
    task_id: int | None = None,
    agency_id: int | None = None,
    **facts: Any,
) -> None:
    """Append one event when the session commits; `facts` must be JSON (dates as ISO strings). `actor` None is the system."""
    told = {
        "at": clock.now(), "actor_id": actor.id if actor else None, "verb": verb, "noun": noun, "noun_id": noun_id,
        "task_id": task_id, "agency_id": agency_id, "facts": json.loads(json.dumps(facts)),
    }  # fmt: skip
    session.info.setdefault(KEPT, []).append(told)
    session.connection()  # a commit with nothing else to write is still one that writes the event


@event.listens_for(Session, "before_commit")
def _write_down(session: Session) -> None:
    """Write the kept events in the order they happened, each continuing the hash of the one before."""
    kept = session.info.pop(KEPT, [])
    if not kept or session.in_nested_transaction():
        return
    session.flush()
    end = update(EventChain).where(EventChain.id == 1).execution_options(synchronize_session=False)
    # Written before it is read: the row is ours from here on, on SQLite too.
    previous = session.execute(end.values(hash=EventChain.hash).returning(EventChain.hash)).scalar_one()
    rows = []
    for told in kept:
        digest = chain.link(previous, **told)
        rows.append(Event(**told, previous_hash=previous, hash=digest))
        previous = digest
    session.add_all(rows)
    session.flush()
    session.execute(end.values(last_event_id=rows[-1].id, hash=previous))


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What was rolled back did not happen."""
    if transaction.parent is None:
        session.info.pop(KEPT, None)
