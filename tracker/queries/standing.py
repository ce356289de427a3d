"""The four-way count, for the province, a document or an agency, on any day: every screen, mail and export asks here."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import AssignmentPeriod, Tally, TaskPeriod
from tracker.queries.ask import DAY, ask
from tracker.queries.period import Period, in_force, timeliness
from tracker.rules.timeliness import RUNNING, Timeliness, classify_bucket

Counts = dict[Timeliness, int]
PROVINCE, DOCUMENT, AGENCY, COORDINATION = "province", "document", "agency", "coordination"


def counts(session: Session, day: date, scope: str = PROVINCE, scope_id: int = 0) -> Counts:
    """Return how many tasks (province, document) or assignments (agency leads, coordination) fall in each class on `day`."""
    if day >= clock.today():
        return _from_tally(session, day, scope, scope_id)
    return _as_complete({row[0]: row[1] for row in session.execute(_historical(day, scope, scope_id))})


def counts_of(session: Session, day: date, scope: str, scope_ids: Collection[int]) -> dict[int, Counts]:
    """Return what `counts` says of each of the documents or agencies, by id, in one query."""
    found: dict[int, dict[str, int]] = {number: {} for number in scope_ids}
    for scope_id, name, n in session.execute(_of_many(day, scope, scope_ids)):
        found[scope_id][name] = n
    return {number: _as_complete(kept) for number, kept in found.items()}


def counts_by_scope(session: Session, day: date, scope: str) -> dict[int, Counts]:
    """Return the counts of every document, or of every agency, on `day`, by its id."""
    found: dict[int, Counts] = {}
    if day >= clock.today():
        rows = session.execute(
            select(Tally.scope_id, Tally.clock, Tally.effective_on, Tally.n).where(Tally.scope == scope)
        )
        for scope_id, bucket, effective_on, n in rows:
            counted = found.setdefault(scope_id, _as_complete({}))
            counted[classify_bucket(bucket, effective_on, day)] += n
        return found
    period, column = _columns(scope)
    label = timeliness(period, day)
    query = select(column, label, func.count()).where(in_force(period, day)).group_by(column, label)
    if period is AssignmentPeriod:
        query = query.where(AssignmentPeriod.role == _role(scope))
    for scope_id, name, n in session.execute(query):
        found.setdefault(scope_id, _as_complete({}))[Timeliness(name)] += n
    return found


def _from_tally(session: Session, day: date, scope: str, scope_id: int) -> Counts:
    return _as_complete(dict(ask(session, _KEPT, day=day, scope=scope, scope_id=scope_id).all()))


_LATE = and_(Tally.clock == RUNNING, Tally.effective_on < DAY)
_EARLY = and_(Tally.clock == RUNNING, Tally.effective_on >= DAY)
_CLASS = case(
    (_LATE, literal(Timeliness.OPEN_OVERDUE.value)), (_EARLY, literal(Timeliness.OPEN_IN_TIME.value)), else_=Tally.clock
)
_KEPT = (
    select(_CLASS.label("class"), func.sum(Tally.n))
    .where(Tally.scope == bindparam("scope"), Tally.scope_id == bindparam("scope_id"))
    .group_by("class")
)
_KEPT_OF_MANY = (
    select(Tally.scope_id, _CLASS.label("class"), func.sum(Tally.n))
    .where(Tally.scope == bindparam("scope"), Tally.scope_id.in_(bindparam("scope_ids", expanding=True)))
    .group_by(Tally.scope_id, "class")
)


def _historical(day: date, scope: str, scope_id: int) -> Select[str, int]:
    period, column = _columns(scope)
    label = timeliness(period, day)
    query = select(label, func.count()).where(in_force(period, day)).group_by(label)
    if scope != PROVINCE:
        query = query.where(column == scope_id)
    if period is AssignmentPeriod:
        query = query.where(AssignmentPeriod.role == _role(scope))
    return query


def _of_many(day: date, scope: str, scope_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    if day >= clock.today():
        return _KEPT_OF_MANY.params(day=day, scope=scope, scope_ids=list(scope_ids))
    period, column = _columns(scope)
    scoped = literal(0) if scope == PROVINCE else column
    label = timeliness(period, day)
    query = (
        select(scoped.label("scope_id"), label, func.count()).where(in_force(period, day)).group_by("scope_id", label)
    )
    if scope != PROVINCE:
        query = query.where(column.in_(scope_ids))
    return query.where(AssignmentPeriod.role == _role(scope)) if period is AssignmentPeriod else query


def _columns(scope: str) -> tuple[Period, Any]:
    if scope in {AGENCY, COORDINATION}:
        return AssignmentPeriod, AssignmentPeriod.agency_id
    return TaskPeriod, TaskPeriod.document_id


def _role(scope: str) -> str:
    return "lead" if scope == AGENCY else "coordinate"


def _as_complete(found: Mapping[str, int]) -> Counts:
    return {label: found.get(label.value, 0) for label in Timeliness}
