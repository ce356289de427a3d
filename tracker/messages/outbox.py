"""One function per message: who gets it, and the row that makes it happen once. Queued in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_into
from tracker.messages import reasons
from tracker.models import (
    Assignment,
    AssignmentPeriod,
    Direction,
    Extension,
    Message,
    Obstacle,
    ObstacleStep,
    ProgressReport,
    Reminder,
    User,
)
from tracker.queries.acting import stand_ins
from tracker.queries.recipient import Responsible, monitors, recipients, standing_bodies
from tracker.queries.reminder import Due
from tracker.rules.acting import present
from tracker.rules.obstacle import Level

REMINDER_DIGEST = "reminder_digest"
RESULT_RETURNED = "result_returned"
RESULT_CONFIRMED = "result_confirmed"
RESULT_PROPOSED = "result_proposed"
APPROVAL_ASKED = "approval_asked"
APPROVAL_DECLINED = "approval_declined"
STATE_CHANGED = "state_changed"
OBSTACLE_RAISED = "obstacle_raised"
OBSTACLE_ESCALATED = "obstacle_escalated"
OBSTACLE_ANSWERED = "obstacle_answered"
DIRECTION_GIVEN = "direction_given"
EXTENSION_ASKED = "extension_asked"
EXTENSION_DECIDED = "extension_decided"
PERSON_NAMED = "person_named"
WORK_RECEIVED = "work_received"
ACTING_APPOINTED = "acting_appointed"
EMAIL = "email"
ABSENT = "absent"  # in the facts of a message to a stand-in: for whom


def reminder_digest(session: Session, day: date, by_recipient: Mapping[int, Sequence[Due]]) -> int:
    """Queue one digest a person for `day` with everything that is due to be told; return how many reminders were new.

    Safe to call twice or from two workers at once. What cannot join today's digest because it has left is found again
    tomorrow; what waits in an older digest moves into this one.
    """
    now = clock.now()
    rows = [_digest_row(person, day, now) for person in sorted(by_recipient)]
    if not rows:
        return 0
    build = insert_into(session)
    # A digest cancelled this morning (the person was away) is wanted again when there is something to say again.
    adding = build(Message.__table__)
    again = {"state": "queued", "reason": None, "not_before": now, "attempts": 0}
    session.execute(
        adding.on_conflict_do_update(index_elements=["key"], set_=again, where=Message.state == "cancelled"), rows
    )
    message_ids = _queued_digests(session, [row["key"] for row in rows])
    reminders = [
        {"assignment_id": due.assignment_id, "effective_on": due.effective_on, "step": due.step.code,
         "recipient_id": person, "message_id": message_ids[person], "day": day}
        for person, dues in sorted(by_recipient.items()) if person in message_ids for due in dues
    ]  # fmt: skip
    _merge_older(session, day, message_ids)
    if not reminders:
        return 0
    session.execute(build(Reminder.__table__).on_conflict_do_nothing(), reminders)
    return len(reminders)


def result_returned(session: Session, report: ProgressReport) -> None:
    """Tell the agency that the Office returned its result, with the reason; never the person who returned it."""
    tell(session, RESULT_RETURNED, "report", report.id, _people_of_report(session, report), report.decided_by_id)


def result_confirmed(session: Session, report: ProgressReport) -> None:
    """Tell the agency that the Office confirmed its result; never the person who confirmed it."""
    tell(session, RESULT_CONFIRMED, "report", report.id, _people_of_report(session, report), report.decided_by_id)


def result_proposed(session: Session, report: ProgressReport) -> None:
    """Tell the Office's monitors that a result waits for their decision; never the person who proposed it."""
    tell(session, RESULT_PROPOSED, "report", report.id, monitors(session), report.author_id)


def approval_asked(session: Session, report: ProgressReport, heads: Collection[int]) -> None:
    """Tell the heads of the agency that a result waits for their approval; never the person who proposed it."""
    tell(session, APPROVAL_ASKED, "report", report.id, heads, report.author_id)


def approval_declined(session: Session, report: ProgressReport) -> None:
    """Tell who proposed the result that the agency's head did not approve it, with the reason."""
    tell(session, APPROVAL_DECLINED, "report", report.id, (report.author_id,), report.decided_by_id)


