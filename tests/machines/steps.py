"""The steps of a worker: whatever it says to the database, to the mail server or to Zalo.

Between two of them nothing outside the process changes, so that being killed before each one in turn is being killed everywhere.
"""

import http.client
import os
import signal
import smtplib
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine


class Steps:
    """Counts the steps of this process, and kills it before the one asked for (0: never)."""

    def __init__(self, die_at: int) -> None:
        self.names: list[str] = []
        self._die_at = die_at

    def watch(self, engine: Engine) -> None:
        """Count what goes through the engine, and through every connection to a mail server or by HTTP, from now on."""
        sa.event.listen(engine, "before_cursor_execute", self._statement)
        engine.dialect.do_commit = self._before("COMMIT", engine.dialect.do_commit)  # type: ignore[method-assign]
        smtplib.SMTP.send = self._before("SMTP", smtplib.SMTP.send)  # type: ignore[method-assign]
        connection = http.client.HTTPConnection
        connection.request = self._before("HTTP", connection.request)  # type: ignore[method-assign]
        connection.getresponse = self._before("HTTP answer", connection.getresponse)  # type: ignore[method-assign]

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self._reach(" ".join(statement.split())[:60])

    def _before(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **more: Any) -> Any:
            said = arguments[1] if name == "SMTP" else ""
            self._reach(f"{name} {said[:4] if isinstance(said, str) else 'letter'}".strip())
            return call(*arguments, **more)

        return step

    def _reach(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)
