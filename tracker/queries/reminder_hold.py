"""Whose reminders are held: of one assignment, and all that stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker.models import Agency, Assignment, AssignmentPeriod, Clause, Document, ReminderHold, Task, User
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force_now
from tracker.queries.task_row import timed
from tracker.rules.timeliness import Timeliness

PAGE = 50
EARLIER = 30
_EndedBy = aliased(User)


@dataclass(frozen=True)
class Listed:
    """One standing hold of the list, with how the work stands; `cursor` is its place."""

    id: int
    assignment_id: int
    task_id: int
    title: str
    document_name: str
    clause_code: str
    agency: str
    until_on: date
    reason: str
    made_by: str
    made_on: date
    state: str
    timeliness: Timeliness
    soon: bool
    days: int

    @property
    def cursor(self) -> str:
        """The place of the row in the list: what the next page begins after."""
        return f"{self.until_on.isoformat()}_{self.id}"


def standing(session: Session, day: date, after: str = "") -> list[Listed]:
    """Return a page of the holds in force on `day`, today, and one more: the one that ends first leads.

    Raises ValueError for a cursor that is none of this list's.
    """
    query = _listed().where(_in_force(day)).order_by(ReminderHold.until_on, ReminderHold.id).limit(PAGE + 1)
    if after:
        query = query.where(tuple_(ReminderHold.until_on, ReminderHold.id) > tuple_(*_place(after)))
    calendar = work_calendar(session)
    found = []
    for row in session.execute(query):
        timeliness, soon, days = timed(row, day, calendar)
        facts = {
            name: value for name, value in row._mapping.items() if name not in ("clock", "result_on", "effective_on")
        }
        found.append(Listed(**facts, timeliness=timeliness, soon=soon, days=days))
    return found


def earlier(session: Session, assignment_id: int, day: date) -> Sequence[Any]:
    """Return the last 30 holds of the assignment that are over on `day`, the newest first: from_on, until_on, ended_on, reason,
    made_by, ended_by."""
    hold = ReminderHold
    query = (
        select(
            hold.id, hold.from_on, hold.until_on, hold.ended_on, hold.reason, User.name.label("made_by"),
            _EndedBy.name.label("ended_by"),
        )
        .join(User, User.id == hold.made_by_id)
        .outerjoin(_EndedBy, _EndedBy.id == hold.ended_by_id)
        .where(hold.assignment_id == assignment_id, or_(hold.until_on < day, hold.ended_on.is_not(None)))
        .order_by(hold.id.desc())
    )  # fmt: skip
    return session.execute(query.limit(EARLIER)).all()


def _listed() -> Select[*tuple[Any, ...]]:
    hold, period = ReminderHold, AssignmentPeriod
    return (
        select(
            hold.id, hold.assignment_id, Assignment.task_id, Task.short_title.label("title"),
            Document.short_name.label("document_name"), Clause.code.label("clause_code"), Agency.name.label("agency"),
            hold.until_on, hold.reason, User.name.label("made_by"), hold.from_on.label("made_on"), period.state,
            period.effective_on, period.result_on, period.clock,
        )
        .join(Assignment, Assignment.id == hold.assignment_id)
        .join(period, and_(period.assignment_id == Assignment.id, in_force_now(period)))
        .join(Task, Task.id == Assignment.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .join(User, User.id == hold.made_by_id)
    )  # fmt: skip


def _in_force(day: date) -> Any:
    hold = ReminderHold
    return and_(hold.from_on <= day, hold.until_on >= day, or_(hold.ended_on.is_(None), hold.ended_on > day))


def _place(cursor: str) -> tuple[date, int]:
    day, _sep, number = cursor.partition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise ValueError("no place in this list")
    return date.fromisoformat(day), int(number)
