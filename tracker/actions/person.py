"""Who answers for an assignment ("rõ người"): the responsible person and the head, named, changed or cleared on a stated basis."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.clarity_flags import refresh_people_flags
from tracker.actions.event import log
from tracker.actions.standing import current_assignment
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Assignment, User
from tracker.queries import person as people
from tracker.queries.person import HEAD, NAMED, PARTS, RESPONSIBLE
from tracker.queries.recipient import heirs, successors_on
from tracker.rules.basis import Basis
from tracker.rules.timeliness import CLOSED
from tracker.words import WORK_STATE

Wanted = Mapping[str, User | None]
"""By part (responsible, head) who is to be named, None to name nobody; a part that is missing stays as it is."""


def name_people(
    session: Session, actor: User, assignment: Assignment, seen: int, responsible: User | None, head: User | None,
    basis: Basis,
) -> None:  # fmt: skip
    """Name, change or clear the responsible person and the head of one assignment. The basis is written for whom it changes;
    when it changes nobody, for everybody named: a proposal becomes an order.

    `seen` is the last event about the assignment's people (queries.person.last_named). Raises Changed when there is a later
    one; Refused for a person who is not an active one of the agency that holds the work (or of its successor), for work that
    is closed, and when nobody is or was named.
    """
    wanted = {RESPONSIBLE: responsible, HEAD: head}
    if name_people_of(session, actor, {assignment.id: seen}, wanted, basis) == 0:
        raise Refused(_("Phần việc chưa nêu ai và cũng chưa chọn ai; hãy chọn ít nhất một người."))


def name_people_of(session: Session, actor: User, seen: Mapping[int, int], wanted: Wanted, basis: Basis) -> int:
    """Name the same people for every assignment of `seen` (by id the last event seen); return for how many something changed.

    Everything or nothing: raises as name_people does. Whoever is named new hears of all of them in one message.
    """
    assignments = lock(session, seen)
    latest = people.last_named(session, seen)
    if any(latest[number] != seen[number] for number in seen) or len(assignments) != len(seen):
        raise Changed(
            _(
                "Người phụ trách vừa được người khác ghi lại. Nội dung bạn chọn vẫn còn bên dưới; xem lại rồi gửi nếu cần."
            )
        )
    new: dict[int, list[int]] = {}
    changed = [one for one in assignments if _name(session, actor, one, wanted, basis, new)]
    refresh_people_flags(session, {one.task_id for one in changed})
    for person_id, numbers in sorted(new.items()):
        outbox.person_named(session, person_id, numbers, actor.id)
    return len(changed)


def lock(session: Session, assignment_ids: Collection[int]) -> list[Assignment]:
    """Return the assignments, each held until the commit: whoever comes second waits, then sees what the first did."""
    query = select(Assignment).where(Assignment.id.in_(assignment_ids)).order_by(Assignment.id)
    return list(session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)))


def ensure_of_agency(session: Session, agency_id: int, person: User) -> None:
    """Raise Refused unless the person is an active one of the agency or of whoever took its work over."""
    if not person.active:
        raise Refused(_("Tài khoản %(name)s đã ngừng; hãy chọn người khác.", name=person.name))
    if person.agency_id not in heirs(agency_id, successors_on(session, clock.today())):
        raise Refused(
            _("%(name)s không thuộc cơ quan giữ phần việc này; hãy chọn người của cơ quan.", name=person.name)
        )


def put(assignment: Assignment, part: str, person: User | None, basis: Basis) -> None:
    """Write one part down; whom nobody names rests on nothing."""
    setattr(assignment, f"{part}_id", person and person.id)
    setattr(assignment, f"{part}_basis_kind", basis.kind if person else None)
    setattr(assignment, f"{part}_basis", basis.text if person else None)


def told(session: Session, assignment: Assignment, parts: Collection[str]) -> dict[str, Any]:
    """Return who stands in the parts and on what basis, the way an event keeps it: later accounts may be called otherwise."""
    ids = {part: getattr(assignment, f"{part}_id") for part in parts}
    names = people.names(session, {number for number in ids.values() if number})
    return {
        part: {
            "id": number, "name": names[number], "basis_kind": getattr(assignment, f"{part}_basis_kind"),
            "basis": getattr(assignment, f"{part}_basis"),
        } if number else None
        for part, number in ids.items()
    }  # fmt: skip


def _name(
    session: Session, actor: User, assignment: Assignment, wanted: Wanted, basis: Basis, new: dict[int, list[int]]
) -> bool:
    """Write one assignment's people; collect in `new` who was not named before; return whether anything is different."""
    _check(session, assignment, wanted)
    parts = [part for part in PARTS if part in wanted and getattr(assignment, f"{part}_id") != _id(wanted[part])]
    fresh = {_id(wanted[part]) for part in parts} - {None}
    parts = parts or [part for part in PARTS if part in wanted and wanted[part] is not None]
    if not parts:
        return False
    before = told(session, assignment, parts)
    for part in parts:
        put(assignment, part, wanted[part], basis)
    after = told(session, assignment, parts)
    if before == after:
        return True
    stated = {"basis_kind": basis.kind, "basis": basis.text} if any(after.values()) else {}
    log(
        session, actor, NAMED, "assignment", assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id,
        before=before, after=after, **stated,
    )  # fmt: skip
    for person_id in fresh:
        new.setdefault(person_id, []).append(assignment.id)
    return True


def _check(session: Session, assignment: Assignment, wanted: Wanted) -> None:
    state = current_assignment(session, assignment.id).state
    if state in CLOSED or assignment.merged_into_id is not None:
        raise Refused(_("Phần việc đã khép lại (%(state)s); người phụ trách được giữ như cũ.", state=WORK_STATE[state]))
    for person in wanted.values():
        if person is not None:
            ensure_of_agency(session, assignment.agency_id, person)


def _id(person: User | None) -> Any:
    return person.id if person else None
