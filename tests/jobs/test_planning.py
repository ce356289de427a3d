"""Which reminders a day brings: found by set, in Viet Nam's time, once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker.models import Message, Reminder, Role, Succession
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]


def steps(db: Session) -> list[tuple[int, str]]:
    db.rollback()
    return [tuple(row) for row in db.execute(select(Reminder.recipient_id, Reminder.step).order_by(Reminder.id))]


def test_each_step_is_told_once_on_its_day(db: Session, world: World, draw_up: Job) -> None:
    lan = world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 30))  # counts until Wednesday 04/05/2022
    world.ready()
    days = ["2022-04-20", "2022-04-21", "2022-04-22", "2022-04-25", "2022-04-26", "2022-04-27", "2022-04-28", "2022-04-29",
            "2022-05-04", "2022-05-05", "2022-05-06", "2022-05-11", "2022-05-12"]  # fmt: skip
    told = {}
    for day in days:
        before = len(steps(db))
        with at(f"{day} 08:00"):
            draw_up()
            draw_up()
        told[day] = steps(db)[before:]
    assert {day: new for day, new in told.items() if new} == {
        "2022-04-21": [(lan.id, "before_7")], "2022-04-27": [(lan.id, "before_3")], "2022-04-29": [(lan.id, "before_1")],
        "2022-05-04": [(lan.id, "due")], "2022-05-05": [(lan.id, "overdue_1")], "2022-05-12": [(lan.id, "overdue_2")],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2022-05-05 07:00", 0),
        ("2022-05-05 07:59", 0),
        ("2022-05-05 08:00", 1),
        ("2022-05-05 23:59", 1),  # 16:59 UTC, the same day
        ("2022-05-06 00:01", 0),  # 17:01 UTC of the 5th, but Friday's hour has not come
        ("2022-05-03 09:00", 0),  # a day off in lieu
        ("2022-05-07 09:00", 0),  # Saturday
    ],
)
def test_only_from_eight_on_working_days(db: Session, world: World, draw_up: Job, moment: str, told: int) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 30))
    world.ready()
    with at(moment):
        draw_up()
    assert len(steps(db)) == told


def test_the_day_is_viet_nams(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 5, 5))
    world.ready()
    with at("2022-05-05 23:59"):
        draw_up()
    assert [step for _, step in steps(db)] == ["due"]
    assert db.scalars(select(Message.day)).all() == [date(2022, 5, 5)]
    with at("2022-05-06 00:01"):
        draw_up()
    assert [step for _, step in steps(db)] == ["due"]
    with at("2022-05-06 08:00"):
        draw_up()
    assert [step for _, step in steps(db)] == ["due", "overdue_1"]


def test_nothing_during_tet_and_one_reminder_after_it(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2023, 1, 19))
    world.ready()
    with at("2023-01-19 08:00"):
        draw_up()
    for day in range(20, 27):
        with at(f"2023-01-{day} 09:00"):
            draw_up()
    assert [step for _, step in steps(db)] == ["due"]
    with at("2023-01-27 08:00"):
        draw_up()
    assert [step for _, step in steps(db)] == ["due", "overdue_1"]


def test_what_was_missed_collapses_into_one(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 30))
    world.ready()
    with at("2022-06-15 08:00"):  # nothing ran for two months
        draw_up()
    assert [step for _, step in steps(db)] == ["overdue_6"]


def test_one_digest_a_person_however_many_tasks(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    for day in (20, 25, 29):
        world.task(world.office, date(2022, 4, day))
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
        assert len(steps(db)) == 3
        world.task(world.office, date(2022, 5, 5))  # entered after the digest was drawn up, before it left
        world.ready()
        draw_up()
    assert len(steps(db)) == 4
    assert len(db.scalars(select(Message.id)).all()) == 1


def test_what_needs_no_reminder_gets_none(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    overdue = date(2022, 4, 20)
    world.task(world.office, None, kind="standing_duty")
    world.task(world.office, overdue, state=WorkState.DONE, result_on=date(2022, 4, 22))
    world.task(world.office, overdue, state=WorkState.AWAITING, result_on=date(2022, 4, 22))
    world.task(world.office, overdue, state=WorkState.WITHDRAWN)
    world.task(world.office, overdue, state=WorkState.PAUSED)
    world.task(world.office, date(2022, 12, 30))
    led = world.task(world.trade, overdue)
    world.lead(led.task, world.office, overdue, role="coordinate")
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    assert steps(db) == []
    world.task(world.office, overdue, state=WorkState.RETURNED)
    world.ready()
    with at("2022-05-05 08:01"):
        draw_up()
    assert len(steps(db)) == 1


def test_the_responsible_person_goes_before_the_contacts(db: Session, world: World, draw_up: Job) -> None:
    world.person("lan", world.office)
    hai = world.person("hai", world.office, contact=False)
    world.task(world.office, date(2022, 5, 5), responsible=hai)
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    assert steps(db) == [(hai.id, "due")]


@pytest.mark.parametrize("change", ["left", "moved"])
def test_a_responsible_person_who_is_gone_leaves_it_to_the_contacts(
    db: Session, world: World, draw_up: Job, change: str
) -> None:
    lan = world.person("lan", world.office)
    hai = world.person("hai", world.office if change == "left" else world.trade, contact=False, active=change != "left")
    world.task(world.office, date(2022, 5, 5), responsible=hai)
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    assert steps(db) == [(lan.id, "due")]


def test_a_successor_is_told_from_its_day_on(db: Session, world: World, draw_up: Job) -> None:
    merged = world.agency("so-moi", "Sở mới")
    heir = world.person("moi", merged)
    world.session.add(
        Succession(agency_id=world.trade.id, successor_id=merged.id, took_effect_on=date(2022, 5, 6), legal_basis="QĐ")
    )
    world.task(world.trade, date(2022, 5, 5))
    world.ready()
    with at("2022-05-05 08:00"):
        assert "unreachable 1" in draw_up()
    assert steps(db) == []
    with at("2022-05-06 08:00"):
        draw_up()
    assert steps(db) == [(heir.id, "overdue_1")]


def test_a_dissolved_agencys_contact_gives_way_to_the_successors(db: Session, world: World, draw_up: Job) -> None:
    merged = world.agency("so-moi", "Sở mới")
    heir = world.person("moi", merged)
    old = world.person("cu", world.trade)
    world.trade.valid_to = date(2022, 5, 6)
    world.session.add(
        Succession(agency_id=world.trade.id, successor_id=merged.id, took_effect_on=date(2022, 5, 6), legal_basis="QĐ")
    )
    world.task(world.trade, date(2022, 5, 5))
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    with at("2022-05-06 08:00"):
        draw_up()
    assert steps(db) == [(old.id, "due"), (heir.id, "overdue_1")]


def test_who_takes_over_after_the_reminder_is_told_too(db: Session, world: World, draw_up: Job) -> None:
    lan, hai = world.person("lan", world.office), world.person("hai", world.office, contact=False)
    assignment = world.task(world.office, date(2022, 5, 5))
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
        assignment.responsible_id = hai.id
        db.commit()
        draw_up()
    assert steps(db) == [(lan.id, "due"), (hai.id, "due")]


def test_the_office_hears_of_work_nobody_can_be_told_of(app: Flask, db: Session, world: World, draw_up: Job) -> None:
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    world.task(world.trade, date(2022, 5, 5))
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    assert steps(db) == []
    assert db.scalars(select(Message.recipient_id)).all() == [monitor.id]
    with at("2022-05-09 08:00"):  # no step was reached: no second mail about the same
        draw_up()
    assert len(db.scalars(select(Message.id)).all()) == 1


def test_a_collective_order_reminds_each_agency_of_its_own(db: Session, world: World, draw_up: Job) -> None:
    lan, cong = world.person("lan", world.office), world.person("cong", world.trade)
    first = world.task(world.office, date(2022, 5, 5))
    second = world.lead(first.task, world.trade, date(2022, 5, 5), alone=False)
    world.ready()
    with at("2022-05-05 08:00"):
        draw_up()
    db.rollback()
    told = db.execute(select(Reminder.assignment_id, Reminder.recipient_id).order_by(Reminder.recipient_id)).all()
    assert [tuple(row) for row in told] == [(first.id, lan.id), (second.id, cong.id)]


def test_more_tasks_cost_no_more_queries(app: Flask, world: World, draw_up: Job, count_queries: Any) -> None:
    world.person("lan", world.office)
    counts = []
    for more in (1, 30):
        for _ in range(more):
            world.task(world.office, date(2022, 5, 5))
        world.ready()
        with count_queries(app) as statements, at("2022-05-05 08:00"):
            assert f"new {more}" in draw_up()
        counts.append(len(statements))
    assert counts[0] == counts[1]
