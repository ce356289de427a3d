"""`make bench`: build a large world, measure the pages and the reminder run in it, beside what they could cost at least.

`--only reminders` measures the reminder engine in a country instead (tests.bench.engine).
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("BARO_INSTANCE", tempfile.mkdtemp(prefix="bench-"))  # before the application reads its own

from flask import Flask

from tests import databases, postgres
from tests.bench import bare, engine, pages, table, web, world, wrk
from tests.bench.reminders import reminder_run
from tracker import clock

CONNECTIONS = (1, 8)
WARM_UP = 1
REMINDERS = "reminders"


def main() -> None:
    asked = _arguments()
    if asked.only == [REMINDERS]:
        _reminders(asked)
        return
    wrk.require()
    folder = Path(os.environ["BARO_INSTANCE"])
    results: dict[str, Any] = {
        "tasks": asked.tasks,
        "seconds": asked.seconds,
        "load_before": os.getloadavg(),
        "backends": {},
    }
    try:
        for backend in asked.backend or databases.BACKENDS:
            with _database(backend, folder) as url:
                results["backends"][backend] = _measure(url, folder, asked.tasks, asked.seconds, asked.only)
        results["load_after"] = os.getloadavg()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table.of(results))
    _keep(asked, results)


def _reminders(asked: argparse.Namespace) -> None:
    print("load average before:", *(f"{value:.1f}" for value in os.getloadavg()))
    found = engine.measure(asked.assignments)
    print(engine.table(found))
    print("load average after:", *(f"{value:.1f}" for value in os.getloadavg()))
    _keep(asked, found)


def _keep(asked: argparse.Namespace, results: dict[str, Any]) -> None:
    if asked.json:
        asked.json.write_text(json.dumps(results, ensure_ascii=False, indent=2), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000, help="how many tasks the world has (default 10000)")
    parser.add_argument(
        "--backend", action="append", choices=databases.BACKENDS, help="default: both, one after the other"
    )
    parser.add_argument("--seconds", type=float, default=4, help="how long each load lasts (default 4)")
    parser.add_argument(
        "--only", action="append", default=[],
        help=f'part of the name of a page, may be repeated; or "{REMINDERS}": the engine in a country, on PostgreSQL',
    )  # fmt: skip
    parser.add_argument(
        "--assignments", type=int, default=engine.SIZES[-1], help="of the country at most (default 10000000)"
    )
    parser.add_argument("--json", type=Path, help="write everything measured to this file too")
    return parser.parse_args()


@contextmanager
def _database(backend: str, folder: Path) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    server = postgres.find()
    name = f"bench_{os.getpid()}"
    try:
        yield server.create(name)
        server.drop(name)
    finally:
        server.stop()


def _measure(url: str, folder: Path, tasks: int, seconds: float, only: list[str]) -> dict[str, Any]:
    app = databases.make_app(url, TESTING=False, WTF_CSRF_ENABLED=True, SECRET_KEY=web.SECRET)
    databases.migrate(app)
    day = clock.today()
    world.build(app, tasks, day)
    cases = [case for case in pages.CASES if not only or any(part in case.name for part in only)]
    found: dict[str, Any] = {"pages": {case.name: {"goal": case.goal, **_bare(app, case)} for case in cases}}
    found["empty_view"] = _floor(url, folder, seconds)
    _pages(app, url, folder, seconds, cases, found)
    if not only:
        found["reminders"] = reminder_run(app, day)
    databases.let_go(app)
    return found


def _bare(app: Flask, case: pages.Case) -> dict[str, Any]:
    sent = bare.statements(app, case.prepare(app)[0])
    return {"statements": len(sent), "bare_queries": bare.times_a_second(app, sent)}


def _floor(url: str, folder: Path, seconds: float) -> dict[str, Any]:
    with web.serving(url, folder, "tests.bench.floor:app") as server:
        return {str(n): _load(server, [wrk.Asked("/")], n, seconds, folder) for n in CONNECTIONS}


def _load(
    server: web.Web, asked: Sequence[wrk.Asked], connections: int, seconds: float, folder: Path
) -> dict[str, Any]:
    before = server.cpu_seconds()
    measured = wrk.load(server.address, asked, connections, seconds, folder)
    cpu_ms = 1000 * (server.cpu_seconds() - before) / max(measured.requests, 1)
    return {**vars(measured), "per_second": measured.per_second, "cpu_ms": cpu_ms}


def _pages(app: Flask, url: str, folder: Path, seconds: float, cases: list[pages.Case], found: dict[str, Any]) -> None:
    with web.serving(url, folder) as server:
        for case in cases:
            wrk.load(server.address, case.prepare(app), max(CONNECTIONS), WARM_UP, folder)
            for connections in CONNECTIONS:
                before = _settled(app)
                measured = _load(server, case.prepare(app), connections, seconds, folder)
                found["pages"][case.name][str(connections)] = measured
                if case.prepare is pages.update:
                    _check_written(measured, _settled(app) - before)
        found["mebibytes"] = server.mebibytes()


def _settled(app: Flask) -> int:
    """Return the number of reports once what the last load broke off is written too: its assignments have moved on by then."""
    kept = -1
    while kept != (now := pages.reports_kept(app)):
        kept = now
        time.sleep(0.5)
    return kept


def _check_written(measured: dict[str, Any], written: int) -> None:
    """Whoever says "saved" has saved: what wrk broke off at the end may be written too, never the other way round."""
    said = measured["requests"] - measured["refused"]
    if not said <= written <= said + max(CONNECTIONS):
        raise RuntimeError(f"{said} updates were answered as saved, {written} are in the database")


if __name__ == "__main__":
    main()
