"""The policy by which people are reminded, and what holds a reminder back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import FOREVER, Base

CURRENT = text("valid_to = '9999-12-31'")
PROVINCE = text("document_id IS NULL AND valid_to = '9999-12-31'")  # an index takes any number of NULL for different
STANDING = text("ended_at IS NULL")


class ReminderPolicy(Base):
    """The rules of rules.reminder_policy for a document, or (`document_id` None) for the province. A change closes the row and
    opens the next: every past day keeps its policy. `rules` None: the document goes back to the province's rules."""

    __tablename__ = "reminder_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    rules: Mapped[dict[str, Any] | None]
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=FOREVER)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[Any] = relationship("User")

    __table_args__ = (
        Index(
            "uq_reminder_policy_document", "document_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        ),
        Index("uq_reminder_policy_province", "valid_to", unique=True, sqlite_where=PROVINCE, postgresql_where=PROVINCE),
    )


class Reminder(Base):
    """One step of the ladder, for one assignment and one due date, told to one person: the row that makes it happen once.

    `level`: responsible, head, monitor, leader: as what the person is told. A step that begins with "report_" is about a report
    that is not there; `effective_on` is then the last day on which the report is in time.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("assignment_id", "effective_on", "step", "recipient_id"),
        Index("ix_reminder_recipient", "recipient_id", "id"),
        Index("ix_reminder_step", "effective_on", "step"),  # who was told of what is due today
        Index("ix_reminder_level", "level", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    effective_on: Mapped[date]
    step: Mapped[str]
    level: Mapped[str] = mapped_column(default="responsible", server_default="responsible")
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    day: Mapped[date]


class ReminderSkip(Base):
    """A step that was reached and of which a level was not told, and why (rules.inhibition)."""

    __tablename__ = "reminder_skip"
    __table_args__ = (
        UniqueConstraint("assignment_id", "effective_on", "step", "level", "reason"),
        Index("ix_reminder_skip_day", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    effective_on: Mapped[date]
    step: Mapped[str]
    level: Mapped[str]
    reason: Mapped[str]
    until_on: Mapped[date | None]  # the last day of the hold or of the acknowledgement
    day: Mapped[date]


class ReminderHold(Base):
    """Nobody is reminded of the assignment from `from_on` to `until_on`, both included: the Office says so and why."""

    __tablename__ = "reminder_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # taken back before its last day
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    made_by: Mapped[Any] = relationship("User", foreign_keys=[made_by_id])
    ended_by: Mapped[Any] = relationship("User", foreign_keys=[ended_by_id])

    __table_args__ = (
        Index("ix_reminder_hold_assignment", "assignment_id", "id"),
        Index(
            "uq_reminder_hold_standing", "assignment_id", "until_on", unique=True, sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )  # fmt: skip


class Acknowledgement(Base):
    """ "Đã nhận, đang xử lý": the climb to the next level rests until `until_on`, that day included. `via`: mail, page."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        UniqueConstraint("assignment_id", "effective_on", "person_id", "day"),
        Index("ix_acknowledgement_assignment", "assignment_id", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    effective_on: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    until_on: Mapped[date | None]  # None: noted, but the policy's number of rests was used up
    via: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))

    person: Mapped[Any] = relationship("User")


class ReminderRun(Base):
    """A day on which reminders were drawn up, and how many: proof that the day was looked at. Repeats of the day add up."""

    __tablename__ = "reminder_run"

    day: Mapped[date] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    looked_at: Mapped[datetime]  # the last time
    examined: Mapped[int] = mapped_column(default=0)  # of the last time
    told: Mapped[int] = mapped_column(default=0)  # new reminders of the day
    skipped: Mapped[int] = mapped_column(default=0)
    unreachable: Mapped[int] = mapped_column(default=0)  # of the last time
