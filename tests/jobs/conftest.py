"""The small province, and the two jobs called as the scheduler calls them."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.jobs.world import World
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
