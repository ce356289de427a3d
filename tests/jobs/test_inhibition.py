"""Nothing is sent for work that waits, is finished, held or has no clock; each skip is written down once, with its reason."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker.actions import completion, extension, suspension
from tracker.actions.standing import current_assignment
from tracker.models import Assignment, Message, Reminder, ReminderRun, ReminderSkip, Role, User
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 5, 4)


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office)


@pytest.fixture
def hai(world: World) -> User:
    return world.person("hai", None, contact=False, role=Role.MONITOR)


def skips(db: Session) -> list[tuple[Any, ...]]:
    db.rollback()
    query = select(ReminderSkip.day, ReminderSkip.step, ReminderSkip.level, ReminderSkip.reason)
    return [tuple(row) for row in db.execute(query.order_by(ReminderSkip.id))]


def told(db: Session) -> list[str]:
    return list(db.scalars(select(Reminder.step).order_by(Reminder.id)))


def test_a_result_that_waits_for_the_office(
    app: Any, db: Session, world: World, lan: User, hai: User, draw_up: Job
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-04-29 07:30"), app.app_context():
        seen = current_assignment(db, owed.id).id
        completion.propose_completion(db, lan, owed, seen, date(2022, 4, 29), "12/BC", "Xong.")
        db.commit()
    for moment in ("2022-04-29 08:00", "2022-05-04 08:00", "2022-05-04 14:00"):
        with at(moment):
            draw_up()
    assert told(db) == []
    assert skips(db) == [(date(2022, 5, 4), "due", "responsible", "awaiting")]


def test_a_request_for_more_time(app: Any, db: Session, world: World, lan: User, hai: User, draw_up: Job) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-04-27 08:00"):
        draw_up()
    with at("2022-04-27 09:00"), app.app_context():
        asked = extension.ask(
            db, lan, owed, current_assignment(db, owed.id).id, "Thiết bị chậm.", date(2022, 6, 18), None
        )
        db.commit()
    with at("2022-04-29 08:00"):
        draw_up()
    with at("2022-05-04 09:00"), app.app_context():
        extension.refuse(db, hai, asked, "Không.", None)
        db.commit()
    with at("2022-05-04 10:00"):
        draw_up()
    assert skips(db) == [(date(2022, 4, 29), "before_1", "responsible", "asked_more_time")]
    assert told(db) == ["before_3", "due"]


def test_a_request_made_before_the_digest_leaves(
    app: Any, db: Session, world: World, lan: User, hai: User, draw_up: Job, send: Job, smtp: Any
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-05-04 08:00"):
        draw_up()
    with at("2022-05-04 08:01"), app.app_context():
        extension.ask(db, lan, owed, current_assignment(db, owed.id).id, "Thiết bị chậm.", date(2022, 6, 18), None)
        db.commit()
    with at("2022-05-04 08:02"):
        send()
    db.rollback()
    digest = db.scalars(select(Message).where(Message.kind == "reminder_digest")).one()
    assert (digest.state, digest.reason) == ("cancelled", "asked_more_time")
    assert smtp.to(lan.email) == []


@pytest.mark.parametrize(("state", "reason"), [("paused", "paused"), ("withdrawn", "withdrawn"), ("done", "finished")])
def test_work_that_rests_or_is_over(
    app: Any, db: Session, world: World, lan: User, hai: User, draw_up: Job, state: str, reason: str
) -> None:
    owed = world.task(world.office, DUE)
    world.ready()
    with at("2022-05-03 09:00"), app.app_context():
        _bring(db, owed, hai, lan, state)
        db.commit()
    for moment in ("2022-05-04 08:00", "2022-05-05 08:00", "2022-05-05 14:00"):
        with at(moment):
            draw_up()
    assert told(db) == []
    assert [(day, step, why) for day, step, _level, why in skips(db)] == [
        (date(2022, 5, 4), "due", reason), (date(2022, 5, 5), "overdue_1", reason),
    ]  # fmt: skip


def _bring(db: Session, owed: Assignment, hai: User, lan: User, state: str) -> None:
    seen = current_assignment(db, owed.id).id
    if state == "done":
        completion.confirm(
            db, hai, completion.propose_completion(db, lan, owed, seen, date(2022, 5, 3), "12/BC", "Xong.")
        )
    else:
        suspension.suspend(db, hai, owed, seen, "pause" if state == "paused" else "drop", "Theo chỉ đạo.", None)


def test_no_clock_no_step(db: Session, world: World, lan: User, draw_up: Job) -> None:
    world.task(world.office, None)
    world.task(world.office, DUE, state=WorkState.DONE, result_on=date(2022, 3, 1))
    world.ready()
    with at("2022-05-04 08:00"):
        draw_up()
    assert (told(db), skips(db)) == ([], [])  # finished long before anybody expects a reminder


def test_the_run_of_a_day_is_written_down_once(db: Session, world: World, lan: User, draw_up: Job) -> None:
    world.task(world.office, DUE)
    world.task(world.trade, DUE)  # nobody works there
    world.ready()
    for moment in ("2022-05-04 08:00", "2022-05-04 08:01"):
        with at(moment):
            draw_up()
    db.rollback()
    run = db.scalars(select(ReminderRun)).one()
    assert (run.examined, run.told, run.skipped, run.unreachable) == (2, 1, 1, 1)
    assert run.looked_at > run.began_at
    assert skips(db) == [(date(2022, 5, 4), "due", "responsible", "nobody")]
