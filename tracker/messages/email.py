"""Mail by SMTP: one connection for many letters, and every refusal told apart: the address, the moment, the server."""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from tracker.messages import reasons
from tracker.messages.transport import Envelope, NeverDeliverable, TryLater, Unreachable, Words

TIMEOUT = 30  # seconds for each answer of the server
MAILBOX = re.compile(r'[^\s@<>(),;:"\x80-\U0010ffff]+@[A-Za-z0-9.-]+')
"""Plain addresses only: spaces, marks and line ends never reach the server's command line."""


class MailServer:
    """An open connection; `send` opens it again when the server has closed it in between."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._host = urlsplit(settings["BASE_URL"]).hostname or "localhost"
        name, self._sender = parseaddr(settings["SMTP_FROM"])
        self._from = formataddr((name, self._sender))
        self._connection = self._open()

    def send(self, envelope: Envelope, words: Words) -> str:
        """Hand the letter over and return its Message-ID. Raises NeverDeliverable, TryLater or Unreachable."""
        if not MAILBOX.fullmatch(envelope.address):
            raise NeverDeliverable(reasons.NO_ADDRESS)
        message_id = f"<{envelope.identity}@{self._host}>"
        letter = self._letter(envelope, words, message_id)
        try:
            self._connection.sendmail(self._sender, [envelope.address], letter)
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._reopen()
            raise TryLater(_text(error)) from error
        return message_id

    def close(self) -> None:
        """Say goodbye; a server that is gone already needs none."""
        with suppress(smtplib.SMTPException, OSError):
            self._connection.quit()

    def _open(self) -> smtplib.SMTP:
        host, port, security = (self._settings[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
        try:
            if security == "tls":
                context = ssl.create_default_context()
                connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
            else:
                connection = smtplib.SMTP(host, port, timeout=TIMEOUT)
            if security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self._settings["SMTP_USER"]:
                connection.login(self._settings["SMTP_USER"], self._settings["SMTP_PASSWORD"])
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(_text(error)) from error
        return connection

    def _reopen(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()
        self._connection = self._open()

    def _letter(self, envelope: Envelope, words: Words, message_id: str) -> str:
        """Return the letter; smtplib gives its lines the ends the wire wants."""
        # The elder MIME classes: EmailMessage folds every header anew and takes ten times as long for the same letter.
        letter = MIMEMultipart(
            "alternative", _subparts=[MIMEText(words.text, "plain", "utf-8"), MIMEText(words.html, "html", "utf-8")]
        )
        letter["Subject"] = Header(" ".join(words.subject.split()), "utf-8").encode()
        letter["From"] = self._from
        letter["To"] = envelope.address
        letter["Date"] = format_datetime(envelope.at)
        letter["Message-ID"] = message_id
        letter["List-Id"] = f"Nhac viec <nhac-viec.{self._host}>"
        letter["Auto-Submitted"] = "auto-generated"
        return letter.as_string()


@contextmanager
def connected(settings: Mapping[str, Any]) -> Iterator[MailServer]:
    """Give an open connection to the configured server. Raises Unreachable with the server's words."""
    server = MailServer(settings)
    try:
        yield server
    finally:
        server.close()


def _refusal(code: int, said: bytes | str) -> Exception:
    if code == 421:  # the server is closing down: it says so to everybody
        return Unreachable(_said(code, said))
    return NeverDeliverable(_said(code, said)) if code >= 500 else TryLater(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"[:500]


def _text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return (str(error) or type(error).__name__)[:500]
