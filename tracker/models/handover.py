"""Who stands in for whom, and what passed from one person to another when somebody left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Acting(Base):
    """`acting` stands in for `person` from `from_on` to `until_on`, both included, unless ended earlier (`ended_on`)."""

    __tablename__ = "acting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    acting_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_on: Mapped[date | None]  # the first day it no longer holds
    reason: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    person: Mapped[Any] = relationship("User", foreign_keys=[person_id])
    acting: Mapped[Any] = relationship("User", foreign_keys=[acting_id])
    made_by: Mapped[Any] = relationship("User", foreign_keys=[made_by_id])


class Handover(Base):
    """What one person gave over on one day: the record (biên bản) of who holds it now."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    person: Mapped[Any] = relationship("User", foreign_keys=[person_id])
    agency: Mapped[Any] = relationship("Agency")
    made_by: Mapped[Any] = relationship("User", foreign_keys=[made_by_id])
    items: Mapped[list["HandoverItem"]] = relationship(order_by="HandoverItem.id", back_populates="handover")


class HandoverItem(Base):
    """One thing given over. `part`: responsible or head of an assignment."""

    __tablename__ = "handover_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    part: Mapped[str]
    to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: nobody yet
    state: Mapped[str]  # the state and percent of the work on that day, as the record says
    progress: Mapped[int]

    handover: Mapped[Handover] = relationship(back_populates="items")
    to: Mapped[Any] = relationship("User")
    task: Mapped[Any] = relationship("Task")
