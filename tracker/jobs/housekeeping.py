"""What keeps the tables small and the queue moving."""

from datetime import timedelta

from sqlalchemy import delete

from tracker import clock
from tracker.actions import message
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.models import SignInAttempt, Submission

ATTEMPTS_KEPT = timedelta(days=30)
SUBMISSIONS_KEPT = timedelta(days=1)


def tidy() -> str:
    """Return lost messages to the queue, forget old failed sign-ins; return what was done. Commits."""
    begin_writing()
    swept = message.sweep(db.session())
    old = delete(SignInAttempt).where(SignInAttempt.at < clock.now() - ATTEMPTS_KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))
    sent = delete(Submission).where(Submission.at < clock.now() - SUBMISSIONS_KEPT)
    db.session.execute(sent.execution_options(synchronize_session=False))
    db.session.commit()
    return f"returned {swept} to the queue"
