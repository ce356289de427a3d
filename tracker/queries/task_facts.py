"""One task as its page shows it: the clause, the three rõ, each agency's part, as they stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    AgencyGroup,
    Assignment,
    AssignmentPeriod,
    CalendarDay,
    Clause,
    Deadline,
    Document,
    InformationSystem,
    ProgressReport,
    SystemTask,
    Task,
    TaskItem,
    TaskPeriod,
    TaskTheme,
    Theme,
    User,
)
from tracker.queries.period import in_force
from tracker.rules.timeliness import Timeliness, WorkState, classify_bucket, days_overdue, is_due_soon
from tracker.rules.workdays import WorkCalendar

SYSTEMS = select(InformationSystem.id, InformationSystem.code, InformationSystem.name, InformationSystem.state)


@dataclass(frozen=True)
class Standing:
    """Where a piece of work stood on a day; days are calendar days."""

    state: str
    timeliness: Timeliness
    soon: bool
    days_overdue: int
    days_left: int
    result_on: date | None
    due_on: date | None
    effective_on: date | None
    since: date


@dataclass(frozen=True)
class Share:
    """One agency's part of the task."""

    assignment_id: int
    agency_id: int
    agency: str
    role: str
    group: str | None
    basis_kind: str
    basis: str | None
    responsible: str | None
    progress: int
    standing: Standing


@dataclass(frozen=True)
class Calendar:
    """The working calendar with the names of the days off."""

    work: WorkCalendar
    names: dict[date, str]

    def rest_between(self, due_on: date, effective_on: date) -> list[tuple[date, str | None]]:
        """Return the days that moved the counting day, each with the name of the holiday (None: a weekend)."""
        days = (due_on + timedelta(days=n) for n in range((effective_on - due_on).days))
        return [(day, self.names.get(day)) for day in days]


def calendar(session: Session) -> Calendar:
    """Return the editable calendar: which days are worked, and what the others are called."""
    rows = session.execute(select(CalendarDay.day, CalendarDay.working, CalendarDay.name)).all()
    return Calendar(
        WorkCalendar({row.day: row.working for row in rows}), {row.day: row.name for row in rows if not row.working}
    )


def heading(session: Session, task_id: int) -> Any:
    """Return the task with its document's and clause's columns. Raises NoResultFound."""
    query = (
        select(
            Task.id, Task.code, Task.short_title, Task.excerpt, Task.kind, Task.deliverable, Task.urgency, Task.lead_wording,
            Task.lead_clause, Task.coordinating_wording, Task.note, Task.has_lead, Task.has_work, Task.has_time, Task.lead_label,
            Task.coordinating_label, Document.code.label("document_code"), Document.short_name, Document.title,
            Document.in_force_from, Clause.id.label("clause_id"), Clause.code.label("clause_code"), Clause.marker, Clause.text,
        )
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(Task.id == task_id)
    )  # fmt: skip
    return session.execute(query).one()


def standing_of(session: Session, task_id: int, day: date, work: WorkCalendar) -> Standing | None:
    """Return how the task stood at the end of `day`, None when it did not exist yet."""
    query = select(TaskPeriod).where(TaskPeriod.task_id == task_id, in_force(TaskPeriod, day))
    period = session.execute(query).scalar_one_or_none()
    return _standing(period, day, work) if period else None


def shares(session: Session, task_id: int, day: date, work: WorkCalendar) -> list[Share]:
    """Return every agency's part on `day`: leads first, each group in the order of the alphabet."""
    query = (
        select(
            AssignmentPeriod, Assignment.id, Agency.id, Agency.name, Assignment.role, AgencyGroup.name, Assignment.basis_kind,
            Assignment.basis, User.name,
        )
        .select_from(Assignment)
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .outerjoin(AgencyGroup, AgencyGroup.id == Assignment.group_id)
        .outerjoin(User, User.id == Assignment.responsible_id)
        .where(Assignment.task_id == task_id, in_force(AssignmentPeriod, day))
        .order_by(Assignment.role.desc(), Agency.sort_key, Agency.id)
    )  # fmt: skip
    return [
        Share(*row[1:], progress=row[0].progress, standing=_standing(row[0], day, work))
        for row in session.execute(query)
    ]


def deadlines(session: Session, task_id: int, day: date) -> Sequence[Any]:
    """Return the time limits known on `day`, in the order they came: the original first, extensions after it."""
    query = (
        select(
            Deadline.kind, Deadline.wording, Deadline.precision, Deadline.rule, Deadline.recurrence, Deadline.due_on,
            Deadline.effective_on, Deadline.basis_kind, Deadline.basis, Deadline.note, Deadline.valid_from,
            Deadline.assignment_id, Clause.code.label("clause_code"),
        )
        .outerjoin(Clause, Clause.id == Deadline.clause_id)
        .where(Deadline.task_id == task_id, Deadline.valid_from <= day)
        .order_by(Deadline.valid_from, Deadline.id)
    )  # fmt: skip
    return session.execute(query).all()


def items(session: Session, task_id: int) -> Sequence[Any]:
    """Return the named parts of the task, in the order of the clause."""
    query = (
        select(
            TaskItem.title, TaskItem.state, TaskItem.result_on, TaskItem.due_on, TaskItem.effective_on, TaskItem.basis_kind,
            TaskItem.basis, TaskItem.agency_id, Agency.short_name.label("agency"), InformationSystem.name.label("system"),
        )
        .outerjoin(Agency, Agency.id == TaskItem.agency_id)
        .outerjoin(InformationSystem, InformationSystem.id == TaskItem.system_id)
        .where(TaskItem.task_id == task_id)
        .order_by(TaskItem.position)
    )  # fmt: skip
    return session.execute(query).all()


def systems(session: Session, task_id: int) -> Sequence[Any]:
    """Return the information systems the task builds, runs or uses."""
    query = SYSTEMS.join(SystemTask, SystemTask.system_id == InformationSystem.id).where(SystemTask.task_id == task_id)
    return session.execute(query.order_by(InformationSystem.position, InformationSystem.id)).all()


def themes(session: Session, task_id: int) -> Sequence[Any]:
    """Return (code, name) of the task's fields of work."""
    query = select(Theme.code, Theme.name).join(TaskTheme, TaskTheme.theme_id == Theme.id)
    return session.execute(query.where(TaskTheme.task_id == task_id).order_by(Theme.position, Theme.id)).all()


def waiting_reports(session: Session, task_id: int) -> dict[int, int]:
    """Return the id of the proposed completion that waits for a decision, by assignment."""
    query = select(ProgressReport.assignment_id, ProgressReport.id).where(
        ProgressReport.task_id == task_id, ProgressReport.kind == "completion", ProgressReport.decision.is_(None)
    )
    return dict(session.execute(query).all())


def _standing(period: TaskPeriod | AssignmentPeriod, day: date, work: WorkCalendar) -> Standing:
    asked = (WorkState(period.state), period.effective_on, period.result_on, day)
    return Standing(
        state=period.state,
        timeliness=classify_bucket(period.clock, period.effective_on, day),
        soon=is_due_soon(*asked, work),
        days_overdue=days_overdue(*asked),
        days_left=max((period.effective_on - day).days, 0) if period.effective_on else 0,
        result_on=period.result_on,
        due_on=period.due_on,
        effective_on=period.effective_on,
        since=period.valid_from,
    )
