"""Where the documents disagree: every entry with all its sides, found by whatever it touches."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Clause, Discrepancy, DiscrepancyReference, Document, Target, Task
from tracker.queries.ask import ask


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


_REFERENCE = DiscrepancyReference
_ALL = (
    select(
        Discrepancy.code, Discrepancy.severity, Discrepancy.topic, Discrepancy.subject, Discrepancy.statement,
        Discrepancy.consequence, _REFERENCE.document_id, Document.code, Document.short_name, Clause.id, Clause.code,
        _REFERENCE.task_id, _REFERENCE.target_id, func.coalesce(_REFERENCE.indicator_id, Target.indicator_id),
        _REFERENCE.wording,
    )
    .join(_REFERENCE, _REFERENCE.discrepancy_id == Discrepancy.id)
    .join(Document, Document.id == _REFERENCE.document_id)
    .outerjoin(Task, Task.id == _REFERENCE.task_id)
    .outerjoin(Target, Target.id == _REFERENCE.target_id)
    .outerjoin(Clause, Clause.id == func.coalesce(_REFERENCE.clause_id, Task.clause_id, Target.clause_id))
    .order_by(Discrepancy.code, _REFERENCE.id)
)  # fmt: skip
_WANTED: Any = bindparam("wanted")
_WANTED_MANY: Any = bindparam("wanted", expanding=True)


def _touching(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _ALL.where(Discrepancy.id.in_(select(_REFERENCE.discrepancy_id).where(condition)))


_OF_DOCUMENT = _touching(_REFERENCE.document_id == _WANTED)
_OF_CLAUSE = _touching(
    or_(
        _REFERENCE.clause_id == _WANTED,
        _REFERENCE.task_id.in_(select(Task.id).where(Task.clause_id == _WANTED)),
        _REFERENCE.target_id.in_(select(Target.id).where(Target.clause_id == _WANTED)),
    )
)
_OF_INDICATORS = _touching(
    or_(
        _REFERENCE.indicator_id.in_(_WANTED_MANY),
        _REFERENCE.target_id.in_(select(Target.id).where(Target.indicator_id.in_(_WANTED_MANY))),
    )
)


def of_document(session: Session, document_id: int) -> list[Disagreement]:
    """Return the entries that touch the document or anything in it, by code."""
    return _entries(ask(session, _OF_DOCUMENT, wanted=document_id))


def of_clause(session: Session, clause_id: int) -> list[Disagreement]:
    """Return the entries that touch the clause, a task or a target of it, by code."""
    return _entries(ask(session, _OF_CLAUSE, wanted=clause_id))


def of_indicators(session: Session, indicator_ids: Iterable[int]) -> dict[int, list[Disagreement]]:
    """Return, by indicator id, the entries that touch the indicator or one of its targets; one query."""
    wanted = set(indicator_ids)
    found: dict[int, list[Disagreement]] = {}
    for entry in _entries(ask(session, _OF_INDICATORS, wanted=sorted(wanted))):
        touched = {side.indicator_id for side in entry.sides if side.indicator_id is not None}
        for indicator_id in touched & wanted:
            found.setdefault(indicator_id, []).append(entry)
    return found


def _entries(rows: Iterable[Any]) -> list[Disagreement]:
    entries: dict[str, tuple[tuple[Any, ...], list[Side]]] = {}
    for row in rows:
        _, sides = entries.setdefault(row[0], (tuple(row[:6]), []))
        sides.append(Side(*row[6:]))
    return [Disagreement(*(*facts, tuple(sides))) for facts, sides in entries.values()]
