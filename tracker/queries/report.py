"""Results that agencies propose: the queues of who decides, and what a decision rests on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Evidence,
    ProgressReport,
    Task,
    User,
)

Found = Row[*tuple[Any, ...]]
PAGE = 50
SHOWN = 40


@dataclass(frozen=True)
class Waiting:
    """One proposed completion that waits for a decision; `late` is whether its result came after the counting day."""

    report_id: int
    assignment_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency: str
    author: str
    reported_at: datetime
    result_on: date
    result_document: str | None
    done: str
    effective_on: date | None
    pieces: int  # of evidence
    returns: int  # how often results of this assignment were returned before

    @property
    def late(self) -> bool:
        return self.effective_on is not None and self.result_on > self.effective_on


@dataclass(frozen=True)
class QueueFilters:
    """What part of the queue is asked for; `timeliness`: late, in_time, no_deadline or "" for all."""

    agency_id: int | None = None
    document_id: int | None = None
    timeliness: str = ""


_EARLIER = aliased(ProgressReport)
_PIECES = select(func.count()).where(Evidence.report_id == ProgressReport.id).scalar_subquery()
_RETURNS = (
    select(func.count())
    .where(_EARLIER.assignment_id == ProgressReport.assignment_id, _EARLIER.decision == "returned")
    .scalar_subquery()
)
OPEN = and_(ProgressReport.kind == "completion", ProgressReport.decision.is_(None))
"""A result that was proposed and nobody has decided on."""
FOR_THE_OFFICE = and_(OPEN, or_(ProgressReport.approval.is_(None), ProgressReport.approval != "waiting"))
FOR_THE_HEAD = and_(OPEN, ProgressReport.approval == "waiting")
_IN_FORCE = and_(
    AssignmentPeriod.assignment_id == ProgressReport.assignment_id, AssignmentPeriod.valid_to == FOREVER
)  # fmt: skip
_TIMELINESS = {
    "late": ProgressReport.result_on > AssignmentPeriod.effective_on,
    "in_time": ProgressReport.result_on <= AssignmentPeriod.effective_on,
    "no_deadline": AssignmentPeriod.effective_on.is_(None),
}


def waiting(session: Session, after: int = 0, filters: QueueFilters | None = None) -> list[Waiting]:
    """Return the completions that wait for the Office, oldest first: at most one page and one more, to know there is a next."""
    query = _filtered(_rows().where(FOR_THE_OFFICE, ProgressReport.id > after), filters or QueueFilters())
    return [Waiting(*row) for row in session.execute(query.order_by(ProgressReport.id).limit(PAGE + 1)).all()]


def waiting_for_head(session: Session, agency_ids: Collection[int], after: int = 0) -> list[Waiting]:
    """Return the completions that wait for the heads of these agencies, oldest first, as `waiting` does.

    It is the business of whoever holds the work now, also when a predecessor reported. What is on hold or closed meanwhile
    is left out: nobody can approve it.
    """
    query = _rows().where(_for_heads_of(agency_ids), ProgressReport.id > after)
    return [Waiting(*row) for row in session.execute(query.order_by(ProgressReport.id).limit(PAGE + 1)).all()]


def waiting_for_head_count(session: Session, agency_ids: Collection[int]) -> int:
    """Return how many completions wait for the heads of these agencies: what `waiting_for_head` lists, on all its pages."""
    query = select(func.count(ProgressReport.id)).join(AssignmentPeriod, _IN_FORCE).where(_for_heads_of(agency_ids))
    counted: int = session.execute(query).scalar_one()
    return counted


def waiting_for_head_counts(session: Session, agency_ids: Collection[int]) -> dict[int, int]:
    """Return by agency what `waiting_for_head_count` says of it; an agency for which none waits is left out. One query."""
    query = select(AssignmentPeriod.agency_id, func.count(ProgressReport.id)).select_from(ProgressReport)
    query = query.join(AssignmentPeriod, _IN_FORCE).where(_for_heads_of(agency_ids))
    return dict(session.execute(query.group_by(AssignmentPeriod.agency_id)).all())


def _for_heads_of(agency_ids: Collection[int]) -> Any:
    return and_(FOR_THE_HEAD, AssignmentPeriod.agency_id.in_(agency_ids), AssignmentPeriod.state == "in_progress")


def _rows() -> Any:
    return (
        select(
            ProgressReport.id, ProgressReport.assignment_id, Task.id, Task.short_title, Document.short_name, Clause.code,
            Agency.short_name, User.name, ProgressReport.reported_at, ProgressReport.result_on, ProgressReport.result_document,
            ProgressReport.done, AssignmentPeriod.effective_on, _PIECES, _RETURNS,
        )
        .join(Task, Task.id == ProgressReport.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Agency, Agency.id == ProgressReport.agency_id)
        .join(User, User.id == ProgressReport.author_id)
        .join(AssignmentPeriod, _IN_FORCE)
    )  # fmt: skip


def _filtered(query: Any, filters: QueueFilters) -> Any:
    if filters.agency_id:
        query = query.where(ProgressReport.agency_id == filters.agency_id)
    if filters.document_id:
        query = query.where(Task.document_id == filters.document_id)
    return query.where(_TIMELINESS[filters.timeliness]) if filters.timeliness in _TIMELINESS else query


def waiting_count(session: Session, filters: QueueFilters | None = None) -> int:
    """Return how many completions wait for the Office, in the part of the queue asked for."""
    query = (
        select(func.count(ProgressReport.id))
        .join(Task, Task.id == ProgressReport.task_id)
        .join(AssignmentPeriod, _IN_FORCE)
        .where(FOR_THE_OFFICE)
    )
    counted: int = session.execute(_filtered(query, filters or QueueFilters())).scalar_one()
    return counted


def queue_choices(session: Session) -> tuple[Sequence[Found], Sequence[Found]]:
    """Return (id, name) of the agencies and of the documents that have something in the Office's queue."""
    agencies = select(Agency.id, Agency.short_name).join(ProgressReport, ProgressReport.agency_id == Agency.id)
    documents = (
        select(Document.id, Document.short_name)
        .join(Task, Task.document_id == Document.id)
        .join(ProgressReport, ProgressReport.task_id == Task.id)
    )
    return (
        session.execute(agencies.where(FOR_THE_OFFICE).distinct().order_by(Agency.short_name, Agency.id)).all(),
        session.execute(documents.where(FOR_THE_OFFICE).distinct().order_by(Document.short_name, Document.id)).all(),
    )


