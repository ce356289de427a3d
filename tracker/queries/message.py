"""Whom a message goes to, and what one that is about to leave speaks of."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    Clause,
    Direction,
    DirectionReceipt,
    Document,
    JobRun,
    Message,
    ProgressReport,
    Reminder,
    Task,
    User,
)
from tracker.queries.acting import Absence


@dataclass(frozen=True)
class Addressee:
    """Whom a message goes to, as the account stands now."""

    id: int
    name: str
    email: str
    position: str | None
    role: str
    active: bool
    language: str
    agency_id: int | None
    agency_name: str | None
    absent: tuple[Absence, ...] = ()  # for whom the message goes to this stand-in


def addressees(session: Session, user_ids: Collection[int]) -> dict[int, Addressee]:
    """Return the people by id."""
    query = (
        select(
            User.id, User.name, User.email, User.position, User.role, User.active, User.language, User.agency_id,
            Agency.name.label("agency_name"),
        )
        .outerjoin(Agency, Agency.id == User.agency_id)
        .where(User.id.in_(user_ids))
    )  # fmt: skip
    return {row.id: Addressee(**row._mapping) for row in session.execute(query)}


def reminders_of(session: Session, message_ids: Collection[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Return by message its reminders: id, assignment_id, effective_on, recipient_id, step, level."""
    query = select(
        Reminder.message_id,
        Reminder.id,
        Reminder.assignment_id,
        Reminder.effective_on,
        Reminder.recipient_id,
        Reminder.step,
        Reminder.level,
    ).where(Reminder.message_id.in_(message_ids))
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in session.execute(query.order_by(Reminder.id)):
        found[row.message_id].append(row)
    return found


def reports(session: Session, report_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return by id what a mail about a report needs: the report, its task and clause, the agency, author and decider."""
    author, decider = User.__table__.alias("author"), User.__table__.alias("decider")
    query = (
        select(
            ProgressReport.id, ProgressReport.task_id, ProgressReport.assignment_id, ProgressReport.done, ProgressReport.result_on,
            ProgressReport.result_document, ProgressReport.approval, ProgressReport.decision, ProgressReport.decision_reason,
            ProgressReport.decided_at, ProgressReport.reported_at, Task.code.label("task_code"),
            Task.short_title.label("title"), Clause.code.label("clause_code"), Clause.text.label("clause_text"),
            Document.code.label("document_code"), Document.short_name.label("document_name"),
            Document.number.label("document_number"), Document.issued_on.label("document_issued_on"),
            Agency.name.label("agency_name"), author.c.name.label("author_name"), decider.c.name.label("decider_name"),
        )
        .join(Task, Task.id == ProgressReport.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == ProgressReport.agency_id)
        .join(author, author.c.id == ProgressReport.author_id)
        .outerjoin(decider, decider.c.id == ProgressReport.decided_by_id)
        .where(ProgressReport.id.in_(report_ids))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def receipts(session: Session, receipt_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return by id what a mail about a direction needs: the direction, its task and clause, the agency addressed, the leader."""
    query = (
        select(
            DirectionReceipt.id, DirectionReceipt.direction_id, DirectionReceipt.assignment_id,
            DirectionReceipt.acknowledged_at, Direction.text,
            Direction.given_on, Direction.answer_by, Direction.document, Direction.task_id, Task.short_title.label("title"),
            Clause.code.label("clause_code"), Clause.text.label("clause_text"), Document.short_name.label("document_name"),
            Document.number.label("document_number"), Agency.name.label("agency_name"), User.name.label("giver_name"),
            User.role.label("giver_role"), User.position.label("giver_position"),
        )
        .join(Direction, Direction.id == DirectionReceipt.direction_id)
        .join(Task, Task.id == Direction.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == DirectionReceipt.agency_id)
        .join(User, User.id == Direction.given_by_id)
        .where(DirectionReceipt.id.in_(receipt_ids))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def waiting_channels(session: Session, now: datetime) -> set[str]:
    """Return by which channels a message may leave now: from the index over open ones."""
    query = select(Message.channel).where(Message.state == "queued", Message.not_before <= now)
    return set(session.scalars(query.distinct()))


def job_runs(session: Session) -> dict[str, JobRun]:
    """Return by name the last beat of every job of the worker."""
    return {run.name: run for run in session.scalars(select(JobRun))}
