"""Which kinds of message people do not want."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Mute


def muted(session: Session, people: Collection[int], kinds: Collection[str]) -> set[tuple[int, str]]:
    """Return the pairs (person, kind) that are not wanted, of these people and kinds: one query, none when nothing is asked."""
    if not people or not kinds:
        return set()
    query = select(Mute.user_id, Mute.kind).where(Mute.user_id.in_(people), Mute.kind.in_(kinds))
    return {(person, kind) for person, kind in session.execute(query)}
