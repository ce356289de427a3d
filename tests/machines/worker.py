"""`python -m tests.machines.worker`: reads orders, a JSON list of them a line; forks a process for each order of the line, which
work at the same time; answers with a line that says how each ended.

The processes are forked from one that has everything loaded and compiled: hundreds of them cost what one costs to start.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
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
    app = create_app()
    with app.app_context():
        engine = db.engine
    for line in sys.stdin:
        orders = [Order(**order) for order in json.loads(line)]
        if orders[0].compile_only:
            with _clock(orders[0]):
                print(json.dumps(_round(app, orders[0])), flush=True)
            engine.dispose()  # no connection may be shared by two processes
            continue
        started = [_fork(app, order) for order in orders]
        print(json.dumps(list(_ends(started))), flush=True)


def _fork(app: Flask, order: Order) -> tuple[int, int]:
    """Return the process and the end of a pipe at which it says what it did."""
    listen, say = os.pipe()
    pid = os.fork()
    if pid:
        os.close(say)
        print(json.dumps(pid), flush=True)
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
