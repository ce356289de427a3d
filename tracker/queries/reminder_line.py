"""What stands on each line of a timeline of reminders: whom, by what address, about which task and step, with what outcome."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Acknowledgement,
    Agency,
    Assignment,
    AssignmentPeriod,
    Message,
    Reminder,
    ReminderHold,
    ReminderSkip,
    Task,
    UrgeLetter,
    UrgeLetterItem,
)
from tracker.queries import reminder_timeline as timeline
from tracker.queries.person_then import PeopleThen, Then
from tracker.queries.reminder_timeline import Place

Chosen = Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; what a kind of line has nothing to say of is None. `agency` owes the work (a letter: is written to); `person`
    is whom it was told, who answered, held, or recorded the letter, as on that day."""

    kind: str
    day: date
    number: int
    at: datetime | None = None
    task_id: int | None = None
    task_title: str | None = None
    task_code: str | None = None
    agency: str | None = None
    effective_on: date | None = None
    step: str | None = None
    level: str | None = None
    person: Then | None = None
    channel: str | None = None
    address: str | None = None
    state: str | None = None
    reason: str | None = None
    attempts: int | None = None
    message_id: int | None = None
    message_kind: str | None = None
    subject: str | None = None
    provider_id: str | None = None
    delivered_at: datetime | None = None
    until_on: date | None = None
    via: str | None = None
    letter_id: int | None = None
    letter_number: str | None = None
    signer: str | None = None
    days_overdue: int | None = None


def lines(session: Session, places: Sequence[Place]) -> list[Line]:
    """Return the lines that stand at `places`, in their order. At most one statement a kind, and three for the people."""
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for kind, wanted in timeline.numbers(places).items():
        query, number = _FACTS[kind]()
        for row in session.execute(query.where(number.in_(wanted))):
            found[kind, row.number] = dict(row._mapping)
    people = PeopleThen(session, {facts.get("person_id") for facts in found.values()})
    return [_line(place, found[place.kind, place.number], people) for place in places if _there(place, found)]


def _there(place: Place, found: Mapping[tuple[str, int], Any]) -> bool:
    return (place.kind, place.number) in found  # what a worker takes back between two statements is not told of


def _line(place: Place, facts: Mapping[str, Any], people: PeopleThen) -> Line:
    said = {name: value for name, value in facts.items() if name != "person_id"}
    person_id = facts.get("person_id")
    line = Line(kind=place.kind, day=place.day, **said)
    return line if person_id is None else replace(line, person=people.at(person_id, facts.get("at")))


_WORK = (Task.id.label("task_id"), Task.short_title.label("task_title"), Task.code.label("task_code"))
_OUTCOME = (
    Message.channel, Message.address, Message.state, Message.reason, Message.attempts, Message.id.label("message_id"),
    Message.kind.label("message_kind"), Message.subject, Message.provider_id, Message.delivered_at,
)  # fmt: skip


def _of_work(query: Chosen, model: Any, day: Any) -> Chosen:
    """Join the task, and the agency that owed the work on the day."""
    then = and_(
        AssignmentPeriod.assignment_id == Assignment.id, AssignmentPeriod.valid_from <= day, AssignmentPeriod.valid_to > day
    )  # fmt: skip
    return (
        query.join(Assignment, Assignment.id == model.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(AssignmentPeriod, then)
        .outerjoin(Agency, Agency.id == AssignmentPeriod.agency_id)
    )


def _told() -> tuple[Chosen, Any]:
    query = select(
        Reminder.id.label("number"), Reminder.effective_on, Reminder.step, Reminder.level, *_WORK,
        Agency.name.label("agency"), *_OUTCOME, Message.sent_at.label("at"), Reminder.recipient_id.label("person_id"),
    ).select_from(Reminder)  # fmt: skip
    return _of_work(query.join(Message, Message.id == Reminder.message_id), Reminder, Reminder.day), Reminder.id


def _notice() -> tuple[Chosen, Any]:
    query = select(
        Message.id.label("number"), *_OUTCOME, Message.sent_at.label("at"), Message.recipient_id.label("person_id")
    )
    return query, Message.id


def _skipped() -> tuple[Chosen, Any]:
    skip = ReminderSkip
    query = select(
        skip.id.label("number"), skip.effective_on, skip.step, skip.level, skip.reason, skip.until_on, *_WORK,
        Agency.name.label("agency"),
    ).select_from(skip)  # fmt: skip
    return _of_work(query, skip, skip.day), skip.id


def _acknowledged() -> tuple[Chosen, Any]:
    said = Acknowledgement
    query = select(
        said.id.label("number"), said.effective_on, said.until_on, said.via, said.at, said.message_id,
        said.person_id, *_WORK, Agency.name.label("agency"),
    ).select_from(said)  # fmt: skip
    return _of_work(query, said, said.day), said.id


def _held() -> tuple[Chosen, Any]:
    hold = ReminderHold
    query = select(
        hold.id.label("number"), hold.until_on, hold.reason, hold.made_at.label("at"), hold.made_by_id.label("person_id"),
        *_WORK, Agency.name.label("agency"),
    ).select_from(hold)  # fmt: skip
    return _of_work(query, hold, hold.from_on), hold.id


def _hold_ended() -> tuple[Chosen, Any]:
    hold = ReminderHold
    query = select(
        hold.id.label("number"), hold.until_on, hold.ended_at.label("at"), hold.ended_by_id.label("person_id"), *_WORK,
        Agency.name.label("agency"),
    ).select_from(hold)  # fmt: skip
    return _of_work(query, hold, hold.ended_on), hold.id


def _letter(at: Any, person: Any) -> tuple[Chosen, Any]:
    item, letter = UrgeLetterItem, UrgeLetter
    query = (
        select(
            item.id.label("number"), item.effective_on, item.days_overdue, letter.id.label("letter_id"),
            letter.number.label("letter_number"), letter.signer, letter.answer_by.label("until_on"), letter.state, at.label("at"),
            person.label("person_id"), *_WORK, Agency.name.label("agency"),
        )
        .select_from(item)
        .join(letter, letter.id == item.letter_id)
        .join(Agency, Agency.id == letter.agency_id)
        .join(Assignment, Assignment.id == item.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
    )  # fmt: skip
    return query, item.id


_FACTS: dict[str, Callable[[], tuple[Chosen, Any]]] = {
    timeline.TOLD: _told,
    timeline.NOTICE: _notice,
    timeline.SKIPPED: _skipped,
    timeline.ACKNOWLEDGED: _acknowledged,
    timeline.HELD: _held,
    timeline.HOLD_ENDED: _hold_ended,
    timeline.LETTER_DRAFTED: lambda: _letter(UrgeLetter.drafted_at, UrgeLetter.drafted_by_id),
    timeline.LETTER_SENT: lambda: _letter(UrgeLetter.recorded_at, UrgeLetter.recorded_by_id),
}
