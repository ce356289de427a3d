"""The reading page: every clause of a document with the state of what it orders, on any day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, Clause, Deadline, Indicator, Reminder, Target, Task, TaskPeriod
from tracker.queries.basis import bases
from tracker.queries.calendar import work_calendar
from tracker.queries.discrepancy import Disagreement
from tracker.queries.period import in_force
from tracker.queries.task_label import labels_then
from tracker.queries.task_row import timed
from tracker.rules.clarity import three_clear
from tracker.rules.timeliness import Timeliness
from tracker.rules.workdays import WorkCalendar

SHORT = 90
"""A line shorter than this that ends in a colon heads what follows: "6. Giao Văn phòng UBND tỉnh:"."""

Segment = tuple[str, bool]
"""A piece of text and whether it is wording of a deadline."""


@dataclass(frozen=True)
class Order:
    """A task as the margin shows it on a day. A basis is that of a lead or date which a person gave; None: the order itself."""

    task_id: int
    clause_id: int
    short_title: str
    kind: str
    lead_label: str | None
    clear_person: bool
    clear_work: bool
    clear_time: bool
    state: str
    leads: int
    leads_done: int
    result_on: date | None
    due_on: date | None
    effective_on: date | None
    timeliness: Timeliness
    soon: bool
    days: int
    reminded: int
    lead_basis_kind: str | None
    lead_basis: str | None
    due_basis_kind: str | None
    due_basis: str | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what is unclear: "person", "work", "time", in the order of the formula."""
        return three_clear(self.clear_person, self.clear_work, self.clear_time).missing


