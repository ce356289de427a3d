"""Letters of urging in the rehearsal world: drafted on the day of the scene, and sent where the scene gives a number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import letter as writing
from tracker.models import Agency, UrgeLetter, User
from tracker.queries.letter_work import overdue_of


def write_letter(
    session: Session, monitor: User, agency: str, number: str | None = None, signer: str = ""
) -> UrgeLetter:
    """Draft a letter to the agency about all its overdue work of today and return it; with a number, record it as sent today.

    Raises Refused when nothing is overdue.
    """
    agency_id = session.execute(select(Agency.id).where(Agency.name == agency)).scalar_one()
    late = [work.assignment_id for work in overdue_of(session, agency_id, clock.today())]
    letter = writing.draft(session, agency_id, late, monitor)
    if number:
        writing.record_sent(session, monitor, letter, number, clock.today(), signer)
    return letter
