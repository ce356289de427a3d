"""Everything one person holds, and what was given over from one to others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    FOREVER,
    Acting,
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Extension,
    Handover,
    HandoverItem,
    Obstacle,
    ProgressReport,
    Task,
    User,
)
from tracker.queries.basis import bases
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force_now
from tracker.queries.person import HEAD, RESPONSIBLE, held_where
from tracker.queries.report import OPEN
from tracker.queries.task_row import timed
from tracker.rules.timeliness import CLOSED, Timeliness


@dataclass(frozen=True)
class Held:
    """One part a person has in an open assignment: responsible or head."""

    assignment_id: int
    part: str
    task_id: int
    agency_id: int
    agency: str
    short_title: str
    document_name: str
    clause_code: str
    kind: str
    state: str
    progress: int
    due_on: date | None
    due_basis_kind: str | None
    due_basis: str | None
    slips: int
    timeliness: Timeliness
    soon: bool
    days: int

    @property
    def key(self) -> str:
        """What names the line in a form."""
        return f"{self.part}_{self.assignment_id}"


@dataclass(frozen=True)
class Given:
    """A hand-over as a mail tells it; every work names its receiver (`to_id`), who holds it still."""

    id: int
    on: date
    agency_id: int
    reason: str
    basis: str | None
    person_name: str
    works: list[Any]

    @property
    def receivers(self) -> set[int]:
        return {work.to_id for work in self.works}


@dataclass(frozen=True)
class Holdings:
    """What a person holds beside the assignments: what waits for others' decision, obstacles, standing in."""

    proposals: Sequence[Any]
    extensions: Sequence[Any]
    obstacles: Sequence[Any]
    stand_ins: Sequence[Any]


