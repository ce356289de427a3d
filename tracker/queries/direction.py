"""Directions (ý kiến chỉ đạo): what was said, to whom, and who has acknowledged.

While a direction waits it is addressed to whoever holds the work now, the successor after a merger; acknowledged, to the agency
that did. Every signed-in person may read what leaders direct (orders are no secret within the administration); an agency's
answer is read by those who may read its reports. Neither is for a page open to the public.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import (
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Direction,
    DirectionReceipt,
    Document,
    Task,
    User,
)
from tracker.models.base import Moment
from tracker.queries.ask import ask
from tracker.queries.period import in_force_now
from tracker.rules.timeliness import WorkState

PAGE = 30
TASK: Any = bindparam("task")
END: Any = bindparam("end", type_=Moment)
_HEIR = aliased(Assignment)
_HOLDER: Any = func.coalesce(_HEIR.agency_id, Assignment.agency_id)
_ADDRESSEE: Any = case((DirectionReceipt.acknowledged_at.is_(None), _HOLDER), else_=DirectionReceipt.agency_id)


@dataclass(frozen=True)
class Lead:
    """A lead assignment that a direction about its task is addressed to."""

    assignment_id: int
    agency_id: int
    agency: str


@dataclass(frozen=True)
class Given:
    """A direction as lists and pages show it."""

    id: int
    task_id: int
    text: str
    document: str | None
    given_at: datetime
    given_on: date
    answer_by: date | None
    giver: str
    giver_role: str
    giver_position: str | None
    short_title: str
    document_name: str
    clause_code: str

    @property
    def sent_on(self) -> date:
        """The day it reached the agencies, from which their time to acknowledge counts; its paper may be older."""
        return clock.local(self.given_at).date()


@dataclass(frozen=True)
class Receipt:
    """One agency's part of a direction; `acknowledged_at` None while it waits."""

    id: int
    direction_id: int
    agency_id: int
    agency: str
    acknowledged_at: datetime | None
    person: str | None
    answer: str | None


def live_leads(session: Session, task_id: int) -> list[Lead]:
    """Return the lead assignments of the task that somebody still answers for, in the order of the alphabet."""
    query = (
        select(Assignment.id, Assignment.agency_id, Agency.name)
        .join(Agency, Agency.id == Assignment.agency_id)
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .where(Assignment.task_id == task_id, Assignment.role == "lead", Assignment.merged_into_id.is_(None))
        .where(in_force_now(AssignmentPeriod), AssignmentPeriod.state != WorkState.WITHDRAWN.value)
        .order_by(Agency.sort_key, Agency.id, Assignment.id)
    )
    return [Lead(*row) for row in session.execute(query)]


def _of_receipts(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(DirectionReceipt)
        .join(Assignment, Assignment.id == DirectionReceipt.assignment_id)
        .outerjoin(_HEIR, _HEIR.id == Assignment.merged_into_id)
    )


def addressee(session: Session, receipt_id: int) -> tuple[int, int]:
    """Return (task, agency) of a receipt: who holds the work now, or who has acknowledged. Raises NoResultFound."""
    query = _of_receipts(Assignment.task_id, _ADDRESSEE).where(DirectionReceipt.id == receipt_id)
    task_id, agency_id = session.execute(query).one()
    return task_id, agency_id


_GIVEN: Any = (
    select(
        Direction.id, Direction.task_id, Direction.text, Direction.document, Direction.given_at, Direction.given_on,
        Direction.answer_by, User.name, User.role, User.position, Task.short_title, Document.short_name, Clause.code,
    )
    .join(User, User.id == Direction.given_by_id)
    .join(Task, Task.id == Direction.task_id)
    .join(Document, Document.id == Task.document_id)
    .join(Clause, Clause.id == Task.clause_id)
)  # fmt: skip
_RECEIPTS = (
    _of_receipts(
        DirectionReceipt.id, DirectionReceipt.direction_id, _ADDRESSEE, Agency.name, DirectionReceipt.acknowledged_at,
        User.name, DirectionReceipt.answer,
    )
    .join(Agency, Agency.id == _ADDRESSEE)
    .outerjoin(User, User.id == DirectionReceipt.acknowledged_by_id)
    .where(DirectionReceipt.direction_id.in_(bindparam("ids", expanding=True)))
    .order_by(DirectionReceipt.direction_id, Agency.sort_key, DirectionReceipt.id)
)  # fmt: skip
_OF_TASK = (
    _GIVEN.add_columns(func.count().over())
    .where(Direction.task_id == TASK, Direction.given_at < END)
    .order_by(Direction.id.desc())
    .limit(1)
)


