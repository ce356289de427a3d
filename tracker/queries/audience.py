"""Whether the people a notice was queued for are still the ones to get it, when it is about to leave."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Assignment, Event, User
from tracker.queries.acting import Absence, absences
from tracker.queries.person import VERBS
from tracker.queries.recipient import Recipients, Responsible, heirs, recipients
from tracker.rules.acting import present


@dataclass(frozen=True)
class Part:
    """An agency's part of a task, as it is held now."""

    assignment_id: int
    task_id: int
    agency_id: int
    named_agency_id: int
    head_id: int | None
    responsible: Responsible | None


@dataclass(frozen=True)
class Audience:
    """Who may be told of the rows of a batch, as of now. A row answers: task_id, or agency_id where it is of no
    task; and assignment_id where it is of one part."""

    recipients: Recipients
    absences: Mapping[int, Absence]
    parts: Collection[Part]
    removals: Collection[tuple[int, int, datetime]]  # assignment, person, when

    def there(self, person_id: int) -> int:
        """Return who is there today for the person: the same person, or the stand-in."""
        return present(self.recipients.stand_ins, person_id)

    def works_on(self, agency_id: int | None, row: Any) -> bool:
        """Return whether the agency holds the row's part (or a part of its task), held it, or took it over."""
        homes = {agency for part in self._of(row) for agency in (part.agency_id, part.named_agency_id)}
        homes |= {row.agency_id} if getattr(row, "task_id", None) is None and row.agency_id else set()
        return not homes or any(agency_id in heirs(agency, self.recipients.successors) for agency in homes)

    def was_removed(self, person_id: int, row: Any, since: datetime) -> bool:
        """Return whether somebody else was named in the person's place since then, and the person was not named again.

        A row of several parts says itself who has any of them still (`receivers`).
        """
        if hasattr(row, "receivers"):
            return person_id not in row.receivers
        part = self._part(row)
        if part is None:
            return False
        if person_id in {part.head_id, part.responsible and part.responsible.id}:
            return False
        return any(
            who == person_id and at >= since for number, who, at in self.removals if number == part.assignment_id
        )

    def whose(self, row: Any) -> tuple[int, ...]:
        """Return whose business the row's part is now; empty when it is of no part."""
        part = self._part(row)
        return self.recipients.named(part.agency_id, part.responsible) if part else ()

    def _of(self, row: Any) -> list[Part]:
        part = self._part(row)
        return [part] if part else [part for part in self.parts if part.task_id == getattr(row, "task_id", None)]

    def _part(self, row: Any) -> Part | None:
        number = getattr(row, "assignment_id", None)
        return next((part for part in self.parts if part.assignment_id == number), None)


def audience(session: Session, day: date, rows: Iterable[Any], agency_ids: Collection[int] = ()) -> Audience:
    """Return who is to be told of the rows, and of the work of the agencies, on `day`. A constant number of queries."""
    found = list(rows)
    parts = _parts(session, {row.task_id for row in found if getattr(row, "task_id", None)}) if found else []
    away = absences(session, day)
    people = recipients(session, day, {part.agency_id for part in parts} | set(agency_ids), levels=bool(agency_ids))
    people = replace(people, stand_ins={person: absence.acting_id for person, absence in away.items()})
    numbers = {row.assignment_id for row in found if getattr(row, "assignment_id", None)}
    return Audience(people, away, parts, _removals(session, numbers) if found else [])


def _parts(session: Session, task_ids: Collection[int]) -> list[Part]:
    query = (
        select(
            Assignment.id, Assignment.task_id, Assignment.agency_id, Assignment.named_agency_id, Assignment.head_id, User.id,
            User.active, User.agency_id,
        )
        .outerjoin(User, User.id == Assignment.responsible_id)
        .where(Assignment.task_id.in_(task_ids))
    )  # fmt: skip
    return [Part(*row[:5], Responsible(*row[5:]) if row[5] is not None else None) for row in session.execute(query)]


def _removals(session: Session, assignment_ids: Collection[int]) -> list[tuple[int, int, datetime]]:
    """Return who ceased to be named for the assignments, and when."""
    query = select(Event.noun_id, Event.at, Event.facts).where(
        Event.noun == "assignment", Event.noun_id.in_(assignment_ids), Event.verb.in_(VERBS)
    )
    return [
        (number, before["id"], at)
        for number, at, facts in session.execute(query)
        for before in facts.get("before", {}).values() if number is not None and before
    ]  # fmt: skip
