"""Sending what waits: claim, commit, ask whether it is still wanted, send with no transaction open, write down the outcome."""

import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from flask import current_app

from tracker import clock
from tracker.actions import message as fate
from tracker.actions.message import Claimed
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages import outbox, reasons
from tracker.messages.draft import Draft, Drafts
from tracker.messages.email import MailServer, connected
from tracker.messages.transport import Envelope, NeverDeliverable, TryLater, Unreachable
from tracker.queries.calendar import work_calendar
from tracker.queries.message import is_waiting
from tracker.rules.office_hours import may_send

BATCH = 100
FRESH = 1
"""Seconds after which what a batch says, and to whom, is read anew: a slow server must not mail who was removed meanwhile."""
UNWRITTEN = 20
"""So many mails, or a second, may have gone out before it is written down: what a killed worker may send twice."""


def send_due(stopping: Callable[[], bool] = lambda: False) -> str:
    """Send everything that may leave now; return what was done, for the log of beats. Commits as it goes."""
    waiting = is_waiting(db.session(), clock.now())
    open_now = may_send(clock.local(clock.now()), work_calendar(db.session()))
    db.session.rollback()
    if not waiting:
        return "nothing waits"
    if not current_app.config["SMTP_HOST"]:
        return _explain(reasons.NO_MAIL_SERVER)
    if not open_now:
        return "outside the hours"
    try:
        with connected(current_app.config) as server:
            return _drain(server, stopping)
    except Unreachable as error:
        return _explain(str(error))


def _explain(reason: str) -> str:
    """Leave everything in the queue and write the reason on it."""
    begin_writing()
    fate.explain_waiting(db.session(), reason)
    db.session.commit()
    return f"waiting: {reason}"


def _drain(server: MailServer, stopping: Callable[[], bool]) -> str:
    worker = f"{socket.gethostname()}:{uuid4().hex[:12]}"
    sent = 0
    while not stopping():
        begin_writing()
        claimed = fate.claim(db.session(), worker, BATCH)
        db.session.commit()
        if not claimed:
            break
        sent += _Round(worker, server, claimed).send(stopping)
    return f"sent {sent}"


class _Round:
    """One batch of claimed messages on its way; whatever happens, each of them ends in a state."""

    def __init__(self, worker: str, server: MailServer, claimed: Sequence[Claimed]) -> None:
        self.worker, self.server = worker, server
        self.open = {message.id: message for message in claimed}
        self.unwritten: list[dict[str, Any]] = []
        self.stale: list[int] = []
        self.written_at = self.read_at = time.monotonic()
        self.sent = 0

    def send(self, stopping: Callable[[], bool]) -> int:
        drafts, reason = self._read(), None
        try:
            for message in list(self.open.values()):
                if stopping():
                    break
                if time.monotonic() - self.read_at > FRESH:
                    drafts = self._read()
                self._send_one(message, drafts)
        except Unreachable as error:
            reason = str(error)
            raise
        finally:
            self._write(lambda: fate.release(db.session(), self.worker, list(self.open), reason))
        return self.sent

    def _read(self) -> Drafts:
        """Return the drafts of what is still to be sent, as of now."""
        drafts = Drafts(db.session(), list(self.open.values()))
        db.session.rollback()
        self.read_at = time.monotonic()
        return drafts

    def _send_one(self, message: Claimed, drafts: Drafts) -> None:
        draft = self._draft(message, drafts)
        if draft is None:
            return
        envelope = Envelope(draft.address, message.identity, clock.local(clock.now()))
        try:
            provider_id = self.server.send(envelope, draft.words)  # type: ignore[arg-type]
        except (TryLater, NeverDeliverable) as error:
            step = fate.refused_for_now if isinstance(error, TryLater) else fate.failed
            self._settle(message, partial(step, db.session(), self.worker, message, str(error)))
        else:
            self._note(message, draft, provider_id)

    def _draft(self, message: Claimed, drafts: Drafts) -> Draft | None:
        """Return what to send; None when the message has met its end without the server."""
        try:
            draft = drafts.of(message)
        except Exception:  # one message that cannot be written must not hold up the others
            current_app.logger.exception("message %s cannot be written", message.id)
            self._settle(message, lambda: fate.failed(db.session(), self.worker, message, reasons.UNWRITABLE))
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
        del self.open[message.id]
        self.sent += 1
        if len(self.unwritten) >= UNWRITTEN or time.monotonic() - self.written_at > 1:
            self._write()

    def _settle(self, message: Claimed, step: Callable[[], None]) -> None:
        del self.open[message.id]
        self._write(step)

    def _write(self, step: Callable[[], None] = lambda: None) -> None:
        begin_writing()
        fate.mark_sent(db.session(), self.worker, self.unwritten)
        fate.forget_reminders(db.session(), self.stale)
        step()
        db.session.commit()
        self.unwritten, self.stale, self.written_at = [], [], time.monotonic()
