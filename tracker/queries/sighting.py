"""Who of the leading agencies has opened a task, by agency: so that nobody can say that it was never received."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.models import Sighting, User
from tracker.queries.ask import DAY, ask


@dataclass(frozen=True)
class Seen:
    """One agency: the people who have opened the task and the last day one did; both empty when nobody has."""

    agency_id: int
    agency: str
    people: tuple[str, ...]
    last_on: date | None


_SIGHTINGS = (
    select(User.agency_id, User.name, Sighting.first_on, Sighting.last_on)
    .join(User, User.id == Sighting.user_id)
    .where(Sighting.task_id == bindparam("task"), Sighting.first_on <= DAY, User.agency_id.is_not(None))
    .order_by(User.name, User.id)
)


def seen_by(session: Session, task_id: int, agencies: Mapping[int, str], day: date) -> list[Seen]:
    """Return for each of the agencies (name by id), in their order, who had opened the task by the end of `day`.

    Of a person who opened it before and after a past day only the first time is known to lie before it.
    """
    rows: Any = ask(session, _SIGHTINGS, task=task_id, day=day).all()
    found: dict[int, list[tuple[str, date]]] = {agency_id: [] for agency_id in agencies}
    for agency_id, name, first_on, last_on in rows:
        if agency_id in found:
            found[agency_id].append((name, last_on if last_on <= day else first_on))
    return [
        Seen(agency_id, agencies[agency_id], tuple(name for name, _ in people), max((on for _, on in people), default=None))
        for agency_id, people in found.items()
    ]  # fmt: skip
