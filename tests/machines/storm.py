"""Waves of workers that are killed at random: by the clock of the machine, at a step, or at the step after the server said yes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tests.machines.fleet import Fleet
from tests.machines.order import Ended, Order

BEGINS = datetime(2022, 5, 5, 8, 0)
A_WAVE = timedelta(minutes=16)
"""So much later by the clock comes the next wave: what the one before it claimed is lost by then."""


@dataclass
class Storm:
    """`at_once` workers a wave; `killed` counts those that really were."""

    workers: Fleet
    random: Random
    at_once: int
    longest: float = 4
    steps: int = 900
    killed: int = 0
    waves: int = 0
    ended: list[Ended] = field(default_factory=list)

    def rage(self, kills: int) -> None:
        """Send waves until so many workers have been ordered to die, half of them at a step, half after a time."""
        ordered = 0
        while ordered < kills:
            orders = [self._doomed() for _ in range(min(self.at_once, kills - ordered))]
            ordered += len(orders)
            self._wave(orders)

    def calm(self) -> None:
        """Send one worker that is let live, twice: what the last wave claimed is lost only by the second time."""
        for _ in range(2):
            self._wave([Order(at=self._now(), rounds=2)])

    def _doomed(self) -> Order:
        if self.random.random() < 0.5:
            return Order(at=self._now(), die_at=self.random.randint(1, self.steps))
        return Order(at=self._now(), die_after=self.random.uniform(0.05, self.longest))

    def _now(self) -> str:
        return (BEGINS + self.waves * A_WAVE).isoformat(" ", "minutes")

    def _wave(self, orders: list[Order]) -> None:
        ended = self.workers.run(*orders)
        self.waves += 1
        self.killed += sum(one.code < 0 for one in ended)
        self.ended += ended
