"""Messages about to leave: is each still wanted, and what does it say now? A batch costs the same few queries as one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from tracker import clock
from tracker.messages import outbox, reasons, render
from tracker.messages.kinds import OPTIONAL
from tracker.messages.notices import NOTICES
from tracker.messages.sections import own_links
from tracker.messages.transport import Words
from tracker.models import Role
from tracker.permissions import OVERSIGHT_ROLES
from tracker.queries.acting import Absence
from tracker.queries.answer import answers, rests_of
from tracker.queries.audience import audience
from tracker.queries.calendar import work_calendar
from tracker.queries.digest import summaries
from tracker.queries.message import Addressee, addressees, reminders_of
from tracker.queries.mute import muted
from tracker.queries.person import named_works
from tracker.queries.reminder import plan
from tracker.queries.reminder_item import Item, items, report_items
from tracker.queries.reminder_policy import policies
from tracker.queries.told import Recorded
from tracker.queries.zalo import reachable
from tracker.rules.climb import Level, resting
from tracker.rules.ladder import ABOUT_REPORT
from tracker.rules.reminder_policy import ZALO

UPWARDS = list(Level)


class Queued(Protocol):
    """What a message needs to have to be drafted: a claimed one or a row of the log."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def recipient_id(self) -> int: ...
    @property
    def facts(self) -> Any: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class Draft:
    """What to do with a message: send `words` to `address`, or, with `reason`, nothing any more.

    `stale` are the reminders of it that are no longer true and were not told. `instead` are those to be told in place of a
    recipient who is away or gone.
    """

    address: str = ""
    words: Words | None = None
    reason: str | None = None
    stale: list[int] = field(default_factory=list)
    instead: tuple[int, ...] = ()


class Drafts:
    """Everything the messages of a batch speak of, as of now; after this no query is needed."""

    def __init__(self, session: Session, messages: Sequence[Queued]) -> None:
        self.day = clock.today()
        digests = [message.id for message in messages if message.kind == outbox.REMINDER_DIGEST]
        self.people = addressees(session, {message.recipient_id for message in messages})
        self.reminders = reminders_of(session, digests)
        told = [reminder for group in self.reminders.values() for reminder in group]
        self.items = (
            items(session, {one.assignment_id for one in told if not _of_report(one)}, self.day) if told else {}
        )
        self.reports = report_items(
            session, {one.assignment_id: one.effective_on for one in told if _of_report(one)}, self.day
        )
        self.answered = _answered(session, told, [*self.items.values(), *self.reports.values()], self.day)
        agencies = {item.agency_id for item in (*self.items.values(), *self.reports.values())}
        self.summaries = summaries(session, self._readers(messages), self.day) if digests else {}
        self.muted = muted(session, set(self.people), {message.kind for message in messages} & set(OPTIONAL))
        self.zalo = reachable(session, {one.recipient_id for one in messages if one.channel == ZALO}, configured=True)
        self.names = render.days_off(session) if digests else {}
        self.rows = _rows_told_of(session, messages)
        self.named = named_works(session, _numbers_named(messages))
        rows = [row for by_id in self.rows.values() for row in by_id.values()]
        self.audience = audience(session, self.day, rows, agencies)
        self.recipients = self.audience.recipients
        office = digests and any(person.role == Role.MONITOR for person in self.people.values())
        self.unreachable = sum(map(len, plan(session, self.day).unreachable.values())) if office else 0

    def _readers(self, messages: Sequence[Queued]) -> dict[int, Addressee]:
        readers = {message.recipient_id for message in messages if message.kind == outbox.REMINDER_DIGEST}
        return {number: person for number, person in self.people.items() if number in readers}

    def of(self, message: Queued) -> Draft:
        """Return the draft of one message of the batch."""
        person = self.people[message.recipient_id]
        if message.kind in NOTICES:
            return self._notice(message, person)
        if not person.active:
            return Draft(reason=reasons.INACTIVE)
        return (
            self._digest(message, person) if message.kind == outbox.REMINDER_DIGEST else self._naming(message, person)
        )

    def _notice(self, message: Queued, person: Addressee) -> Draft:
        notice = NOTICES[message.kind]
        row = self.rows[notice.noun].get(message.facts[f"{notice.noun}_id"])
        if row is None or not notice.wanted(row):
            return Draft(reason=notice.settled)
        absent = message.facts.get(outbox.ABSENT, [])
        reason = self._why_not(message, person, row, absent)
        if reason == reasons.MUTED:
            return Draft(reason=reason)
        if reason == reasons.ABSENT:
            return Draft(reason=reason, instead=(person.id,))
        if reason is not None:
            heirs = absent or (self.audience.whose(row) if notice.to_agency else ())
            return Draft(reason=reason, instead=tuple(who for who in heirs if who != person.id))
        told = replace(person, absent=tuple(self.audience.absences[who] for who in absent))
        return Draft(person.email, render.notice(message.kind, told, notice.noun, row))

    def _why_not(self, message: Queued, person: Addressee, row: Any, absent: Sequence[int]) -> str | None:
        """Return why the person is no longer to be told of the row, None while he or she is: who was removed is never mailed."""
        if not person.active:
            return reasons.INACTIVE
        if (person.id, message.kind) in self.muted:
            return reasons.MUTED
        if not absent and self.audience.there(person.id) != person.id:
            return reasons.ABSENT
        if any(self.audience.there(who) != person.id for who in absent):
            return reasons.REASSIGNED
        removed = (self.audience.was_removed(who, row, message.created_at) for who in absent or [person.id])
        reads = person.role in OVERSIGHT_ROLES or self.audience.works_on(person.agency_id, row)
        return None if reads and not any(removed) else reasons.REASSIGNED

    def _naming(self, message: Queued, person: Addressee) -> Draft:
        """Say for what the person, or whoever he or she stands in for, was named and is still."""
        absent = message.facts.get(outbox.ABSENT, [])
        who = set(absent or [person.id])
        works = [
            work for number in message.facts["assignment_ids"]
            if (work := self.named.get(number)) is not None and who & {work.responsible_id, work.head_id}
        ]  # fmt: skip
        if not works or any(self.audience.there(one) != person.id for one in absent):
            return Draft(reason=reasons.REASSIGNED)
        told = replace(person, absent=tuple(self.audience.absences[one] for one in absent))
        naming = {"works": works, "who": who}
        return Draft(person.email, render.notice(message.kind, told, "naming", naming))

    def _digest(self, message: Queued, person: Addressee) -> Draft:
        wanted: dict[tuple[int, str], Item] = {}
        dropped: dict[int, str] = {}
        for reminder in self.reminders.get(message.id, []):
            item = (self.reports if _of_report(reminder) else self.items).get(reminder.assignment_id)
            if reason := self._why_not_told(reminder, item):
                dropped[reminder.id] = reason
            elif item is not None:
                told = self.answered.told(reminder)
                key = (item.assignment_id, item.kind)
                level = min(
                    Level(reminder.level), wanted[key].level if key in wanted else Level.LEADER, key=UPWARDS.index
                )
                wanted[key] = replace(item, level=level, told=told)
        office = person.role == Role.MONITOR and self.audience.there(person.id) == person.id
        unreachable = self.unreachable if office else 0
        if not wanted and not unreachable:
            return Draft(reason=",".join(sorted(set(dropped.values()))) or reasons.SETTLED, stale=list(dropped))
        absent = self._absent(person, wanted.values())
        told_to = replace(person, absent=tuple(dict.fromkeys(absent.values())))
        words = render.reminder_digest(
            told_to, list(wanted.values()), self.day, self.names, self.summaries.get(person.id), unreachable,
            links=own_links(message.id),
        )  # fmt: skip
        if message.channel != ZALO:
            return Draft(person.email, words, stale=list(dropped))
        there = self.zalo.get(person.id)
        return Draft(there.text, words, stale=list(dropped)) if there else Draft(reason=reasons.NO_ZALO)

    def _why_not_told(self, reminder: Any, item: Item | None) -> str | None:
        """Return why the reminder is no longer wanted, None while it is."""
        if item is None:
            return reasons.REPORTED if _of_report(reminder) else reasons.SETTLED
        if item.effective_on != reminder.effective_on:
            return reasons.DEADLINE_MOVED
        if item.asked is not None:
            return reasons.ASKED
        if item.held_until is not None:
            return reasons.HELD
        level = Level(reminder.level)
        if level is not Level.RESPONSIBLE and self.answered.resting(reminder):
            return reasons.ANSWERED
        wanted = self.recipients.of(item.agency_id, item.responsible, item.head, level)
        return None if reminder.recipient_id in wanted else reasons.REASSIGNED

    def _absent(self, person: Addressee, items: Iterable[Item]) -> dict[int, Absence]:
        """Return by assignment the absent person whose part the recipient takes."""
        found = {}
        for item in items:
            away = self.recipients.absent(item.agency_id, item.responsible, person.id, item.head, item.level)
            for who in away[:1]:
                found[item.assignment_id] = self.audience.absences[who]
        return found


