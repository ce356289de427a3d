"""What was done to urge one task, or to one person: told, skipped and why, answered, held back, letters. Proof of đôn đốc.

One row per thing, the newest day first. The number of statements is the same however much there is to tell.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from tracker.models import (
    Acknowledgement,
    Assignment,
    Message,
    Reminder,
    ReminderHold,
    ReminderSkip,
    UrgeLetter,
    UrgeLetterItem,
)

Chosen = Select[*tuple[Any, ...]]
LETTER_SENT, LETTER_DRAFTED, HOLD_ENDED, HELD, ACKNOWLEDGED, TOLD, NOTICE, SKIPPED = (
    "letter_sent", "letter_drafted", "hold_ended", "held", "acknowledged", "told", "notice", "skipped",
)  # fmt: skip
KINDS = (LETTER_SENT, LETTER_DRAFTED, HOLD_ENDED, HELD, ACKNOWLEDGED, TOLD, NOTICE, SKIPPED)
"""In the order in which they stand on one day, the newest first."""
PAGE = 60
MOST = 5000
"""So many lines one print or one file holds."""


@dataclass(frozen=True)
class Scope:
    """Whose lines: of one task (`agency_ids`: only the parts these agencies hold), or of one person."""

    task_id: int | None = None
    person_id: int | None = None
    agency_ids: Collection[int] | None = None


@dataclass(frozen=True, order=True)
class Place:
    """Where a line stands. A page begins after a place."""

    day: date
    rank: int
    number: int

    @property
    def kind(self) -> str:
        """Return what kind of line stands here."""
        return KINDS[len(KINDS) - 1 - self.rank]

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place an address names. Raises ValueError when it names none."""
        day, rank, number = text.split("_")
        if not (rank.isascii() and rank.isdigit() and number.isascii() and number.isdigit() and len(number) < 10):
            raise ValueError("no place of a line")
        return cls(date.fromisoformat(day), int(rank[:2]), int(number))

    def __str__(self) -> str:
        return f"{self.day.isoformat()}_{self.rank}_{self.number}"


def places(session: Session, scope: Scope, after: Place | None = None, limit: int = PAGE) -> list[Place]:
    """Return where the next lines after `after` (None: the newest) stand, one more than `limit` when there are more."""
    every = union_all(*_sources(scope)).subquery()
    place = (every.c.day, every.c.rank, every.c.number)
    query = select(*place).order_by(*(column.desc() for column in place)).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(*place) < tuple_(after.day, after.rank, after.number))
    return [Place(*row) for row in session.execute(query)]


def numbers(found: Iterable[Place]) -> dict[str, list[int]]:
    """Return by kind the numbers of its rows."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place in found:
        by_kind[place.kind].append(place.number)
    return by_kind


def last_told(session: Session, scope: Scope) -> tuple[date, datetime | None, str] | None:
    """Return the day, the moment and the outcome of the newest reminder of the scope; None when there was none."""
    query = (
        select(Reminder.day, Message.sent_at, Message.state)
        .join(Message, Message.id == Reminder.message_id)
        .join(Assignment, Assignment.id == Reminder.assignment_id)
        .where(*_of_assignment(scope))
        .order_by(Reminder.day.desc(), Reminder.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return (row[0], row[1], row[2]) if row else None


def _rank(kind: str) -> int:
    return len(KINDS) - 1 - KINDS.index(kind)


def _sources(scope: Scope) -> list[Chosen]:
    if scope.person_id is not None:
        own = [
            _source(TOLD, Reminder.day, Reminder).where(Reminder.recipient_id == scope.person_id),
            _source(NOTICE, Message.day, Message).where(
                Message.recipient_id == scope.person_id, Message.kind != "reminder_digest"
            ),
            _source(ACKNOWLEDGED, Acknowledgement.day, Acknowledgement).where(Acknowledgement.person_id == scope.person_id),
        ]  # fmt: skip
    else:
        own = [
            _of_work(_source(TOLD, Reminder.day, Reminder), Reminder, scope),
            _of_work(_source(ACKNOWLEDGED, Acknowledgement.day, Acknowledgement), Acknowledgement, scope),
        ]
    letters = (
        (LETTER_DRAFTED, UrgeLetter.drafted_on, UrgeLetter.drafted_on.is_not(None)),
        (LETTER_SENT, UrgeLetter.sent_on, UrgeLetter.sent_on.is_not(None)),
    )
    return [
        *own,
        _of_work(_source(SKIPPED, ReminderSkip.day, ReminderSkip), ReminderSkip, scope),
        _of_work(_source(HELD, ReminderHold.from_on, ReminderHold), ReminderHold, scope),
        _of_work(_source(HOLD_ENDED, ReminderHold.ended_on, ReminderHold), ReminderHold, scope).where(
            ReminderHold.ended_on.is_not(None)
        ),
        *(
            _of_work(
                _source(kind, day, UrgeLetterItem).join(UrgeLetter, UrgeLetter.id == UrgeLetterItem.letter_id),
                UrgeLetterItem, scope,
            ).where(there, UrgeLetter.state != "dropped", UrgeLetterItem.left_out.is_(False))
            for kind, day, there in letters
        ),
    ]  # fmt: skip


def _source(kind: str, day: Any, model: Any) -> Chosen:
    return select(day.label("day"), literal(_rank(kind)).label("rank"), model.id.label("number")).select_from(model)


def _of_work(query: Chosen, model: Any, scope: Scope) -> Chosen:
    return query.join(Assignment, Assignment.id == model.assignment_id).where(*_of_assignment(scope))


def _of_assignment(scope: Scope) -> list[Any]:
    if scope.person_id is not None:
        return [Assignment.responsible_id == scope.person_id]
    found = [Assignment.task_id == scope.task_id]
    return found if scope.agency_ids is None else [*found, Assignment.agency_id.in_(scope.agency_ids)]
