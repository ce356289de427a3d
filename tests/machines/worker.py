"""`python -m tests.machines.worker`: reads what is ordered, a JSON object a line, and forks a process for each order of the line;
they work at the same time. Answers with a line for each that says its number, and then one that says how each ended.

The processes are forked from one that has everything loaded and compiled: hundreds of them cost what one costs to start.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from threading import Timer
from typing import Any

import time_machine
from flask import Flask

from tests.machines.order import Order
from tests.machines.steps import Steps
from tracker import create_app
from tracker.extensions import db
from tracker.jobs import scheduler


def main() -> None:
    for line in sys.stdin:
        said = json.loads(line)
        orders = [Order(**order) for order in said["orders"]]
        app = _configured(said["settings"])
        if orders[0].compile_only:
            with _clock(orders[0]):
                _say(_round(app, orders[0]))
            with app.app_context():
                db.engine.dispose()  # no connection may be shared by two processes
            gc.freeze()
        else:
            _say(list(_ends([_fork(app, order) for order in orders])))


@cache
def _on(url: str) -> Flask:
    return create_app({"SQLALCHEMY_DATABASE_URI": url})


def _configured(settings: dict[str, Any]) -> Flask:
    app = _on(settings["SQLALCHEMY_DATABASE_URI"])
    app.config.update(settings)
    return app


def _say(what: Any) -> None:
    print(json.dumps(what), flush=True)


def _fork(app: Flask, order: Order) -> tuple[int, int]:
    """Return the process and the end of a pipe at which it says what it did."""
    listen, say = os.pipe()
    pid = os.fork()
    if pid:
        os.close(say)
        _say(pid)
        return pid, listen
    os.close(listen)
    code = 1
    try:
        told = json.dumps(_work(app, order))
        os.write(say, told.encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _ends(started: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for pid, pipe in started:
        with os.fdopen(pipe) as lines:
            told = json.loads(lines.read() or '{"steps": [], "outcomes": []}')
        _, status = os.waitpid(pid, 0)
        yield {"code": os.waitstatus_to_exitcode(status), **told}


def _work(app: Flask, order: Order) -> dict[str, list[str]]:
    for name, value in order.constants.items():
        module, _, constant = name.partition(":")
        setattr(import_module(module), constant, value)
    steps, outcomes = Steps(order.die_at), list[str]()
    with app.app_context():
        steps.watch(db.engine)
    if order.die_after:
        dying = Timer(order.die_after, os.kill, (os.getpid(), signal.SIGKILL))
        dying.daemon = True
        dying.start()
    with _clock(order):
        if order.ring:
            _ring_until_stopped(app, order)
        for _ in range(order.rounds if not order.ring else 0):
            outcomes += _round(app, order)
    return {"steps": steps.names, "outcomes": outcomes}


def _clock(order: Order) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(f"{order.at}+07:00"), tick=True)


def _round(app: Flask, order: Order) -> list[str]:
    by_name = {job.name: job for job in scheduler.jobs()}
    said: list[str] = []
    for name in order.jobs:
        job = by_name[name]

        def run(job: scheduler.Job = job) -> str:
            said.append(f"{job.name}: {job.run()}")
            return said[-1]

        scheduler.ring(app, replace(job, run=run))
    return said


def _ring_until_stopped(app: Flask, order: Order) -> None:
    every, table = 1, scheduler.jobs
    scheduler.jobs = lambda stopping=lambda: False: tuple(  # type: ignore[assignment]
        replace(job, every=every) for job in table(stopping) if job.name in order.jobs
    )
    scheduler.run_until_stopped(app)


if __name__ == "__main__":
    main()
