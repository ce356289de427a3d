"""What a person is told of one assignment, as it stands on the day it is told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Agency, Assignment, AssignmentPeriod, Clause, Deadline, Document, Task, User
from tracker.queries.answer import Hold, holds
from tracker.queries.batches import batches
from tracker.queries.calendar import work_calendar
from tracker.queries.extension import Asked, waiting_on
from tracker.queries.obstacle import Wait, waits
from tracker.queries.period import in_force
from tracker.queries.recipient import Responsible
from tracker.queries.reminder_policy import policies
from tracker.queries.report_owing import owing_on
from tracker.rules.climb import Level
from tracker.rules.ladder import ABOUT_REPORT, LadderPolicy, reached
from tracker.rules.report_periods import Asked as AskedReport
from tracker.rules.report_periods import ReportPeriod
from tracker.rules.timeliness import RUNNING, WorkState, days_overdue
from tracker.rules.transitions import AT_WORK
from tracker.rules.workdays import WorkCalendar

DEADLINE, REPORT = "deadline", "report"


@dataclass(frozen=True)
class Item:
    """What a person needs to know about one assignment, as it stands on the day asked for."""

    assignment_id: int
    task_id: int
    task_code: str
    title: str
    clause_code: str
    clause_text: str
    document_id: int
    document_code: str
    document_name: str
    document_number: str | None
    document_issued_on: date | None
    agency_id: int
    agency_name: str
    lead_basis_kind: str
    lead_basis: str | None
    state: str
    progress: int
    due_on: date
    effective_on: date
    wording: str | None
    deadline_basis_kind: str | None
    deadline_basis: str | None
    days_overdue: int
    days_left: int  # working days until the last day that counts; 0 on that day and after it
    step: str  # empty before the first
    responsible: Responsible | None
    head: Responsible | None  # who is named as the head that answers for it
    slips: int  # extensions granted
    original_on: date | None  # the day that counted before the first of them
    asked: Asked | None  # a request for more time that waits
    waits: Wait | None = None  # for whose answer to an obstacle
    held_until: date | None = None  # the Office holds reminders of it
    kind: str = (
        DEADLINE  # or REPORT: of a report that is not there; due_on and effective_on are then its last day in time
    )
    report_period: ReportPeriod | None = None
    level: Level = Level.RESPONSIBLE  # as what the person is told of it
    told: int = 0  # how many reminders after the last day went out up to now, this one among them
    responsible_name: str | None = None


_Head = aliased(User)
NAMED = (
    User.id.label("responsible_id"), User.active.label("responsible_active"), User.agency_id.label("responsible_agency_id"),
    _Head.id.label("head_id"), _Head.active.label("head_active"), _Head.agency_id.label("head_agency_id"),
)  # fmt: skip
"""The people named for an assignment, as their accounts stand now: read with `with_named`, taken with `named`."""


def with_named(query: Any) -> Any:
    """Return the query over Assignment joined with the people of NAMED, whether there are any or not."""
    return query.outerjoin(User, User.id == Assignment.responsible_id).outerjoin(_Head, _Head.id == Assignment.head_id)


def named(row: Any, part: str) -> Responsible | None:
    """Return the person named as `part` (responsible, head) in a row with NAMED, None for nobody."""
    number = getattr(row, f"{part}_id")
    if number is None:
        return None
    return Responsible(number, getattr(row, f"{part}_active"), getattr(row, f"{part}_agency_id"))


def items(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Item]:
    """Return by assignment what to say about it on `day`; what needs no reminder is left out. A constant number of queries."""
    calendar, rules = work_calendar(session), policies(session, day)
    found = _rows(session, assignment_ids, day, _running(day))
    ids = [row.assignment_id for row in found]
    deadlines = _deadlines(session, {row.task_id for row in found}, day)
    asked, waiting, held = waiting_on(session, ids, day), waits(session, ids, day), holds(session, ids, day)
    return {
        row.assignment_id: replace(
            _item(row, deadlines.get(row.task_id, []), day, calendar, rules.of(row.document_id).ladder),
            asked=asked.get(row.assignment_id), waits=waiting.get(row.assignment_id), held_until=_end(held, row),
        )
        for row in found
    }  # fmt: skip


def report_items(session: Session, wanted: Mapping[int, date], day: date) -> dict[int, Item]:
    """Return by assignment what to say about a report that is not there, given the last day on which it is in time."""
    if not wanted:
        return {}
    calendar, rules = work_calendar(session), policies(session, day)
    owing = owing_on(session, day, set(wanted.values()))
    found = _rows(session, set(wanted) & set(owing), day, _reportable(day))
    held = holds(session, [row.assignment_id for row in found], day)
    return {
        row.assignment_id: replace(
            _report_item(row, owing[row.assignment_id], day, calendar, rules.of(row.document_id).reports),
            held_until=_end(held, row),
        )
        for row in found if owing[row.assignment_id].last_day == wanted[row.assignment_id]
    }  # fmt: skip


def _end(held: Mapping[int, Hold], row: Any) -> date | None:
    hold = held.get(row.assignment_id)
    return hold.until_on if hold else None


def _rows(session: Session, assignment_ids: Collection[int], day: date, condition: Any) -> list[Any]:
    found: list[Any] = []
    for ids in batches(assignment_ids):
        found += session.execute(_facts().where(condition, AssignmentPeriod.assignment_id.in_(ids))).all()
    return found


def _running(day: date) -> Any:
    return and_(_reportable(day), AssignmentPeriod.clock == RUNNING)


def _reportable(day: date) -> Any:
    """Done and withdrawn need nothing; a result that waits for the Office and work put on hold are not the agency's delay."""
    period = AssignmentPeriod
    return and_(in_force(period, day), period.role == "lead", period.state.in_(AT_WORK))


