"""The life of a message after it was queued. Every step is guarded by the state it leaves, so that two workers never share one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import Refused
from tracker.messages import reasons
from tracker.models import Message, Reminder, User
from tracker.models.message import identity_of
from tracker.rules.reminder_policy import ZALO

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""How long a refused message waits before each further attempt; after the last one it has failed."""
CLAIM_LASTS = timedelta(minutes=15)
FEWER = 3
"""What went down with its worker is claimed again with an eighth of the others, then alone: at last only the one message that
kills whoever sends it is given up."""
SILENT = {"synchronize_session": False}


@dataclass(frozen=True)
class Claimed:
    """A message that this worker, and no other, is about to send."""

    id: int
    kind: str
    channel: str
    recipient_id: int
    day: date
    facts: Mapping[str, Any]
    attempts: int
    created_at: datetime

    @property
    def identity(self) -> str:
        """What makes the Message-ID: of the row and nothing else, so that a repeat carries the same one."""
        return identity_of(self.kind, self.id, self.created_at)


def claim(session: Session, worker: str, limit: int, channel: str) -> list[Claimed]:
    """Take up to `limit` messages of a channel that may leave now, oldest first; the caller commits before anything else.

    One path on both databases: PostgreSQL skips the rows another worker holds, SQLite has one writer at a time.
    """
    now = clock.now()
    ready = (Message.state == "queued", Message.channel == channel, Message.not_before <= now)
    in_turn = (Message.not_before, Message.id)
    first = select(Message.reason, Message.attempts).where(*ready).order_by(*in_turn).limit(1)
    oldest = session.execute(first.with_for_update(skip_locked=True)).first()
    if oldest is not None and oldest.reason == reasons.INTERRUPTED:
        limit = max(1, limit >> FEWER * oldest.attempts)
        alike = and_(Message.reason == reasons.INTERRUPTED, Message.attempts == oldest.attempts)
    else:
        alike = or_(Message.reason.is_(None), Message.reason != reasons.INTERRUPTED)
    due = (
        select(Message.id)
        .where(*ready, alike)
        .order_by(*in_turn)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # as a subquery PostgreSQL may ask it again for every row, and claim far more than `limit`
    )
    rows = session.execute(
        update(Message)
        .where(Message.id.in_(select(due.c.id)), Message.state == "queued")
        .values(state="claimed", claimed_at=now, claimed_by=worker)
        .returning(
            Message.id, Message.kind, Message.channel, Message.recipient_id, Message.day, Message.facts, Message.attempts,
            Message.created_at,
        )
        .execution_options(**SILENT)
    )  # fmt: skip
    return sorted((Claimed(*row) for row in rows), key=lambda message: message.id)


def keep(session: Session, worker: str, message_ids: Collection[int]) -> set[int]:
    """Claim anew, from now on, what the worker has claimed and not finished; return the ids that are still its own.

    However slow the mail server and whatever happens to a clock, what is being sent is so never taken for lost.
    """
    own = update(Message).where(Message.id.in_(message_ids), Message.state == "claimed", Message.claimed_by == worker)
    kept = own.values(claimed_at=clock.now()).returning(Message.id)
    return set(session.scalars(kept.execution_options(**SILENT))) if message_ids else set()


def about_to_ask(session: Session, worker: str, message_id: int, address: str) -> set[int]:
    """Write on a claimed message whom it is about to be sent to, where a repeat would be a second message; the caller commits
    before it asks. Returns the id, nothing when the worker has lost the message."""
    own = update(Message).where(Message.id == message_id, Message.state == "claimed", Message.claimed_by == worker)
    asked = own.values(address=address, claimed_at=clock.now()).returning(Message.id)
    return set(session.scalars(asked.execution_options(**SILENT)))


def mark_sent(session: Session, worker: str, sent: Sequence[Mapping[str, Any]]) -> None:
    """Write down what went out: id, address, provider_id, subject, body, body_html and sent_at of each, as it was sent."""
    if sent:
        rows = [{f"new_{name}": value for name, value in facts.items()} for facts in sent]
        names = [name for name in sent[0] if name != "id"]
        session.connection().execute(
            update(Message.__table__)  # type: ignore[arg-type]
            .where(
                Message.__table__.c.id == bindparam("new_id"), Message.__table__.c.state == "claimed",
                Message.__table__.c.claimed_by == worker,
            )
            .values(state="sent", reason=None, **{name: bindparam(f"new_{name}") for name in names}),
            rows,
        )  # fmt: skip


def refused_for_now(session: Session, worker: str, message: Claimed, said: str, after: timedelta | None = None) -> bool:
    """Put the message back to wait its turn, longer each time, and at least for `after`; after the last attempt it has failed.

    Returns whether it waits.
    """
    if message.attempts >= len(BACK_OFF):
        failed(session, worker, message, said)
        return False
    wait = max(BACK_OFF[message.attempts], after or timedelta())
    _leave_claim(
        session, worker, [message.id],
        state="queued", reason=said, attempts=message.attempts + 1, not_before=clock.now() + wait, address=None,
    )  # fmt: skip
    return True


def uncertain(session: Session, worker: str, message: Claimed, said: str) -> None:
    """Nobody knows whether the message went out, and a repeat would be another one to its reader: a person looks."""
    _leave_claim(session, worker, [message.id], state="uncertain", reason=said, attempts=message.attempts + 1)


