"""One ring of the reminder clock in a process of its own, over and over from the same start: `python -m tests.bench.ring URL DAY`.

Prints JSON: what was found, and of every step the best seconds by the clock and of the processors (ours and the database's).
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("BARO_INSTANCE", tempfile.mkdtemp(prefix="bench-"))  # before the application reads its own

import sqlalchemy as sa
import time_machine

from tests import databases
from tracker.extensions import db
from tracker.jobs import reminders
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar

T = TypeVar("T")
TEN_O_CLOCK = timedelta(hours=3)  # in UTC: ten in the morning in Viet Nam
OF_THE_DAY = ("reminder", "reminder_skip", "reminder_run", "message")


class Steps:
    """The best of several times, by name of the step."""

    def __init__(self) -> None:
        self.best: dict[str, dict[str, float]] = {}

    def take(self, name: str, step: Callable[[], T]) -> T:
        """Do the step and keep how long it took, if it was never quicker."""
        before, began = _cpu(), time.perf_counter()
        result = step()
        taken = {"seconds": time.perf_counter() - began, "cpu": sum(_cpu()) - sum(before)}
        known = self.best.setdefault(name, taken)
        self.best[name] = {unit: min(known[unit], taken[unit]) for unit in taken}
        return result


def measure(url: str, day: date, repeats: int) -> dict[str, Any]:
    """Return what rings of the day cost: the first, and one more when all is told. Its digests stay queued."""
    app, steps = databases.make_app(url, TESTING=False), Steps()
    found: dict[str, Any] = {}
    with app.app_context(), time_machine.travel(_morning(day), tick=True):
        for _ in range(repeats):
            _forget(day)
            found |= _ring(day, steps)
        found["mebibytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**found, "steps": steps.best}


def _ring(day: date, steps: Steps) -> dict[str, Any]:
    plan = steps.take("plan", lambda: reminder.plan(db.session(), day))
    calendar = work_calendar(db.session())
    told = steps.take("queue", lambda: reminders.queue(plan, calendar))
    found = {
        "examined": plan.examined, "skipped": len(plan.skipped), "reminders": told, "digests": _count("message", day)
    }  # fmt: skip
    return {**found, "again": steps.take("again", reminders.draw_up)}


def _morning(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC) + TEN_O_CLOCK


def _forget(day: date) -> None:
    """Undo what the day's ring wrote, as if it had not rung yet."""
    db.session.rollback()
    # No search, row by row, for what points to a message: nothing does but what goes with it.
    db.session.execute(sa.text("SET LOCAL session_replication_role = 'replica'"))
    for table in OF_THE_DAY:
        db.session.execute(sa.text(f"DELETE FROM {table} WHERE day = :day"), {"day": day})
    db.session.commit()
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ANALYZE {', '.join(OF_THE_DAY)}")


def _count(table: str, day: date) -> int:
    found = db.session.execute(sa.text(f"SELECT count(*) FROM {table} WHERE day = :day"), {"day": day}).scalar_one()
    db.session.rollback()
    return int(found)


def _cpu() -> tuple[float, float]:
    """Return the processor seconds of this process and of its database session: what a busy machine distorts least."""
    pid = db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    db.session.rollback()
    used = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return time.process_time(), used / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ring", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("day", type=date.fromisoformat)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    print(json.dumps(measure(asked.url, asked.day, asked.repeats)))


if __name__ == "__main__":
    main()
