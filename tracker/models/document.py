"""An official document, its clauses as a tree, and what it rests on or cites."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Document(Base):
    """A document as its file prints it: what the file does not print stays None and is shown as missing (D19)."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # KH2023
    kind: Mapped[str]  # Kế hoạch
    short_name: Mapped[str]  # KH 2023
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None]
    number_elsewhere: Mapped[str | None]  # the number other documents give it
    issued_on: Mapped[date | None]
    issued_on_elsewhere: Mapped[date | None]
    issued_on_note: Mapped[str | None] = mapped_column(Text)
    meeting_on: Mapped[date | None]
    issuer: Mapped[str]
    issuer_note: Mapped[str | None] = mapped_column(Text)
    signer: Mapped[str | None]
    signer_title: Mapped[str | None]
    signer_note: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None]  # wording of the period it covers
    in_force_from: Mapped[date]  # the day from which its tasks exist in our counts
    in_force_basis: Mapped[str] = mapped_column(Text)
    source_file: Mapped[str | None]
    source_text: Mapped[str | None] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(default=dict)  # annexes, recipients, baselines, received_stamp
    seed_hash: Mapped[str | None]

    clauses: Mapped[list["Clause"]] = relationship(back_populates="document", order_by="Clause.position")
    references: Mapped[list["DocumentReference"]] = relationship(
        back_populates="document", foreign_keys="DocumentReference.document_id", order_by="DocumentReference.position"
    )


class DocumentReference(Base):
    """A legal basis or a citation: `relation` is legal_basis, cites or implements; `target` when we hold that document."""

    __tablename__ = "document_reference"
    __table_args__ = (UniqueConstraint("document_id", "relation", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    relation: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str | None]
    number: Mapped[str | None]
    number_as_written: Mapped[str | None]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]
    title: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)

    document: Mapped[Document] = relationship(foreign_keys=[document_id], back_populates="references")
    target: Mapped[Document | None] = relationship(foreign_keys=[target_id])


class Clause(Base):
    """One printed unit of a document; `text` is verbatim without the marker, the marker stands apart."""

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("document_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    code: Mapped[str]  # III.5.-2
    position: Mapped[int]  # reading order within the document
    level: Mapped[int]
    kind: Mapped[str]  # heading, point, bullet, intro, closing, footnote
    marker: Mapped[str | None]
    heading: Mapped[str | None] = mapped_column(Text)
    first_paragraph: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    corrections: Mapped[list[Any]] = mapped_column(default=list)  # [{as_written, read_as, kind}]
    search_text: Mapped[str] = mapped_column(Text)

    document: Mapped[Document] = relationship(back_populates="clauses")
    parent: Mapped["Clause | None"] = relationship(remote_side=[id])
