"""Letters that urge an agency, one in each state, for the pages that show them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import letter as writing
from tracker.models import AssignmentPeriod, UrgeLetter, User
from tracker.queries.letter_work import is_overdue, overdue_of


def letters(db: Session) -> dict[str, tuple[str, list[str]]]:
    """Return by endpoint who goes there, and where: a letter that was sent, one given up, one being drafted."""
    monitor = db.scalars(select(User).where(User.email == "theodoi.vp@tinh.gov.vn")).one()
    late = select(AssignmentPeriod.agency_id).where(is_overdue(clock.today()), AssignmentPeriod.role == "lead")
    agency = db.scalars(late.order_by(AssignmentPeriod.id).limit(1)).one()
    numbers = [_drafted(db, agency, monitor, end).id for end in ("sent", "dropped", "draft")]
    db.commit()
    pages = ["/don-doc", *(f"/don-doc?state={state}" for state in ("sent", "dropped")), f"/co-quan/{agency}"]
    return {
        "letter.index": ("monitor", pages),
        "letter.show": ("monitor", [f"/don-doc/{number}" for number in numbers]),
    }


def _drafted(db: Session, agency: int, monitor: User, end: str) -> UrgeLetter:
    late = overdue_of(db, agency, clock.today())
    letter = writing.draft(db, agency, [work.assignment_id for work in late], monitor)
    if end == "sent":
        writing.record_sent(
            db, monitor, letter, "152/UBND-KSTT", date(2023, 11, 15), "Võ Gia Nghĩa, Phó Chánh Văn phòng"
        )
    elif end == "dropped":
        writing.drop(db, monitor, letter, "Cơ quan đã báo cáo trực tiếp.")
    return letter
