"""Zalo's tokens are refreshed twice a day, long before they end; what Zalo told us is forgotten after three months."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete

from tracker import clock
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages.transport import Unreachable
from tracker.messages.zalo import is_configured
from tracker.messages.zalo_tokens import Tokens
from tracker.models import ZaloEvent
from tracker.queries.zalo import tokens

KEPT = timedelta(days=90)


def keep_tokens() -> str:
    """Refresh the pair when it is half a day old; return what was done. Commits."""
    if not is_configured(current_app.config) or tokens(db.session()) is None:
        db.session.rollback()
        return "not linked"
    begin_writing()
    db.session.execute(delete(ZaloEvent).where(ZaloEvent.received_at < clock.now() - KEPT))
    db.session.commit()
    try:
        done = Tokens(db.engine, current_app.config).refresh_if_old()
    except Unreachable as error:
        return f"error: {error}"
    return "refreshed" if done else "fresh"
