"""Why the Office held, dropped or opened work again: from the log, where the reason and the basis stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, AssignmentPeriod, Clause, Document, Event, Task, User
from tracker.rules.transitions import SUSPENSIONS


@dataclass(frozen=True)
class Suspension:
    """What was done to one agency's part of a task; `period_id` is the period it began, `last_id` that of the latest such act."""

    period_id: int
    last_id: int
    assignment_id: int
    task_id: int
    title: str
    clause_code: str
    clause_text: str
    document_name: str
    document_number: str | None
    document_issued_on: date | None
    agency_name: str
    effective_on: date | None
    verb: str
    reason: str
    basis: str
    actor_name: str | None


def told_of(session: Session, period_ids: Collection[int]) -> dict[int, Suspension]:
    """Return by period what a mail about it needs; a period no such act began is left out."""
    query = (
        select(
            AssignmentPeriod.id, AssignmentPeriod.assignment_id, AssignmentPeriod.task_id, AssignmentPeriod.effective_on,
            Task.short_title.label("title"), Clause.code.label("clause_code"), Clause.text.label("clause_text"),
            Document.short_name.label("document_name"), Document.number.label("document_number"),
            Document.issued_on.label("document_issued_on"), Agency.name.label("agency_name"),
        )
        .join(Task, Task.id == AssignmentPeriod.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == AssignmentPeriod.agency_id)
        .where(AssignmentPeriod.id.in_(period_ids))
    )  # fmt: skip
    periods = session.execute(query).all()
    acts = _acts(session, {row.assignment_id for row in periods})
    return {row.id: found for row in periods if (found := _suspension(row, acts.get(row.assignment_id, [])))}


def _acts(session: Session, assignment_ids: Collection[int]) -> dict[int, list[Any]]:
    query = (
        select(Event.noun_id, Event.verb, Event.facts, User.name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.noun == "assignment", Event.noun_id.in_(assignment_ids), Event.verb.in_(SUSPENSIONS))
        .order_by(Event.id)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.noun_id, []).append(row)
    return found


def _suspension(row: Any, acts: list[Any]) -> Suspension | None:
    act = next((act for act in acts if act.facts.get("period_id") == row.id), None)
    if act is None:
        return None
    facts = {name: getattr(row, name) for name in row._mapping if name != "id"}
    return Suspension(
        period_id=row.id, last_id=acts[-1].facts["period_id"], verb=act.verb, reason=act.facts["reason"],
        basis=act.facts["basis"], actor_name=act.name, **facts,
    )  # fmt: skip
