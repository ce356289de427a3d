"""The small province, and the two jobs called as the scheduler calls them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tests.machines.fleet import Fleet, Mother, fleet
from tests.smtp_sink import SmtpSink
from tracker.jobs import reminders, sender


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def draw_up(app: Flask) -> Callable[[], str]:
    """draw_up(): the planning job, in a context of its own."""

    def run() -> str:
        with app.app_context():
            return reminders.draw_up()

    return run


@pytest.fixture
def send(app: Flask, smtp: SmtpSink) -> Iterator[Callable[[], str]]:
    """send(): the sending job, into the real mail server of the tests."""
    app.config.update(
        SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none", SMTP_FROM="Ba Rõ <baro@tinh.gov.vn>"
    )

    def run() -> str:
        with app.app_context():
            return sender.send_due()

    return run


@pytest.fixture(scope="session")
def mother() -> Iterator[Mother]:
    """The process of which every worker process is forked."""
    made = Mother()
    yield made
    made.close()


@pytest.fixture
def workers(mother: Mother, database_url: str, smtp: SmtpSink) -> Iterator[Fleet]:
    """Worker processes on the test's database, that mail into its mail server."""
    with fleet(mother, database_url, **mail_settings(smtp)) as made:
        yield made


def mail_settings(smtp: SmtpSink) -> dict[str, Any]:
    """Return the settings of an application that mails into the server of the tests."""
    return {"SMTP_HOST": smtp.host, "SMTP_PORT": smtp.port, "SMTP_SECURITY": "none"}
