"""How tasks and assignments stood on every day, and the counts kept of it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import FOREVER, Base
from tracker.models.task import Assignment

CURRENT = text("valid_to = '9999-12-31'")
RUNNING = text("valid_to = '9999-12-31' AND clock = 'running'")
TIMELESS = text("valid_to = '9999-12-31' AND clock = 'no_deadline'")


class AssignmentPeriod(Base):
    """How an assignment stood from `valid_from` until the day before `valid_to`; a change closes the row and opens the next.

    `clock` is the bucket of rules.timeliness.tally_bucket: 'running' when the class still depends on the day.
    """

    __tablename__ = "assignment_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[str]
    state: Mapped[str]
    progress: Mapped[int] = mapped_column(default=0)  # percent
    result_on: Mapped[date | None]
    due_on: Mapped[date | None]  # last day covered, as written
    effective_on: Mapped[date | None]  # the working day that counts; None: no clock
    original_on: Mapped[date | None]  # the working day that counted before the first extension; None: never extended
    slips: Mapped[int] = mapped_column(default=0)  # extensions granted
    clock: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=FOREVER)

    assignment: Mapped[Assignment] = relationship(back_populates="periods")

    __table_args__ = (
        Index("ix_assignment_period_history", "assignment_id", "valid_from"),
        Index(
            "uq_assignment_period_current", "assignment_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        ),
        Index("ix_assignment_period_task", "task_id", "role", sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index(
            "ix_assignment_period_agency",
            "agency_id",
            "role",
            "effective_on",
            "id",
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index("ix_assignment_period_running", "effective_on", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index(
            "ix_assignment_period_state",
            "state",
            "valid_from",
            "id",
            "role",
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    )


class TaskPeriod(Base):
    """How a task stood: the aggregate of its lead assignments (rules.timeliness.aggregate), with the dates of the one that
    binds it (rules.timeliness.binding); without a lead, its own deadline."""

    __tablename__ = "task_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    state: Mapped[str]
    leads: Mapped[int] = mapped_column(default=0)
    leads_done: Mapped[int] = mapped_column(default=0)
    result_on: Mapped[date | None]
    due_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    original_on: Mapped[date | None]
    slips: Mapped[int] = mapped_column(default=0)
    clock: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=FOREVER)

    __table_args__ = (
        Index("ix_task_period_history", "task_id", "valid_from"),
        Index("uq_task_period_current", "task_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index("ix_task_period_running", "effective_on", "task_id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_task_period_document", "document_id", sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index("ix_task_period_result", "state", "result_on", sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index(
            "ix_task_period_clock", "clock", "effective_on", "task_id", sqlite_where=CURRENT, postgresql_where=CURRENT
        ),
        Index("ix_task_period_timeless", "task_id", sqlite_where=TIMELESS, postgresql_where=TIMELESS),
        Index("ix_task_period_changed", "valid_from", "task_id", sqlite_where=CURRENT, postgresql_where=CURRENT),
    )


class Tally(Base):
    """How many periods in force fall in each bucket: the counts of every page, kept with each change so that they cost the same
    at any size. `scope`: province (tasks), document (tasks), agency (lead assignments), coordination (the others).
    """

    __tablename__ = "tally"

    scope: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, default=0)
    clock: Mapped[str] = mapped_column(primary_key=True)
    effective_on: Mapped[date] = mapped_column(primary_key=True, default=FOREVER)
    n: Mapped[int] = mapped_column(default=0)

    # Without a rowid the count lies in the very index it is found by.
    __table_args__ = (Index("ix_tally_running", "scope", "clock", "effective_on"), {"sqlite_with_rowid": False})
