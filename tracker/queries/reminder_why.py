"""Why a day's run tells somebody of a step, or does not: what the page of the next run shows beside each line of the plan."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Clause, Document, Task
from tracker.queries.answer import answers, rests_of
from tracker.queries.batches import batches
from tracker.queries.calendar import work_calendar
from tracker.queries.reminder import Due, Skip
from tracker.queries.reminder_policy import policies
from tracker.queries.told import Duty, Recorded
from tracker.rules.climb import unanswered
from tracker.rules.ladder import ABOUT_REPORT


@dataclass(frozen=True)
class Work:
    """What a line of the plan is about, as one calls it."""

    own_policy: bool  # the document has rules of its own
    task_id: int
    title: str
    code: str
    document: str
    clause_code: str
    agency: str
    lead_basis_kind: str | None = None  # on what the lead and the date rest, where a person gave them
    lead_basis: str | None = None
    due_basis_kind: str | None = None
    due_basis: str | None = None


@dataclass(frozen=True)
class Why:
    """A line of the plan in words: `told` overdue reminders went out before, `unanswered` of them nobody answered."""

    line: Due | Skip
    work: Work
    told: int
    unanswered: int


def explained(session: Session, day: date, lines: Collection[Due | Skip]) -> list[Why]:
    """Return the lines of a plan of `day` with their work and history, in their order. A constant number of statements."""
    ids = {line.assignment_id for line in lines}
    works = _works(session, ids, day)
    history = {prefix: Recorded(session, day).overdue(ids, prefix) for prefix in ("", ABOUT_REPORT)} if ids else {}
    said = answers(session, ids, day) if ids else {}
    calendar, rules = work_calendar(session), policies(session, day)
    found = []
    for line in lines:
        work, document_id = works[line.assignment_id]
        steps = history[ABOUT_REPORT if line.step.code.startswith(ABOUT_REPORT) else ""].get(_duty(line), [])
        rests = rests_of(said.get(line.assignment_id, ()), line.effective_on, calendar, rules.of(document_id))
        found.append(Why(line, work, len(steps), len(unanswered(steps, rests))))
    return found


def titles(session: Session, assignment_ids: Collection[int], day: date) -> Mapping[int, Work]:
    """Return by assignment what it is called."""
    return {number: work for number, (work, _document) in _works(session, assignment_ids, day).items()}


def _duty(line: Due | Skip) -> Duty:
    return line.assignment_id, line.effective_on


def _works(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, tuple[Work, int]]:
    rules = policies(session, day)
    found: dict[int, tuple[Work, int]] = {}
    for ids in batches(assignment_ids):
        query: Any = (
            select(
                Assignment.id, Task.document_id, Task.id, Task.short_title, Task.code, Document.short_name, Clause.code,
                Agency.name, Assignment.basis_kind, Assignment.basis, Task.due_basis_kind, Task.due_basis,
            )
            .join(Task, Task.id == Assignment.task_id)
            .join(Document, Document.id == Task.document_id)
            .join(Clause, Clause.id == Task.clause_id)
            .join(Agency, Agency.id == Assignment.agency_id)
            .where(Assignment.id.in_(ids))
        )  # fmt: skip
        rows: Sequence[Any] = session.execute(query).all()
        for row in rows:
            found[row[0]] = Work(row[1] in rules.documents, *row[2:]), row[1]
    return found
