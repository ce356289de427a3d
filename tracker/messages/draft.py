"""Messages about to leave: is each still wanted, and what does it say now? A batch costs the same few queries as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy.orm import Session

from tracker import clock
from tracker.messages import outbox, reasons, render
from tracker.messages.notices import NOTICES
from tracker.messages.render import Words
from tracker.models import Role
from tracker.queries.message import Addressee, addressees, reminders_of
from tracker.queries.recipient import Recipients, recipients
from tracker.queries.reminder import Item, items, plan
from tracker.queries.standing import AGENCY, Counts, counts


class Queued(Protocol):
    """What a message needs to have to be drafted: a claimed one or a row of the log."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient_id(self) -> int: ...
    @property
    def facts(self) -> Any: ...


@dataclass(frozen=True)
class Draft:
    """What to do with a message: send `words` to `address`, or, with `reason`, nothing any more.

    `stale` are the reminders of it that are no longer true and were not told.
    """

    address: str = ""
    words: Words | None = None
    reason: str | None = None
    stale: list[int] = field(default_factory=list)


class Drafts:
    """Everything the messages of a batch speak of, as of now; after this no query is needed."""

    def __init__(self, session: Session, messages: Sequence[Queued]) -> None:
        self.day = clock.today()
        digests = [message.id for message in messages if message.kind == outbox.REMINDER_DIGEST]
        self.people = addressees(session, {message.recipient_id for message in messages})
        self.reminders = reminders_of(session, digests)
        told = {reminder.assignment_id for group in self.reminders.values() for reminder in group}
        self.items = items(session, told, self.day) if told else {}
        agencies = {item.agency_id for item in self.items.values()}
        self.recipients = recipients(session, self.day, agencies)
        self.counts = _agency_counts(session, self.people.values(), self.day) if digests else {}
        self.names = render.days_off(session) if digests else {}
        self.rows = _rows_told_of(session, messages)
        office = digests and any(person.role == Role.MONITOR for person in self.people.values())
        self.unreachable = sum(map(len, plan(session, self.day).unreachable.values())) if office else 0

    def of(self, message: Queued) -> Draft:
        """Return the draft of one message of the batch."""
        person = self.people[message.recipient_id]
        if not person.active:
            return Draft(reason=reasons.INACTIVE)
        if message.kind == outbox.REMINDER_DIGEST:
            return self._digest(message, person)
        notice = NOTICES[message.kind]
        row = self.rows[notice.noun].get(message.facts[f"{notice.noun}_id"])
        if row is None or not notice.wanted(row):
            return Draft(reason=reasons.DECIDED)
        return Draft(person.email, render.notice(message.kind, person, notice.noun, row))

    def _digest(self, message: Queued, person: Addressee) -> Draft:
        wanted: dict[int, Item] = {}
        dropped: dict[int, str] = {}
        for reminder in self.reminders.get(message.id, []):
            item = self.items.get(reminder.assignment_id)
            if reason := _why_not(reminder, item, self.recipients):
                dropped[reminder.id] = reason
            elif item is not None:
                wanted[item.assignment_id] = item
        unreachable = self.unreachable if person.role == Role.MONITOR else 0
        if not wanted and not unreachable:
            return Draft(reason=",".join(sorted(set(dropped.values()))) or reasons.SETTLED, stale=list(dropped))
        words = render.reminder_digest(
            person, list(wanted.values()), self.day, self.names, self.counts.get(person.agency_id or 0), unreachable
        )
        return Draft(person.email, words, stale=list(dropped))


def _rows_told_of(session: Session, messages: Sequence[Queued]) -> dict[str, Mapping[int, Any]]:
    """Return by noun and id the rows that the notices of the batch speak of: one query a noun."""
    wanted: dict[str, set[int]] = {}
    load = {}
    for message in messages:
        if message.kind in NOTICES:
            notice = NOTICES[message.kind]
            wanted.setdefault(notice.noun, set()).add(message.facts[f"{notice.noun}_id"])
            load[notice.noun] = notice.load
    return {noun: load[noun](session, ids) for noun, ids in wanted.items()}


def _why_not(reminder: Any, item: Item | None, people: Recipients) -> str | None:
    """Return why the reminder is no longer wanted, None while it is."""
    if item is None:
        return reasons.SETTLED
    if item.effective_on != reminder.effective_on:
        return reasons.DEADLINE_MOVED
    if reminder.recipient_id not in people.of(item.agency_id, item.responsible):
        return reasons.REASSIGNED
    return None


def _agency_counts(session: Session, people: Any, day: date) -> dict[int, Counts]:
    """Return by agency its line of the dashboard."""
    agencies = {person.agency_id for person in people if person.agency_id is not None}
    return {agency_id: counts(session, day, AGENCY, agency_id) for agency_id in sorted(agencies)}
