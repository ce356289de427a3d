"""Carrying a reorganisation out: from now on the successor holds the open work of its predecessors.

By operation of law (Nghị quyết 190/2025/QH15, Điều 10). The names stay as the documents wrote them (Assignment.named_agency_id),
past days show who held the work then, and finished work stays where it was done. One transaction, whatever the number.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.agency import refresh_labels
from tracker.actions.clarity_flags import refresh_people_flags
from tracker.actions.event import log
from tracker.actions.extension import lapse
from tracker.actions.reorganisation import APPLIED, check, choose, close
from tracker.actions.standing import AT_ONCE, Step, move_many, refresh_task
from tracker.database import insert_into
from tracker.errors import Changed, Refused
from tracker.models import (
    Agency,
    AgencyGroupMember,
    Assignment,
    DirectionReceipt,
    Extension,
    Obstacle,
    Occurrence,
    Reorganisation,
    ReorganisationMove,
    Succession,
    TaskItem,
    User,
)
from tracker.queries.person import RELEASED
from tracker.queries.reorganisation_outcome import CHOSEN, Choices, Outcome, Work, outcome
from tracker.rules.reorganisation import LEFT, MERGED, MOVED, TRANSFER, Part
from tracker.words.days import dmy

# What waits for an answer follows the work, so that the successor sees it and can act on it.
AWAITED: tuple[tuple[Any, Any], ...] = (
    (Extension, Extension.state == "waiting"),
    (Obstacle, Obstacle.state != "closed"),
    (DirectionReceipt, DirectionReceipt.acknowledged_at.is_(None)),
    (Occurrence, Occurrence.state == "open"),
)


def apply(
    session: Session, actor: User | None, plan: Reorganisation, seen: str, choices: Choices | None = None
) -> Outcome:
    """Carry the plan out and return what was done; `choices` are kept first. `actor` None is the system, on the plan's day.

    Raises Changed when anything is different from what was `seen` (Outcome.seen) or somebody reports meanwhile, Refused before
    its day, for a plan that cannot stand any more, and while a choice is missing. Then nothing has moved.
    """
    if choices is not None:
        choose(session, plan, choices)
    if plan.took_effect_on > clock.today():
        day = dmy(plan.took_effect_on)
        raise Refused(_("Phương án có hiệu lực từ %(day)s; đến ngày đó mới thực hiện được.", day=day))
    check(session, plan.kind, [Part(p.agency_id, p.successor_id, p.scope) for p in plan.parts], plan.took_effect_on)
    found = outcome(session, plan)
    if found.seen != seen:
        raise Changed(
            _("Công việc hoặc nhân sự của cơ quan vừa thay đổi; hãy xem lại bản chạy thử bên dưới rồi thực hiện.")
        )
    if found.undecided:
        raise Refused(_("Còn %(n)s phần việc hoặc người chưa chọn cơ quan kế thừa; hãy chọn đủ.", n=found.undecided))
    close(session, plan, APPLIED, applied_by_id=actor.id if actor else None, applied_at=clock.now())
    _move_work(session, actor, plan, found)
    _move_people(session, actor, plan, found)
    _move_items(session, found)
    _release(session, actor, found)
    _end_agencies(session, actor, plan, found)
    _finish(session, plan, found)
    return found


def _move_work(session: Session, actor: User | None, plan: Reorganisation, found: Outcome) -> None:
    moved = [work for work in found.work if work.outcome == MOVED]
    merged = [work for work in found.work if work.outcome == MERGED]
    steps = [Step(work.period_id, {"agency_id": work.to_id}) for work in moved]
    move_many(session, [*steps, *(Step(work.period_id, {}, "merge") for work in merged)])
    for to_id, ids in _by_heir(moved):
        for some in _chunks(ids):
            _write(session, Assignment, Assignment.id.in_(some), agency_id=to_id)
            for model, waits in AWAITED:
                _write(session, model, waits & model.assignment_id.in_(some), agency_id=to_id)
    _merge(session, merged, found)
    for some in _chunks([work.assignment_id for work in merged]):
        lapse(session, actor, some, dropped=True)
    for task_id in sorted({work.task_id for work in merged if work.role == "lead"}):
        refresh_task(session, task_id)
    session.expire_all()
    for work in (*moved, *merged):
        log(
            session, actor, "succeed" if work.outcome == MOVED else "merge_assignment", "assignment", work.assignment_id,
            task_id=work.task_id, agency_id=work.to_id, before=found.names[work.from_id], after=found.names[work.to_id or 0],
            reorganisation=plan.id, basis=plan.legal_basis, into=work.into_id,
        )  # fmt: skip


def _merge(session: Session, merged: list[Work], found: Outcome) -> None:
    """Let the successors' own assignments answer for these too, and for those merged into these before."""
    into = {work.assignment_id: work.into_id for work in merged}
    heirs = {work.assignment_id: found.names[work.to_id or 0] for work in merged}
    for some in _chunks(list(into)):
        before = session.execute(
            select(Assignment.id, Assignment.merged_into_id).where(Assignment.merged_into_id.in_(some))
        ).all()
        rows = [(id, into[id]) for id in some] + [(row.id, into[row.merged_into_id]) for row in before]
        session.execute(update(Assignment), [{"id": id, "merged_into_id": to} for id, to in rows])
        still = select(Occurrence.id, Occurrence.assignment_id).where(
            Occurrence.assignment_id.in_(some), Occurrence.state == "open"
        )
        for row in session.execute(still).all():
            reason = _("Nhập vào phần việc của %(agency)s", agency=heirs[row.assignment_id])
            _write(
                session, Occurrence, Occurrence.id == row.id, state="skipped", closed_on=clock.today(), reason=reason
            )


