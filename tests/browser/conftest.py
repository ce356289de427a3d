"""What the browser's tests share: one database, a report that waits, a letter that waits, a tab without scripts."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import people as everybody
from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker.jobs import reminders
from tracker.models import Message, ProgressReport

# What a browser shows does not depend on the database behind it; the other tests ask both.
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def proposal(app: Flask, db: Session, as_person: Any) -> int:
    """The id of a report that waits for the Office, on E-Cabinet."""
    owed = the_assignment(db)
    said = {"seen": current(db, owed).id, "result_on": "2022-05-05", "result_document": "45/BC-VP", "done": "Đã xong."}
    assert as_person("officer_vp").post(f"/phan-viec/{owed.id}/hoan-thanh", data=said).status_code == 302
    return db.scalars(sa.select(ProgressReport.id)).one()


@pytest.fixture
def letter(app: Flask, db: Session, proposal: int) -> int:
    """The id of the first message of the log: the Office is asked to confirm."""
    with app.app_context():
        reminders.draw_up()
    return db.scalars(sa.select(sa.func.min(Message.id))).one()


@pytest.fixture
def still_tab_as(
    app: Flask, browser: Any, live_server: str, people: dict[str, Person]
) -> Iterator[Callable[[str], Any]]:
    """still_tab_as("monitor"): a tab that runs no scripts, signed in as that person."""
    with closing(browser.new_context(base_url=live_server, locale="vi-VN", java_script_enabled=False)) as context:
        opened = context.new_page()

        def become(key: str) -> Any:
            value = everybody.session_cookie(app, people[key])
            context.clear_cookies()
            context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": live_server}])
            return opened

        yield become
