"""Ten thousand digests into a mail sink, beside what the sink takes at most: prebuilt letters on one bare connection.

`python -m tests.bench.letters URL DAY` on a database in which digests of the day are queued (tests.bench.ring leaves them);
prints JSON. The limit of letters a minute to one domain is switched off (0): it is there to hold the sender back.
"""

import argparse
import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

os.environ.setdefault("BARO_INSTANCE", tempfile.mkdtemp(prefix="bench-"))  # before the application reads its own

import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import databases
from tests.bench.sink import AIOSMTPD, PLAIN, open_sink
from tracker import clock
from tracker.actions import message as fate
from tracker.config import ROOT
from tracker.extensions import db
from tracker.jobs import sender
from tracker.messages import mime
from tracker.messages.draft import Drafts
from tracker.messages.transport import Envelope

NOON = timedelta(hours=5)  # in UTC
SAMPLE = 200
WORKERS = (1, 2)
UNHURRIED = "INSERT INTO setting (name, value) VALUES ('mail_per_minute_per_domain', 0) ON CONFLICT (name) DO UPDATE SET value = 0"
QUEUED = """
    UPDATE message SET state = 'queued', sent_at = NULL, claimed_by = NULL, claimed_at = NULL, reason = NULL,
        not_before = created_at + CASE WHEN id IN (SELECT id FROM message WHERE day = :day ORDER BY id LIMIT :letters)
                                  THEN interval '0' ELSE interval '2 days' END
    WHERE day = :day
"""


def measure(url: str, day: date, letters: int, repeats: int) -> dict[str, Any]:
    """Return by sink what one bare connection and so many workers sent a second in their best turn."""
    app = _app(url)
    with app.app_context(), time_machine.travel(_noon(day), tick=True):
        db.session.execute(sa.text(UNHURRIED))
        _queue(day, letters)
        prebuilt = _letters(app)
        size = sum(len(letter) for _to, letter in prebuilt) / len(prebuilt)
        found: dict[str, Any] = {"letters": letters, "bytes_a_letter": size, "sinks": {}}
        for kind in (PLAIN, AIOSMTPD):
            with open_sink(kind) as port:
                turns = [_turn(url, day, port, prebuilt, letters) for _ in range(repeats)]
            best = {name: max(turn[name]["per_second"] for turn in turns) for name in turns[0]}
            cpu = {name: min(turn[name]["cpu_ms"] for turn in turns) for name in turns[0]}
            found["sinks"][kind] = {
                name: {"per_second": best[name], "cpu_ms": cpu[name], "of_the_sink": best[name] / best["bare"]} for name in best
            }  # fmt: skip
    return found


def _turn(url: str, day: date, port: int, prebuilt: list[tuple[str, str]], letters: int) -> dict[str, dict[str, float]]:
    """Send the same number of letters by one bare connection, then by one worker, then by two."""
    began, cpu = time.perf_counter(), time.process_time()
    _send_bare(port, prebuilt, letters)
    turn = {"bare": _rate(letters, time.perf_counter() - began, time.process_time() - cpu)}
    for number in WORKERS:
        _queue(day, letters)
        turn[f"workers_{number}"] = _rate(letters, *_workers(url, day, port, letters, number))
    return turn


def _rate(letters: int, seconds: float, cpu: float) -> dict[str, float]:
    return {"per_second": letters / seconds, "cpu_ms": 1000 * cpu / letters}


def _workers(url: str, day: date, port: int, letters: int, number: int) -> tuple[float, float]:
    """Let so many processes send what is queued; return the seconds from their common start to the last one's end, and those of
    their processors."""
    order = [sys.executable, "-m", "tests.bench.letters", url, day.isoformat(), "--worker", str(port)]
    running = [
        subprocess.Popen(order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)
    ]  # fmt: skip
    for process in running:
        assert process.stdout and process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [json.loads(process.communicate()[0]) for process in running]
    seconds = time.perf_counter() - began
    if sum(one["sent"] for one in said) != letters:
        raise RuntimeError(f"the workers say: {said}")
    return seconds, sum(one["cpu"] for one in said)


def work(url: str, day: date, port: int) -> None:
    """Be one worker: say "ready", wait for a line, send everything, and say what was done."""
    app = _app(url)
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_SECURITY="none")
    with app.app_context(), time_machine.travel(_noon(day), tick=True):
        db.session.execute(sa.text("SELECT 1"))
        db.session.rollback()
        print("ready", flush=True)
        sys.stdin.readline()
        cpu, outcome = time.process_time(), sender.send_due()
        sent = int(outcome.removeprefix("sent ")) if outcome.startswith("sent ") else 0
        print(json.dumps({"sent": sent, "cpu": time.process_time() - cpu, "outcome": outcome}))


def _app(url: str) -> Flask:
    return databases.make_app(url, TESTING=False)


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC) + NOON


def _queue(day: date, letters: int) -> None:
    """Put so many of the day's digests back into the queue, and the others off until another day."""
    db.session.execute(sa.text(QUEUED), {"day": day, "letters": letters})
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE message")


def _letters(app: Flask) -> list[tuple[str, str]]:
    """Return some of the very letters the sender would write, each with its address."""
    claimed = fate.claim(db.session(), "bench", SAMPLE, "email")
    drafts, found = Drafts(db.session(), claimed), []
    for message in claimed:
        draft = drafts.of(message)
        assert draft.words is not None, draft.reason
        envelope = Envelope(draft.address, message.identity, clock.local(clock.now()), None)
        message_id, host = mime.message_id(app.config, message.identity), mime.host(app.config)
        letter = mime.letter("Ba Ro <ba-ro@tinh.example>", draft.address, host, message_id, envelope, draft.words)
        found.append((draft.address, letter))
    db.session.rollback()
    return found


def _send_bare(port: int, prebuilt: list[tuple[str, str]], letters: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as connection:
        connection.ehlo()
        for number in range(letters):
            to, letter = prebuilt[number % len(prebuilt)]
            connection.mail("ba-ro@tinh.example")
            connection.rcpt(to)
            connection.data(letter)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.letters", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("day", type=date.fromisoformat)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--worker", type=int, metavar="PORT", help="be one of the workers")
    asked = parser.parse_args()
    if asked.worker:
        work(asked.url, asked.day, asked.worker)
    else:
        print(json.dumps(measure(asked.url, asked.day, asked.letters, asked.repeats)))


if __name__ == "__main__":
    main()
