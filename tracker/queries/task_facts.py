"""One task as its page shows it: the clause, the three rõ, each agency's part, as they stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

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
)
from tracker.queries.ask import DAY, ask, of_any_day
from tracker.queries.period import Period
from tracker.queries.report import FOR_THE_OFFICE
from tracker.queries.task_label import labels_then
from tracker.rules.timeliness import Timeliness, WorkState, classify_bucket, days_overdue, is_due_soon
from tracker.rules.workdays import WorkCalendar

TASK: Any = bindparam("task")
_CALENDAR = select(CalendarDay.day, CalendarDay.working, CalendarDay.name)


@dataclass(frozen=True)
class Standing:
    """Where a piece of work stood on a day; days are calendar days.

    Of extended work `original_on` is the day that counted before the first extension and `past_original` the days past it.
    """

    state: str
    timeliness: Timeliness
    soon: bool
    days_overdue: int
    days_left: int
    result_on: date | None
    due_on: date | None
    effective_on: date | None
    since: date
    slips: int
    original_on: date | None
    past_original: int


def _stood(period: Period) -> tuple[Any, ...]:
    """The columns `_standing` reads."""
    return (
        period.state, period.clock, period.result_on, period.due_on, period.effective_on, period.valid_from, period.slips,
        period.original_on,
    )  # fmt: skip


@dataclass(frozen=True)
class Share:
    """One agency's part of the task; `inherited_from` are the agencies named by the order whose part it has become."""

    assignment_id: int
    agency_id: int
    agency: str
    role: str
    group: str | None
    basis_kind: str
    basis: str | None
    progress: int
    standing: Standing
    inherited_from: tuple[str, ...] = ()


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
    rows = ask(session, _CALENDAR).all()
    return Calendar(
        WorkCalendar({row.day: row.working for row in rows}), {row.day: row.name for row in rows if not row.working}
    )


_HEADING = (
    select(
        Task.id, Task.code, Task.short_title, Task.excerpt, Task.kind, Task.deliverable, Task.deliverable_basis_kind,
        Task.deliverable_basis, Task.authority, Task.authority_basis_kind, Task.authority_basis, Task.has_responsible,
        Task.has_head, Task.has_authority, Task.lead_basis_kind, Task.lead_basis, Task.urgency, Task.lead_wording,
        Task.lead_clause, Task.coordinating_wording, Task.note, Task.has_lead, Task.has_work, Task.has_time, Task.lead_label,
        Task.coordinating_label, Document.code.label("document_code"), Document.short_name, Document.title,
        Document.in_force_from, Clause.id.label("clause_id"), Clause.code.label("clause_code"), Clause.marker, Clause.text,
    )
    .join(Document, Document.id == Task.document_id)
    .join(Clause, Clause.id == Task.clause_id)
    .where(Task.id == TASK)
)  # fmt: skip


def heading(session: Session, task_id: int, day: date | None = None) -> Any:
    """Return the task with its document's and clause's columns, its labels as on `day`; None when there is no such task."""
    row = ask(session, _HEADING, task=task_id).one_or_none()
    then = labels_then(session, [task_id], day).get(task_id) if row and day else None
    if row is None or then is None:
        return row
    return SimpleNamespace(**{**row._mapping, "lead_label": then[0], "coordinating_label": then[1]})


_STANDING = of_any_day(lambda held: select(*_stood(TaskPeriod)).where(TaskPeriod.task_id == TASK, held(TaskPeriod)))


def standing_of(session: Session, task_id: int, day: date, work: WorkCalendar) -> Standing | None:
    """Return how the task stood at the end of `day`, None when it did not exist yet."""
    period = ask(session, _STANDING(day), task=task_id, day=day).one_or_none()
    return _standing(period, day, work) if period else None


_NAMED = aliased(Agency)
_SHARES = of_any_day(
    lambda held: select(
        Assignment.id, Agency.id, Agency.name, Assignment.role, AgencyGroup.name, Assignment.basis_kind,
        Assignment.basis, AssignmentPeriod.progress, *_stood(AssignmentPeriod),
        _NAMED.id.label("named_id"), _NAMED.name.label("named"), Assignment.merged_into_id,
    )
    .select_from(Assignment)
    .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
    .join(Agency, Agency.id == AssignmentPeriod.agency_id)
    .join(_NAMED, _NAMED.id == Assignment.named_agency_id)
    .outerjoin(AgencyGroup, AgencyGroup.id == Assignment.group_id)
    .where(Assignment.task_id == TASK, held(AssignmentPeriod))
    .order_by(Assignment.role.desc(), Agency.sort_key, Agency.id)
)  # fmt: skip