def _move_people(session: Session, actor: User | None, plan: Reorganisation, found: Outcome) -> None:
    """Give the accounts their new agency; who is signed in stays signed in."""
    for person in found.people:
        if person.to_id is not None:
            _write(session, User, User.id == person.user_id, agency_id=person.to_id)
            log(
                session, actor, "move_account", "user", person.user_id, agency_id=person.to_id,
                before=found.names[person.from_id], after=found.names[person.to_id], reorganisation=plan.id,
                basis=plan.legal_basis,
            )  # fmt: skip


def _move_items(session: Session, found: Outcome) -> None:
    for item in found.items:
        if item.to_id is not None:
            _write(
                session,
                TaskItem,
                TaskItem.id == item.item_id,
                agency_id=item.to_id,
                version=TaskItem.version + 1,
                edited=True,
            )


def _release(session: Session, actor: User | None, found: Outcome) -> None:
    """Take off the moved work who did not go along: nobody answers for what another agency holds."""
    moved = [work.assignment_id for work in found.work if work.outcome == MOVED]
    for part in ("responsible", "head"):
        column = getattr(Assignment, f"{part}_id")
        for some in _chunks(moved):
            query = (
                select(
                    Assignment.id, Assignment.task_id, Assignment.agency_id, User.name, column.label("person_id"),
                    getattr(Assignment, f"{part}_basis_kind").label("basis_kind"),
                    getattr(Assignment, f"{part}_basis").label("basis"),
                )
                .join(User, User.id == column)
                .where(Assignment.id.in_(some), User.agency_id.is_distinct_from(Assignment.agency_id))
            )  # fmt: skip
            gone = session.execute(query).all()
            nobody = dict.fromkeys((f"{part}_id", f"{part}_basis_kind", f"{part}_basis"))
            _write(session, Assignment, Assignment.id.in_([row.id for row in gone]), **nobody)
            for row in gone:
                before = {"id": row.person_id, "name": row.name, "basis_kind": row.basis_kind, "basis": row.basis}
                log(
                    session, actor, RELEASED, "assignment", row.id, task_id=row.task_id, agency_id=row.agency_id,
                    person=row.name, before={part: before}, after={part: None},
                )  # fmt: skip


