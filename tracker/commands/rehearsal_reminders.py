"""The reminders of the rehearsal world's last weeks: drawn up day by day by the engine, noted as they would have left."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import letter
from tracker.commands.rehearsal_stage import Step
from tracker.messages import digest
from tracker.messages.draft import Drafts
from tracker.messages.outbox import REMINDER_DIGEST
from tracker.models import Message
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar

BEFORE = -1  # in the morning, before what people do that day
AT = time(8, 5)


def mornings(session: Session, since: date, until: date) -> Iterator[Step]:
    """Yield the reminders of every working day, both included, as (day, order, act)."""
    calendar, day = work_calendar(session), since
    while day <= until:
        if calendar.is_working(day):
            yield day, BEFORE, lambda: _morning(session)
        day += timedelta(days=1)


def _morning(session: Session) -> None:
    """Draw up today's reminders as jobs.reminders does, and note the digests as sent."""
    plan = reminder.plan(session, clock.today())
    told = digest.queue(session, plan.day, plan.by_recipient)
    skipped = digest.note_skips(session, plan.day, [*plan.skipped, *digest.nobody_told(plan)])
    letter.draft_due(session, plan.letters, plan.day)
    digest.note_run(session, plan, told, skipped)
    session.flush()
    queued = select(Message).where(Message.kind == REMINDER_DIGEST, Message.state == "queued")
    _note_sent(session, session.scalars(queued.order_by(Message.id)).all())


def _note_sent(session: Session, messages: Collection[Message]) -> None:
    drafts = Drafts(session, list(messages))
    at = clock.local(clock.now()).replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    for message in messages:
        draft = drafts.of(message)
        if draft.words is None:
            message.state, message.reason = "cancelled", draft.reason
            continue
        message.state, message.sent_at, message.address = "sent", at, draft.address
        message.created_at = message.not_before = _a_little_before(at)
        message.subject, message.body, message.body_html = draft.words.subject, draft.words.text, draft.words.html
    session.flush()


def _a_little_before(at: datetime) -> datetime:
    return at - timedelta(minutes=5)
