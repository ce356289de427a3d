"""A person does without an optional kind of message, or wants it again. Change and event together; twice is once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.messages.kinds import OPTIONAL
from tracker.models import Mute, User


def choose(session: Session, person: User, wanted: Collection[str]) -> int:
    """Let the person have the optional kinds in `wanted` and no other; return how many changed."""
    changes = [_want(session, person, kind) if kind in wanted else give_up(session, person, kind) for kind in OPTIONAL]
    return sum(changes)


def give_up(session: Session, person: User, kind: str, via: str = "page") -> bool:
    """Send the person no message of the kind any more; return False when that was so already. `via`: page, or mail.

    Raises ValueError for a kind that nobody may do without.
    """
    if kind not in OPTIONAL:
        raise ValueError(f"{kind} is no optional kind of message.")
    row = insert_into(session)(Mute).values(user_id=person.id, kind=kind, at=clock.now())
    if session.execute(row.on_conflict_do_nothing().returning(Mute.kind)).first() is None:
        return False
    log(session, person, "mute_kind", "user", person.id, kind=kind, via=via)
    return True


def _want(session: Session, person: User, kind: str) -> bool:
    gone: Any = session.execute(delete(Mute).where(Mute.user_id == person.id, Mute.kind == kind))
    if gone.rowcount != 1:
        return False
    log(session, person, "unmute_kind", "user", person.id, kind=kind)
    return True
