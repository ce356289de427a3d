"""What leaders mark and say: stars, and directions (ý kiến chỉ đạo) that each leading agency acknowledges."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base
from tracker.models.task import Assignment, Task

UNREAD = text("acknowledged_at IS NULL")


class Star(Base):
    """A leader follows this task."""

    __tablename__ = "star"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    starred_at: Mapped[datetime]

    user: Mapped[Any] = relationship("User")


class Direction(Base):
    """An instruction about a task; `answer_by` is the day by which the leader wants it carried out or answered."""

    __tablename__ = "direction"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime]
    given_on: Mapped[date]  # the date of the instruction, which may be that of its paper
    text: Mapped[str] = mapped_column(Text)
    document: Mapped[str | None]  # number of its paper, when there is one
    answer_by: Mapped[date | None]

    task: Mapped[Task] = relationship()
    given_by: Mapped[Any] = relationship("User")
    receipts: Mapped[list["DirectionReceipt"]] = relationship(
        order_by="DirectionReceipt.id", back_populates="direction"
    )


class DirectionReceipt(Base):
    """One lead assignment that the direction is addressed to, and when its agency acknowledged it."""

    __tablename__ = "direction_receipt"
    __table_args__ = (
        UniqueConstraint("direction_id", "assignment_id"),
        Index("ix_direction_receipt_unread", "agency_id", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    direction_id: Mapped[int] = mapped_column(ForeignKey("direction.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str | None] = mapped_column(Text)

    direction: Mapped[Direction] = relationship(back_populates="receipts")
    assignment: Mapped[Assignment] = relationship()
    acknowledged_by: Mapped[Any] = relationship("User")
