"""What an agency says about its own assignment, when it was to say it, and what the Office answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import FOREVER, Base
from tracker.models.task import Assignment

OPEN_PROPOSAL = text("kind = 'completion' AND decision IS NULL")


class ProgressReport(Base):
    """One report, kept as it was said. `kind`: progress, or completion (a proposal with the result's date and document).

    `approval` is the agency head's, where the agency wants it: waiting, approved, declined. `decision`: confirmed, returned
    (the Office), declined (the head), recalled (the agency itself); None while it waits, or for plain progress.
    """

    __tablename__ = "progress_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(default="progress")
    reported_at: Mapped[datetime]
    reported_on: Mapped[date]
    progress: Mapped[int]
    done: Mapped[str | None] = mapped_column(Text)
    difficulty: Mapped[str | None] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    next_step: Mapped[str | None] = mapped_column(Text)
    period_start: Mapped[date | None]  # the reporting period it speaks of; None: the document asks for none
    period_end: Mapped[date | None]
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id"), index=True)
    result_on: Mapped[date | None]
    result_document: Mapped[str | None]
    approval: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)

    assignment: Mapped[Assignment] = relationship()
    author: Mapped[Any] = relationship("User", foreign_keys=[author_id])
    approved_by: Mapped[Any] = relationship("User", foreign_keys=[approved_by_id])
    decided_by: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id])
    evidence: Mapped[list[Any]] = relationship("Evidence", order_by="Evidence.id", viewonly=True)

    __table_args__ = (
        Index("ix_progress_report_assignment_id", "assignment_id", "id"),
        Index("ix_progress_report_agency_id_reported_on", "agency_id", "reported_on"),
        Index("ix_progress_report_period", "period_start", "assignment_id"),
        Index(
            "uq_progress_report_open_proposal", "assignment_id", unique=True, sqlite_where=OPEN_PROPOSAL,
            postgresql_where=OPEN_PROPOSAL,
        ),
    )  # fmt: skip


class ReportingRule(Base):
    """How often the agencies report on the tasks of a document. Changing it closes the row: past periods keep their rule."""

    __tablename__ = "reporting_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    every: Mapped[str]  # week, month, quarter
    grace: Mapped[int]  # working days after the period's last day in which a report is in time
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=FOREVER)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Occurrence(Base):
    """One time a recurring duty falls due, with a record of its own. `state`: open, done, skipped, replaced (another time limit
    was given)."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("assignment_id", "due_on"),
        Index("ix_occurrence_open", "assignment_id", "due_on", sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    starts_on: Mapped[date]  # the day after the occurrence before fell due
    due_on: Mapped[date]
    effective_on: Mapped[date]
    opened_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    result_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)  # why it was skipped

    assignment: Mapped[Assignment] = relationship()