def shares(session: Session, task_id: int, day: date, work: WorkCalendar) -> list[Share]:
    """Return every agency's part on `day`: leads first, each group in the order of the alphabet.

    What was merged into the part of a successor stands there, as one it has inherited.
    """
    inherited: dict[int, list[str]] = {}
    rows: list[Any] = []
    for row in ask(session, _SHARES(day), task=task_id, day=day):
        merged = row.merged_into_id is not None and row.state == WorkState.WITHDRAWN
        if merged or row.named_id != row[1]:
            inherited.setdefault(row.merged_into_id if merged else row[0], []).append(row.named)
        if not merged:
            rows.append(row)
    return [
        Share(**_facts(row), standing=_standing(row, day, work), inherited_from=tuple(inherited.get(row[0], ())))
        for row in rows
    ]


def _facts(row: Any) -> dict[str, Any]:
    return dict(zip(Share.__match_args__[:-2], row, strict=False))


_DEADLINES = (
    select(
        Deadline.kind, Deadline.wording, Deadline.precision, Deadline.rule, Deadline.recurrence, Deadline.due_on,
        Deadline.effective_on, Deadline.basis_kind, Deadline.basis, Deadline.note, Deadline.valid_from,
        Deadline.assignment_id, Clause.code.label("clause_code"),
    )
    .outerjoin(Clause, Clause.id == Deadline.clause_id)
    .where(Deadline.task_id == TASK, Deadline.valid_from <= DAY, or_(Deadline.kind != "assigned", Deadline.valid_to > DAY))
    .order_by(Deadline.valid_from, Deadline.id)
)  # fmt: skip


def deadlines(session: Session, task_id: int, day: date) -> Sequence[Any]:
    """Return the time limits known on `day`, in the order they came: the original first, extensions after it.
    A date that a person gave and that was given anew since is in the history."""
    return ask(session, _DEADLINES, task=task_id, day=day).all()


_ITEMS = (
    select(
        TaskItem.title, TaskItem.state, TaskItem.result_on, TaskItem.due_on, TaskItem.effective_on, TaskItem.basis_kind,
        TaskItem.basis, TaskItem.agency_id, Agency.short_name.label("agency"), InformationSystem.name.label("system"),
    )
    .outerjoin(Agency, Agency.id == TaskItem.agency_id)
    .outerjoin(InformationSystem, InformationSystem.id == TaskItem.system_id)
    .where(TaskItem.task_id == TASK)
    .order_by(TaskItem.position)
)  # fmt: skip


def items(session: Session, task_id: int) -> Sequence[Any]:
    """Return the named parts of the task, in the order of the clause."""
    return ask(session, _ITEMS, task=task_id).all()


_SYSTEMS = (
    select(InformationSystem.id, InformationSystem.code, InformationSystem.name, InformationSystem.state)
    .join(SystemTask, SystemTask.system_id == InformationSystem.id)
    .where(SystemTask.task_id == TASK)
    .order_by(InformationSystem.position, InformationSystem.id)
)


def systems(session: Session, task_id: int) -> Sequence[Any]:
    """Return the information systems the task builds, runs or uses."""
    return ask(session, _SYSTEMS, task=task_id).all()


_THEMES = (
    select(Theme.code, Theme.name)
    .join(TaskTheme, TaskTheme.theme_id == Theme.id)
    .where(TaskTheme.task_id == TASK)
    .order_by(Theme.position, Theme.id)
)


def themes(session: Session, task_id: int) -> Sequence[Any]:
    """Return (code, name) of the task's fields of work."""
    return ask(session, _THEMES, task=task_id).all()


_WAITING = select(ProgressReport.assignment_id, ProgressReport.id).where(ProgressReport.task_id == TASK, FOR_THE_OFFICE)


def waiting_reports(session: Session, task_id: int) -> dict[int, int]:
    """Return the id of the proposed completion that waits for the Office, by assignment."""
    return dict(ask(session, _WAITING, task=task_id).all())


def _standing(period: Any, day: date, work: WorkCalendar) -> Standing:
    """Return the standing told by a row with the columns of `_stood`."""
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
        slips=period.slips,
        original_on=period.original_on,
        past_original=days_overdue(asked[0], period.original_on, *asked[2:]) if period.original_on else 0,
    )
