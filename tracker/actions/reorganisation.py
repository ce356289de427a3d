"""Planning a merger, split, renaming or ending of agencies: who follows whom, from when, on what legal basis; and choosing.

Nothing moves here: tracker.actions.succession carries a plan out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.agency import add_agency
from tracker.actions.event import log
from tracker.errors import Changed, Refused
from tracker.models import Agency, AssignmentPeriod, Reorganisation, ReorganisationMove, ReorganisationPart, User
from tracker.queries import predecessor
from tracker.queries.reorganisation_outcome import CHOSEN, Choices, faults_of
from tracker.rules.folding import fold
from tracker.rules.reorganisation import Fault, Part
from tracker.words.days import dmy
from tracker.words.reorganisation import FAULT

PLANNED, APPLIED, CANCELLED = "planned", "applied", "cancelled"


@dataclass(frozen=True)
class Heir:
    """A successor as planned: an agency there is, or the name, short name and kind of one to be added; and its part."""

    agency_id: int | None = None
    name: str | None = None
    short_name: str | None = None
    kind: str | None = None
    scope: str | None = None


def plan(
    session: Session, actor: User, *, kind: str, took_effect_on: date, legal_basis: str, note: str | None,
    olds: Sequence[int], heirs: Sequence[Heir],
) -> Reorganisation:  # fmt: skip
    """Write the plan down, every old agency followed by every heir, and return it; new agencies are added to the register.

    Raises Refused with a sentence for a plan that cannot stand, and for an agency another plan already speaks of.
    """
    ids = [_agency_of(session, actor, heir, olds, took_effect_on, legal_basis) for heir in heirs]
    followers: list[tuple[int | None, str | None]] = [
        (id, heir.scope) for id, heir in zip(ids, heirs, strict=True)
    ] or [(None, None)]
    parts = [Part(old, successor_id, scope) for old in olds for successor_id, scope in followers]
    return plan_parts(session, actor, kind, took_effect_on, legal_basis, note, parts)


def plan_parts(
    session: Session,
    actor: User,
    kind: str,
    took_effect_on: date,
    legal_basis: str,
    note: str | None,
    parts: Sequence[Part],
) -> Reorganisation:
    """Write down the plan with these very parts, and return it. Raises Refused as `plan` does."""
    _lock(session, parts)
    _check_free(session, parts)
    check(session, kind, parts, took_effect_on)
    made = Reorganisation(
        kind=kind, took_effect_on=took_effect_on, legal_basis=legal_basis, note=note, state=PLANNED, version=1,
        made_by_id=actor.id, made_at=clock.now(),
        parts=[ReorganisationPart(agency_id=part.agency_id, successor_id=part.successor_id, scope=part.scope) for part in parts],
    )  # fmt: skip
    session.add(made)
    session.flush()
    _log(session, actor, "plan_reorganisation", made)
    return made


def choose(session: Session, plan: Reorganisation, choices: Choices) -> None:
    """Keep who is to take what until the plan is carried out. Raises Changed when it no longer is a plan."""
    if plan.state != PLANNED:
        raise Changed(_("Phương án này đã được thực hiện hoặc đã bỏ; hãy xem lại trang."))
    old = delete(ReorganisationMove).where(
        ReorganisationMove.reorganisation_id == plan.id, ReorganisationMove.outcome == CHOSEN
    )
    session.execute(old.execution_options(synchronize_session=False))
    olds = sorted({part.agency_id for part in plan.parts})
    columns = select(AssignmentPeriod.assignment_id, AssignmentPeriod.agency_id)
    held: dict[int, int] = dict(session.execute(predecessor.still_open(columns, olds)).all())
    home = {row.id: row.agency_id for row in predecessor.accounts(session, olds)}
    rows = [_chosen(plan, held[id], to_id, assignment_id=id) for id, to_id in choices.work.items() if id in held]
    rows += [_chosen(plan, home[id], to_id, user_id=id) for id, to_id in choices.people.items() if id in home]
    if rows:
        session.execute(insert(ReorganisationMove), rows)
    session.expire(plan, ["moves"])


def cancel(session: Session, actor: User, plan: Reorganisation) -> None:
    """Give the plan up: nothing has moved, nothing will. Raises Changed when it has been carried out or given up before."""
    close(session, plan, CANCELLED)
    _log(session, actor, "cancel_reorganisation", plan)


def close(session: Session, plan: Reorganisation, state: str, **facts: Any) -> None:
    """Take the plan out of the planned ones, once. Raises Changed for whoever comes second."""
    closed: Any = session.execute(
        update(Reorganisation)
        .where(Reorganisation.id == plan.id, Reorganisation.state == PLANNED, Reorganisation.version == plan.version)
        .values(state=state, version=plan.version + 1, **facts)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:
        raise Changed(_("Phương án này đã được thực hiện hoặc đã bỏ; hãy xem lại trang."))
    session.refresh(plan)


def check(session: Session, kind: str, parts: Sequence[Part], took_effect_on: date) -> None:
    """Raise Refused with the sentences that say why the plan cannot stand, if it cannot."""
    found = faults_of(session, kind, parts, took_effect_on)
    if found:
        raise Refused(" ".join(sentences(session, found, took_effect_on)))


def sentences(session: Session, found: Sequence[Fault], day: date) -> list[str]:
    """Return what to say of the faults, each once."""
    ids = [fault.agency_id for fault in found if fault.agency_id is not None]
    names: dict[int, str] = dict(session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids))).all())
    told = {"day": dmy(day)}
    said = [str(FAULT[fault.code]) % {**told, "agency": names.get(fault.agency_id or 0, "")} for fault in found]
    return list(dict.fromkeys(said))


def _chosen(plan: Reorganisation, from_id: int, to_id: int | None, **whose: int) -> dict[str, Any]:
    return {
        "reorganisation_id": plan.id, "assignment_id": None, "user_id": None, "from_agency_id": from_id,
        "to_agency_id": to_id, "outcome": CHOSEN, **whose,
    }  # fmt: skip


def _agency_of(session: Session, actor: User, heir: Heir, olds: Sequence[int], day: date, legal_basis: str) -> int:
    """Return the id of the heir, which is added to the register when it is new, at the level of the first predecessor."""
    if heir.agency_id is not None:
        return heir.agency_id
    name = heir.name or ""
    level = session.execute(select(Agency.level).where(Agency.id == olds[0])).scalar_one()
    made = add_agency(
        session, actor, code=_free_code(session, name), name=name, short_name=heir.short_name or name,
        aliases=[], kind=heir.kind or "", level=level, source_basis=legal_basis, official_code=None, note=None,
        valid_from=day, valid_to=None,
    )  # fmt: skip
    return made.id


def _free_code(session: Session, name: str) -> str:
    """Return a code from the name, "so-khoa-hoc", that no agency has."""
    stem = "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in fold(name)).split())[:50] or "co-quan"
    taken = set(session.scalars(select(Agency.code).where(Agency.code.startswith(stem, autoescape=True))))
    codes = (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3)))
    return next(code for code in codes if code not in taken)


def _lock(session: Session, parts: Sequence[Part]) -> None:
    """Let plans about the same agencies be made one after the other."""
    ids = {part.agency_id for part in parts}
    session.execute(select(Agency.id).where(Agency.id.in_(ids)).order_by(Agency.id).with_for_update())


def _check_free(session: Session, parts: Sequence[Part]) -> None:
    query = (
        select(Agency.name)
        .join(ReorganisationPart, ReorganisationPart.agency_id == Agency.id)
        .join(Reorganisation, Reorganisation.id == ReorganisationPart.reorganisation_id)
        .where(Reorganisation.state == PLANNED, Agency.id.in_({part.agency_id for part in parts}))
        .order_by(Agency.sort_key)
    )
    busy = list(dict.fromkeys(session.scalars(query)))
    if busy:
        names = ", ".join(busy)
        raise Refused(
            _("%(names)s đã nằm trong một phương án đang chờ; hãy thực hiện hoặc bỏ phương án đó trước.", names=names)
        )


def _log(session: Session, actor: User | None, verb: str, plan: Reorganisation) -> None:
    for agency_id in dict.fromkeys(part.agency_id for part in plan.parts):
        log(
            session, actor, verb, "agency", agency_id, agency_id=agency_id, reorganisation=plan.id, kind=plan.kind,
            took_effect_on=plan.took_effect_on.isoformat(), basis=plan.legal_basis,
            to=[part.successor_id for part in plan.parts if part.agency_id == agency_id],
        )  # fmt: skip
