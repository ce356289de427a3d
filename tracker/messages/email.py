"""Mail by SMTP: one connection for many letters, and every refusal told apart: the address, the letter, the moment, us."""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import formataddr, parseaddr
from typing import Any

from tracker.messages import mime, reasons
from tracker.messages.transport import Envelope, NeedsPerson, NeverDeliverable, TryLater, Unreachable, Words
from tracker.rules.mail_status import Refusal, Stage, refusal
from tracker.rules.plain_text import one_line

REST = timedelta(minutes=15)  # after "too fast"
PATIENCE = 2
"""Letters in a row that the server may leave without an answer before nobody else's is tried."""
CLOSING = 421


class _Lost(Exception):
    """The conversation broke off. `unsure`: the letter was on the wire, it may have arrived."""

    def __init__(self, said: str, stage: Stage, unsure: bool = False) -> None:
        super().__init__(said)
        self.stage, self.unsure = stage, unsure


class MailServer:
    """An open connection; `send` opens it again when the server has closed it, and after so many letters as the server likes."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._host = mime.host(settings)
        name, address = parseaddr(settings["SMTP_FROM"])
        self._from = formataddr((name, address))
        self._returned_to = settings["SMTP_BOUNCES"] or address
        self._most = settings["SMTP_LETTERS_PER_CONNECTION"]
        self._carried = self._unanswered = 0
        self._connection: smtplib.SMTP | None = self._open()

    def send(self, envelope: Envelope, words: Words) -> str:
        """Hand the letter over and return its Message-ID. Raises NeverDeliverable, TryLater, Unreachable or NeedsPerson."""
        if self._unanswered >= PATIENCE:
            raise Unreachable(reasons.MAIL_UNANSWERED)
        to = mime.mailbox(envelope.address)
        message_id = mime.message_id(self._settings, envelope.identity)
        letter = mime.letter(self._from, to, self._host, message_id, envelope, words)
        try:
            self._hand_over(to, letter)
        except _Lost as lost:
            if lost.unsure:
                self._unanswered += 1
                raise TryLater(str(lost)) from lost
            self._hand_over_anew(to, letter)
        self._unanswered = 0
        return message_id

    def close(self) -> None:
        """Say goodbye; a server that is gone already needs none."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _hand_over_anew(self, to: str, letter: str) -> None:
        """Try the letter on a fresh connection: the one before was closed, as servers close what is old or idle."""
        try:
            self._hand_over(to, letter)
        except _Lost as lost:
            if lost.stage is Stage.SENDER:
                raise Unreachable(str(lost)) from lost
            # The server talks to us until it hears of this address or reads this letter: the others must not wait for it.
            self._unanswered += 1
            fast = refusal(CLOSING, str(lost), lost.stage) is Refusal.TOO_FAST
            raise TryLater(str(lost), REST if fast else None) from lost

    def _hand_over(self, to: str, letter: str) -> None:
        """Raises what the server's answer means; _Lost when there was none, or it closes."""
        connection, stage = self._ready(), Stage.SENDER
        size = [f"size={len(letter) + letter.count(chr(10))}"] if connection.has_extn("size") else []
        try:
            self._read(stage, *connection.mail(self._returned_to, size))
            stage = Stage.RECIPIENT
            self._read(stage, *connection.rcpt(to))
            stage = Stage.LETTER
            self._read(stage, *connection.data(letter))
        except smtplib.SMTPDataError as error:  # said before the letter was on the wire
            self._read(stage, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._let_go()
            raise _Lost(_text(error), stage, unsure=stage is Stage.LETTER) from error
        self._carried += 1

    def _read(self, stage: Stage, code: int, said: bytes | str) -> None:
        """Return when the server agrees; otherwise raise what it means, the connection ready for the next letter."""
        if 200 <= code < 300:
            return
        if code == CLOSING or not 400 <= code < 600:
            self._let_go()
            raise _Lost(_said(code, said), stage)
        with suppress(smtplib.SMTPException, OSError):  # when it fails the next letter notices
            if self._connection is not None:
                self._connection.rset()
        raise _meaning(code, _said(code, said), stage)

    def _ready(self) -> smtplib.SMTP:
        if self._connection is not None and self._carried >= self._most:
            self.close()
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()

    def _open(self) -> smtplib.SMTP:
        self._carried = 0
        connection: smtplib.SMTP | None = None
        try:
            connection = self._reach()
            if self._settings["SMTP_SECURITY"] == "starttls":
                connection.starttls(context=self._trust())
            connection.ehlo_or_helo_if_needed()
            self._sign_in(connection)
        except (smtplib.SMTPException, OSError, Unreachable, ValueError) as error:  # what is no base64 is a ValueError
            if connection is not None:
                connection.close()
            raise _why_not_open(error) from error
        return connection

    def _reach(self) -> smtplib.SMTP:
        host, port, security = (self._settings[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
        facts = {"timeout": self._settings["SMTP_TIMEOUT"], "local_hostname": _as_greeted(self._host)}
        if security == "tls":
            return smtplib.SMTP_SSL(host, port, context=self._trust(), **facts)
        return smtplib.SMTP(host, port, **facts)

    def _trust(self) -> ssl.SSLContext:
        """Return what vouches for the server: the system's authorities, and the province's own when it has one."""
        context = ssl.create_default_context()
        if self._settings["SMTP_CA_FILE"]:
            context.load_verify_locations(self._settings["SMTP_CA_FILE"])
        return context

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if not self._settings["SMTP_USER"]:
            return
        if not connection.has_extn("auth"):
            raise NeedsPerson(reasons.MAIL_NO_SIGN_IN)
        connection.login(self._settings["SMTP_USER"], self._settings["SMTP_PASSWORD"])


@contextmanager
def connected(settings: Mapping[str, Any]) -> Iterator[MailServer]:
    """Give an open connection to the configured server. Raises Unreachable with the server's words."""
    server = MailServer(settings)
    try:
        yield server
    finally:
        server.close()


def _meaning(code: int, said: str, stage: Stage) -> Exception:
    match refusal(code, said, stage):
        case Refusal.US:
            return NeedsPerson(f"{reasons.MAIL_SENDER}: {said}") if code >= 500 else Unreachable(said)
        case Refusal.ADDRESS:
            return NeverDeliverable(said)
        case Refusal.LETTER:
            return NeverDeliverable(said, address_fault=False)
        case Refusal.TOO_FAST:
            return TryLater(said, after=REST)
        case _:
            return TryLater(said)


def _why_not_open(error: Exception) -> Unreachable:
    if isinstance(error, Unreachable):
        return error
    said = _text(error)
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return NeedsPerson(f"{reasons.MAIL_SIGN_IN}: {said}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NeedsPerson(f"{reasons.MAIL_NO_STARTTLS}: {said}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NeedsPerson(f"{reasons.MAIL_CERTIFICATE}: {error.verify_message}")
    if isinstance(error, ssl.SSLError) and error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"}:
        return NeedsPerson(f"{reasons.MAIL_NOT_TLS}: {error.reason}")
    if type(error) is smtplib.SMTPException:  # no way of signing in that both know
        return NeedsPerson(f"{reasons.MAIL_NO_SIGN_IN}: {said}")
    return Unreachable(said)


def _as_greeted(host: str) -> str:
    """Return how we call ourselves to the server: our own public name, never a look-up that may hang."""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
    return host


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")[:500]


def _text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return (str(error) or type(error).__name__)[:500]
