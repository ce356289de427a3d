"""What administrators did of late: the events of accounts, agencies and the calendar."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Agency, Event, User

ADMINISTERED = ("user", "agency", "calendar_day")
PERSONAL = ("sign_in", "change_password")


@dataclass(frozen=True)
class Entry:
    """One event; `subject` names the account or agency as it is called now, `facts` are as they were written."""

    id: int
    at: datetime
    actor: str | None
    verb: str
    noun: str
    noun_id: int | None
    facts: dict[str, Any]
    subject: str | None


def recent_changes(session: Session, limit: int = 20) -> list[Entry]:
    """Return the last changes of accounts, agencies and calendar, newest first, without what people did to their own."""
    return _entries(session, limit, Event.noun.in_(ADMINISTERED), Event.verb.not_in(PERSONAL))


def history_of(session: Session, noun: str, noun_id: int, limit: int = 20) -> list[Entry]:
    """Return the last events of one account or agency, newest first."""
    return _entries(session, limit, Event.noun == noun, Event.noun_id == noun_id)


def _entries(session: Session, limit: int, *conditions: Any) -> list[Entry]:
    person = aliased(User)
    rows = session.execute(
        select(
            Event.id, Event.at, User.name, Event.verb, Event.noun, Event.noun_id, Event.facts,
            func.coalesce(person.name, Agency.short_name),
        )
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(person, (person.id == Event.noun_id) & (Event.noun == "user"))
        .outerjoin(Agency, (Agency.id == Event.noun_id) & (Event.noun == "agency"))
        .where(*conditions)
        .order_by(Event.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Entry(*row) for row in rows]
