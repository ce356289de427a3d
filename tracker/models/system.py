"""The register of information systems, platforms, portals and data stores the documents name."""

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class InformationSystem(Base):
    """`state`: planned, building, operating, unknown; `state_basis` is the wording it was read from, or who changed it."""

    __tablename__ = "information_system"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    kind: Mapped[str]
    url: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="unknown")
    state_basis: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seed_hash: Mapped[str | None]
    edited: Mapped[bool] = mapped_column(default=False)


class SystemMention(Base):
    __tablename__ = "system_mention"

    id: Mapped[int] = mapped_column(primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("information_system.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    place: Mapped[str]


class SystemTask(Base):
    """A task that builds, runs or uses a system."""

    __tablename__ = "system_task"

    system_id: Mapped[int] = mapped_column(ForeignKey("information_system.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)
