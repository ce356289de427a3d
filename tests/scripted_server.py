"""A mail server that behaves as badly as the test says: rubbish, silence, a closed door."""

import socket
from collections.abc import Callable
from threading import Thread

Answer = Callable[[str, int], str | None]
"""Given a command, or LETTER once a letter is in, and how many letters it has taken; None: it says nothing more and hangs up
when the other side does. "" closes the connection at once."""
USUAL = {
    "EHLO": "250 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "LETTER": "250 taken",
    "RSET": "250 ok",
}


def usual(command: str, _taken: int) -> str | None:
    return USUAL.get(command, "250 ok")


class ScriptedServer:
    """Serves one connection after the other until it is closed."""

    def __init__(self, answer: Answer, greeting: str = "220 here") -> None:
        self.answer, self.greeting = answer, greeting
        self.connections = self.letters = 0
        self.commands: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with one, one.makefile("rb") as lines:
                try:
                    self._talk(one, lines)
                except OSError:
                    continue

    def _talk(self, one: socket.socket, lines: object) -> None:
        one.sendall(self.greeting.encode("latin-1") + b"\r\n")
        taken = 0
        while line := lines.readline():  # type: ignore[attr-defined]
            command = line[:4].decode("latin-1").upper()
            self.commands.append(line.decode("latin-1").rstrip())
            said = "221 bye" if command == "QUIT" else self.answer(command, taken)
            if said and said.startswith("354"):
                one.sendall(said.encode("latin-1") + b"\r\n")
                while lines.readline() not in {b".\r\n", b""}:  # type: ignore[attr-defined]
                    pass
                said = self.answer("LETTER", taken)
                taken += 1
                self.letters += 1
            if said == "":
                return
            if said is not None:
                one.sendall(said.encode("latin-1") + b"\r\n")
