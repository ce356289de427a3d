"""The log is a chain: what was written follows what came before, and whoever changes a row behind our back is found."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tracker.actions.event import log
from tracker.models import Event
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
