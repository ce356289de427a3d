"""The day's reminders written down: one digest a person, the steps it carries, and why others were kept back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_into
from tracker.messages import reasons
from tracker.messages.outbox import REMINDER_DIGEST
from tracker.models import Message, Reminder, ReminderRun, ReminderSkip
from tracker.queries.reminder import Due, Plan, Skip
from tracker.rules.climb import Level
from tracker.rules.inhibition import Reason
from tracker.rules.reminder_policy import EMAIL, ZALO


def queue(
    session: Session, day: date, by_recipient: Mapping[int, Sequence[Due]], by_zalo: Collection[int] = ()
) -> int:  # fmt: skip
    """Queue one digest a person for `day` with everything that is due to be told; return how many reminders were new.

    Safe to call twice or from two workers at once. What cannot join today's digest because it has left is found again
    tomorrow; what waits in an older digest moves into this one. `by_zalo` are told there, the others by mail.
    """
    now = clock.now()
    rows = [_row(person, ZALO if person in by_zalo else EMAIL, day, now) for person in sorted(by_recipient)]
    if not rows:
        return 0
    build = insert_into(session)
    # A digest cancelled this morning (the person was away) is wanted again when there is something to say again.
    adding = build(Message.__table__)
    again = {"state": "queued", "reason": None, "not_before": now, "attempts": 0}
    session.execute(
        adding.on_conflict_do_update(index_elements=["key"], set_=again, where=Message.state == "cancelled"), rows
    )
    message_ids = _queued(session, [row["key"] for row in rows])
    reminders = [
        {"assignment_id": due.assignment_id, "effective_on": due.effective_on, "step": due.step.code,
         "level": due.level.value, "recipient_id": person, "message_id": message_ids[person], "day": day}
        for person, dues in sorted(by_recipient.items()) if person in message_ids for due in dues
    ]  # fmt: skip
    _merge_older(session, day, message_ids)
    if not reminders:
        return 0
    return _added(session, Reminder, reminders)


def by_mail_instead(session: Session, message_ids: Collection[int]) -> list[int]:
    """Queue a mail for each digest that could not go by its channel, and return their ids; the reminders go over to it.

    The mail's key names the message it replaces: called again it adds nothing.
    """
    old = select(Message).where(Message.id.in_(message_ids), Message.kind == REMINDER_DIGEST, Message.channel != EMAIL)
    made: list[int] = []
    for message in session.scalars(old.order_by(Message.id)).all():
        row = _row(message.recipient_id, EMAIL, message.day, clock.now())
        row |= {"key": f"{row['key']}:instead_of:{message.id}", "instead_of_id": message.id}
        adding = insert_into(session)(Message.__table__).values(row).on_conflict_do_nothing()
        new_id = session.execute(adding.returning(Message.id)).scalar_one_or_none()
        if new_id is not None:
            over = update(Reminder).where(Reminder.message_id == message.id).values(message_id=new_id)
            session.execute(over.execution_options(synchronize_session=False))
            made.append(new_id)
    return made


def note_skips(session: Session, day: date, skips: Iterable[Skip]) -> int:
    """Write down what is kept back and why, each step and level once a reason; return how many are new."""
    rows = [
        {"assignment_id": skip.assignment_id, "effective_on": skip.effective_on, "step": skip.step.code,
         "level": skip.level.value, "reason": skip.reason.value, "until_on": skip.until, "day": day}
        for skip in skips
    ]  # fmt: skip
    if not rows:
        return 0
    return _added(session, ReminderSkip, rows)


def nobody_told(plan: Plan) -> list[Skip]:
    """Return what nobody could be told of as what it is: steps kept back for want of a person. They count as unanswered."""
    return [
        Skip(due.assignment_id, due.agency_id, due.effective_on, due.step, Level.RESPONSIBLE, Reason.NOBODY)
        for dues in plan.unreachable.values() for due in dues
    ]  # fmt: skip


def note_run(session: Session, plan: Plan, told: int = 0, skipped: int = 0) -> None:
    """Write down that the day was looked at, and what for; the repeats of a day add up.

    In the transaction that writes what is counted. A reminder taken back before it left, and told after all, counts twice.
    """
    now = clock.now()
    last = {"looked_at": now, "examined": plan.examined, "unreachable": sum(map(len, plan.unreachable.values()))}
    adding = insert_into(session)(ReminderRun.__table__).values(
        day=plan.day, began_at=now, told=told, skipped=skipped, **last
    )
    more = {"told": ReminderRun.told + told, "skipped": ReminderRun.skipped + skipped}
    session.execute(adding.on_conflict_do_update(index_elements=["day"], set_={**last, **more}))


def _added(session: Session, table: Any, rows: list[dict[str, Any]]) -> int:
    """Write the rows that are not there yet, and return how many."""
    adding = insert_into(session)(table.__table__).on_conflict_do_nothing()
    return session.connection().execute(adding.execution_options(preserve_rowcount=True), rows).rowcount


def _row(person: int, channel: str, day: date, now: datetime) -> dict[str, Any]:
    return {
        "kind": REMINDER_DIGEST, "channel": channel, "recipient_id": person, "day": day,
        "key": f"{REMINDER_DIGEST}:{person}:{channel}:{day.isoformat()}", "facts": {}, "state": "queued", "attempts": 0,
        "not_before": now, "created_at": now,
    }  # fmt: skip


def _queued(session: Session, keys: Sequence[str]) -> dict[int, int]:
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
