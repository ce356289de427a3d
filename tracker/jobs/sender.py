"""Sending what waits: claim, commit, ask whether it is still wanted, send with no transaction open, write down the outcome."""

import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from flask import current_app
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.actions import contact, pace
from tracker.actions import message as fate
from tracker.actions.message import Claimed
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages import channels, digest, outbox, reasons
from tracker.messages.draft import Draft, Drafts
from tracker.messages.kinds import unsubscribe_address
from tracker.messages.transport import Envelope, NeverDeliverable, Transport, TryLater, Uncertain, Unreachable
from tracker.queries.calendar import work_calendar
from tracker.queries.message import waiting_channels
from tracker.queries.reminder_policy import policies
from tracker.rules.office_hours import may_send
from tracker.rules.reminder_policy import EMAIL
from tracker.rules.zalo import refused_us

BATCH = 100
FRESH = 1
"""Seconds after which what a batch says, and to whom, is read anew: a slow server must not mail who was removed meanwhile."""
UNWRITTEN = 20
"""So many mails, or a second, may have gone out before it is written down: what a killed worker may send twice."""
DATABASE_AWAY = (0.5, 1, 2, 4, 8)
"""Seconds between the attempts to read what goes out and to write down what went, while the database is restarted."""
Result = TypeVar("Result")


def send_due(stopping: Callable[[], bool] = lambda: False) -> str:
    """Send everything that may leave now; return what was done, for the log of beats. Commits as it goes."""
    waiting = waiting_channels(db.session(), clock.now())
    hours = policies(db.session(), clock.today()).province.hours
    open_now = may_send(clock.local(clock.now()), work_calendar(db.session()), hours)
    db.session.rollback()
    if not waiting:
        return "nothing waits"
    if not open_now and any(channels.is_configured(channel, current_app.config) for channel in waiting):
        return "outside the hours"
    outcomes = [_send_by(channel, stopping) for channel in sorted(waiting - {EMAIL})]
    # What another channel could not take is mailed: mail comes last.
    if EMAIL in waiting or EMAIL in waiting_channels(db.session(), clock.now()):
        db.session.rollback()
        outcomes.append(_send_by(EMAIL, stopping))
    return "; ".join(outcomes)


def _send_by(channel: str, stopping: Callable[[], bool]) -> str:
    if not channels.is_configured(channel, current_app.config):
        return _explain(channel, reasons.NO_MAIL_SERVER if channel == EMAIL else reasons.NO_ZALO)
    try:
        with channels.opened(channel, current_app.config, db.engine) as way:
            return _drain(channel, way, stopping)
    except Unreachable as error:
        return _explain(channel, str(error))


def _explain(channel: str, reason: str) -> str:
    """Leave everything in the queue and write the reason on it; what Zalo does not take goes by mail."""
    begin_writing()
    if channel == EMAIL:
        fate.explain_waiting(db.session(), reason, channel)
    else:
        digest.by_mail_instead(db.session(), fate.give_up_waiting(db.session(), channel, reason))
    db.session.commit()
    return f"waiting: {reason}"


def _drain(channel: str, way: Transport, stopping: Callable[[], bool]) -> str:
    worker = f"{socket.gethostname()}:{uuid4().hex[:12]}"
    sent = 0
    while not stopping():
        begin_writing()
        claimed = fate.claim(db.session(), worker, BATCH, channel)
        going = pace.keep(db.session(), worker, claimed) if channel == EMAIL else claimed
        db.session.commit()
        if not claimed:
            break
        sent += _Round(worker, channel, way, going).send(stopping)
    return f"sent {sent}" if channel == EMAIL else f"{channel} sent {sent}"


