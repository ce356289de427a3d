"""What happened to an assignment since somebody opened a form: what the second of two people is told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import FOREVER, Agency, AssignmentPeriod, Event, User

SHOWN = 5
COMPARED = ("state", "progress", "result_on", "due_on", "effective_on", "agency")


@dataclass(frozen=True)
class Change:
    """One thing somebody did meanwhile; `facts` as the event holds them."""

    at: datetime
    actor: str | None
    agency: str | None
    verb: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Since:
    """How the assignment stood for the person and stands now, where that differs; and who did what in between."""

    before: dict[str, date | str | int | None]
    now: dict[str, date | str | int | None]
    changes: list[Change]


def since(session: Session, assignment_id: int, seen: int) -> Since | None:
    """Return what has changed since period `seen` was in force; None when that is no period of the assignment."""
    period = AssignmentPeriod
    query = (
        select(*(getattr(period, name) for name in COMPARED[:-1]), Agency.short_name.label("agency"), period.valid_from)
        .join(Agency, Agency.id == period.agency_id)
        .where(period.assignment_id == assignment_id)
    )
    before = session.execute(query.where(period.id == seen)).mappings().one_or_none()
    if before is None:
        return None
    now = session.execute(query.where(period.valid_to == FOREVER)).mappings().one()
    differing = [name for name in COMPARED if before[name] != now[name]]
    return Since(
        {name: before[name] for name in differing}, {name: now[name] for name in differing},
        _changes(session, assignment_id, before["valid_from"]),
    )  # fmt: skip


def _changes(session: Session, assignment_id: int, day: date) -> list[Change]:
    """Return the last events of the assignment from that day on, newest first: periods know days, not minutes."""
    rows = session.execute(
        select(Event.at, User.name, Agency.short_name, Event.verb, Event.facts)
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(Agency, Agency.id == Event.agency_id)
        .where(Event.noun == "assignment", Event.noun_id == assignment_id)
        .order_by(Event.id.desc())
        .limit(SHOWN)
    )
    return [Change(*row) for row in rows if clock.local(row.at).date() >= day]
