"""What an agency says about its own assignment, and what the Office answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base
from tracker.models.task import Assignment


class ProgressReport(Base):
    """One report, kept as it was said. `kind`: progress, or completion (a proposal with the result's date and document)."""

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
    result_on: Mapped[date | None]
    result_document: Mapped[str | None]
    decision: Mapped[str | None]  # confirmed, returned; None while it waits, or for plain progress
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)

    assignment: Mapped[Assignment] = relationship()
    author: Mapped[Any] = relationship("User", foreign_keys=[author_id])
    decided_by: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id])

    __table_args__ = (
        Index("ix_progress_report_assignment_id", "assignment_id", "id"),
        Index("ix_progress_report_agency_id_reported_on", "agency_id", "reported_on"),
    )