def failed(session: Session, worker: str, message: Claimed, said: str) -> None:
    """Give the message up, with the words of whoever refused it; a person may send it again."""
    _leave_claim(session, worker, [message.id], state="failed", reason=said, attempts=message.attempts + 1)


def cancelled(session: Session, worker: str, message: Claimed, reason: str) -> None:
    """Send the message no more, and forget its reminders: what comes true again is found again."""
    _leave_claim(session, worker, [message.id], state="cancelled", reason=reason)
    session.execute(delete(Reminder).where(Reminder.message_id == message.id).execution_options(**SILENT))


def forget_reminders(session: Session, reminder_ids: Collection[int]) -> None:
    """Remove reminders that were planned and never told."""
    if reminder_ids:
        session.execute(delete(Reminder).where(Reminder.id.in_(reminder_ids)).execution_options(**SILENT))


def release(session: Session, worker: str, message_ids: Collection[int], reason: str | None) -> None:
    """Give claimed messages back untouched: the fault was not theirs and counts as no attempt."""
    if message_ids:
        _leave_claim(session, worker, message_ids, state="queued", reason=reason, address=None)


def explain_waiting(session: Session, reason: str, channel: str) -> int:
    """Write on every message of the channel that could leave now why it does not; return on how many."""
    waiting = update(Message).where(
        Message.state == "queued", Message.channel == channel, Message.not_before <= clock.now(),
        or_(Message.reason.is_(None), Message.reason != reason),
    )  # fmt: skip
    return _count(session.execute(waiting.values(reason=reason).execution_options(**SILENT)))


def give_up_waiting(session: Session, channel: str, reason: str) -> list[int]:
    """Give up what could leave now by a channel that takes nothing, and return the ids: another channel takes its place."""
    waiting = update(Message).where(
        Message.state == "queued", Message.channel == channel, Message.not_before <= clock.now()
    )  # fmt: skip
    given_up = waiting.values(state="failed", reason=reason).returning(Message.id)
    return sorted(session.scalars(given_up.execution_options(**SILENT)))


def sweep(session: Session) -> int:
    """Return to the queue what a worker claimed over 15 minutes ago and never finished; return how many.

    A mail that is repeated carries the same Message-ID. By Zalo a repeat would be a second message: where Zalo may have been
    asked a person looks. A claim from the future was made by a clock that has been set right since.
    """
    now = clock.now()
    old = or_(Message.claimed_at < now - CLAIM_LASTS, Message.claimed_at > now + CLAIM_LASTS)
    lost_at = (Message.state == "claimed", old)
    asked = update(Message).where(*lost_at, Message.channel == ZALO, Message.address.is_not(None))
    unsure = asked.values(state="uncertain", reason=reasons.MAY_HAVE_GONE, claimed_at=None, claimed_by=None)
    count = _count(session.execute(unsure.execution_options(**SILENT)))
    lost = (
        update(Message)
        .where(*lost_at)
        .values(
            state="queued", reason=reasons.INTERRUPTED, claimed_at=None, claimed_by=None, attempts=Message.attempts + 1
        )
    )
    # A message that kills whoever sends it must not go round for ever.
    hopeless = lost.where(Message.attempts >= len(BACK_OFF)).values(state="failed")
    count += _count(session.execute(hopeless.execution_options(**SILENT)))
    return count + _count(session.execute(lost.execution_options(**SILENT)))


def resend(session: Session, actor: User, message_ids: Collection[int]) -> int:
    """Put failed messages, and those of which nobody knows whether they arrived, back in the queue with all their attempts.

    Returns how many; those that are in another state by now are left alone. Raises Refused when that is all of them.
    """
    values = {
        "state": "queued", "reason": None, "attempts": 0, "not_before": clock.now(), "sent_at": None, "address": None,
    }  # fmt: skip
    done = _settle(session, message_ids, TROUBLED, **values)
    if not done:
        raise Refused(
            _(
                "Chỉ gửi lại được tin không gửi được hoặc chưa rõ đã đến; tin này đã ở trạng thái khác. Xin tải lại trang."
            )
        )
    for message_id in done:
        log(session, actor, "resend", "message", message_id)
    return len(done)


def arrived(session: Session, actor: User, message_id: int) -> None:
    """Note that a message of which nobody knew whether it had gone out did arrive, as a person found out. Raises Refused when
    it is in another state."""
    if not _settle(session, [message_id], ("uncertain",), state="sent", reason=None, sent_at=_LEFT):
        raise Refused(_("Tin này không còn ở tình trạng chưa rõ đã đến. Xin tải lại trang."))
    log(session, actor, "message_arrived", "message", message_id)


TROUBLED = ("failed", "uncertain")
_LEFT = func.coalesce(Message.sent_at, Message.claimed_at, Message.not_before)


def _settle(session: Session, message_ids: Collection[int], states: Sequence[str], **values: Any) -> list[int]:
    changed = (
        update(Message)
        .where(Message.id.in_(message_ids), Message.state.in_(states))
        .values(claimed_at=None, claimed_by=None, **values)
        .returning(Message.id)
        .execution_options(**SILENT)
    )
    return sorted(session.scalars(changed))


def _leave_claim(session: Session, worker: str, message_ids: Collection[int], **values: Any) -> None:
    session.execute(
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == "claimed", Message.claimed_by == worker)
        .values(claimed_at=None, claimed_by=None, **values)
        .execution_options(**SILENT)
    )


def _count(result: Any) -> int:
    return int(result.rowcount)
