"""Letters of urging (công văn đôn đốc): the list, one with all it says, those of a task or an agency."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, AssignmentPeriod, Document, UrgeLetter, UrgeLetterItem
from tracker.queries.letter_work import Urged, is_overdue, overdue_of, works
from tracker.words.days import dmy

PAGE = 50
STATES = ("draft", "sent", "dropped")


@dataclass(frozen=True)
class Order:
    """A document that gave work: what a letter calls it by."""

    id: int
    short_name: str
    kind: str
    title: str
    number: str | None
    issued_on: date | None
    issuer: str


@dataclass(frozen=True)
class Contents:
    """What a letter says as of `day`: `urged` is in it; `settled` was, and needs no urging any more; `others` is overdue too
    and is not in it. `moment` is when that was read, None for the end of a day gone by."""

    day: date
    moment: datetime | None
    urged: list[Urged]
    settled: list[Urged]
    others: list[Urged]
    orders: list[Order]


def contents(session: Session, letter: UrgeLetter, day: date | None = None) -> Contents:
    """Return what the letter says: a draft as of now, one that was sent as of its date with the figures it had then.

    `day` asks for a draft as of that day. The same number of statements whatever there is to say.
    """
    drafted = letter.state == "draft"
    day = day or (clock.today() if drafted else _closed_on(letter))
    kept = {item.assignment_id: item for item in items(session, letter.id)}
    found = works(session, letter.agency_id, kept, day)
    named = [found[number] for number, item in kept.items() if number in found and not item.left_out]
    if not drafted:
        named = [_as_sent(work, kept[work.assignment_id]) for work in named]
    urged = sorted((work for work in named if work.settled is None), key=_longest_first)
    late = overdue_of(session, letter.agency_id, day) if drafted else []
    inside = {work.assignment_id for work in urged}
    return Contents(
        day, clock.now() if drafted and day == clock.today() else None, urged, [work for work in named if work.settled],
        [work for work in late if work.assignment_id not in inside], _orders(session, {work.document_id for work in urged}),
    )  # fmt: skip


def items(session: Session, letter_id: int) -> Sequence[UrgeLetterItem]:
    """Return the rows of the letter in the order they came in."""
    query = select(UrgeLetterItem).where(UrgeLetterItem.letter_id == letter_id).order_by(UrgeLetterItem.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _closed_on(letter: UrgeLetter) -> date:
    if letter.sent_on is not None:
        return letter.sent_on
    return clock.local(letter.recorded_at).date() if letter.recorded_at else letter.drafted_on


def _as_sent(work: Urged, item: UrgeLetterItem) -> Urged:
    return replace(
        work, effective_on=item.effective_on, days_overdue=item.days_overdue, reminders=item.reminders, settled=None
    )


def _longest_first(work: Urged) -> tuple[date, int]:
    return work.effective_on or date.max, work.assignment_id


def _orders(session: Session, document_ids: Collection[int]) -> list[Order]:
    query = (
        select(
            Document.id, Document.short_name, Document.kind, Document.title,
            func.coalesce(Document.number, Document.number_elsewhere),
            func.coalesce(Document.issued_on, Document.issued_on_elsewhere), Document.issuer,
        )
        .where(Document.id.in_(document_ids))
        .order_by(Document.in_force_from, Document.id)
    )  # fmt: skip
    return [Order(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Listed:
    """One letter of the list: how many tasks it speaks of and the most days one is overdue, of a draft as of today."""

    id: int
    agency_id: int
    agency_name: str
    state: str
    drafted_on: date
    answer_by: date | None
    number: str | None
    sent_on: date | None
    signer: str | None
    reason: str | None
    tasks: int
    longest: int


def letters(
    session: Session, state: str, agency_ids: Collection[int] | None, before: int | None = None
) -> list[Listed]:
    """Return one page and one more of the letters in the state, newest first, to the agencies (None: to all)."""
    query = _listed(state).where(UrgeLetter.state == state).order_by(UrgeLetter.id.desc()).limit(PAGE + 1)
    if agency_ids is not None:
        query = query.where(UrgeLetter.agency_id.in_(agency_ids))
    if before is not None:
        query = query.where(UrgeLetter.id < before)
    rows: Iterable[Any] = session.execute(query)
    return [Listed(*(*row[:-1], _most_days(row[-1]))) for row in rows]


def _listed(state: str) -> Select[*tuple[Any, ...]]:
    """Return the statement for a list; of a draft only what is overdue today counts, as on the page of the letter."""
    item, period = UrgeLetterItem, AssignmentPeriod
    counts: Any = item.left_out.is_(False)
    last: Any = func.max(item.days_overdue)
    if state == "draft":
        counts, last = counts & period.id.is_not(None), func.min(period.effective_on)
    late = (period.agency_id == UrgeLetter.agency_id) & is_overdue(clock.today())
    query = (
        select(
            UrgeLetter.id, UrgeLetter.agency_id, Agency.name, UrgeLetter.state, UrgeLetter.drafted_on, UrgeLetter.answer_by,
            UrgeLetter.number, UrgeLetter.sent_on, UrgeLetter.signer, UrgeLetter.reason,
            func.count(item.id).filter(counts), last.filter(counts),
        )
        .join(Agency, Agency.id == UrgeLetter.agency_id)
        .outerjoin(item, item.letter_id == UrgeLetter.id)
        .group_by(UrgeLetter.id, Agency.id)
    )  # fmt: skip
    return query.outerjoin(period, (period.assignment_id == item.assignment_id) & late) if state == "draft" else query


def _most_days(last: int | date | None) -> int:
    return (clock.today() - last).days if isinstance(last, date) else last or 0


def letter_counts(session: Session, agency_ids: Collection[int] | None = None) -> dict[str, int]:
    """Return how many letters there are in each state, to the agencies (None: to all)."""
    query = select(UrgeLetter.state, func.count()).group_by(UrgeLetter.state)
    if agency_ids is not None:
        query = query.where(UrgeLetter.agency_id.in_(agency_ids))
    return dict.fromkeys(STATES, 0) | dict(session.execute(query).all())


def draft_of(session: Session, agency_id: int) -> int | None:
    """Return the id of the agency's letter that is being drafted, None when there is none."""
    query = select(UrgeLetter.id).where(UrgeLetter.agency_id == agency_id, UrgeLetter.state == "draft")
    return session.scalars(query).one_or_none()


@dataclass(frozen=True)
class Drafted:
    """What a mail about a draft needs; `works` are (title, last day, days overdue), the longest overdue first."""

    id: int
    agency_id: int
    agency_name: str
    state: str
    answer_by: date | None
    works: list[tuple[str, str, int]]


def told_of(session: Session, letter_ids: Collection[int]) -> Mapping[int, Drafted]:
    """Return by id what the mail says that a letter has been drafted, as it stands now. For each letter a few statements: the
    ladder's end is rare."""
    found = {}
    for letter in session.scalars(select(UrgeLetter).where(UrgeLetter.id.in_(letter_ids))):
        urged = contents(session, letter).urged
        told = [(work.title, dmy(work.effective_on), work.days_overdue) for work in urged if work.effective_on]
        found[letter.id] = Drafted(
            letter.id, letter.agency_id, letter.agency.name, letter.state, letter.answer_by, told
        )  # fmt: skip
    return found
