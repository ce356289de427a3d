"""What a document orders (Task), who owes it (Assignment) and by when (Deadline)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.agency import Agency
from tracker.models.base import FOREVER, Base
from tracker.models.document import Clause, Document


class Task(Base):
    """One order of one clause. `kind`: task, solution, standing_duty (which has no clock: QĐ 23/2018/QĐ-TTg)."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # TB1802:6.b
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), index=True)
    position: Mapped[int]
    short_title: Mapped[str]
    excerpt: Mapped[str] = mapped_column(Text)
    kind: Mapped[str]
    deliverable: Mapped[str | None] = mapped_column(Text)
    # On what a product named by a person rests; None: the clause itself names it.
    deliverable_basis_kind: Mapped[str | None]
    deliverable_basis: Mapped[str | None] = mapped_column(Text)
    urgency: Mapped[str | None]
    lead_wording: Mapped[str | None] = mapped_column(Text)
    lead_clause: Mapped[str | None]  # clause the lead is inherited from
    lead_role: Mapped[str | None]
    lead_scope: Mapped[list[str]] = mapped_column(default=list)  # agency group codes
    # What lists show, so that fifty rows need no join over hundreds of assignments; written with the assignments themselves.
    lead_label: Mapped[str | None] = mapped_column(
        Text
    )  # "Sở TT&TT" or "các sở, ban, ngành (20 cơ quan)"; None: chưa rõ người
    # On what the lead and the date rest when a person gave them; None: the document itself names them.
    lead_basis_kind: Mapped[str | None]
    lead_basis: Mapped[str | None] = mapped_column(Text)
    due_basis_kind: Mapped[str | None]
    due_basis: Mapped[str | None] = mapped_column(Text)
    coordinating_label: Mapped[str | None] = mapped_column(Text)
    coordinating_wording: Mapped[str | None] = mapped_column(Text)
    coordinating_scope: Mapped[list[str]] = mapped_column(default=list)
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None] = mapped_column(Text)
    # Three rõ, kept as columns so that "chưa rõ" is an index and not a scan; written with the assignment or deadline itself.
    has_lead: Mapped[bool] = mapped_column(default=False)
    has_work: Mapped[bool] = mapped_column(default=False)
    has_time: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(Text)
    # The level that decides what the work needs ("rõ thẩm quyền"); no document of ours says it, so it has its basis.
    authority: Mapped[str | None] = mapped_column(Text)
    authority_basis_kind: Mapped[str | None]
    authority_basis: Mapped[str | None] = mapped_column(Text)
    # With the three above these make the six rõ; a task has a person or a head when every lead assignment names one.
    has_responsible: Mapped[bool] = mapped_column(default=False)
    has_head: Mapped[bool] = mapped_column(default=False)
    has_authority: Mapped[bool] = mapped_column(default=False)
    seed_hash: Mapped[str | None]

    document: Mapped[Document] = relationship()
    clause: Mapped[Clause] = relationship()
    themes: Mapped[list["Theme"]] = relationship(secondary="task_theme", order_by="Theme.position")
    items: Mapped[list["TaskItem"]] = relationship(back_populates="task", order_by="TaskItem.position")
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="task", order_by="Assignment.id")
    deadlines: Mapped[list["Deadline"]] = relationship(back_populates="task", order_by="Deadline.id")

    __table_args__ = (
        CheckConstraint("kind IN ('task', 'solution', 'standing_duty')", name="kind"),
        Index("ix_task_unclear", "id", sqlite_where=text("has_lead = 0"), postgresql_where=text("NOT has_lead")),
        Index("ix_task_unclear_work", "id", sqlite_where=text("has_work = 0"), postgresql_where=text("NOT has_work")),
        Index("ix_task_unclear_time", "id", sqlite_where=text("has_time = 0"), postgresql_where=text("NOT has_time")),
        *(
            Index(
                f"ix_task_unclear_{part}",
                "id",
                sqlite_where=text(f"has_{part} = 0"),
                postgresql_where=text(f"NOT has_{part}"),
            )
            for part in ("responsible", "head", "authority")
        ),
        Index(
            "ix_task_unclear_product",
            "id",
            sqlite_where=text("deliverable IS NULL"),
            postgresql_where=text("deliverable IS NULL"),
        ),
        Index("ix_task_document_id", "document_id", "position", "id"),  # the order of reading
    )


