"""Asking for the calendar of the next year: the administrators are told once a month until it is entered."""

from tracker import clock
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages import outbox
from tracker.queries.calendar import missing_year
from tracker.queries.contact import administrators


def ask_for_year() -> str:
    """Queue this month's message when a year is missing; return what was done, for the log of beats. Commits."""
    year = missing_year(db.session(), clock.today())
    db.session.rollback()  # the reading ends here: on SQLite a writer must begin as one
    if year is None:
        return "complete"
    begin_writing()
    outbox.calendar_missing(db.session(), administrators(db.session()))
    db.session.commit()
    return f"asked for {year}"
