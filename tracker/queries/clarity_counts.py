"""How many tasks of a document, or lead parts of an agency, are clear: the three rõ, and each of the six."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, AssignmentPeriod, Task
from tracker.queries.period import in_force_now


@dataclass(frozen=True)
class Clearness:
    """Of `total`, how many have all three rõ, and by part of the six (rules.clarity.six_clear) how many have it."""

    total: int
    three: int
    six: dict[str, int]

    @property
    def average(self) -> float:
        """How many of the six one has on average, 0 to 6."""
        return sum(self.six.values()) / self.total if self.total else 0.0


def by_document(session: Session, document_id: int | None = None) -> dict[int, Clearness]:
    """Return how clear the tasks of every document are today, or of the one asked for, by document id; one query."""
    query = select(Task.document_id, *_counted(Task.has_lead, Task.has_responsible, Task.has_head))
    if document_id is not None:
        query = query.where(Task.document_id == document_id)
    return {row[0]: _clearness(row[1:]) for row in session.execute(query.group_by(Task.document_id))}


def of_agency(session: Session, agency_id: int) -> Clearness:
    """Return how clear the tasks are that the agency leads today; person and head are those of its own part; one query."""
    period = AssignmentPeriod
    query = (
        select(
            *_counted(period.role == "lead", Assignment.responsible_id.is_not(None), Assignment.head_id.is_not(None))
        )
        .select_from(period)
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(Task, Task.id == period.task_id)
        .where(
            period.agency_id == agency_id,
            period.role == "lead",
            in_force_now(period),
            Assignment.merged_into_id.is_(None),
        )
    )
    return _clearness(session.execute(query).one())


def _counted(lead: Any, responsible: Any, head: Any) -> tuple[ColumnElement[int], ...]:
    """Return the columns `_clearness` reads: the total, all three, and each of the six in the order of the formula."""
    three = and_(lead, Task.has_work, Task.has_time)
    six = (responsible, Task.has_work, Task.has_time, head, Task.deliverable.is_not(None), Task.has_authority)
    return func.count(), *(func.count(case((clear, 1))) for clear in (three, *six))


def _clearness(row: Any) -> Clearness:
    parts = ("person", "work", "time", "responsibility", "product", "authority")
    return Clearness(row[0], row[1], dict(zip(parts, row[2:], strict=True)))