@dataclass
class Passage:
    """A clause with everything its margin says. `paragraphs` come after the heading (none: empty), each as segments."""

    id: int
    code: str
    parent_id: int | None
    level: int
    kind: str
    marker: str | None
    heading: list[Segment]
    paragraphs: list[list[Segment]]
    corrections: list[Any]
    orders: list[Order] = field(default_factory=list)
    targets: list[Any] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)

    @property
    def heat(self) -> str:
        """Return "hot" when something it orders is overdue, "warm" when due soon, else nothing."""
        if any(order.timeliness is Timeliness.OPEN_OVERDUE for order in self.orders):
            return "hot"
        return "warm" if any(order.soon for order in self.orders) else ""


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents; `overdue` counts the tasks at or below it."""

    code: str
    label: str
    deep: bool
    overdue: int


def passages(
    session: Session, document_id: int, day: date, disagreements: Iterable[Disagreement] = ()
) -> list[Passage]:
    """Return the clauses in reading order, with what they order and measure and where others disagree; six queries."""
    marks = _marks(session, document_id)
    found = {row.id: _passage(row, marks.get(row.id, ())) for row in _clauses(session, document_id)}
    for order in _orders(session, document_id, day):
        found[order.clause_id].orders.append(order)
    for target in _targets(session, document_id):
        found[target.clause_id].targets.append(target)
    for entry in disagreements:
        for clause_id in {side.clause_id for side in entry.sides}:
            if clause_id in found:
                found[clause_id].disagreements.append(entry)
    return list(found.values())


def contents(read: list[Passage], length: int = 52) -> list[Entry]:
    """Return the table of contents: the two upper levels of numbered clauses, each with the overdue tasks below it."""
    overdue = {p.id: sum(o.timeliness is Timeliness.OPEN_OVERDUE for o in p.orders) for p in read}
    for passage in reversed(read):
        if passage.parent_id is not None:
            overdue[passage.parent_id] += overdue[passage.id]
    headings = {p.id for p in read if p.kind == "heading"}
    numbered = [
        p
        for p in read
        if p.kind in {"heading", "point"}
        and (p.marker or "-")[0] != "-"
        and (p.level == 1 or (p.level == 2 and p.parent_id in headings))
    ]
    return [Entry(p.code, _label(p, length), p.level == 2, overdue[p.id]) for p in numbered]


def marked(text: str, wordings: Iterable[str]) -> list[Segment]:
    """Return the text cut where a wording stands: the first place of each, the longest wording first."""
    segments: list[Segment] = [(text, False)]
    for wording in sorted({w for w in wordings if w}, key=len, reverse=True):
        for position, (piece, is_mark) in enumerate(segments):
            start = -1 if is_mark else piece.find(wording)
            if start >= 0:
                end = start + len(wording)
                cut = [(piece[:start], False), (piece[start:end], True), (piece[end:], False)]
                segments[position : position + 1] = [part for part in cut if part[0]]
                break
    return segments


def _clauses(session: Session, document_id: int) -> Iterable[Any]:
    columns = (
        Clause.id, Clause.code, Clause.parent_id, Clause.level, Clause.kind, Clause.marker, Clause.heading,
        Clause.first_paragraph, Clause.body, Clause.text, Clause.corrections,
    )  # fmt: skip
    return session.execute(select(*columns).where(Clause.document_id == document_id).order_by(Clause.position))


def _passage(row: Any, wordings: Iterable[str]) -> Passage:
    heading = row.heading
    body = [part for part in (row.body or "").split("\n") if part]
    if row.first_paragraph:
        body.insert(0, row.first_paragraph)
    if not body and not heading:
        body = [row.text]
    if not heading and (row.kind == "heading" or (row.text.endswith(":") and len(row.text) < SHORT)):
        heading, body = row.text, []
    return Passage(
        row.id, row.code, row.parent_id, row.level, row.kind, row.marker, marked(heading, wordings) if heading else [],
        [marked(part, wordings) for part in body], row.corrections or [],
    )  # fmt: skip


def _marks(session: Session, document_id: int) -> dict[int, set[str]]:
    """Return the deadline wordings by the clause they stand in, inherited ones at their source."""
    query = (
        select(func.coalesce(Deadline.clause_id, Task.clause_id), Deadline.wording)
        .join(Task, Task.id == Deadline.task_id)
        .where(
            Task.document_id == document_id, Deadline.wording.is_not(None), Deadline.kind.in_(("original", "inherited"))
        )
    )
    found: dict[int, set[str]] = {}
    for clause_id, wording in session.execute(query):
        found.setdefault(clause_id, set()).add(wording or "")
    return found


def _orders(session: Session, document_id: int, day: date) -> list[Order]:
    period = TaskPeriod
    query = (
        select(
            Task.id, Task.clause_id, Task.short_title, Task.kind, Task.lead_label, Task.has_lead, Task.has_work,
            Task.has_time, period.state, period.leads, period.leads_done, period.result_on, period.due_on,
            period.effective_on, period.clock, *bases(period),
        )
        .join(period, and_(period.task_id == Task.id, in_force(period, day)))
        .where(Task.document_id == document_id)
        .order_by(Task.position)
    )  # fmt: skip
    calendar, reminded = work_calendar(session), _reminded(session, document_id, day)
    rows = session.execute(query).all()
    then = labels_then(session, {row.id for row in rows}, day)
    return [_order(row, day, calendar, reminded.get(row.id, 0), then.get(row.id, (row.lead_label,))[0]) for row in rows]


def _order(row: Any, day: date, calendar: WorkCalendar, reminded: int, lead_label: str | None) -> Order:
    # On a day before a lead was named nobody led: today's label would be a fact from the future.
    led = row.has_lead and row.leads > 0
    return Order(
        row.id, row.clause_id, row.short_title, row.kind, lead_label if led else None, led, row.has_work,
        row.has_time, row.state, row.leads, row.leads_done, row.result_on, row.due_on, row.effective_on,
        *timed(row, day, calendar), reminded,
        row.lead_basis_kind, row.lead_basis, None if row.slips else row.due_basis_kind, row.due_basis,
    )  # fmt: skip


def _reminded(session: Session, document_id: int, day: date) -> dict[int, int]:
    """Return, by task, on how many days up to `day` somebody was reminded of it."""
    query = (
        select(Assignment.task_id, func.count(Reminder.day.distinct()))
        .join(Assignment, Assignment.id == Reminder.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.document_id == document_id, Reminder.day <= day)
        .group_by(Assignment.task_id)
    )
    return dict(session.execute(query).all())


def _targets(session: Session, document_id: int) -> Iterable[Any]:
    query = (
        select(
            Target.id, Target.clause_id, Target.name, Target.raw, Target.year, Target.scope, Target.comparator,
            Target.value, Target.unit, Target.value_type, Indicator.code.label("indicator_code"),
        )
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Target.document_id == document_id)
        .order_by(Target.position)
    )  # fmt: skip
    return session.execute(query)


def _label(passage: Passage, length: int) -> str:
    words = "".join(text for text, _ in passage.heading or passage.paragraphs[0])
    if words.isupper():
        words = words.capitalize()
    label = f"{passage.marker} {words}".rstrip(":")
    return label if len(label) <= length else label[:length].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
