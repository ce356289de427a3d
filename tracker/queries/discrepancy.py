"""Where the documents disagree: every entry with all its sides, found by whatever it touches."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Clause, Discrepancy, DiscrepancyReference, Document, Target, Task


@dataclass(frozen=True)
class Side:
    """What one source says; `clause_code` is None when the whole document is meant."""

    document_id: int
    document_code: str
    document_name: str
    clause_id: int | None
    clause_code: str | None
    task_id: int | None
    target_id: int | None
    indicator_id: int | None
    wording: str | None


@dataclass(frozen=True)
class Disagreement:
    """One entry of the register of discrepancies; `severity` A changes what is enforced, B needs a decision, C is cosmetic."""

    code: str
    severity: str
    topic: str
    subject: str
    statement: str
    consequence: str | None
    sides: tuple[Side, ...]

    @property
    def names(self) -> dict[str, str]:
        """Return the short names of the documents it is about, by code."""
        return {side.document_code: side.document_name for side in self.sides}


def of_document(session: Session, document_id: int) -> list[Disagreement]:
    """Return the entries that touch the document or anything in it, by code."""
    return _touching(session, DiscrepancyReference.document_id == document_id)


def of_clause(session: Session, clause_id: int) -> list[Disagreement]:
    """Return the entries that touch the clause, a task or a target of it, by code."""
    tasks = select(Task.id).where(Task.clause_id == clause_id)
    targets = select(Target.id).where(Target.clause_id == clause_id)
    reference = DiscrepancyReference
    return _touching(
        session, or_(reference.clause_id == clause_id, reference.task_id.in_(tasks), reference.target_id.in_(targets))
    )


def of_task(session: Session, task_id: int) -> list[Disagreement]:
    """Return the entries that touch the task itself, by code."""
    return _touching(session, DiscrepancyReference.task_id == task_id)


def of_target(session: Session, target_id: int) -> list[Disagreement]:
    """Return the entries that touch the target, by code."""
    return _touching(session, DiscrepancyReference.target_id == target_id)


def of_indicators(session: Session, indicator_ids: Iterable[int]) -> dict[int, list[Disagreement]]:
    """Return, by indicator id, the entries that touch the indicator or one of its targets; one query."""
    wanted = set(indicator_ids)
    targets = select(Target.id).where(Target.indicator_id.in_(wanted))
    found: dict[int, list[Disagreement]] = {}
    entries = _touching(
        session, or_(DiscrepancyReference.indicator_id.in_(wanted), DiscrepancyReference.target_id.in_(targets))
    )
    for entry in entries:
        touched = {side.indicator_id for side in entry.sides if side.indicator_id is not None}
        for indicator_id in touched & wanted:
            found.setdefault(indicator_id, []).append(entry)
    return found


def _touching(session: Session, condition: ColumnElement[bool]) -> list[Disagreement]:
    reference = DiscrepancyReference
    place = func.coalesce(reference.clause_id, Task.clause_id, Target.clause_id)
    query = (
        select(
            Discrepancy.code, Discrepancy.severity, Discrepancy.topic, Discrepancy.subject, Discrepancy.statement,
            Discrepancy.consequence, reference.document_id, Document.code, Document.short_name, Clause.id, Clause.code,
            reference.task_id, reference.target_id, func.coalesce(reference.indicator_id, Target.indicator_id),
            reference.wording,
        )
        .join(reference, reference.discrepancy_id == Discrepancy.id)
        .join(Document, Document.id == reference.document_id)
        .outerjoin(Task, Task.id == reference.task_id)
        .outerjoin(Target, Target.id == reference.target_id)
        .outerjoin(Clause, Clause.id == place)
        .where(Discrepancy.id.in_(select(reference.discrepancy_id).where(condition)))
        .order_by(Discrepancy.code, reference.id)
    )  # fmt: skip
    entries: dict[str, tuple[tuple[Any, ...], list[Side]]] = {}
    rows: Iterable[Any] = session.execute(query)
    for row in rows:
        _, sides = entries.setdefault(row[0], (tuple(row[:6]), []))
        sides.append(Side(*row[6:]))
    return [Disagreement(*(*facts, tuple(sides))) for facts, sides in entries.values()]
