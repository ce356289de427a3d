"""`python -m tests.machines`: a storm over a PostgreSQL of its own: workers killed by the hundred, and what came of it, counted."""

import argparse
import os
import shutil
import tempfile
import time
from collections import Counter
from random import Random
from typing import Any

os.environ.setdefault("BARO_INSTANCE", tempfile.mkdtemp(prefix="machines-"))  # before the application reads its own

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests import databases, postgres
from tests.jobs.world import at
from tests.machines.crowd import crowd
from tests.machines.fleet import Mother, fleet
from tests.machines.order import Order
from tests.machines.outcome import assert_everybody_was_told_once, forget, planned, recorded, repeats, states
from tests.machines.storm import Storm
from tests.smtp_sink import SmtpSink
from tracker.jobs import sender


def main() -> None:
    asked = _arguments()
    server, smtp, mother = postgres.own(), SmtpSink(), Mother()
    smtp.come_back()
    try:
        url = server.create("storm")
        app = databases.make_app(url)
        databases.migrate(app)
        databases.let_go(app)
        with Session(create_engine(url)) as db:
            settings = {"SMTP_HOST": smtp.host, "SMTP_PORT": smtp.port, "SMTP_SECURITY": "none"}
            with fleet(mother, url, **settings) as workers:
                _storm(asked, db, smtp, workers)
    finally:
        mother.close()
        smtp.go_down()
        server.stop()
        shutil.rmtree(os.environ["BARO_INSTANCE"], ignore_errors=True)


def _storm(asked: argparse.Namespace, db: Session, smtp: SmtpSink, workers: Any) -> None:
    world = crowd(db, agencies=1, people=2, tasks=1)
    workers.compile(Order())
    forget(db)
    smtp.received.clear()
    crowd(db, asked.agencies, asked.people, asked.tasks, world)
    with at("2022-05-05 08:00"):
        expected = planned(db)
    storm = Storm(workers, Random(asked.seed), asked.workers, asked.longest)
    began = time.monotonic()
    storm.rage(asked.kills)
    at_the_end = states(db)
    storm.calm()
    told = recorded(db)
    for name, number in (
        ("reminders planned by an undisturbed run", len(expected)),
        ("people", len({person for *_, person in expected})),
        ("workers started", len(storm.ended)),
        ("of them killed (SIGKILL)", storm.killed),
        ("waves", storm.waves),
        ("seconds", round(time.monotonic() - began)),
        ("messages by state after the last kill", at_the_end),
        ("reminders recorded", len(told)),
        ("of them twice", len(told) - len(set(told))),
        ("missing", len(expected - set(told))),
        ("messages by state in the end", states(db)),
        ("mails accepted by the server", len(smtp.received)),
        ("of them repeats, with the same Message-ID", repeats(smtp.received)),
        ("repeats at most", sender.UNWRITTEN * storm.killed),
        ("mails by times accepted", dict(sorted(_times(smtp).items()))),
    ):
        print(f"{name:45} {number}")
    assert_everybody_was_told_once(db, expected, smtp.received, sender.UNWRITTEN * storm.killed)
    print("Everybody was told, every reminder is recorded once, and the day's record counts them all.")


def _times(smtp: SmtpSink) -> Counter[int]:
    return Counter(Counter(mail.message["Message-ID"] for mail in smtp.received).values())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.machines", description=__doc__)
    parser.add_argument("--workers", type=int, default=8, help="at the same time (default 8)")
    parser.add_argument("--kills", type=int, default=200, help="workers ordered to die (default 200)")
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--people", type=int, default=20, help="of each agency (default 20)")
    parser.add_argument("--tasks", type=int, default=10, help="of each agency, told to each of its people (default 10)")
    parser.add_argument("--longest", type=float, default=4, help="seconds a doomed worker lives at most (default 4)")
    parser.add_argument("--seed", type=int, default=20220505)
    return parser.parse_args()


if __name__ == "__main__":
    main()
