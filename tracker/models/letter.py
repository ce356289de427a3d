"""The letters (công văn đôn đốc) in which the Office urges an agency about work that is long overdue."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base

DRAFT = text("state = 'draft'")


class UrgeLetter(Base):
    """One letter to one agency. `state`: draft, sent, dropped. Its .docx is drawn up from the rows whenever it is asked for."""

    __tablename__ = "urge_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    drafted_on: Mapped[date]
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: the ladder's last step drafted it
    answer_by: Mapped[date | None]  # until when the agency is asked to report
    number: Mapped[str | None]  # 1234/UBND-KSTT, once signed
    sent_on: Mapped[date | None]
    signer: Mapped[str | None]  # name and position
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)  # why it was dropped

    agency: Mapped[Any] = relationship("Agency")
    drafted_by: Mapped[Any] = relationship("User", foreign_keys=[drafted_by_id])
    recorded_by: Mapped[Any] = relationship("User", foreign_keys=[recorded_by_id])
    items: Mapped[list["UrgeLetterItem"]] = relationship(back_populates="letter", order_by="UrgeLetterItem.id")

    __table_args__ = (
        Index("uq_urge_letter_draft", "agency_id", unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT),
        Index("ix_urge_letter_state", "state", "id"),
    )


class UrgeLetterItem(Base):
    """One overdue assignment that a letter names, as it stood when it was drafted or sent; `reminders` were sent before it."""

    __tablename__ = "urge_letter_item"
    __table_args__ = (UniqueConstraint("letter_id", "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("urge_letter.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    effective_on: Mapped[date]
    days_overdue: Mapped[int]
    reminders: Mapped[int]
    left_out: Mapped[bool] = mapped_column(default=False)  # the Office took it out: nobody puts it back but the Office

    letter: Mapped[UrgeLetter] = relationship(back_populates="items")
    assignment: Mapped[Any] = relationship("Assignment")