class _Round:
    """One batch of claimed messages on its way; whatever happens, each of them ends in a state."""

    def __init__(self, worker: str, channel: str, way: Transport, claimed: Sequence[Claimed]) -> None:
        self.worker, self.channel, self.way = worker, channel, way
        self.open = {message.id: message for message in claimed}
        self.unwritten: list[dict[str, Any]] = []
        self.stale: list[int] = []
        self.reached: dict[int, str] = {}
        self.written_at = self.read_at = time.monotonic()
        self.sent = 0

    def send(self, stopping: Callable[[], bool]) -> int:
        drafts, reason = self._read(), None
        try:
            for message in list(self.open.values()):
                if stopping():
                    break
                if time.monotonic() - self.read_at > FRESH:
                    self._keep()
                    drafts = self._read()
                if message.id in self.open:
                    self._send_one(message, drafts)
        except Unreachable as error:
            reason = str(error)
            raise
        finally:
            self._write(lambda: fate.release(db.session(), self.worker, list(self.open), reason))
        return self.sent

    def _keep(self) -> None:
        """Hold on to what is still to be sent; what was taken away from this worker meanwhile is not its to send."""
        kept = set[int]()
        self._write(lambda: kept.update(fate.keep(db.session(), self.worker, list(self.open))))
        self.open = {number: message for number, message in self.open.items() if number in kept}

    def _read(self) -> Drafts:
        """Return the drafts of what is still to be sent, as of now."""
        drafts = _however_long(lambda: Drafts(db.session(), list(self.open.values())))
        db.session.rollback()
        self.read_at = time.monotonic()
        return drafts

    def _send_one(self, message: Claimed, drafts: Drafts) -> None:
        draft = self._draft(message, drafts)
        if draft is None:
            return
        if self.channel != EMAIL and not self._may_ask(message, draft.address):
            return
        unsubscribe = unsubscribe_address(message.kind, message.recipient_id)
        envelope = Envelope(draft.address, message.identity, clock.local(clock.now()), unsubscribe)
        try:
            provider_id = self.way.send(envelope, draft.words)  # type: ignore[arg-type]
        except (TryLater, NeverDeliverable, Uncertain) as error:
            self._settle(message, partial(self._refused, message, draft.address, error))
        else:
            self._note(message, draft, provider_id)

    def _may_ask(self, message: Claimed, address: str) -> bool:
        """Write down whom Zalo is about to be asked to tell: should this worker die now, this one message is uncertain and no
        other. False when the message is no longer its own."""
        own = set[int]()
        step = partial(fate.about_to_ask, db.session(), self.worker, message.id, address)
        self._write(lambda: own.update(step()))
        if not own:
            del self.open[message.id]
        return bool(own)

    def _refused(self, message: Claimed, address: str, error: TryLater | NeverDeliverable | Uncertain) -> None:
        """Write down what a refusal means for the message, for the address, and for the mails to the same domain."""
        session, said = db.session(), str(error)
        waits = False
        if isinstance(error, Uncertain):
            fate.uncertain(session, self.worker, message, said)
            return
        if isinstance(error, TryLater):
            waits = fate.refused_for_now(session, self.worker, message, said, error.after)
            if not waits:
                contact.bounced(session, message.recipient_id, message.channel, address, said, hard=False)
            if error.after and message.channel == EMAIL:
                pace.rest(session, address, clock.now() + error.after)
        else:
            fate.failed(session, self.worker, message, said)
            if error.address_fault:
                contact.refused(session, message.recipient_id, message.channel, address, said, refused_us(said))
        if not waits and message.channel != EMAIL:
            digest.by_mail_instead(session, [message.id])

    def _draft(self, message: Claimed, drafts: Drafts) -> Draft | None:
        """Return what to send; None when the message has met its end without the server."""
        try:
            draft = drafts.of(message)
        except Exception:  # one message that cannot be written must not hold up the others
            current_app.logger.exception("message %s cannot be written", message.id)
            self._settle(message, lambda: fate.failed(db.session(), self.worker, message, reasons.UNWRITABLE))
            return None
        if draft.words is None and draft.reason == reasons.NO_ZALO:
            self._settle(message, partial(self._refused, message, "", NeverDeliverable(reasons.NO_ZALO, False)))
            return None
        if draft.words is None:
            reason = draft.reason or reasons.SETTLED
            self._settle(message, lambda: self._drop(message, reason, draft.instead))
            return None
        return draft

    def _drop(self, message: Claimed, reason: str, instead: Sequence[int]) -> None:
        """Send the message no more, and pass it on to those it belongs to now."""
        fate.cancelled(db.session(), self.worker, message, reason)
        if instead:
            outbox.pass_on(db.session(), message.kind, message.facts, instead)

    def _note(self, message: Claimed, draft: Draft, provider_id: str) -> None:
        assert draft.words is not None
        self.unwritten.append(
            {"id": message.id, "address": draft.address, "provider_id": provider_id, "sent_at": clock.now(),
             "subject": draft.words.subject, "body": draft.words.text, "body_html": draft.words.html}
        )  # fmt: skip
        self.stale += draft.stale
        self.reached[message.recipient_id] = draft.address
        del self.open[message.id]
        self.sent += 1
        if len(self.unwritten) >= UNWRITTEN or time.monotonic() - self.written_at > 1:
            self._write()

    def _settle(self, message: Claimed, step: Callable[[], None]) -> None:
        del self.open[message.id]
        self._write(step)

    def _write(self, step: Callable[[], None] = lambda: None) -> None:
        """Write down what went out, and the step, in one transaction: what stays unwritten would be sent again."""
        _however_long(partial(self._write_once, step))
        self.unwritten, self.stale, self.reached, self.written_at = [], [], {}, time.monotonic()

    def _write_once(self, step: Callable[[], None]) -> None:
        db.session.rollback()  # of what was broken off
        begin_writing()
        fate.mark_sent(db.session(), self.worker, self.unwritten)
        fate.forget_reminders(db.session(), self.stale)
        if self.reached:
            contact.worked(db.session(), self.channel, self.reached)
        step()
        db.session.commit()


def _however_long(step: Callable[[], Result]) -> Result:
    """Do the step, again and again while the database is being restarted; what was broken off is undone first."""
    for pause in DATABASE_AWAY:
        try:
            return step()
        except OperationalError as error:
            current_app.logger.warning("the database is away: %s", error.orig)
            db.session.rollback()
            time.sleep(pause)
    return step()