@dataclass(frozen=True)
class _Answered:
    """How often work was reminded of after its last day, and whether somebody has answered so that no level above is told."""

    history: Mapping[tuple[int, date, str], int]
    quiet: Collection[tuple[int, date]]

    def told(self, reminder: Any) -> int:
        return self.history.get((reminder.assignment_id, reminder.effective_on, _prefix(reminder)), 0)

    def resting(self, reminder: Any) -> bool:
        return (reminder.assignment_id, reminder.effective_on) in self.quiet


def _answered(session: Session, reminders: Collection[Any], items: Collection[Item], day: date) -> _Answered:
    ids = {reminder.assignment_id for reminder in reminders if "overdue_" in reminder.step}
    if not ids:
        return _Answered({}, ())
    recorded, rules, calendar = Recorded(session, day), policies(session, day), work_calendar(session)
    history = {
        (*duty, prefix): len(steps)
        for prefix in ("", ABOUT_REPORT) for duty, steps in recorded.overdue(ids, prefix).items()
    }  # fmt: skip
    said = answers(session, ids, day)
    quiet = {
        (item.assignment_id, item.effective_on)
        for item in items
        if resting(
            rests_of(said.get(item.assignment_id, ()), item.effective_on, calendar, rules.of(item.document_id)), day
        )
    }
    return _Answered(history, quiet)


def _of_report(reminder: Any) -> bool:
    return bool(_prefix(reminder))


def _prefix(reminder: Any) -> str:
    return ABOUT_REPORT if reminder.step.startswith(ABOUT_REPORT) else ""


def _numbers_named(messages: Sequence[Queued]) -> set[int]:
    return {
        number
        for message in messages if message.kind == outbox.PERSON_NAMED
        for number in message.facts["assignment_ids"]
    }  # fmt: skip


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
