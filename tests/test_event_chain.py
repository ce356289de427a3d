"""The log is a chain: what was written follows what came before, and whoever changes a row behind our back is found."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.databases import environment
from tracker.actions.event import log
from tracker.database import begin_writing
from tracker.extensions import db as database
from tracker.models import Event, Submission
from tracker.queries.event_chain import first_broken, length

OPEN_THE_LOCK = {
    "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
    "postgresql": ("ALTER TABLE event DISABLE TRIGGER ALL",),
}


@pytest.fixture
def written(db: Session) -> list[int]:
    """Five events more than the seeds wrote; returns their ids."""
    before = set(db.scalars(select(Event.id)))
    for number in range(5):
        log(db, None, "sign_in", "user", number, said=["ă", 1.5, None], n=number)
    db.commit()
    return sorted(set(db.scalars(select(Event.id))) - before)


def forge(db: Session, statement: str) -> None:
    for opening in OPEN_THE_LOCK[db.get_bind().dialect.name]:
        db.execute(text(opening))
    db.execute(text(statement))
    db.commit()


def test_a_whole_log_is_whole(db: Session, written: list[int]) -> None:
    assert len(written) == 5
    assert first_broken(db) is None
    rows = db.execute(select(Event.previous_hash, Event.hash).order_by(Event.id)).all()
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert length(db) == (len(rows), rows[-1].hash)


@pytest.mark.parametrize(
    ("forgery", "named"),
    [
        ("UPDATE event SET verb = 'x' WHERE id = {second}", "nội dung sự kiện số {second} đã bị sửa"),
        ("UPDATE event SET facts = '{{}}' WHERE id = {second}", "nội dung sự kiện số {second} đã bị sửa"),
        ("UPDATE event SET at = '2020-01-01 00:00:00' WHERE id = {second}", "nội dung sự kiện số {second} đã bị sửa"),
        ("DELETE FROM event WHERE id = {second}", "đứt ở sự kiện số {third}"),
        ("DELETE FROM event WHERE id = {last}", "thiếu phần cuối: sự kiện còn lại cuối cùng là số {fourth}"),
        ("UPDATE event SET hash = NULL WHERE id = {second}", "sự kiện số {second} không có mã băm"),
    ],
)
def test_the_first_broken_row_is_named(db: Session, written: list[int], forgery: str, named: str) -> None:
    _first, second, third, fourth, last = written
    places = {"second": second, "third": third, "fourth": fourth, "last": last}
    forge(db, forgery.format(**places))
    assert named.format(**places) in (first_broken(db) or "")


def test_what_was_rolled_back_is_not_told(db: Session, written: list[int]) -> None:
    log(db, None, "sign_in", "user", 1)
    db.rollback()
    log(db, None, "sign_in", "user", 2)
    db.close()
    db.execute(text("SELECT 1"))
    db.commit()
    assert db.scalars(select(Event.id).where(Event.id > written[-1])).all() == []
    assert first_broken(db) is None


def test_flask_check_says_so(app: Any, db: Session, written: list[int]) -> None:
    assert "chuỗi mã băm liền mạch" in app.test_cli_runner().invoke(args=["check"]).output
    forge(db, f"UPDATE event SET verb = 'x' WHERE id = {written[2]}")
    said = app.test_cli_runner().invoke(args=["check"])
    assert said.exit_code == 1
    assert f"[LỖI] Nhật ký: nội dung sự kiện số {written[2]} đã bị sửa sau khi ghi." in said.output


def test_writers_at_once_leave_one_chain(app: Flask, db: Session) -> None:
    """Real commits from several threads: every event is there once, each continuing the one before it."""
    writers, each = 4, 12
    together, failed = Barrier(writers), []
    before = length(db)[0]
    db.rollback()

    def write(who: int) -> None:
        with app.app_context():
            together.wait()
            try:
                for number in range(each):
                    begin_writing()
                    log(database.session(), None, "sign_in", "user", who, number=number)
                    log(database.session(), None, "sign_in", "user", who, number=number, again=True)
                    database.session.commit()
            except Exception as error:
                failed.append(error)

    threads = [Thread(target=write, args=(who,)) for who in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert first_broken(db) is None
    assert length(db)[0] == before + writers * each * 2
    said = db.execute(select(Event.noun_id, Event.facts).where(Event.verb == "sign_in").order_by(Event.id)).all()
    by_writer = [[row.facts["number"] for row in said if row.noun_id == who] for who in range(writers)]
    assert by_writer == [[number for number in range(each) for _twice in range(2)]] * writers, "each in its own order"


CRASH = """
import os
from tracker import create_app, clock
from tracker.actions.event import log
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.models import Submission

app = create_app()
with app.app_context():
    begin_writing()
    db.session.add(Submission(token="half done", user_id={user}, at=clock.now()))
    log(db.session(), None, "sign_in", "user", {user})
    db.session.flush()
    print("written, not committed", flush=True)
    os._exit(1)
"""


def test_a_crash_between_the_change_and_the_commit_leaves_neither(
    app: Flask, db: Session, database_url: str, tmp_path: Path, people: Any
) -> None:
    before = length(db)
    db.rollback()
    program = CRASH.format(user=people["admin"].id)
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment(database_url, tmp_path, SECRET_KEY="x" * 32, PYTHONPATH=os.getcwd()),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "written, not committed\n"), ended.stderr
    assert length(db) == before
    assert db.execute(select(func.count()).select_from(Submission)).scalar_one() == 0
    assert first_broken(db) is None


def test_an_event_of_an_older_program_is_named(app: Any, db: Session, written: list[int]) -> None:
    """The version before the chain still runs while the new one starts: what it writes has no hash."""
    db.execute(
        text("INSERT INTO event (at, verb, noun, facts) VALUES ('2026-01-02 03:04:05', 'sign_in', 'user', '{}')")
    )
    db.commit()
    stranger = db.scalars(select(func.max(Event.id))).one()
    said = app.test_cli_runner().invoke(args=["check"])
    assert said.exit_code == 1
    assert f"[LỖI] Nhật ký: sự kiện số {stranger} không có mã băm; nó được ghi ngoài chương trình này." in said.output