def state_changed(session: Session, period: AssignmentPeriod, actor_id: int) -> None:
    """Tell the agency that the Office holds its work, lets it go on, drops it, takes it up or opens it again, and why."""
    people = people_of(session, period.assignment_id, period.agency_id)
    tell(session, STATE_CHANGED, "period", period.id, people, actor_id)


def direction_given(session: Session, direction: Direction) -> None:
    """Tell each agency the direction is addressed to, with a message of its own; never the leader who gave it."""
    for receipt in direction.receipts:
        people = people_of(session, receipt.assignment_id, receipt.agency_id)
        tell(session, DIRECTION_GIVEN, "receipt", receipt.id, people, direction.given_by_id)


def obstacle_raised(session: Session, obstacle: Obstacle, step: ObstacleStep) -> None:
    """Tell those at the level that an obstacle waits for their answer, the first time or again; never who raised it."""
    people = standing_bodies(session) if obstacle.level == Level.STANDING_BODY else monitors(session)
    tell(session, OBSTACLE_RAISED, "obstacle_step", step.id, people, step.actor_id)


def obstacle_escalated(session: Session, step: ObstacleStep) -> None:
    """Tell the Office's monitors that the standing body handed an obstacle up to the province."""
    tell(session, OBSTACLE_ESCALATED, "obstacle_step", step.id, monitors(session), step.actor_id)


def obstacle_answered(session: Session, obstacle: Obstacle, step: ObstacleStep) -> None:
    """Tell whoever holds the work that its obstacle is answered or decided; never who answered."""
    holder = session.execute(select(Assignment.agency_id).where(Assignment.id == obstacle.assignment_id)).scalar_one()
    people = people_of(session, obstacle.assignment_id, holder, otherwise=obstacle.raised_by_id)
    tell(session, OBSTACLE_ANSWERED, "obstacle_step", step.id, people, step.actor_id)


def extension_asked(session: Session, extension: Extension) -> None:
    """Tell the Office's monitors that an agency asks for more time; never the person who asked."""
    tell(session, EXTENSION_ASKED, "extension", extension.id, monitors(session), extension.asked_by_id)


def extension_decided(session: Session, extension: Extension) -> None:
    """Tell whoever holds the work now what was decided on its request for more time; never the person who decided."""
    holder = session.execute(select(Assignment.agency_id).where(Assignment.id == extension.assignment_id)).scalar_one()
    people = people_of(session, extension.assignment_id, holder, otherwise=extension.asked_by_id)
    tell(session, EXTENSION_DECIDED, "extension", extension.id, people, extension.decided_by_id)


def _people_of_report(session: Session, report: ProgressReport) -> Collection[int]:
    return people_of(session, report.assignment_id, report.agency_id, otherwise=report.author_id)


def people_of(session: Session, assignment_id: int, agency_id: int, otherwise: int | None = None) -> Collection[int]:
    """Return whose business an assignment is: the responsible person, else the contacts, else `otherwise` (who wrote).

    Whoever of them is away is among them: tell() finds the stand-in, and keeps on whose behalf the message is.
    """
    query = (
        select(User.id, User.active, User.agency_id)
        .join(Assignment, Assignment.responsible_id == User.id)
        .where(Assignment.id == assignment_id)
    )
    row = session.execute(query).one_or_none()
    people = recipients(session, clock.today(), [agency_id])
    return people.named(agency_id, Responsible(*row) if row else None) or ((otherwise,) if otherwise else ())


def tell(session: Session, kind: str, noun: str, row_id: int, people: Iterable[int], actor_id: int | None) -> None:
    """Queue a notice about one row (tracker.messages.notices) to each of the people, once, and never to who caused it.

    Whoever is away is told through the one who stands in, once for all of them.
    """
    facts = {f"{noun}_id": row_id}
    rows = [
        _row(kind, f"{row_id}:{person}", person, {**facts, ABSENT: absent} if absent else facts)
        for person, absent in _there(session, set(people) - {actor_id}).items() if person != actor_id
    ]  # fmt: skip
    _queue(session, rows)


def pass_on(session: Session, kind: str, facts: Mapping[str, Any], people: Iterable[int]) -> None:
    """Queue the notice of a message that does not leave, because its recipient is away or gone, to those it belongs to now."""
    noun, row_id = next((name.removesuffix("_id"), number) for name, number in facts.items() if name.endswith("_id"))
    tell(session, kind, noun, row_id, people, None)


