"""Mail servers that take everything and keep nothing: `python -m tests.bench.sink PORT plain|aiosmtpd`.

"plain" answers as fast as it can and reads no word of a letter: no mail server is quicker. "aiosmtpd" is a real one, which takes
commands, addresses and letters apart as the standard wants it, and then throws the letter away.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from socket import create_connection

from aiosmtpd.smtp import SMTP

from tests.smtp_sink import free_port
from tracker.config import ROOT


class _Letterbox(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer, self.in_letter = transport, b"", False
        self._say(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            end = b"\r\n.\r\n" if self.in_letter else b"\r\n"
            line, found, rest = self.buffer.partition(end)
            if not found:
                return
            self.buffer = rest
            self._answer(line[:4].upper())

    def _answer(self, word: bytes) -> None:
        if self.in_letter:
            self.in_letter = False
            self._say(b"250 taken")
        elif word == b"DATA":
            self.in_letter = True
            self._say(b"354 go on")
        elif word == b"QUIT":
            self._say(b"221 bye")
            self.transport.close()
        else:
            self._say(b"250 ok")

    def _say(self, words: bytes) -> None:
        self.transport.write(words + b"\r\n")  # type: ignore[attr-defined]


class _Throwing:
    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:
        return "250 taken"


PLAIN, AIOSMTPD = "plain", "aiosmtpd"
PROTOCOLS: dict[str, Callable[[], asyncio.BaseProtocol]] = {
    PLAIN: _Letterbox,
    AIOSMTPD: partial(SMTP, _Throwing(), enable_SMTPUTF8=False),
}


async def _serve(port: int, kind: str) -> None:
    server = await asyncio.get_running_loop().create_server(PROTOCOLS[kind], "127.0.0.1", port)
    await server.serve_forever()


@contextmanager
def open_sink(kind: str = PLAIN) -> Iterator[int]:
    """Run the sink as a process of its own and give its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.sink", str(port), kind], cwd=ROOT)
    try:
        for _ in range(600):
            try:
                create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise RuntimeError("the mail sink did not start")
        yield port
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