def _facts() -> Any:
    period = AssignmentPeriod
    query = (
        select(
            period.assignment_id, period.task_id, Task.code.label("task_code"), Task.short_title.label("title"),
            Clause.code.label("clause_code"), Clause.text.label("clause_text"), Task.document_id,
            Document.code.label("document_code"), Document.short_name.label("document_name"),
            Document.number.label("document_number"), Document.issued_on.label("document_issued_on"),
            period.agency_id, Agency.name.label("agency_name"), period.state, period.progress, period.due_on,
            period.effective_on, period.slips, period.original_on, Assignment.basis_kind.label("lead_basis_kind"),
            Assignment.basis.label("lead_basis"), *NAMED, User.name.label("responsible_name"),
        )
        .join(Task, Task.id == period.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == period.agency_id)
        .join(Assignment, Assignment.id == period.assignment_id)
    )  # fmt: skip
    return with_named(query)


def _item(row: Any, deadlines: list[Any], day: date, calendar: WorkCalendar, ladder: LadderPolicy) -> Item:
    step, words = reached(row.effective_on, day, calendar, ladder), _deadline_of(row, deadlines)
    late = days_overdue(WorkState(row.state), row.effective_on, None, day)
    facts = _said(row) | {"due_on": row.due_on or row.effective_on}
    return Item(
        **facts,
        wording=words and words.wording,
        deadline_basis_kind=words and words.basis_kind,
        deadline_basis=words and words.basis,
        days_overdue=late,
        days_left=0 if late else calendar.count(day, row.effective_on),
        step=step.code if step else "",
        asked=None,
    )


def _report_item(row: Any, asked: AskedReport, day: date, calendar: WorkCalendar, ladder: LadderPolicy) -> Item:
    step, late = reached(asked.last_day, day, calendar, ladder), max(0, (day - asked.last_day).days)
    facts = _said(row) | {"due_on": asked.last_day, "effective_on": asked.last_day, "slips": 0, "original_on": None}
    return Item(
        **facts,
        wording=None,
        deadline_basis_kind=None,
        deadline_basis=None,
        days_overdue=late,
        days_left=0 if late else calendar.count(day, asked.last_day),
        step=f"{ABOUT_REPORT}{step.code}" if step else "",
        asked=None,
        kind=REPORT,
        report_period=asked.period,
    )


def _said(row: Any) -> dict[str, Any]:
    """Return the row's facts, with the people named as they are told of."""
    people = {column.name for column in NAMED}
    facts = {name: value for name, value in row._mapping.items() if name not in people}
    return {**facts, "responsible": named(row, "responsible"), "head": named(row, "head")}


def _deadlines(session: Session, task_ids: Collection[int], day: date) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    columns = (
        Deadline.task_id,
        Deadline.assignment_id,
        Deadline.due_on,
        Deadline.wording,
        Deadline.basis_kind,
        Deadline.basis,
    )
    for ids in batches(task_ids):
        query = select(*columns).where(
            Deadline.task_id.in_(ids), Deadline.due_on.is_not(None), Deadline.valid_from <= day, Deadline.valid_to > day,
        )  # fmt: skip
        for row in session.execute(query.order_by(Deadline.id.desc())):
            found[row.task_id].append(row)
    return found


def _deadline_of(row: Any, deadlines: list[Any]) -> Any | None:
    """Return the deadline that gave the period its date: the assignment's own before the task's, the newest first."""
    fitting = [d for d in deadlines if d.due_on == row.due_on and d.assignment_id in (row.assignment_id, None)]
    return next((d for d in fitting if d.assignment_id is not None), fitting[0] if fitting else None)