def newest(session: Session, task_id: int, day: date) -> tuple[Given, int] | None:
    """Return the last direction about the task by the end of `day`, and how many there were by then; None when none."""
    row = ask(session, _OF_TASK, task=task_id, end=clock.day_end(day)).first()
    return (Given(*row[:-1]), row[-1]) if row else None


def direction(session: Session, direction_id: int) -> Given | None:
    """Return the direction, None when there is no such."""
    row = session.execute(_GIVEN.where(Direction.id == direction_id)).first()
    return Given(*row) if row else None


def receipts(session: Session, direction_ids: Collection[int], day: date | None = None) -> dict[int, list[Receipt]]:
    """Return by direction its receipts in the order of the alphabet, as they stood at the end of `day` (None: now)."""
    found: dict[int, list[Receipt]] = {number: [] for number in direction_ids}
    if found:
        for row in ask(session, _RECEIPTS, ids=list(found)):
            found[row.direction_id].append(_as_of(Receipt(*row), day))
    return found


def _as_of(receipt: Receipt, day: date | None) -> Receipt:
    if day is None or receipt.acknowledged_at is None or receipt.acknowledged_at < clock.day_end(day):
        return receipt
    return Receipt(receipt.id, receipt.direction_id, receipt.agency_id, receipt.agency, None, None, None)


def _unread(agency_id: int | None) -> Select[Any]:
    query = _of_receipts(DirectionReceipt.direction_id).where(DirectionReceipt.acknowledged_at.is_(None))
    return query if agency_id is None else query.where(agency_id == _HOLDER)


def unread_of(session: Session, direction_id: int, agency_id: int) -> Sequence[int]:
    """Return the ids of the receipts of the direction that wait for the agency."""
    query = _of_receipts(DirectionReceipt.id).where(DirectionReceipt.acknowledged_at.is_(None), agency_id == _HOLDER)
    return session.scalars(query.where(DirectionReceipt.direction_id == direction_id)).all()


def waiting(session: Session, agency_id: int | None, after: int = 0, task_id: int | None = None) -> Sequence[Given]:
    """Return the directions that wait for the agency's acknowledgement (None: for anybody's), the longest waiting first.

    At most one page and one more; those that have waited too long come first by themselves.
    """
    query = _GIVEN.where(Direction.id.in_(_unread(agency_id)), Direction.id > after)
    return _page(session, query.order_by(Direction.id), task_id)


def waiting_count(session: Session, agency_id: int | None = None) -> int:
    """Return how many directions wait for the agency (None: for anybody)."""
    query = select(func.count(_unread(agency_id).distinct().subquery().c.direction_id))
    return session.execute(query).scalar_one()


def waiting_counts(session: Session, agency_ids: Collection[int]) -> dict[int, int]:
    """Return by agency what `waiting_count` says of it; an agency for which none waits is left out. One query."""
    query = _of_receipts(_HOLDER.label("holder"), func.count(DirectionReceipt.direction_id.distinct()))
    query = query.where(DirectionReceipt.acknowledged_at.is_(None), _HOLDER.in_(agency_ids)).group_by("holder")
    return dict(session.execute(query).all())


def given(
    session: Session, agency_id: int | None, giver_id: int | None, before: int = 0, task_id: int | None = None
) -> Sequence[Given]:
    """Return all directions to the agency, by the leader (None: whichever), newest first: one page and one more."""
    query = _GIVEN
    if agency_id is not None:
        mine = _of_receipts(DirectionReceipt.id).where(DirectionReceipt.direction_id == Direction.id)
        query = query.where(mine.where(agency_id == _ADDRESSEE).exists())
    if giver_id is not None:
        query = query.where(Direction.given_by_id == giver_id)
    if before:
        query = query.where(Direction.id < before)
    return _page(session, query.order_by(Direction.id.desc()), task_id)


def _page(session: Session, query: Select[Any], task_id: int | None) -> Sequence[Given]:
    if task_id is not None:
        query = query.where(Direction.task_id == task_id)
    return [Given(*row) for row in session.execute(query.limit(PAGE + 1))]
