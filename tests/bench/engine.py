"""The reminder engine in a country: what a day's ring costs as what exists grows, and as what is due grows; then the sender.

`python -m tests.bench --only reminders`. Everything is measured on one PostgreSQL of its own that lies on the disk, without
parallel queries, so that the processor seconds of its session are all there are. Needs some twelve gigabytes for ten million.
"""

import json
import shutil
import subprocess
import sys
from datetime import date
from typing import Any

from sqlalchemy import Engine

from tests import databases, postgres
from tests.bench.country import BLOCK, PEOPLE, Country
from tracker import clock
from tracker.config import ROOT
from tracker.extensions import db
from tracker.rules.workdays import WorkCalendar

SIZES = (100_000, 1_000_000, 10_000_000)
BLOCKS = (2, 4)
LETTERS = 10_000
BYTES_AN_ASSIGNMENT = 1_200


def measure(most: int = SIZES[-1], repeats: int = 3) -> dict[str, Any]:
    """Return by number of assignments, and by times as much due, what tests.bench.ring found; and what the letters took."""
    server = postgres.find(in_memory=False)
    try:
        url = server.create("country")
        app = databases.make_app(url, TESTING=False)
        databases.migrate(app)
        with app.app_context():
            return _measure(url, db.engine, WorkCalendar().on_or_after(clock.today()), most, repeats)
    finally:
        server.stop()


def _measure(url: str, engine: Engine, day: date, most: int, repeats: int) -> dict[str, Any]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ALTER DATABASE country SET max_parallel_workers_per_gather = 0")
    country = Country(engine, day)
    country.found()
    country.go_on()
    found: dict[str, Any] = {"people": PEOPLE, "exists": {}, "due": {}}
    for size in [size for size in SIZES if size <= most]:
        if shutil.disk_usage("/tmp").free < 2 * size * BYTES_AN_ASSIGNMENT:
            print(f"not enough room on the disk for {size:,} assignments", file=sys.stderr)
            break
        country.grow(size)
        country.count()
        found["exists"][size] = found["due"][1] = _in_a_process("ring", url, day, repeats)
    for blocks in BLOCKS:
        while country.blocks < blocks:
            country.go_on()
        country.count()
        found["due"][blocks] = _in_a_process("ring", url, day, repeats)
    found["letters"] = _in_a_process("letters", url, day, max(repeats - 1, 1), "--letters", str(LETTERS))
    return found


def _in_a_process(module: str, url: str, day: date, repeats: int, *more: str) -> dict[str, Any]:
    """Run the part of the bench in a process of its own, which starts with nothing in its memory."""
    order = [sys.executable, "-m", f"tests.bench.{module}", url, day.isoformat(), "--repeats", str(repeats), *more]
    said = subprocess.run(order, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    result: dict[str, Any] = json.loads(said)
    return result


def table(found: dict[str, Any]) -> str:
    """Return the results as a person reads them; the ratios are what to compare."""
    exists, due = found["exists"], found["due"]
    lines = [
        f"one day's ring for {found['people']:,} people; {BLOCK:,} assignments go on, the rest exist", HEAD,
        *_rows({f"{size:,} exist": ring for size, ring in exists.items()}),
        f"{max(exists):,} exist", *_rows({f"{times} x due": ring for times, ring in due.items()}),
        "processor seconds of the program and its database session; of: times the first line of its part",
    ]  # fmt: skip
    letters = found["letters"]
    lines.append(f"{letters['letters']:,} letters of {letters['bytes_a_letter']:,.0f} bytes; no limit to a domain")
    for kind, ways in letters["sinks"].items():
        lines += [
            f"{kind + ' sink, ' + name:<28}{way['per_second']:>9,.0f}/s{way['cpu_ms']:>9.2f} ms of processor a letter"
            f"{way['of_the_sink']:>8.2f} of the sink's limit"
            for name, way in ways.items()
        ]
    return "\n".join(lines)


STEPS = ("plan", "queue", "again")
HEAD = f"{'':<18}{'examined':>10}{'told':>9}{'digests':>9}" + "".join(f"{step + ' s':>9}{'cpu':>7}{'of':>6}" for step in STEPS) \
    + f"{'MiB':>7}"  # fmt: skip


def _rows(rings: dict[str, dict[str, Any]]) -> list[str]:
    first = next(iter(rings.values()))["steps"]
    return [
        f"{name:<18}{ring['examined']:>10,}{ring['reminders']:>9,}{ring['digests']:>9,}"
        + "".join(
            f"{ring['steps'][step]['seconds']:>9.2f}{ring['steps'][step]['cpu']:>7.2f}"
            f"{ring['steps'][step]['cpu'] / first[step]['cpu']:>6.2f}"
            for step in STEPS
        )
        + f"{ring['mebibytes']:>7.0f}"
        for name, ring in rings.items()
    ]
