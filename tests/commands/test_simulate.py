"""flask simulate: any period day by day, and the real documents of 2022 as the golden story."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker.jobs import reminders
from tracker.models import (
    Acknowledgement,
    Message,
    Reminder,
    ReminderHold,
    ReminderRun,
    ReminderSkip,
    Role,
    UrgeLetter,
)

GOLDEN = Path(__file__).parent / "golden"
YEAR = ("--from", "2022-04-01", "--to", "2022-12-31", "--by-position")


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["simulate", *arguments])


def days_of(app: Flask, *arguments: str) -> list[dict[str, Any]]:
    answer = run(app, *arguments, "--json")
    assert answer.exit_code == 0, answer.output
    found: list[dict[str, Any]] = json.loads(answer.stdout)["days"]
    return found


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


def test_the_story_of_2022_day_by_day(app: Flask, db: Session) -> None:
    """To write it anew, after reading what changed: flask simulate --from 2022-04-01 --to 2022-12-31 --by-position."""
    answer = run(app, *YEAR)
    assert answer.exit_code == 0, answer.output
    assert answer.output == (GOLDEN / "simulate_2022.txt").read_text(encoding="utf-8")
    for table in (Reminder, ReminderSkip, ReminderRun, Message, UrgeLetter):
        assert db.scalar(select(func.count()).select_from(table)) == 0, table


def test_the_paperless_meeting_room_climbs(app: Flask) -> None:
    days = days_of(app, *YEAR, "--task", "TB1802:6.b")
    told = [(day["day"], line["step"], line["level"]) for day in days for line in day["told"]]
    assert told[:5] == [
        ("2022-04-21", "before_7", "responsible"), ("2022-04-27", "before_3", "responsible"),
        ("2022-04-29", "before_1", "responsible"), ("2022-05-04", "due", "responsible"),
        ("2022-05-05", "overdue_1", "responsible"),
    ]  # fmt: skip
    first = {level: day for day, _step, level in reversed(told)}
    assert first == {
        "responsible": "2022-04-21", "head": "2022-05-23", "monitor": "2022-06-06", "leader": "2022-06-08",
    }  # fmt: skip
    assert [day["day"] for day in days if day["letters"]] == ["2022-06-10"]


def test_the_sale_of_farm_goods_online_is_due_in_june(app: Flask) -> None:
    days = days_of(app, *YEAR, "--agency", "so-cong-thuong")
    assert {line["task"] for day in days for line in day["told"]} == {"TB1802:4"}
    assert (days[0]["day"], days[0]["told"][0]["recipient"]) == ("2022-06-21", "đầu mối của Sở Công Thương")
    assert [line["step"] for line in days[4]["told"]] == ["overdue_1"] and days[4]["day"] == "2022-07-01"


@pytest.mark.unseeded
def test_what_is_remembered_is_not_told_twice_and_what_was_told_before_is_known(
    app: Flask, db: Session, world: World
) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 29))
    world.ready()
    period = ("--from", "2022-05-04", "--to", "2022-05-13")
    steps = [(day["day"], line["step"]) for day in days_of(app, *period) for line in day["told"]]
    assert steps == [("2022-05-04", "overdue_1"), ("2022-05-11", "overdue_2")]
    with at("2022-05-04 08:00"), app.app_context():
        reminders.draw_up()
    again = days_of(app, "--from", "2022-05-05", "--to", "2022-05-13")
    assert [(day["day"], day["told"][0]["step"], day["told"][0]["recipient"]) for day in again] == [
        ("2022-05-11", "overdue_2", "lan <lan@tinh.gov.vn>")
    ]


@pytest.mark.unseeded
def test_a_hold_is_told_once_and_nobody_counts_as_unanswered(app: Flask, db: Session, world: World) -> None:
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    head = world.person("sep", world.office, contact=False, role=Role.AGENCY_HEAD)
    owed = world.task(world.office, date(2022, 4, 29))
    db.add(
        ReminderHold(assignment_id=owed.id, from_on=date(2022, 5, 11), until_on=date(2022, 5, 13), reason="lũ",
                     made_by_id=monitor.id, made_at=datetime(2022, 5, 11, 2, tzinfo=UTC))
    )  # fmt: skip
    world.ready()
    days = days_of(app, "--from", "2022-05-04", "--to", "2022-05-31")
    assert [(day["day"], line["step"]) for day in days for line in day["unreachable"]] == [
        ("2022-05-04", "overdue_1"), ("2022-05-16", "overdue_2"), ("2022-05-18", "overdue_3"), ("2022-05-25", "overdue_4"),
    ]  # fmt: skip
    assert [(day["day"], line["reason"], line["until"]) for day in days for line in day["skipped"]] == [
        ("2022-05-11", "held", "2022-05-13")
    ]
    assert next((day["day"], line["level"]) for day in days for line in day["told"]) == ("2022-05-20", "head")
    assert {line["recipient"] for day in days for line in day["told"]} == {f"sep <{head.email}>"}


@pytest.mark.unseeded
def test_an_answer_rests_the_climb(app: Flask, db: Session, world: World) -> None:
    lan = world.person("lan", world.office)
    world.person("sep", world.office, contact=False, role=Role.AGENCY_HEAD)
    owed = world.task(world.office, date(2022, 4, 29))
    db.add(
        Acknowledgement(assignment_id=owed.id, effective_on=date(2022, 4, 29), person_id=lan.id, day=date(2022, 5, 18),
                        at=datetime(2022, 5, 18, 3, tzinfo=UTC), until_on=date(2022, 5, 25), via="mail")
    )  # fmt: skip
    world.ready()
    days = days_of(app, "--from", "2022-05-04", "--to", "2022-06-10")
    first = next(day["day"] for day in days for line in day["told"] if line["level"] == "head")
    assert first == "2022-06-03", "the third and fourth reminder were answered, so the fifth is the third unanswered"


@pytest.mark.unseeded
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--from", "2022-05-05", "--to", "2022-05-04"), "Ngày cuối đang trước ngày đầu."),
        (("--from", "2012-05-05", "--to", "2022-05-04"), "nhiều nhất ba năm"),
        (("--from", "05/05/2022", "--to", "2022-05-06"), "không phải là ngày"),
        (("--from", "2022-05-05"), "--to"),
        (("--from", "2022-05-05", "--to", "2022-05-06", "--task", "X:1"), "Không có nhiệm vụ mang mã “X:1”."),
        (("--from", "2022-05-05", "--to", "2022-05-06", "--agency", "x"), "Không có cơ quan mang mã “x”."),
    ],
    ids=["backwards", "too_long", "no_day", "no_end", "no_task", "no_agency"],
)
def test_what_cannot_be_played_is_a_sentence(
    app: Flask, world: World, arguments: tuple[str, ...], sentence: str
) -> None:
    world.ready()
    answer = run(app, *arguments)
    assert answer.exit_code == 2 and sentence in answer.output and "Traceback" not in answer.output
