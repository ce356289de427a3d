"""Reorganisations as the administrator sees them: planned and carried out, and what the register knows but nobody has done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import (
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Reorganisation,
    ReorganisationMove,
    ReorganisationPart,
    Succession,
    Task,
    User,
)
from tracker.queries.predecessor import still_open
from tracker.queries.reorganisation_outcome import CHOSEN, bodies
from tracker.rules.reorganisation import Part, kind_of

LISTED = 200
SHOWN = 500


@dataclass(frozen=True)
class Listed:
    """One plan of the list: who gives way to whom, and how many assignments moved, were merged or stayed."""

    id: int
    kind: str
    state: str
    took_effect_on: date
    legal_basis: str
    applied_at: datetime | None
    olds: list[str] = field(default_factory=list)
    heirs: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """Successions of the register whose day has come while the predecessors still hold open work: one plan's worth.

    `key` names it in a form; `open_work` is what the predecessors hold.
    """

    key: str
    kind: str
    took_effect_on: date
    legal_basis: str
    parts: tuple[Part, ...]
    olds: tuple[str, ...]
    heirs: tuple[str, ...]
    open_work: int
    verified: bool


def plans(session: Session) -> list[Listed]:
    """Return the newest plans, those that wait first; a constant number of queries."""
    plan = Reorganisation
    rows = session.execute(
        select(plan.id, plan.kind, plan.state, plan.took_effect_on, plan.legal_basis, plan.applied_at)
        .order_by((plan.state == "planned").desc(), plan.id.desc())
        .limit(LISTED)
    )
    found = {row.id: Listed(*row) for row in rows}
    old, heir = aliased(Agency), aliased(Agency)
    names = (
        select(ReorganisationPart.reorganisation_id, old.name, heir.name)
        .join(old, old.id == ReorganisationPart.agency_id)
        .outerjoin(heir, heir.id == ReorganisationPart.successor_id)
        .where(ReorganisationPart.reorganisation_id.in_(found))
        .order_by(ReorganisationPart.id)
    )
    for plan_id, predecessor, successor in session.execute(names):
        for name, listed in ((predecessor, found[plan_id].olds), (successor, found[plan_id].heirs)):
            if name is not None and name not in listed:
                listed.append(name)
    for plan_id, outcome, n in session.execute(_counted(ReorganisationMove.reorganisation_id.in_(found))):
        found[plan_id].counts[outcome] = n
    return list(found.values())


def unfollowed(session: Session, day: date) -> list[Ready]:
    """Return what the register says has happened by `day` while the work is still where it was, by date and legal basis.

    Predecessors with the same successors, date and basis are one plan (the districts); one that goes on is a plan of its own.
    """
    rows = _links(session, day)
    held = _held(session, {row.agency_id for row in rows})
    groups: dict[tuple[Any, ...], list[Any]] = {}
    heirs: dict[tuple[int, date, str], list[int]] = {}
    for row in rows:
        heirs.setdefault((row.agency_id, row.took_effect_on, row.legal_basis), []).append(row.successor_id)
    for row in rows:
        if row.agency_id in held:
            together = frozenset(heirs[row.agency_id, row.took_effect_on, row.legal_basis])
            alone = row.agency_id if row.valid_to is None else None
            groups.setdefault((row.took_effect_on, row.legal_basis, together, alone), []).append(row)
    register = bodies(session, {id for row in rows for id in (row.agency_id, row.successor_id)})
    return [_ready(found, held, register) for found in groups.values()]


def waiting_too_long(session: Session, day: date) -> list[tuple[int, date]]:
    """Return (id, day of effect) of the plans whose day has come and that are not carried out, the oldest first."""
    query = select(Reorganisation.id, Reorganisation.took_effect_on).where(
        Reorganisation.state == "planned", Reorganisation.took_effect_on <= day
    )
    return [(id, on) for id, on in session.execute(query.order_by(Reorganisation.took_effect_on, Reorganisation.id))]


def ahead_of_time(session: Session, day: date) -> list[int]:
    """Return the plans made for a day to come that has come by `day`: those the system carries out by itself.

    A plan for a day gone by is somebody's at the screen, who presses the button.
    """
    rows = session.execute(
        select(Reorganisation.id, Reorganisation.made_at, Reorganisation.took_effect_on)
        .where(Reorganisation.state == "planned", Reorganisation.took_effect_on <= day)
        .order_by(Reorganisation.took_effect_on, Reorganisation.id)
    )
    return [row.id for row in rows if clock.local(row.made_at).date() < row.took_effect_on]


def record(session: Session, plan_id: int) -> tuple[list[Any], dict[tuple[int, int | None], Counter[str]]]:
    """Return what the plan did to each assignment (at most SHOWN of them), and by old agency and new one how many of what."""
    move = ReorganisationMove
    rows = session.execute(
        select(
            move.outcome, move.from_agency_id, move.to_agency_id, Assignment.task_id, Assignment.role, Task.short_title,
            Document.short_name.label("document_name"), Clause.code.label("clause_code"),
        )
        .join(Assignment, Assignment.id == move.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(move.reorganisation_id == plan_id, move.outcome != CHOSEN)
        .order_by(move.id)
        .limit(SHOWN)
    ).all()  # fmt: skip
    counted = session.execute(
        select(move.from_agency_id, move.to_agency_id, move.outcome, func.count())
        .where(move.reorganisation_id == plan_id, move.outcome != CHOSEN, move.assignment_id.is_not(None))
        .group_by(move.from_agency_id, move.to_agency_id, move.outcome)
        .order_by(move.from_agency_id, move.to_agency_id, move.outcome)
    )
    pairs: dict[tuple[int, int | None], Counter[str]] = {}
    for old, new, what, n in counted:
        pairs.setdefault((old, new), Counter())[what] = n
    return list(rows), pairs


def moved_people(session: Session, plan_id: int) -> list[Any]:
    """Return whose account the plan moved or left: name, position, old and new agency."""
    query = (
        select(User.name, User.position, ReorganisationMove.from_agency_id, ReorganisationMove.to_agency_id)
        .join(User, User.id == ReorganisationMove.user_id)
        .where(ReorganisationMove.reorganisation_id == plan_id, ReorganisationMove.outcome != CHOSEN)
        .order_by(User.name, User.id)
    )
    return list(session.execute(query))


def _counted(condition: Any) -> Any:
    move = ReorganisationMove
    return (
        select(move.reorganisation_id, move.outcome, func.count())
        .where(condition, move.outcome != CHOSEN, move.assignment_id.is_not(None))
        .group_by(move.reorganisation_id, move.outcome)
    )


def _links(session: Session, day: date) -> Sequence[Any]:
    """Return the successions in effect, without those of planned reorganisations and of parts that went before."""
    part, plan = ReorganisationPart, Reorganisation
    settled = (
        select(part.id)
        .join(plan, plan.id == part.reorganisation_id)
        .where(
            part.agency_id == Succession.agency_id,
            or_(
                plan.state == "planned",
                and_(plan.state == "applied", part.successor_id == Succession.successor_id, Agency.valid_to.is_(None)),
            ),
        )
        .exists()
    )
    query = (
        select(
            Succession.agency_id, Succession.successor_id, Succession.took_effect_on, Succession.legal_basis,
            Succession.scope, Succession.verified, Agency.name, Agency.valid_to, _HEIR.name.label("heir"),
        )
        .join(Agency, Agency.id == Succession.agency_id)
        .join(_HEIR, _HEIR.id == Succession.successor_id)
        .where(Succession.took_effect_on <= day, ~settled)
        .order_by(Succession.took_effect_on, Succession.id)
    )  # fmt: skip
    return session.execute(query).all()


_HEIR = aliased(Agency)


def _held(session: Session, agency_ids: set[int]) -> dict[int, int]:
    query = still_open(select(AssignmentPeriod.agency_id, func.count()), agency_ids)
    return dict(session.execute(query.group_by(AssignmentPeriod.agency_id)).all())


def _ready(rows: list[Any], held: dict[int, int], register: Any) -> Ready:
    first = rows[0]
    parts = tuple(Part(row.agency_id, row.successor_id, row.scope) for row in rows)
    olds = {row.agency_id: row.name for row in rows}
    return Ready(
        key=f"{first.took_effect_on.isoformat()}.{first.agency_id}.{first.successor_id}",
        kind=kind_of(parts, register, first.took_effect_on),
        took_effect_on=first.took_effect_on,
        legal_basis=first.legal_basis,
        parts=parts,
        olds=tuple(olds.values()),
        heirs=tuple(dict.fromkeys(row.heir for row in rows)),
        open_work=sum(held[agency_id] for agency_id in olds),
        verified=all(row.verified for row in rows),
    )
