"""The working calendar as the rules want it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import CalendarDay
from tracker.rules.workdays import WorkCalendar


def work_calendar(session: Session) -> WorkCalendar:
    """Return Monday–Friday with the exceptions of the editable table."""
    rows = session.execute(select(CalendarDay.day, CalendarDay.working))
    return WorkCalendar({day: working for day, working in rows})
