"""The test's side of the worker processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from tests.machines.order import Ended, Order
from tracker.config import ROOT


class Mother:
    """The process from which all workers are forked, whatever their database and their mail server."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.machines.worker"],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def say(self, settings: Mapping[str, Any], orders: list[Order]) -> None:
        assert self._process.stdin is not None
        said = {"settings": settings, "orders": [asdict(order) for order in orders]}
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the workers' mother process ended; its last words are above"
        return json.loads(line)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class Fleet:
    """Workers of one configuration. The processes of one `run` work at the same time."""

    def __init__(self, mother: Mother, settings: Mapping[str, Any]) -> None:
        self._mother, self._settings = mother, settings
        self.pids: list[int] = []

    def run(self, *orders: Order) -> list[Ended]:
        """Return how each of the processes ended."""
        self.start(*orders)
        return self.wait()

    def compile(self, order: Order) -> None:
        """Let the workers to come find every statement of the order compiled. What it does is done: forget it."""
        self._mother.say(self._settings, [replace(order, compile_only=True)])
        self._mother.answer()

    def start(self, *orders: Order) -> None:
        """Let the processes begin; their numbers are in `pids`."""
        self._mother.say(self._settings, list(orders))
        self.pids = [self._mother.answer() for _ in orders]

    def wait(self) -> list[Ended]:
        """Return how each of the processes that were started ended."""
        ended = [Ended(**one) for one in self._mother.answer()]
        self.pids = []
        return ended

    def stop(self) -> list[Ended]:
        """Tell every process to stop, as the system does, and return how each ended."""
        for pid in self.pids:
            os.kill(pid, signal.SIGTERM)
        return self.wait()

    def abandon(self) -> None:
        """End what a failed test left running."""
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        if self.pids:
            self.wait()


@contextmanager
def fleet(mother: Mother, url: str, **settings: Any) -> Iterator[Fleet]:
    """Give the workers of a database; `settings` are those of the application."""
    made = Fleet(mother, {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "x" * 32, **settings})
    try:
        yield made
    finally:
        made.abandon()
