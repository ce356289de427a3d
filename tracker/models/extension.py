"""A request for more time and what was decided. The original date stays where it is: a grant adds a Deadline row."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base
from tracker.models.task import Assignment

WAITING = text("state = 'waiting'")


class Extension(Base):
    """`state`: waiting, granted, refused, withdrawn (by the agency), lapsed (the result came first)."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    asked_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    request_document: Mapped[str | None]  # number of the agency's letter
    proposed_on: Mapped[date]
    due_on: Mapped[date]  # the last day in force when it was asked
    effective_on: Mapped[date]
    late: Mapped[bool]  # "xin sau hạn": fewer working days before the end than the setting asks for
    state: Mapped[str] = mapped_column(default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decision_document: Mapped[str | None]  # number and date of the paper that decides
    decision_reason: Mapped[str | None] = mapped_column(Text)
    granted_on: Mapped[date | None]  # the new last day, which need not be the one proposed
    granted_effective_on: Mapped[date | None]
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id"))

    assignment: Mapped[Assignment] = relationship()
    asked_by: Mapped[Any] = relationship("User", foreign_keys=[asked_by_id])
    decided_by: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id])

    __table_args__ = (
        Index("ix_extension_assignment_id", "assignment_id", "id"),
        Index("uq_extension_waiting", "assignment_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )
