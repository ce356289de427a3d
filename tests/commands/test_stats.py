"""`flask stats --json`: the figures checks rely on, today and on past days."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.actions.test_progress import monitor, the_assignment
from tests.commands.test_start import flask
from tests.databases import environment
from tracker import clock
from tracker.actions import extension
from tracker.actions.standing import current_assignment
from tracker.extensions import db as database

GOLD = {
    "documents": 5, "clauses": 330, "tasks": {"total": 207, "task": 98, "solution": 62, "standing_duty": 47},
    "targets": 128, "indicators": 52, "agencies": 89, "systems": 70, "unclear_lead": 123,
}  # fmt: skip


def said(app: Flask, *words: str) -> Any:
    result = app.test_cli_runner().invoke(args=["stats", *words])
    return json.loads(result.output) if result.exit_code == 0 and "--json" in words else result


def test_today(app: Flask) -> None:
    found = said(app, "--json")
    assert {name: found[name] for name in GOLD} == GOLD
    assert sum(found["timeliness"].values()) == 207
    assert list(found["timeliness"]) == ["done_on_time", "done_late", "open_in_time", "open_overdue", "no_deadline"]


@pytest.mark.parametrize(
    ("day", "overdue"), [("2022-05-03", 0), ("2022-05-04", 0), ("2022-05-05", 1), ("2022-07-01", 2)]
)
def test_a_past_day_has_what_was_in_force_and_late_then(app: Flask, day: str, overdue: int) -> None:
    found = said(app, "--json", "--on", day)
    assert found["as_of"] == day
    assert found["timeliness"]["open_overdue"] == overdue
    assert sum(found["timeliness"].values()) == found["tasks"]["total"]


def test_slips_are_counted_from_the_day_of_the_grant(app: Flask) -> None:
    with app.app_context(), clock.on_day(date(2022, 5, 16)):
        session, owed = database.session(), the_assignment(database.session())
        seen, leader = current_assignment(session, owed.id).id, monitor(session)
        asked = extension.ask(session, leader, owed, seen, "Thiết bị về chậm.", date(2022, 6, 18), None)
        extension.grant(session, leader, asked, date(2022, 6, 18), "1234/UBND-VX", None)
        session.commit()
    none, one = {"assignments": 0, "extensions": 0, "days": 0}, {"assignments": 1, "extensions": 1, "days": 47}
    assert said(app, "--json", "--on", "2022-05-15")["slips"] == none
    assert said(app, "--json", "--on", "2022-05-16")["slips"] == said(app, "--json")["slips"] == one
    assert "Gia hạn: 1 lần ở 1 phần việc, tổng cộng 47 ngày." in said(app).output


def test_before_any_document_there_is_nothing(app: Flask) -> None:
    found = said(app, "--json", "--on", "2021-09-19")
    assert (found["documents"], found["tasks"]["total"], found["assignments"]) == (0, 0, 0)


def test_bad_days_get_a_sentence(app: Flask) -> None:
    wrong = said(app, "--on", "05/05/2022")
    assert wrong.exit_code == 2
    assert "không phải là ngày; cần dạng năm-tháng-ngày" in wrong.output
    future = said(app, "--on", "2999-01-01")
    assert future.exit_code == 2
    assert "chưa tới" in future.output


def test_for_people(app: Flask) -> None:
    assert "207 nhiệm vụ: 98 nhiệm vụ, 62 giải pháp, 47 việc thường xuyên." in said(app).output


@pytest.mark.parametrize(
    ("empty_database_url", "words"),
    [
        ("sqlite", ("stats",)),
        ("postgresql", ("remind", "--dry-run")),
        ("sqlite", ("worker",)),
        ("postgresql", ("seed",)),
    ],
    indirect=["empty_database_url"],
)
def test_a_database_that_was_never_prepared_is_a_sentence(
    empty_database_url: str, tmp_path: Path, words: tuple[str, ...]
) -> None:
    answer = flask(*words, env=environment(empty_database_url, tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.strip() == "Cơ sở dữ liệu chưa được chuẩn bị; hãy chạy flask prepare (hoặc make run)."
