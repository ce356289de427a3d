"""The log of who did what, written in the same transaction as the change it tells of."""

from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Event, User


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
    """Append one event; `facts` must be JSON (dates as ISO strings). `actor` None is the system itself."""
    session.add(
        Event(
            at=clock.now(),
            actor_id=actor.id if actor else None,
            verb=verb,
            noun=noun,
            noun_id=noun_id,
            task_id=task_id,
            agency_id=agency_id,
            facts=facts,
        )
    )
