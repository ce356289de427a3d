"""The test's side of the worker processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace

from tests.machines.order import Ended, Order
from tracker.config import ROOT


class Fleet:
    """Workers on one database. The processes of one `run` work at the same time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.machines.worker"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.pids: list[int] = []

    def run(self, *orders: Order) -> list[Ended]:
        """Return how each of the processes ended."""
        self.start(*orders)
        return self.wait()

    def compile(self, order: Order) -> None:
        """Let the workers to come find every statement of the order compiled. What it does is done: forget it."""
        self._order(replace(order, compile_only=True))
        self._line()

    def start(self, *orders: Order) -> None:
        """Let the processes begin; their numbers are in `pids`."""
        self._order(*orders)
        self.pids = [int(self._line()) for _ in orders]

    def wait(self) -> list[Ended]:
        """Return how each of the processes that were started ended."""
        return [Ended(**ended) for ended in json.loads(self._line())]

    def stop(self) -> list[Ended]:
        """Tell every process to stop, as the system does, and return how each ended."""
        for pid in self.pids:
            os.kill(pid, signal.SIGTERM)
        return self.wait()

    def _order(self, *orders: Order) -> None:
        assert self._mother.stdin is not None
        self._mother.stdin.write(json.dumps([asdict(order) for order in orders]) + "\n")
        self._mother.stdin.flush()

    def _line(self) -> str:
        assert self._mother.stdout is not None
        line = self._mother.stdout.readline()
        assert line, "the workers' mother process ended; its last words are above"
        return line

    def close(self) -> None:
        self._mother.kill()
        self._mother.wait()
        for pipe in (self._mother.stdin, self._mother.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def fleet(environment: Mapping[str, str]) -> Iterator[Fleet]:
    """Give the workers of a database, and let them go at the end."""
    made = Fleet(environment)
    try:
        yield made
    finally:
        made.close()