def earlier_returns(session: Session, report: ProgressReport) -> Sequence[Found]:
    """Return when and why results of the same assignment were returned before this one was proposed, the first return first."""
    decider = aliased(User)
    query = (
        select(
            ProgressReport.decided_at,
            ProgressReport.decision_reason,
            ProgressReport.result_on,
            decider.name.label("by"),
        )
        .outerjoin(decider, decider.id == ProgressReport.decided_by_id)
        .where(ProgressReport.assignment_id == report.assignment_id, ProgressReport.decision == "returned")
        .where(ProgressReport.id < report.id)
        .order_by(ProgressReport.id)
    )
    return session.execute(query).all()


def open_proposals(session: Session, task_id: int) -> dict[int, Found]:
    """Return by assignment the proposal nobody has decided: id, approval, and agency_id of who holds the work now."""
    query = select(ProgressReport.assignment_id, ProgressReport.id, ProgressReport.approval, Assignment.agency_id)
    query = query.join(Assignment, Assignment.id == ProgressReport.assignment_id)
    query = query.where(ProgressReport.task_id == task_id, OPEN)
    return {row.assignment_id: row for row in session.execute(query)}


def latest_results(session: Session, task_id: int, end: datetime) -> Sequence[Found]:
    """Return what each agency last proposed as the result of the task before `end`, the newest first, at most SHOWN agencies.

    `returns` counts how often its results were returned; approvals and decisions are told only if they fell before `end`.
    """
    before = and_(
        ProgressReport.task_id == task_id, ProgressReport.kind == "completion", ProgressReport.reported_at < end
    )
    returned = and_(ProgressReport.decision == "returned", ProgressReport.decided_at < end)
    newest = (
        select(func.max(ProgressReport.id).label("id"), func.count(case((returned, 1))).label("returns"))
        .where(before)
        .group_by(ProgressReport.assignment_id)
        .subquery()
    )
    approver, decider = aliased(User), aliased(User)
    query = (
        select(
            ProgressReport.id, Agency.name.label("agency"), ProgressReport.result_on, ProgressReport.reported_at,
            User.name.label("author"), ProgressReport.approval, ProgressReport.approved_at,
            approver.name.label("approved_by"), ProgressReport.decision, ProgressReport.decided_at,
            decider.name.label("decided_by"), newest.c.returns,
        )
        .join(newest, newest.c.id == ProgressReport.id)
        .join(Agency, Agency.id == ProgressReport.agency_id)
        .join(User, User.id == ProgressReport.author_id)
        .outerjoin(approver, and_(approver.id == ProgressReport.approved_by_id, ProgressReport.approved_at < end))
        .outerjoin(decider, and_(decider.id == ProgressReport.decided_by_id, ProgressReport.decided_at < end))
        .order_by(ProgressReport.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    return session.execute(query).all()
