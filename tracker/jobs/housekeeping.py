"""What keeps the tables small and the queue moving."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete

from tracker import clock
from tracker.actions import message
from tracker.actions.evidence import remove_unnamed
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


def tidy_evidence() -> str:
    """Remove the files no evidence names: of forms that were begun and given up; return what was done."""
    removed = remove_unnamed(db.session(), current_app.config["EVIDENCE"])
    db.session.rollback()
    return f"removed {removed} files"
