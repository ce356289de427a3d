"""Letters that came back: the message, its recipient's address and the administrators learn of it. A repeat changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import contact
from tracker.actions.message import SILENT
from tracker.messages import reasons
from tracker.messages.bounces import Bounce
from tracker.messages.mime import is_ours
from tracker.models import Message
from tracker.rules.mail_status import dead_for_good
from tracker.rules.reminder_policy import EMAIL

SKEW = timedelta(hours=1)
"""By so much the clocks of two mail servers may differ: a report of an earlier sending of the same letter is not of this one."""


class Outcome(StrEnum):
    """What became of one report."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    KNOWN = "known"  # nothing is new: a repeat, or of an earlier sending
    EARLY = "early"  # a letter of ours that is not written down as sent yet
    FOREIGN = "foreign"  # a letter we never wrote
    FORGED = "forged"  # a letter of ours, and an address it did not go to


def take(session: Session, settings: Mapping[str, Any], bounce: Bounce) -> Outcome:
    """Write down what the report says, if it is of a letter of ours to that very address. `settings`: the configuration."""
    query = select(Message.id, Message.recipient_id, Message.address, Message.sent_at, Message.channel)
    found = session.execute(query.where(Message.provider_id == bounce.message_id, Message.channel == EMAIL)).first()
    if found is None:
        return Outcome.EARLY if is_ours(settings, bounce.message_id) else Outcome.FOREIGN
    if found.address is None or found.address.lower() not in bounce.addresses:
        return Outcome.FORGED
    if bounce.at is not None and found.sent_at is not None and bounce.at < found.sent_at - SKEW:
        return Outcome.KNOWN
    if bounce.action == "failed":
        if not _note(session, found.id, state="failed", reason=f"{reasons.MAIL_RETURNED}: {bounce.said}"):
            return Outcome.KNOWN
        hard = dead_for_good(bounce.said)
        contact.bounced(session, found.recipient_id, EMAIL, found.address, bounce.said, hard)
        return Outcome.FAILED
    if bounce.action == "delayed":
        said = f"{reasons.MAIL_DELAYED}: {bounce.said}"
        return Outcome.DELAYED if _note(session, found.id, reason=said, news=True) else Outcome.KNOWN
    delivered = _note(session, found.id, reason=None, delivered_at=clock.now())
    return Outcome.DELIVERED if delivered else Outcome.KNOWN


def _note(session: Session, message_id: int, news: bool = False, **values: object) -> bool:
    """Change the message if it is sent and (`news`) says something else so far; return whether it was."""
    change = update(Message).where(Message.id == message_id, Message.state == "sent")
    if news:
        change = change.where(Message.reason.is_distinct_from(values["reason"]))
    if "delivered_at" in values:
        change = change.where(Message.delivered_at.is_(None))
    return bool(session.execute(change.values(**values).execution_options(**SILENT)).rowcount)  # type: ignore[attr-defined]
