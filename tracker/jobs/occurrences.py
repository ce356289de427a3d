"""Opening what has come round again: a query finds the recurring duties that lack the present occurrence, whatever was missed."""

from tracker import clock
from tracker.actions import occurrence
from tracker.database import begin_writing
from tracker.errors import Changed
from tracker.extensions import db
from tracker.queries.occurrence import behind


def open_due() -> str:
    """Open the occurrences that are due to be open; return what was done, for the log of beats. Commits one by one."""
    wanted = behind(db.session(), clock.today())
    db.session.rollback()  # the reading ends here: on SQLite a writer must begin as one
    opened = sum(_open(assignment_id) for assignment_id in wanted)
    return f"opened {opened}"


def _open(assignment_id: int) -> int:
    """Open those of one assignment; when somebody moved it at that very moment, the next ring finds it again."""
    begin_writing()
    try:
        opened = occurrence.open_due(db.session(), assignment_id)
    except Changed:
        db.session.rollback()
        return 0
    db.session.commit()
    return opened
