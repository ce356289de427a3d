"""One question to Zalo's servers and its answer: a connection kept open, and every way of getting no answer told apart."""

import http.client
import json
import select
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 20  # seconds for each step of a question
LONGEST = 256 * 1024
IDLE = 30  # seconds after which a kept connection is opened anew
BUSINESS = "https://business.openapi.zalo.me"
OPEN_API = "https://openapi.zalo.me"
OAUTH = "https://oauth.zaloapp.com"


class NotAsked(Exception):
    """The question did not go out: no connection."""


class NotAnswered(Exception):
    """The question went out and no answer came that can be read: what it asked for may have been done."""


@dataclass(frozen=True)
class Answer:
    """What came back. `error` 0 is success whatever `status` says of it; None: the body was no answer of Zalo's.

    `remain`: how many questions Zalo still takes this minute, None when it does not say.
    """

    status: int
    body: Mapping[str, Any]
    error: int | None
    remain: int | None

    @property
    def said(self) -> str:
        """Zalo's own words."""
        return str(self.body.get("message") or self.body.get("error_name") or "")

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a part of the body that is an object; empty when it is missing or something else."""
        found = self.body.get(name)
        return found if isinstance(found, dict) else {}


class Line:
    """A connection to one of Zalo's servers, opened when first needed and again when the server has closed it."""

    def __init__(self, server: str, instead: str = "") -> None:
        self._address = urlsplit(instead or server)
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None, timeout: float = TIMEOUT
    ) -> Answer:
        """Return the answer. Raises NotAsked before the question has gone out, NotAnswered afterwards."""
        connection = self._open(timeout)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            text = response.read(LONGEST)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NotAnswered(_text(error)) from error
        self._used = time.monotonic()
        if response.will_close or not response.isclosed():
            self.close()
        return _read(response.status, response.headers, text)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
            self._connection = None

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        if self._connection is not None and self._stale(self._connection):
            self.close()
        if self._connection is None:
            host, port = self._address.hostname or "", self._address.port
            if self._address.scheme == "https":
                context = ssl.create_default_context()
                made: http.client.HTTPConnection = http.client.HTTPSConnection(
                    host, port, timeout=timeout, context=context
                )
            else:
                made = http.client.HTTPConnection(host, port, timeout=timeout)
            try:
                made.connect()
            except (OSError, http.client.HTTPException) as error:
                raise NotAsked(_text(error)) from error
            self._connection = made
        return self._connection

    def _stale(self, connection: http.client.HTTPConnection) -> bool:
        """A server that hung up has something to read: its goodbye. Asked now, the question would be lost on the way."""
        if connection.sock is None or time.monotonic() - self._used > IDLE:
            return True
        readable, _writable, _broken = select.select([connection.sock], [], [], 0)
        return bool(readable)


def _read(status: int, headers: http.client.HTTPMessage, text: bytes) -> Answer:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    found = body if isinstance(body, dict) else {}
    remain = (headers.get("X-RateLimit-Remain") or "").strip()
    return Answer(status, found, _number(found.get("error")), int(remain) if remain.isdecimal() else None)


def _number(value: Any) -> int | None:
    """Return the code of an error: a number, or digits in a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value) if len(str(value)) <= 12 else None
    except ValueError:
        return None


def _text(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
