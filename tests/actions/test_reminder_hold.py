"""The Office holds reminders: for how long, of what, one at a time, and until it lets them go out again."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker import clock
from tracker.actions.reminder_hold import hold, release
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db as ours
from tracker.models import Assignment, AssignmentPeriod, Event, ReminderHold, Role, User
from tracker.queries.answer import holds
from tracker.queries.reminder_hold import earlier, standing
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
TODAY = date(2022, 5, 10)
ONE = timedelta(days=1)
WHY = "Chờ hướng dẫn của Bộ."


@pytest.fixture(autouse=True)
def on_tuesday(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def world(context: Session) -> World:
    return World(context)


@pytest.fixture
def office(world: World) -> User:
    return world.person("theo", world.office, role=Role.MONITOR)


@pytest.fixture
def owed(world: World) -> Assignment:
    found = world.task(world.trade, date(2022, 5, 5))
    world.ready()
    return found


def number(session: Session) -> int:
    return session.execute(select(func.count()).select_from(ReminderHold)).scalar_one()


def test_held_from_today_to_its_last_day(context: Session, owed: Assignment, office: User) -> None:
    made = hold(context, office, owed, TODAY + 9 * ONE, WHY)
    context.commit()
    assert (made.from_on, made.until_on, made.reason, made.ended_at) == (TODAY, TODAY + 9 * ONE, WHY, None)
    told = context.scalars(select(Event)).one()
    assert (told.verb, told.noun_id, told.task_id) == ("hold_reminders", owed.id, owed.task_id)
    assert (told.facts["until_on"], told.facts["reason"]) == ("2022-05-19", WHY)


@pytest.mark.parametrize(("days", "stands"), [(-1, False), (0, True), (180, True), (181, False)], ids=str)
def test_not_in_the_past_and_half_a_year_at_most(
    context: Session, owed: Assignment, office: User, days: int, stands: bool
) -> None:
    if stands:
        hold(context, office, owed, TODAY + days * ONE, WHY)
    else:
        with pytest.raises(Refused, match="đã qua" if days < 0 else "tối đa 180 ngày, đến 06/11/2022"):
            hold(context, office, owed, TODAY + days * ONE, WHY)
    assert number(context) == stands


@pytest.mark.parametrize("state", [WorkState.DONE, WorkState.WITHDRAWN], ids=str)
def test_of_closed_work_nobody_is_reminded(context: Session, owed: Assignment, office: User, state: WorkState) -> None:
    context.scalars(select(AssignmentPeriod)).one().state = state.value
    context.flush()
    with pytest.raises(Refused, match="đã khép lại"):
        hold(context, office, owed, TODAY, WHY)


def test_who_only_coordinates_is_not_reminded(context: Session, world: World, owed: Assignment, office: User) -> None:
    beside = world.lead(owed.task, world.office, None, role="coordinate", alone=False)
    with pytest.raises(Refused, match="phối hợp"):
        hold(context, office, beside, TODAY, WHY)


def test_one_at_a_time(context: Session, owed: Assignment, office: User) -> None:
    hold(context, office, owed, TODAY + ONE, WHY)
    with pytest.raises(Refused, match="đến hết ngày 11/05/2022"):
        hold(context, office, owed, TODAY + 9 * ONE, WHY)
    with clock.on_day(TODAY + 2 * ONE):
        hold(context, office, owed, TODAY + 9 * ONE, WHY)
    assert number(context) == 2


def test_ended_early_it_holds_no_longer_and_can_be_made_again(context: Session, owed: Assignment, office: User) -> None:
    made = hold(context, office, owed, TODAY + 9 * ONE, WHY)
    with clock.on_day(TODAY + ONE):
        release(context, office, made)
        context.commit()
        assert (made.ended_on, made.ended_by_id) == (TODAY + ONE, office.id)
        assert holds(context, [owed.id], TODAY) and not holds(context, [owed.id], TODAY + ONE)
        assert [event.verb for event in context.scalars(select(Event))] == ["hold_reminders", "release_reminders"]
        with pytest.raises(Changed, match="đã kết thúc"):
            release(context, office, made)
        hold(context, office, owed, TODAY + 9 * ONE, WHY)
        assert [row.ended_by for row in earlier(context, owed.id, TODAY + ONE)] == ["theo"]


def test_what_is_over_by_itself_cannot_be_ended(context: Session, owed: Assignment, office: User) -> None:
    made = hold(context, office, owed, TODAY, WHY)
    with clock.on_day(TODAY + ONE), pytest.raises(Changed):
        release(context, office, made)


def test_the_list_is_of_those_that_stand_the_first_to_end_leading(
    context: Session, world: World, office: User, owed: Assignment
) -> None:
    works = [world.task(world.trade, date(2022, 5, 5)) for _ in range(4)]
    for work, days in zip(works, (9, 3, 3, 6), strict=True):
        hold(context, office, work, TODAY + days * ONE, WHY)
    over = context.scalars(select(ReminderHold).where(ReminderHold.assignment_id == works[3].id)).one()
    release(context, office, over)
    rows = standing(context, TODAY)
    assert [row.assignment_id for row in rows] == [works[1].id, works[2].id, works[0].id]
    assert [row.assignment_id for row in standing(context, TODAY, rows[0].cursor)] == [works[2].id, works[0].id]
    assert (rows[0].days, rows[0].agency, rows[0].made_by) == (5, "Sở Công Thương", "theo")
    assert [row.assignment_id for row in standing(context, TODAY + 4 * ONE)] == [works[0].id]


def race(app: Flask, *moves: Callable[[Session], object]) -> list[str]:
    together, told = Barrier(len(moves)), []

    def run(move: Callable[[Session], object]) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                move(ours.session())
                ours.session.commit()
                told.append("done")
            except (Changed, Refused) as error:
                ours.session.rollback()
                told.append(type(error).__name__)

    threads = [Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


def test_two_at_once_hold_or_end_once(app: Flask, context: Session, owed: Assignment, office: User) -> None:
    who, work = office.id, owed.id
    context.commit()

    def held(days: int) -> Callable[[Session], object]:
        return lambda session: hold(
            session, session.get_one(User, who), session.get_one(Assignment, work), TODAY + days * ONE, WHY
        )

    def ended(session: Session) -> None:
        release(session, session.get_one(User, who), session.scalars(select(ReminderHold)).one())

    assert race(app, held(3), held(4)) == ["Refused", "done"]
    assert race(app, ended, ended) == ["Changed", "done"]
    assert number(context) == 1
