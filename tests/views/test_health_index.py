"""/healthz, and the list of checks that `flask check` prints."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from tests import databases
from tests.people import Person
from tracker import clock
from tracker.models import CalendarDay, JobRun, Message, Tally
from tracker.queries.health import full_check
from tracker.views.security import POLICY

URL = "/healthz"


def asked(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get(URL)
    return answer.status_code, answer.json


def failed(app: Flask, db: Session) -> set[str]:
    with app.app_context():
        return {finding.code for finding in full_check(db) if not finding.ok}


def beat(db: Session, ago: timedelta) -> None:
    db.merge(JobRun(name="send", started_at=clock.now() - ago, finished_at=None, outcome=None))
    db.commit()


def test_all_is_well_before_any_worker_ran(client: FlaskClient) -> None:
    checks = {"database": "ok", "migrations": "ok", "worker": "ok"}
    assert asked(client) == (200, {"status": "ok", "reasons": [], "checks": checks})


def test_worker_that_fell_silent(client: FlaskClient, db: Session) -> None:
    beat(db, timedelta(minutes=4))
    assert asked(client)[0] == 200
    beat(db, timedelta(minutes=6))
    status, said = asked(client)
    assert (status, said["checks"]["worker"]) == (503, "failed")
    assert said["reasons"] == ["Bộ nhắc việc im lặng quá 5 phút; hãy khởi động lại flask worker."]


def test_old_schema(client: FlaskClient, db: Session) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    status, said = asked(client)
    assert status == 503
    assert said["reasons"] == ["Cấu trúc cơ sở dữ liệu chưa ở phiên bản mới nhất; hãy chạy flask prepare."]


@pytest.fixture
def without_database(tmp_path: Any) -> Iterator[Flask]:
    app = databases.make_app(f"sqlite:///{tmp_path}/no/such/folder/x.db")
    yield app
    databases.let_go(app)


def test_database_away(without_database: Flask) -> None:
    status, said = asked(without_database.test_client())
    assert (status, said) == (
        503, {"status": "failed", "reasons": ["Cơ sở dữ liệu không trả lời."], "checks": {"database": "failed"}},
    )  # fmt: skip


def test_page_without_a_database_is_still_a_sentence(without_database: Flask) -> None:
    client = without_database.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1.x"
    answer = client.get("/nhiem-vu")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "text/plain", "60")
    assert answer.text.startswith("Cơ sở dữ liệu chưa trả lời được. Nội dung vừa gửi chưa được ghi.")
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_says_nothing_secret(client: FlaskClient, app: Flask) -> None:
    shown = client.get(URL).text
    for secret in (app.config["SQLALCHEMY_DATABASE_URI"], app.config["SECRET_KEY"], str(app.config["INSTANCE"])):
        assert secret not in shown


def test_full_list_of_a_working_province(app: Flask, db: Session) -> None:
    for day in range(1, 11):  # whatever the seeds know of next year
        db.merge(CalendarDay(day=date(clock.today().year + 1, 2, day), working=False, name="Tết", source="x"))
    beat(db, timedelta(minutes=1))
    with app.app_context():
        found = [(finding.code, finding.ok) for finding in full_check(db)]
    assert found == [
        ("configuration", True), ("database", True), ("migrations", True), ("worker", True), ("calendar", True),
        ("messages", True), ("tally", True), ("events", True), ("evidence", True), ("reorganisations", True),
        ("reminder_policy", True),
    ]  # fmt: skip


def test_worker_that_never_ran_is_a_finding(app: Flask, db: Session) -> None:
    assert "worker" in failed(app, db)


@pytest.mark.config(REHEARSAL_DAY=date(2026, 10, 1))
def test_calendar_of_next_year(app: Flask, db: Session) -> None:
    year = 2027
    db.execute(delete(CalendarDay).where(CalendarDay.day >= date(year, 1, 1)))
    assert "calendar" in failed(app, db)
    for day in range(1, 11):
        db.add(CalendarDay(day=date(year, 2, day), working=False, name="Tết", source="x"))
    assert "calendar" not in failed(app, db)


def test_message_claimed_and_forgotten(app: Flask, db: Session, people: dict[str, Person]) -> None:
    now = clock.now()
    db.add(Message(kind="reminder_digest", recipient_id=people["viewer"].id, day=clock.today(), key="k", state="claimed",
                   not_before=now, created_at=now, claimed_at=now - timedelta(minutes=14)))  # fmt: skip
    assert "messages" not in failed(app, db)
    db.execute(update(Message).values(claimed_at=now - timedelta(minutes=16)))
    assert "messages" in failed(app, db)


def test_tally_is_compared_with_a_recount(app: Flask, db: Session) -> None:
    assert "tally" not in failed(app, db)
    row = db.scalars(select(Tally).where(Tally.n > 0)).first()
    assert row is not None
    row.n += 1
    assert "tally" in failed(app, db)
