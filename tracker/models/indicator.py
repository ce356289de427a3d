"""What is measured (Indicator), what each document wants of it (Target), and where sources disagree (Discrepancy)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base
from tracker.models.document import Clause, Document


class Indicator(Base):
    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # tthc_dvctt_toan_trinh
    name: Mapped[str] = mapped_column(Text)
    group: Mapped[str]  # chính quyền số, kinh tế số, xã hội số, chung
    unit: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(Text)
    seed_hash: Mapped[str | None]

    targets: Mapped[list["Target"]] = relationship(back_populates="indicator", order_by="Target.position")


class Target(Base):
    """One value one document wants of one indicator in one year at one level; wording and comparator kept as printed.

    `comparator`: '>', '>=', '<=', '=', '~' (khoảng) or None (qualitative or milestone).
    """

    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # KH2023:II.2.1.1.-2@1
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)  # the indicator as this document words it
    group: Mapped[str]
    raw: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None]
    year_note: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[str | None]  # level: tỉnh, huyện, xã
    comparator: Mapped[str | None]
    value: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    unit: Mapped[str | None]
    value_type: Mapped[str]  # percent, count, rank, milestone, qualitative
    qualifier: Mapped[str | None] = mapped_column(Text)
    embedded_in_task: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)

    indicator: Mapped[Indicator] = relationship(back_populates="targets")
    document: Mapped[Document] = relationship()
    clause: Mapped[Clause] = relationship()


class Discrepancy(Base):
    """Where the documents disagree, repeat or leave open: shown side by side, never settled by us (product rule 8)."""

    __tablename__ = "discrepancy"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # D01
    severity: Mapped[str]  # A, B, C
    topic: Mapped[str]  # target, identity, assignment, duplication
    subject: Mapped[str]
    statement: Mapped[str] = mapped_column(Text)
    consequence: Mapped[str | None] = mapped_column(Text)

    references: Mapped[list["DiscrepancyReference"]] = relationship(
        cascade="all, delete-orphan", order_by="DiscrepancyReference.id"
    )


class DiscrepancyReference(Base):
    """What a discrepancy touches: exactly one of the ids below the document is set when it is finer than the document."""

    __tablename__ = "discrepancy_reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    discrepancy_id: Mapped[int] = mapped_column(ForeignKey("discrepancy.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"), index=True)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    wording: Mapped[str | None] = mapped_column(Text)

    document: Mapped[Document] = relationship()
    clause: Mapped[Any] = relationship("Clause")
