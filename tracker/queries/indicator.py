"""The indicators with what each source wants of them, year by year, and where the sources disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Clause, Discrepancy, DiscrepancyReference, Document, Indicator, Target
from tracker.queries.discrepancy import Disagreement, of_indicators
from tracker.rules.folding import fold

GROUPS = ("chính quyền số", "kinh tế số", "xã hội số", "chung")
NO_YEAR = 0
"""The year asked for when a target names none."""


@dataclass(frozen=True)
class IndicatorFilters:
    """What the list is narrowed to; an empty field narrows nothing. `year` is NO_YEAR for targets that name none."""

    text: str = ""
    group: str = ""
    document: str = ""
    year: int | None = None
    contradictory: bool = False


@dataclass(frozen=True)
class Measured:
    """An indicator with its targets by year (None: no year named), each in the order of the documents."""

    id: int
    code: str
    name: str
    group: str
    unit: str | None
    note: str | None
    by_year: dict[int | None, list[Any]]
    disagreements: list[Disagreement]

    @property
    def disputed(self) -> dict[int, list[str]]:
        """Return, by target, the codes of the entries that set it against another value of this indicator."""
        found: dict[int, list[str]] = {}
        for entry in self.disagreements:
            ours = [side.target_id for side in entry.sides if side.indicator_id == self.id and side.target_id]
            if entry.topic == "target" and len(ours) > 1:
                for target_id in ours:
                    found.setdefault(target_id, []).append(entry.code)
        return found

    @property
    def unequal(self) -> set[int | None]:
        """Return the targets whose figure for the same year and level another target of the same entry contradicts."""
        asked: dict[int | None, Any] = {
            target.id: ((target.year, target.scope), (target.comparator, target.value, target.unit))
            for of_year in self.by_year.values()
            for target in of_year
        }
        found: set[int | None] = set()
        for entry in self.disagreements:
            named = [side.target_id for side in entry.sides if entry.topic == "target"]
            ours = [target_id for target_id in named if target_id in asked]
            for one, other in combinations(ours, 2):
                if asked[one][0] == asked[other][0] and asked[one][1] != asked[other][1]:
                    found |= {one, other}
        return found


def measured(session: Session, filters: IndicatorFilters) -> list[Measured]:
    """Return the indicators the filters leave, in order, with all their targets; three queries whatever their number.

    A filter by document or year chooses indicators; what the other sources say of them stays in sight.
    """
    rows = session.execute(_chosen(filters)).all()
    ids = [row.id for row in rows]
    targets: dict[int, dict[int | None, list[Any]]] = {}
    for target in _targets(session, ids):
        targets.setdefault(target.indicator_id, {}).setdefault(target.year, []).append(target)
    disagreements = of_indicators(session, ids)
    return [
        Measured(
            row.id, row.code, row.name, row.group, row.unit, row.note, targets.get(row.id, {}), disagreements.get(row.id, [])
        )
        for row in rows
    ]  # fmt: skip


def years(session: Session) -> list[int]:
    """Return the years the targets name, in order."""
    query = select(Target.year).where(Target.year.is_not(None)).distinct().order_by(Target.year)
    return [year for year in session.scalars(query) if year is not None]


def _chosen(filters: IndicatorFilters) -> Any:
    indicator = Indicator
    query = select(indicator.id, indicator.code, indicator.name, indicator.group, indicator.unit, indicator.note)
    if filters.text:
        query = query.where(indicator.search_text.contains(fold(filters.text), autoescape=True))
    if filters.group:
        query = query.where(indicator.group == filters.group)
    if filters.document or filters.year is not None:
        wanted = select(Target.indicator_id)
        if filters.document:
            wanted = wanted.join(Document, Document.id == Target.document_id).where(Document.code == filters.document)
        if filters.year is not None:
            wanted = wanted.where(Target.year.is_(None) if filters.year == NO_YEAR else Target.year == filters.year)
        query = query.where(indicator.id.in_(wanted))
    if filters.contradictory:
        query = query.where(_in_dispute())
    return query.order_by(indicator.position, indicator.id)


def _in_dispute() -> Any:
    """Return the condition that an entry about targets names two values of the indicator, as Measured.disputed says."""
    reference = DiscrepancyReference
    set_against = (
        select(Target.indicator_id)
        .join(reference, reference.target_id == Target.id)
        .join(Discrepancy, Discrepancy.id == reference.discrepancy_id)
        .where(Discrepancy.topic == "target")
        .group_by(reference.discrepancy_id, Target.indicator_id)
        .having(func.count() > 1)
    )
    return Indicator.id.in_(set_against)


def _targets(session: Session, indicator_ids: list[int]) -> Iterable[Any]:
    query = (
        select(
            Target.id, Target.indicator_id, Target.year, Target.year_note, Target.raw, Target.scope, Target.comparator,
            Target.value, Target.unit, Target.value_type, Target.qualifier, Target.embedded_in_task, Target.note,
            Document.code.label("document_code"), Document.short_name.label("document_name"), Clause.code.label("clause_code"),
        )
        .join(Document, Document.id == Target.document_id)
        .join(Clause, Clause.id == Target.clause_id)
        .where(Target.indicator_id.in_(indicator_ids))
        .order_by(Target.year, Document.in_force_from, Document.id, Target.position)
    )  # fmt: skip
    return session.execute(query)
