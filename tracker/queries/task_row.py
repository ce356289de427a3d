"""One line of a list of tasks: what is shown of it, worked out from the columns that were read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.rules.timeliness import Timeliness, WorkState, classify_bucket, days_overdue, is_due_soon
from tracker.rules.workdays import WorkCalendar
from tracker.words import clause_label

LATE = (Timeliness.OPEN_OVERDUE, Timeliness.DONE_LATE)


@dataclass(frozen=True)
class TaskRow:
    """One line of a list of tasks (templates/_macros/task.html). Days are calendar days; `cursor` is its place in the list."""

    task_id: int
    short_title: str
    document_code: str
    clause_code: str
    kind: str
    state: str
    timeliness: Timeliness
    soon: bool
    days_overdue: int
    days_left: int
    lead_names: tuple[str, ...]
    lead_count: int
    leads_done: int
    coordinating_names: tuple[str, ...]
    due_on: date | None
    effective_on: date | None
    lead_basis_kind: str | None = None
    lead_basis: str | None = None
    due_basis_kind: str | None = None
    due_basis: str | None = None
    followed: bool = False  # by a leader
    slips: int = 0  # extensions granted
    original_on: date | None = None  # the day that counted before the first of them
    cursor: str = ""

    @property
    def clause_label(self) -> str:
        """The clause as one says it: III.5, gạch đầu dòng 2."""
        return clause_label(self.clause_code)


def timed(row: Any, day: date, calendar: WorkCalendar) -> tuple[Timeliness, bool, int]:
    """Return the class of a period's row on `day`, whether it is due soon, and how many calendar days are left if so; else
    how many it is overdue."""
    standing = (WorkState(row.state), row.effective_on, row.result_on, day)
    soon = is_due_soon(*standing, calendar)
    days = (row.effective_on - day).days if soon else days_overdue(*standing)
    return classify_bucket(row.clock, row.effective_on, day), soon, days


def as_row(row: Any, day: date, calendar: WorkCalendar, cursor: str = "") -> TaskRow:
    """Return the line for a row of columns named as queries.task selects them."""
    timeliness = classify_bucket(row.clock, row.effective_on, day)
    standing = (WorkState(row.state), row.effective_on, row.result_on, day)
    return TaskRow(
        task_id=row.task_id,
        short_title=row.short_title,
        document_code=row.short_name,
        clause_code=row.clause_code,
        kind=row.kind,
        state=row.state,
        timeliness=timeliness,
        soon=timeliness is Timeliness.OPEN_IN_TIME and is_due_soon(*standing, calendar),
        days_overdue=days_overdue(*standing) if timeliness in LATE else 0,
        days_left=max((row.effective_on - day).days, 0) if row.effective_on else 0,
        # On a day before a lead was named nobody led: today's label would be a fact from the future.
        lead_names=(row.lead_label,) if row.lead_label and row.leads else (),
        lead_count=row.leads,
        leads_done=row.leads_done,
        coordinating_names=(row.coordinating_label,) if row.coordinating_label else (),
        due_on=row.due_on,
        effective_on=row.effective_on,
        lead_basis_kind=row.lead_basis_kind,
        lead_basis=row.lead_basis,
        due_basis_kind=row.due_basis_kind,
        due_basis=row.due_basis,
        followed=bool(getattr(row, "followed", False)),
        slips=getattr(row, "slips", 0),
        original_on=getattr(row, "original_on", None),
        cursor=cursor,
    )
