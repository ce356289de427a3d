"""A merger, split, renaming or dissolution of agencies, and what moved because of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Reorganisation(Base):
    """`kind`: merge, split, rename, dissolve, transfer (part of the work goes, the body stays). `state`: planned, applied,
    cancelled. Who succeeds whom is in Succession."""

    __tablename__ = "reorganisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    took_effect_on: Mapped[date]
    legal_basis: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="planned")
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    applied_at: Mapped[datetime | None]

    made_by: Mapped[Any] = relationship("User", foreign_keys=[made_by_id])
    applied_by: Mapped[Any] = relationship("User", foreign_keys=[applied_by_id])
    parts: Mapped[list["ReorganisationPart"]] = relationship(
        order_by="ReorganisationPart.id", back_populates="reorganisation", cascade="all, delete-orphan"
    )
    moves: Mapped[list["ReorganisationMove"]] = relationship(
        order_by="ReorganisationMove.id", back_populates="reorganisation"
    )


class ReorganisationPart(Base):
    """One predecessor and one successor of it; a body that ends without a successor has none."""

    __tablename__ = "reorganisation_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    reorganisation_id: Mapped[int] = mapped_column(ForeignKey("reorganisation.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    scope: Mapped[str | None] = mapped_column(Text)

    reorganisation: Mapped[Reorganisation] = relationship(back_populates="parts")
    agency: Mapped[Any] = relationship("Agency", foreign_keys=[agency_id])
    successor: Mapped[Any] = relationship("Agency", foreign_keys=[successor_id])


class ReorganisationMove(Base):
    """What happened to one assignment or one person. `outcome`: moved, merged, left; chosen while it is only planned."""

    __tablename__ = "reorganisation_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    reorganisation_id: Mapped[int] = mapped_column(ForeignKey("reorganisation.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    from_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    outcome: Mapped[str]

    reorganisation: Mapped[Reorganisation] = relationship(back_populates="moves")