def _end_agencies(session: Session, actor: User | None, plan: Reorganisation, found: Outcome) -> None:
    """Write down who follows whom, the last day of the old ones, and that groups address the new ones from then on."""
    _inherit_groups(session, plan)
    for part in plan.parts:
        if part.successor_id is not None:
            row = insert_into(session)(Succession).values(
                agency_id=part.agency_id, successor_id=part.successor_id, took_effect_on=plan.took_effect_on,
                scope=part.scope, legal_basis=plan.legal_basis, verified=True, note=plan.note,
            )  # fmt: skip
            session.execute(row.on_conflict_do_nothing())
    if plan.kind != TRANSFER:
        ending = Agency.id.in_(list(found.options)) & Agency.valid_to.is_distinct_from(plan.took_effect_on)
        earlier = Agency.valid_to.is_(None) | (Agency.valid_to > plan.took_effect_on)
        _write(session, Agency, ending & earlier, valid_to=plan.took_effect_on, edited=True)
    for agency_id in found.options:
        told = {
            what: sum(w.outcome == what and w.from_id == agency_id for w in found.work)
            for what in (MOVED, MERGED, LEFT)
        }
        heirs = [found.names[part.successor_id] for part in found.options[agency_id] if part.successor_id]
        log(
            session, actor, "reorganise", "agency", agency_id, agency_id=agency_id, reorganisation=plan.id, kind=plan.kind,
            took_effect_on=plan.took_effect_on.isoformat(), basis=plan.legal_basis, to=heirs, **told,
        )  # fmt: skip
    for heir in dict.fromkeys(part.successor_id for part in plan.parts if part.successor_id is not None):
        olds = [found.names[part.agency_id] for part in plan.parts if part.successor_id == heir]
        log(
            session, actor, "inherit", "agency", heir, agency_id=heir, reorganisation=plan.id, before=olds,
            took_effect_on=plan.took_effect_on.isoformat(), basis=plan.legal_basis,
        )  # fmt: skip


def _inherit_groups(session: Session, plan: Reorganisation) -> None:
    for part in plan.parts:
        if part.successor_id is None:
            continue
        member = select(AgencyGroupMember.group_id).where(AgencyGroupMember.agency_id == part.agency_id)
        for group_id in session.scalars(member).all():
            row = insert_into(session)(AgencyGroupMember).values(
                group_id=group_id, agency_id=part.successor_id, inherited_on=plan.took_effect_on
            )
            session.execute(row.on_conflict_do_nothing())


def _finish(session: Session, plan: Reorganisation, found: Outcome) -> None:
    """Write the record of what went where, and what lists show of it."""
    tasks = {work.task_id for work in found.work if work.outcome != LEFT}
    chosen = (ReorganisationMove.reorganisation_id == plan.id) & (ReorganisationMove.outcome == CHOSEN)
    session.execute(delete(ReorganisationMove).where(chosen).execution_options(synchronize_session=False))
    rows: list[dict[str, Any]] = [
        {"assignment_id": work.assignment_id, "user_id": None, "from_agency_id": work.from_id,
         "to_agency_id": work.to_id, "outcome": work.outcome} for work in found.work
    ]  # fmt: skip
    rows += [
        {"assignment_id": None, "user_id": person.user_id, "from_agency_id": person.from_id,
         "to_agency_id": person.to_id, "outcome": MOVED if person.to_id else LEFT} for person in found.people
    ]  # fmt: skip
    if rows:
        session.execute(insert(ReorganisationMove), [{"reorganisation_id": plan.id, **row} for row in rows])
    session.expire_all()
    refresh_labels(session, tasks)
    refresh_people_flags(session, tasks)


def _write(session: Session, model: Any, condition: Any, **values: Any) -> None:
    session.execute(update(model).where(condition).values(**values).execution_options(synchronize_session=False))


def _by_heir(moved: Iterable[Work]) -> list[tuple[int, list[int]]]:
    found: dict[int, list[int]] = {}
    for work in moved:
        found.setdefault(work.to_id or 0, []).append(work.assignment_id)
    return sorted(found.items())


def _chunks(ids: Sequence[int]) -> list[list[int]]:
    wanted = sorted(ids)
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
