"""Who somebody was on a past day: the name, position and agency of then, read back from the log of changes to the account."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Event, User

CHANGING = ("edit_account", "move_account")


@dataclass(frozen=True)
class Then:
    """A person as the account stood at a moment; `agency` is the agency's name."""

    id: int
    name: str
    position: str | None
    role: str
    agency: str | None


class PeopleThen:
    """The people asked for, at any moment: whoever changed agency or position since is told as he or she was."""

    def __init__(self, session: Session, person_ids: Collection[int | None]) -> None:
        wanted = sorted({number for number in person_ids if number is not None})
        self._now: dict[int, Then] = {}
        self._changes: dict[int, list[tuple[datetime, Mapping[str, Any]]]] = defaultdict(list)
        self._agencies: dict[int, str] = {}
        if wanted:
            self._read(session, wanted)

    def _read(self, session: Session, wanted: list[int]) -> None:
        query = (
            select(User.id, User.name, User.position, User.role, Agency.name)
            .outerjoin(Agency, Agency.id == User.agency_id)
            .where(User.id.in_(wanted))
        )
        self._now = {row[0]: Then(*row) for row in session.execute(query)}
        events = select(Event.noun_id, Event.at, Event.facts).where(
            Event.noun == "user", Event.noun_id.in_(wanted), Event.verb.in_(CHANGING)
        )
        for number, at, facts in session.execute(events.order_by(Event.id.desc())):
            self._changes[number].append((at, facts))
        left = {home for changes in self._changes.values() for _at, facts in changes if (home := _agency_left(facts))}
        if left:
            self._agencies = dict(session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(left))).all())

    def at(self, person_id: int, moment: datetime | None) -> Then:
        """Return the person as at the moment; None is now. Raises KeyError for whom nobody asked."""
        found = self._now[person_id]
        for at, facts in self._changes.get(person_id, ()):
            if moment is None or at <= moment:
                break
            found = replace(found, **self._before(facts))
        return found

    def _before(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the person was before the change that the facts tell of."""
        if "before" in facts:  # a reorganisation moved the account; the names are in the event
            return {"agency": facts["before"]}
        changes = facts.get("changes", {})
        before = {name: changes[name][0] for name in ("name", "position", "role") if name in changes}
        if "agency_id" in changes:
            before["agency"] = self._agencies.get(changes["agency_id"][0])
        return before


def _agency_left(facts: Mapping[str, Any]) -> int | None:
    left: int | None = facts.get("changes", {}).get("agency_id", [None])[0]
    return left