def person_named(session: Session, person_id: int, assignment_ids: Collection[int], actor_id: int) -> None:
    """Tell a person, never of what he or she did alone, for which assignments he or she is named: one message for all, which
    takes along what an earlier one that has not left would have said."""
    for told, absent in _there(session, {person_id} - {actor_id}).items():
        query = select(Message).where(
            Message.kind == PERSON_NAMED, Message.recipient_id == told, Message.state == "queued"
        )
        waiting = [row for row in session.scalars(query.with_for_update()) if row.facts.get(ABSENT, []) == absent]
        if waiting:
            numbers = {*waiting[0].facts["assignment_ids"], *assignment_ids}
            waiting[0].facts = {**waiting[0].facts, "assignment_ids": sorted(numbers)}
        else:
            facts = {"assignment_ids": sorted(assignment_ids), **({ABSENT: absent} if absent else {})}
            _queue(session, [_row(PERSON_NAMED, uuid4().hex, told, facts)])


def work_received(session: Session, handover_id: int, people: Iterable[int], actor_id: int) -> None:
    """Tell everybody who receives something of a hand-over, once each; never who made it."""
    tell(session, WORK_RECEIVED, "handover", handover_id, people, actor_id)


def acting_appointed(session: Session, acting_id: int, stand_in_id: int, actor_id: int) -> None:
    """Tell the person who is to stand in for whom and when; never who appointed."""
    tell(session, ACTING_APPOINTED, "acting", acting_id, [stand_in_id], actor_id)


def _there(session: Session, people: Iterable[int]) -> dict[int, list[int]]:
    """Return who is there, and for which absent people each is told; none when told in his or her own right."""
    wanted, away = sorted(people), stand_ins(session, clock.today())
    found: dict[int, list[int]] = {}
    for person in wanted:
        found.setdefault(present(away, person), []).append(person)
    return {person: [] if person in named else named for person, named in sorted(found.items())}


def _queue(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows; what was queued is not queued again, what was cancelled meanwhile is wanted again."""
    if not rows:
        return
    adding = insert_into(session)(Message.__table__)
    again = {name: adding.excluded[name] for name in ("facts", "state", "reason", "attempts", "not_before")}
    session.execute(
        adding.on_conflict_do_update(index_elements=["key"], set_=again, where=Message.state == "cancelled"), list(rows)
    )


def _row(kind: str, key: str, person: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    now = clock.now()
    return {
        "kind": kind, "channel": EMAIL, "recipient_id": person, "day": clock.today(), "key": f"{kind}:{key}:{EMAIL}",
        "facts": dict(facts), "state": "queued", "reason": None, "attempts": 0, "not_before": now, "created_at": now,
    }  # fmt: skip


def _digest_row(person: int, day: date, now: Any) -> dict[str, Any]:
    return {
        "kind": REMINDER_DIGEST, "channel": EMAIL, "recipient_id": person, "day": day,
        "key": f"{REMINDER_DIGEST}:{person}:{EMAIL}:{day.isoformat()}", "facts": {}, "state": "queued", "attempts": 0,
        "not_before": now, "created_at": now,
    }  # fmt: skip


def _queued_digests(session: Session, keys: Sequence[str]) -> dict[int, int]:
    """Return by recipient the day's digest that has not left; on PostgreSQL the lock keeps a sender off until we commit."""
    query = select(Message.recipient_id, Message.id).where(Message.key.in_(keys), Message.state == "queued")
    return dict(session.execute(query.order_by(Message.id).with_for_update()).all())


def _merge_older(session: Session, day: date, message_ids: Mapping[int, int]) -> None:
    older = (
        update(Message)
        .where(
            Message.kind == REMINDER_DIGEST, Message.state == "queued", Message.day < day,
            Message.recipient_id.in_(message_ids),
        )
        .values(state="cancelled", reason=reasons.MERGED)
        .returning(Message.id, Message.recipient_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    for old_id, person in session.execute(older).all():
        session.execute(
            update(Reminder)
            .where(Reminder.message_id == old_id)
            .values(message_id=message_ids[person])
            .execution_options(synchronize_session=False)
        )
