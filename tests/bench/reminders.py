"""The reminder run: what is due is found, digests are queued, letters go out, each step timed on its own."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.bench.letters import UNHURRIED
from tests.bench.sink import open_sink
from tracker.extensions import db
from tracker.jobs import reminders, sender
from tracker.models import Message, Reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.reminder import plan

T = TypeVar("T")
TEN_O_CLOCK = timedelta(hours=3)  # in UTC: ten in the morning in Viet Nam


def reminder_run(app: Flask, day: date) -> dict[str, float]:
    """Plan, queue and send the reminders of the first working day from `day` on; return counts and rates a second."""
    with app.app_context(), open_sink() as port:
        app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_SECURITY="none")
        day = work_calendar(db.session).on_or_after(day)
        db.session.execute(sa.text(UNHURRIED))  # no limit to one domain: everybody of this world is in the same
        db.session.commit()
        moment = datetime.combine(day, datetime.min.time(), tzinfo=UTC) + TEN_O_CLOCK
        with time_machine.travel(moment, tick=True):
            examined, planning = _timed(lambda: plan(db.session(), day).examined)
            db.session.rollback()
            _, queueing = _timed(reminders.draw_up)
            waiting = _count(Message.state == "queued")
            outcome, sending = _timed(sender.send_due)
            sent, told = waiting - _count(Message.state == "queued"), _told(day)
    if not sent:
        raise RuntimeError(f"no message was sent: {outcome}")
    return {
        "examined": examined, "examined_per_second": examined / planning, "reminders": told,
        "reminders_queued_per_second": told / queueing, "messages": sent, "messages_per_second": sent / sending,
    }  # fmt: skip


def _timed(step: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = step()
    return result, time.perf_counter() - began


def _count(*conditions: sa.ColumnElement[bool]) -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(Message).where(*conditions)).scalar_one()
    db.session.rollback()
    return found


def _told(day: date) -> int:
    found = db.session.execute(sa.select(sa.func.count()).where(Reminder.day == day)).scalar_one()
    db.session.rollback()
    return found