def held(session: Session, user_id: int, day: date) -> list[Held]:
    """Return every part the person has in open assignments, by the day that counts; two queries."""
    period = AssignmentPeriod
    query = (
        select(
            period.assignment_id, Assignment.responsible_id, Assignment.head_id, period.task_id, period.agency_id, Agency.name,
            Task.short_title, Document.short_name, Clause.code, Task.kind, period.state, period.progress, period.due_on,
            *bases(period)[2:], period.effective_on, period.result_on, period.clock,
        )
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(Agency, Agency.id == period.agency_id)
        .join(Task, Task.id == period.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(held_where(user_id), in_force_now(period), period.state.not_in(CLOSED))
        .order_by(period.effective_on.is_(None), period.effective_on, period.assignment_id)
    )  # fmt: skip
    rows: list[Any] = list(session.execute(query))
    calendar = work_calendar(session)
    found = []
    for row in rows:
        for part, who in ((RESPONSIBLE, row.responsible_id), (HEAD, row.head_id)):
            if who == user_id:
                found.append(Held(*(row.assignment_id, part, *row[3:16], *timed(row, day, calendar))))
    return found


def version(items: Collection[Held]) -> int:
    """Return a number that differs when the person holds something else: what the second of two hand-overs has not seen."""
    return crc32(",".join(sorted(item.key for item in items)).encode())


def holdings(session: Session, user_id: int, day: date) -> Holdings:
    """Return what else hangs on the person on `day`; four queries."""
    return Holdings(
        _of_work(session, ProgressReport, ProgressReport.author_id == user_id, OPEN),
        _of_work(session, Extension, Extension.asked_by_id == user_id, Extension.state == "waiting"),
        _of_work(session, Obstacle, Obstacle.raised_by_id == user_id, Obstacle.closed_on.is_(None)),
        _stand_ins(session, user_id, day),
    )  # fmt: skip


def _of_work(session: Session, noun: Any, *conditions: Any) -> Sequence[Any]:
    query = (
        select(
            noun.id, noun.task_id, Task.short_title, Document.short_name.label("document_name"),
            Clause.code.label("clause_code"),
        )
        .join(Task, Task.id == noun.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(*conditions)
        .order_by(noun.id)
    )  # fmt: skip
    return session.execute(query).all()


def _stand_ins(session: Session, user_id: int, day: date) -> Sequence[Any]:
    person, acting = aliased(User), aliased(User)
    query = (
        select(
            Acting.id, Acting.person_id, person.name.label("person"), acting.name.label("acting"), Acting.from_on,
            Acting.until_on,
        )
        .join(person, person.id == Acting.person_id)
        .join(acting, acting.id == Acting.acting_id)
        .where(
            or_(Acting.person_id == user_id, Acting.acting_id == user_id), Acting.ended_on.is_(None), Acting.until_on >= day
        )
        .order_by(Acting.from_on, Acting.id)
    )  # fmt: skip
    return session.execute(query).all()


def other_contacts(session: Session, agency_id: int, user_id: int) -> int:
    """Return how many other active people of the agency get its reminders when nobody is named."""
    query = select(User.id).where(User.agency_id == agency_id, User.active, User.is_contact, User.id != user_id)
    return len(session.scalars(query).all())


def given_by(session: Session, user_id: int) -> Sequence[Any]:
    """Return the person's hand-overs, the newest first: id, on, who made it."""
    query = select(Handover.id, Handover.on, User.name.label("made_by")).join(User, User.id == Handover.made_by_id)
    return session.execute(query.where(Handover.person_id == user_id).order_by(Handover.id.desc())).all()


def record_lines(session: Session, handover_id: int) -> Sequence[Any]:
    """Return what was given over, in the order of the record, with the words of that day; one query."""
    query = (
        select(
            HandoverItem.id, HandoverItem.part, HandoverItem.task_id, Task.short_title, Document.short_name.label("document_name"),
            Document.number.label("document_number"), Clause.code.label("clause_code"), Assignment.role,
            Agency.name.label("agency"), HandoverItem.state, HandoverItem.progress, AssignmentPeriod.due_on,
            HandoverItem.to_id, User.name.label("to"), User.position.label("to_position"), *bases(AssignmentPeriod),
        )
        .join(Handover, Handover.id == HandoverItem.handover_id)
        .join(Task, Task.id == HandoverItem.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Assignment, Assignment.id == HandoverItem.assignment_id)
        .join(Agency, Agency.id == Assignment.named_agency_id)
        .outerjoin(
            AssignmentPeriod,
            and_(
                AssignmentPeriod.assignment_id == HandoverItem.assignment_id, AssignmentPeriod.valid_from <= Handover.on,
                AssignmentPeriod.valid_to > Handover.on,
            ),
        )
        .outerjoin(User, User.id == HandoverItem.to_id)
        .where(HandoverItem.handover_id == handover_id)
        .order_by(HandoverItem.id)
    )  # fmt: skip
    return session.execute(query).all()


def handovers(session: Session, ids: Collection[int]) -> dict[int, Given]:
    """Return by id what a mail about a hand-over needs: from whom, when, why, and what its receivers hold still."""
    part, holder = HandoverItem.part, HandoverItem.to_id
    still = or_(
        and_(part == RESPONSIBLE, Assignment.responsible_id == holder), and_(part == HEAD, Assignment.head_id == holder)
    )
    query = (
        select(
            Handover.id, Handover.on, Handover.agency_id, Handover.reason, Handover.basis, User.name.label("person_name"),
            HandoverItem.to_id, HandoverItem.part, HandoverItem.task_id, Task.short_title.label("title"),
            Document.short_name.label("document_name"), Document.number.label("document_number"),
            Clause.code.label("clause_code"), AssignmentPeriod.due_on, *bases(AssignmentPeriod),
        )
        .join(User, User.id == Handover.person_id)
        .join(HandoverItem, HandoverItem.handover_id == Handover.id)
        .join(Assignment, and_(Assignment.id == HandoverItem.assignment_id, still))
        .join(Task, Task.id == HandoverItem.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .outerjoin(
            AssignmentPeriod,
            and_(AssignmentPeriod.assignment_id == HandoverItem.assignment_id, AssignmentPeriod.valid_to == FOREVER),
        )
        .where(Handover.id.in_(ids))
        .order_by(HandoverItem.id)
    )  # fmt: skip
    found: dict[int, Given] = {}
    for row in session.execute(query):
        found.setdefault(row.id, Given(*row[:6], [])).works.append(row)
    return found
