"""A real SMTP server for the tests: takes mail in, refuses whom it is told to, goes down and comes back on the same port."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One accepted mail: the envelope and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool = False
    user: str | None = None

    def body(self, kind: str = "plain") -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"the mail has no {kind} part"
        return str(part.get_content())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SmtpSink:
    """`how` is what aiosmtpd's Controller takes more: ssl_context, tls_context, authenticator, auth_required …"""

    def __init__(self, **how: Any) -> None:
        self._how = how
        self.host = "127.0.0.1"
        self.port = free_port()
        self.received: list[Received] = []
        self.on_mail: Callable[[Received], None] | None = None
        self._refused: dict[str, str] = {}
        self.connections = 0
        self._data_reply = self._sender_reply = "250 OK"
        self._lock = Lock()
        self._controller: Controller | None = None

    def refuse(self, address: str, reply: str = "550 5.1.1 No such mailbox") -> None:
        """Answer RCPT TO for the address with the reply; a reply starting with 4 asks to come back later."""
        self._refused[address.lower()] = reply

    def accept(self, address: str) -> None:
        self._refused.pop(address.lower(), None)

    def answer_mail_with(self, reply: str) -> None:
        """Answer every mail's DATA with the reply, e.g. "451 4.3.0 Try again later"; "250 OK" takes mail again."""
        self._data_reply = reply

    def answer_sender_with(self, reply: str) -> None:
        """Answer every MAIL FROM with the reply."""
        self._sender_reply = reply

    def go_down(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def come_back(self) -> None:
        if self._controller is None:
            facts = {"data_size_limit": 10_000_000, **self._how}
            self._controller = Controller(self, hostname=self.host, port=self.port, **facts)
            self._controller.start()

    def to(self, address: str) -> list[Received]:
        return [mail for mail in self.received if address.lower() in mail.recipients]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1  # after STARTTLS it greets again
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sender_reply.startswith("2"):
            envelope.mail_from = address
        return self._sender_reply

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() in self._refused:
            return self._refused[address.lower()]
        envelope.rcpt_tos.append(address.lower())
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self._data_reply.startswith("2"):
            return self._data_reply
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        signed_in = getattr(session.auth_data, "login", None)
        mail = Received(
            envelope.mail_from or "", tuple(envelope.rcpt_tos), message, session.ssl is not None or "ssl_context" in self._how,
            signed_in.decode() if signed_in else None,
        )  # fmt: skip
        with self._lock:
            self.received.append(mail)
        if self.on_mail is not None:
            self.on_mail(mail)
        return self._data_reply
