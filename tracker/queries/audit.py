"""What administrators did of late, the events of accounts, agencies and the calendar; and the whole log, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, false, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import Agency, Event, Task, User
from tracker.words.history import CONTENTS

ADMINISTERED = ("user", "agency", "calendar_day", "setting", "reminder_policy")
PERSONAL = ("sign_in", "change_password")
_CONCERNED = aliased(Agency)


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
    query = _written(aliased(User)).where(*conditions).order_by(Event.id.desc()).limit(limit)
    return [Entry(*row) for row in session.execute(query)]


def _written(person: Any, *more: Any) -> Select[Any]:
    """Return the statement for the columns of Entry and `more`; `person` is the account an event is about."""
    return (
        select(
            Event.id, Event.at, User.name, Event.verb, Event.noun, Event.noun_id, Event.facts,
            func.coalesce(person.name, Agency.short_name), *more,
        )
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(person, (person.id == Event.noun_id) & (Event.noun == "user"))
        .outerjoin(Agency, (Agency.id == Event.noun_id) & (Event.noun == "agency"))
    )  # fmt: skip


LOG_PAGE = 50


@dataclass(frozen=True)
class LogFilters:
    """What the log is narrowed to: what one person did, or one day of Viet Nam; None narrows nothing."""

    person_id: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class LogEntry(Entry):
    """One event of the whole log, without what agencies say in their reports."""

    actor_role: str | None
    task_id: int | None
    short_title: str | None
    agency: str | None


def log_page(session: Session, filters: LogFilters, before: int | None = None) -> list[LogEntry]:
    """Return the events older than `before` (None: from the newest on), newest first: one page and one more."""
    person = aliased(User)
    query = (
        _written(person, User.role, Event.task_id, Task.short_title, _CONCERNED.name)
        .outerjoin(Task, Task.id == Event.task_id)
        .outerjoin(_CONCERNED, _CONCERNED.id == Event.agency_id)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(LOG_PAGE + 1)
    )
    if filters.person_id is not None:
        query = query.where(Event.actor_id == filters.person_id)
    if filters.day is not None:
        end = clock.day_end(filters.day)
        query = query.where(Event.at >= clock.day_start(filters.day), Event.at < end)
    if before is not None:
        last = session.execute(select(Event.at).where(Event.id == before)).scalar_one_or_none()
        query = query.where(tuple_(Event.at, Event.id) < tuple_(last, before)) if last else query.where(false())
    return [_without_contents(LogEntry(*row)) for row in session.execute(query)]


def _without_contents(entry: LogEntry) -> LogEntry:
    return replace(entry, facts={name: value for name, value in entry.facts.items() if name not in CONTENTS})


def actors(session: Session) -> Sequence[tuple[int, str]]:
    """Return (id, name) of everybody who has done something, in the order of the alphabet."""
    acted = exists().where(Event.actor_id == User.id)
    return [
        (row[0], row[1])
        for row in session.execute(select(User.id, User.name).where(acted).order_by(User.name, User.id))
    ]
