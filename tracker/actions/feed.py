"""Private calendar addresses: made, made anew, revoked. The address itself is shown once; what is kept opens nothing."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import Changed
from tracker.models import CalendarFeed, User
from tracker.queries.feed import AGENCY, live, secret_hash

SECRET_BYTES = 32
READ_AGAIN = timedelta(hours=1)


def make(session: Session, actor: User, scope: str) -> str:
    """Give the person a new address of the scope ("person", "agency") and return its secret; an older one stops at once.

    The caller has asked permissions.may_subscribe. Raises Changed when another window made one at the same moment.
    """
    # The account's row is the lock: two windows would each revoke the old address and both add theirs.
    session.get_one(User, actor.id, with_for_update=True)
    replaced = _revoke(session, actor, scope, clock.now())
    secret = token_urlsafe(SECRET_BYTES)
    row = CalendarFeed(
        secret_hash=secret_hash(secret), scope=scope, user_id=actor.id, made_at=clock.now(),
        agency_id=actor.agency_id if scope == AGENCY else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    log(session, actor, "make_calendar_feed", "calendar_feed", row.id, scope=scope, replaced=replaced)
    return secret


def revoke(session: Session, actor: User, scope: str) -> None:
    """Let the person's address of the scope open nothing any more. Raises Changed when there is none."""
    feed = live(session, actor.id).get(scope)
    if feed is None or not _revoke(session, actor, scope, clock.now()):
        raise Changed(_("Địa chỉ lịch này không còn; có thể bạn vừa thu hồi ở cửa sổ khác."))
    log(session, actor, "revoke_calendar_feed", "calendar_feed", feed.id, scope=scope)


def note_reading(session: Session, feed_id: int) -> None:
    """Keep when the address was last read."""
    session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id).values(read_at=clock.now()))


def reading_is_news(feed: CalendarFeed) -> bool:
    """Return whether the last reading is long enough ago to be written down: programs ask often, people want the hour."""
    return feed.read_at is None or clock.now() - feed.read_at >= READ_AGAIN


def _revoke(session: Session, actor: User, scope: str, now: datetime) -> bool:
    mine = (CalendarFeed.user_id == actor.id, CalendarFeed.scope == scope, CalendarFeed.revoked_at.is_(None))
    done: Any = session.execute(update(CalendarFeed).where(*mine).values(revoked_at=now))
    return bool(done.rowcount)
