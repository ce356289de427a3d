"""What a test orders of a worker process, and how the process ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

JOBS = ("housekeeping", "reminders", "sender")


@dataclass(frozen=True)
class Order:
    """Run the jobs, one after the other, `rounds` times, by a clock that begins at `at` ("2022-05-05 08:00", Viet Nam's).

    `die_at`: be killed (SIGKILL) before the so-manieth step. `die_after`: after so many seconds. `constants`: "module:NAME" of
    the program, set to another number. `ring`: let the scheduler ring every second until told to stop (SIGTERM).
    `compile_only`: by the mother of all workers herself, so that they find every statement compiled.
    """

    at: str = "2022-05-05 08:00"
    jobs: Sequence[str] = JOBS
    rounds: int = 1
    die_at: int = 0
    die_after: float = 0
    constants: dict[str, Any] = field(default_factory=dict)
    ring: bool = False
    compile_only: bool = False


@dataclass(frozen=True)
class Ended:
    """`code` as of subprocess: minus the signal that killed it. `steps`: what it did to the world outside, in order, and
    `outcomes` what its jobs said; both empty for a process that was killed."""

    code: int
    steps: list[str]
    outcomes: list[str]
