"""The web server as `flask start` runs it, with two processes, on a port of its own."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.smtp_sink import free_port
from tracker.commands.start import gunicorn_command
from tracker.config import ROOT

WORKERS = 2
SECRET = "bench-" * 8


@dataclass(frozen=True)
class Web:
    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time the server and its workers have used so far: what a busy machine does not distort."""
        used = 0
        for pid in (self.pid, *_children(self.pid)):
            used += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        return used / os.sysconf("SC_CLK_TCK")

    def mebibytes(self) -> dict[str, float]:
        """Return rss (shared pages counted in every process) and pss (counted once) of the server and its workers."""
        found = {"rss": 0.0, "pss": 0.0}
        for pid in (self.pid, *_children(self.pid)):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if name.lower() in found:
                    found[name.lower()] += int(rest.split()[0]) / 1024
        return found


@contextmanager
def serving(url: str, folder: Path, target: str = "wsgi:app") -> Iterator[Web]:
    """Serve `target` on the database until the block ends."""
    listen = f"127.0.0.1:{free_port()}"
    environ = {**os.environ, "DATABASE_URL": url, "BARO_INSTANCE": str(folder), "SECRET_KEY": SECRET}
    with (folder / "web.log").open("ab") as log:
        server = subprocess.Popen(
            gunicorn_command(listen, WORKERS, target), cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    try:
        _wait(f"http://{listen}/", server, folder / "web.log")
        yield Web(f"http://{listen}", server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the web server did not start: {log.read_text()[-2000:]}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