class Theme(Base):
    """A field of work (lĩnh vực): chính quyền số, dữ liệu, …"""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class TaskTheme(Base):
    __tablename__ = "task_theme"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)


class TaskItem(Base):
    """A named part of a task (one system of a list), with its own state, date and lead (KH2023:III.5.-2, -3)."""

    __tablename__ = "task_item"
    __table_args__ = (UniqueConstraint("task_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    system_id: Mapped[int | None] = mapped_column(ForeignKey("information_system.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[str] = mapped_column(default="not_started")
    result_on: Mapped[date | None]
    due_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    basis: Mapped[str | None] = mapped_column(Text)  # on what the lead and date rest; None: nothing assigned
    basis_kind: Mapped[str | None]  # document, proposal
    version: Mapped[int] = mapped_column(default=1)
    edited: Mapped[bool] = mapped_column(default=False)

    task: Mapped[Task] = relationship(back_populates="items")
    agency: Mapped[Agency | None] = relationship()


def _the_agency_itself(context: Any) -> Any:
    return context.get_current_parameters()["agency_id"]


class Assignment(Base):
    """One agency × one task: the obligation. `origin`: named, collective, clarified. Its state is the period in force.

    `named_agency_id` is whom the order named and never changes; `agency_id` is who holds the work now, the successor after a
    merger. `merged_into_id`: the successor had the same order already, and answers for both there.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("task_id", "named_agency_id", "role"),
        CheckConstraint("role IN ('lead', 'coordinate')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    named_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), default=_the_agency_itself)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    role: Mapped[str]
    origin: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("agency_group.id"))
    basis_kind: Mapped[str] = mapped_column(default="document")  # document | proposal ("đề xuất, chưa có văn bản giao")
    basis: Mapped[str | None] = mapped_column(Text)  # the assigning document's number, when it is not the task's own
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    responsible_basis_kind: Mapped[str | None]
    responsible_basis: Mapped[str | None] = mapped_column(Text)
    head_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)  # người đứng đầu chịu trách nhiệm
    head_basis_kind: Mapped[str | None]
    head_basis: Mapped[str | None] = mapped_column(Text)

    task: Mapped[Task] = relationship(back_populates="assignments")
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    named_agency: Mapped[Agency] = relationship(foreign_keys=[named_agency_id])
    group: Mapped[Any] = relationship("AgencyGroup")
    responsible: Mapped[Any] = relationship("User", foreign_keys=[responsible_id])
    head: Mapped[Any] = relationship("User", foreign_keys=[head_id])
    periods: Mapped[list[Any]] = relationship(
        "AssignmentPeriod", back_populates="assignment", order_by="AssignmentPeriod.id"
    )


class Deadline(Base):
    """A time limit with its words. The original is never overwritten: another row with a later `valid_from` takes over.

    `kind`: original (of the clause), inherited (of another clause), assigned (on a named basis), extension.
    """

    __tablename__ = "deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)  # None: for all
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    kind: Mapped[str] = mapped_column(default="original")
    wording: Mapped[str | None] = mapped_column(Text)
    precision: Mapped[str]
    rule: Mapped[str]
    recurrence: Mapped[str | None]  # RFC 5545 RRULE
    due_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    basis_kind: Mapped[str] = mapped_column(default="document")
    basis: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=FOREVER)
    created_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(back_populates="deadlines")
    clause: Mapped[Clause | None] = relationship()
