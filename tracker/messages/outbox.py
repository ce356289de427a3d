"""One function per message: who gets it, and the row that makes it happen once. Queued in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_into
from tracker.messages import reasons
from tracker.models import Assignment, Message, ProgressReport, Reminder, User
from tracker.queries.recipient import Responsible, monitors, recipients
from tracker.queries.reminder import Due

REMINDER_DIGEST = "reminder_digest"
RESULT_RETURNED = "result_returned"
RESULT_CONFIRMED = "result_confirmed"
RESULT_PROPOSED = "result_proposed"
EMAIL = "email"


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


def _people_of_report(session: Session, report: ProgressReport) -> Collection[int]:
    return people_of(session, report.assignment_id, report.agency_id, otherwise=report.author_id)


def people_of(session: Session, assignment_id: int, agency_id: int, otherwise: int | None = None) -> Collection[int]:
    """Return whom to tell of an assignment: the responsible person, else the contacts, else `otherwise` (who wrote)."""
    query = (
        select(User.id, User.active, User.agency_id)
        .join(Assignment, Assignment.responsible_id == User.id)
        .where(Assignment.id == assignment_id)
    )
    row = session.execute(query).one_or_none()
    people = recipients(session, clock.today(), [agency_id])
    return people.of(agency_id, Responsible(*row) if row else None) or ((otherwise,) if otherwise else ())


def tell(session: Session, kind: str, noun: str, row_id: int, people: Iterable[int], actor_id: int | None) -> None:
    """Queue a notice about one row (tracker.messages.notices) to each of the people, once, and never to who caused it."""
    now, day = clock.now(), clock.today()
    rows = [
        {"kind": kind, "channel": EMAIL, "recipient_id": person, "day": day, "key": f"{kind}:{row_id}:{person}:{EMAIL}",
         "facts": {f"{noun}_id": row_id}, "state": "queued", "attempts": 0, "not_before": now, "created_at": now}
        for person in sorted(set(people)) if person != actor_id
    ]  # fmt: skip
    if rows:
        session.execute(insert_into(session)(Message.__table__).on_conflict_do_nothing(index_elements=["key"]), rows)


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
