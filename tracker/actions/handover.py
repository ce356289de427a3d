"""Giving over everything a person holds when he or she leaves, moves or takes other work: at once, with a record."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.clarity_flags import refresh_people_flags
from tracker.actions.event import log
from tracker.actions.person import ensure_of_agency, lock, put, told
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Assignment, Handover, HandoverItem, User
from tracker.queries import handover as handovers
from tracker.queries.handover import Held
from tracker.queries.person import HANDED
from tracker.rules.basis import Basis

Receivers = Mapping[str, User | None]
"""By the key of a line who takes it over; None: nobody yet, the agency's contacts are told until somebody is named."""


@dataclass(frozen=True)
class Grounds:
    """Why somebody gives his or her work over, and on what that rests."""

    reason: str
    basis: Basis


def hand_over(
    session: Session, actor: User, person: User, seen: int, receivers: Receivers, grounds: Grounds,
    contact: User | None = None,
) -> Handover:  # fmt: skip
    """Give over everything the person holds, line by line, and return the record. Receivers are told, once each.

    `seen` is queries.handover.version of what was on the page. `contact` becomes the agency's contact in the person's place.
    Raises Changed when the person holds something else by now: somebody handed over or named before. Refused for a receiver
    who is not an active one of the agency that holds the work, for the person, and when nothing is held.
    """
    session.execute(select(User.id).where(User.id == person.id).with_for_update(key_share=True))
    items = handovers.held(session, person.id, clock.today())
    if handovers.version(items) != seen or {item.key for item in items} != set(receivers):
        raise changed_meanwhile(person)
    if not items and contact is None:
        raise Refused(_("%(name)s không còn giữ việc nào để bàn giao.", name=person.name))
    record = _open_record(session, actor, person, items, grounds)
    assignments = {one.id: one for one in lock(session, {item.assignment_id for item in items})}
    for item in items:
        _give(session, actor, person, assignments[item.assignment_id], item, receivers[item.key], grounds, record)
    refresh_people_flags(session, {item.task_id for item in items})
    if contact is not None:
        _pass_contact(session, actor, person, contact)
    outbox.work_received(session, record.id, {who.id for who in receivers.values() if who is not None}, actor.id)
    return record


def changed_meanwhile(person: User) -> Changed:
    """Return what the second of two is told: the person holds something else than what was on the page."""
    return Changed(_("Công việc của %(name)s vừa thay đổi; xin xem lại danh sách rồi bàn giao.", name=person.name))


def _open_record(session: Session, actor: User, person: User, items: list[Held], grounds: Grounds) -> Handover:
    agency_id = person.agency_id or (items[0].agency_id if items else None)
    if agency_id is None:
        raise Refused(_("%(name)s không thuộc cơ quan nào nên không có gì để bàn giao.", name=person.name))
    record = Handover(
        person_id=person.id, agency_id=agency_id, on=clock.today(), reason=grounds.reason, basis=grounds.basis.text,
        made_by_id=actor.id, made_at=clock.now(),
    )  # fmt: skip
    session.add(record)
    session.flush()
    log(
        session, actor, "hand_over_all", "user", person.id, agency_id=agency_id, handover_id=record.id, works=len(items),
        reason=grounds.reason, basis=grounds.basis.text,
    )  # fmt: skip
    return record


def _give(
    session: Session, actor: User, person: User, assignment: Assignment, item: Held, to: User | None, grounds: Grounds,
    record: Handover,
) -> None:  # fmt: skip
    if to is not None:
        if to.id == person.id:
            raise Refused(_("Không thể bàn giao cho chính người bàn giao; hãy chọn người khác."))
        ensure_of_agency(session, assignment.agency_id, to)
    before = told(session, assignment, [item.part])
    held = before[item.part]
    if held is None or held["id"] != person.id:
        raise changed_meanwhile(person)
    put(assignment, item.part, to, grounds.basis)
    session.add(
        HandoverItem(
            handover_id=record.id, assignment_id=assignment.id, task_id=assignment.task_id, part=item.part,
            to_id=to and to.id, state=item.state, progress=item.progress,
        )
    )  # fmt: skip
    log(
        session, actor, HANDED, "assignment", assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id,
        handover_id=record.id, part=item.part, person=person.name, to=to.name if to else None, before=before,
        after=told(session, assignment, [item.part]), basis_kind=grounds.basis.kind, basis=grounds.basis.text,
    )  # fmt: skip


def _pass_contact(session: Session, actor: User, person: User, contact: User) -> None:
    if not contact.active or contact.agency_id != person.agency_id or contact.id == person.id:
        raise Refused(_("Đầu mối mới phải là người đang làm việc ở cơ quan; hãy chọn người khác."))
    for user, is_contact in ((person, False), (contact, True)):
        if user.is_contact != is_contact:
            log(
                session, actor, "edit_account", "user", user.id, agency_id=user.agency_id,
                changes={"is_contact": [user.is_contact, is_contact]},
            )  # fmt: skip
            user.is_contact = is_contact
