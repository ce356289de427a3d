"""What happened to one message: drawn up, tried, sent again by somebody, sent, arrived, replaced by another channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Event, Message, User

LONGEST_CHAIN = 10


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `what` created, resend, message_arrived, sent, delivered; `by` who did it, None the program."""

    at: datetime
    what: str
    by: str | None = None


def moments(session: Session, message: Message) -> list[Moment]:
    """Return what happened to the message, in order."""
    found = [Moment(message.created_at, "created")]
    events = (
        select(Event.at, Event.verb, User.name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.noun == "message", Event.noun_id == message.id)
    )
    found += [Moment(*row) for row in session.execute(events.order_by(Event.id))]
    found += [Moment(message.sent_at, "sent")] if message.sent_at else []
    found += [Moment(message.delivered_at, "delivered")] if message.delivered_at else []
    return sorted(found, key=lambda moment: moment.at)


def chain(session: Session, message: Message) -> Sequence[Message]:
    """Return the messages one after the other that took each other's place by another channel, this one among them; only
    this one when there was no other."""
    found = [message]
    while found[0].instead_of_id is not None and len(found) < LONGEST_CHAIN:
        found.insert(0, session.get_one(Message, found[0].instead_of_id))
    while len(found) < LONGEST_CHAIN:
        # By recipient: that is indexed, and a replacement goes to the same person.
        after = select(Message).where(
            Message.recipient_id == message.recipient_id, Message.instead_of_id == found[-1].id
        )
        replacement = session.scalars(after.order_by(Message.id)).first()
        if replacement is None:
            break
        found.append(replacement)
    return found
