"""What keeps a reminder back or from going up: holds and answers, as known at the end of a day."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker import clock
from tracker.models import Acknowledgement, Assignment, ProgressReport, ReminderHold, User
from tracker.queries.answer import Answer, Hold, answers, holds, rests_of
from tracker.rules.climb import Rest
from tracker.rules.reminder_policy import Policy
from tracker.rules.workdays import WorkCalendar

pytestmark = pytest.mark.unseeded
DAY = date(2022, 5, 10)  # a Tuesday
DUE = date(2022, 4, 29)
ONE = timedelta(days=1)


@pytest.fixture
def world(context: Session) -> World:
    return World(context)


@pytest.fixture
def officer(world: World) -> User:
    return world.person("an", world.trade)


@pytest.fixture
def owed(world: World) -> Assignment:
    return world.task(world.trade, DUE)


def hold(session: Session, owed: Assignment, by: User, from_on: date, until_on: date, **facts: object) -> ReminderHold:
    made = ReminderHold(
        assignment_id=owed.id, from_on=from_on, until_on=until_on, reason=f"Đến {until_on}", made_by_id=by.id,
        made_at=clock.day_start(from_on), **facts,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def acknowledge(session: Session, owed: Assignment, by: User, day: date, until_on: date | None) -> None:
    session.add(
        Acknowledgement(
            assignment_id=owed.id, effective_on=DUE, person_id=by.id, day=day, at=clock.day_start(day), until_on=until_on,
            via="page",
        )
    )  # fmt: skip
    session.flush()


def report(session: Session, owed: Assignment, by: User, day: date, **facts: object) -> None:
    session.add(
        ProgressReport(
            assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=by.id, reported_on=day,
            reported_at=clock.day_start(day), progress=10, **facts,
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize(
    ("day", "held"),
    [(DAY - ONE, False), (DAY, True), (DAY + 3 * ONE, True), (DAY + 4 * ONE, False)],
    ids=["before", "first", "last", "after"],
)
def test_a_hold_has_its_first_and_its_last_day(
    context: Session, owed: Assignment, officer: User, day: date, held: bool
) -> None:
    made = hold(context, owed, officer, DAY, DAY + 3 * ONE)
    known = Hold(made.id, owed.id, DAY, DAY + 3 * ONE, made.reason, "an")
    assert holds(context, [owed.id], day) == ({owed.id: known} if held else {})


def test_a_hold_that_ended_early_held_until_the_day_before(context: Session, owed: Assignment, officer: User) -> None:
    hold(context, owed, officer, DAY, DAY + 9 * ONE, ended_on=DAY + 2 * ONE, ended_at=clock.day_start(DAY + 2 * ONE))
    found = [bool(holds(context, [owed.id], DAY + n * ONE)) for n in range(4)]
    assert found == [True, True, False, False]


def test_of_two_holds_the_longer_one_counts(context: Session, owed: Assignment, officer: User) -> None:
    for until in (DAY + 9 * ONE, DAY + 3 * ONE):
        hold(context, owed, officer, DAY, until)
    assert holds(context, [owed.id], DAY)[owed.id].until_on == DAY + 9 * ONE


def test_answers_are_those_known_at_the_end_of_the_day(context: Session, owed: Assignment, officer: User) -> None:
    acknowledge(context, owed, officer, DAY, DAY + 7 * ONE)
    acknowledge(context, owed, officer, DAY + ONE, None)
    report(context, owed, officer, DAY + 2 * ONE)
    first = Answer(DUE, DAY, DAY + 7 * ONE, "acknowledged")
    noted = Answer(DUE, DAY + ONE, None, "acknowledged")
    told = Answer(None, DAY + 2 * ONE, None, "reported")
    found = [answers(context, [owed.id], DAY + n * ONE).get(owed.id) for n in range(-1, 3)]
    assert found == [None, [first], [first, noted], [first, noted, told]]


@pytest.mark.parametrize("decision", ["recalled", "declined"])
def test_what_was_taken_back_answers_only_until_then(
    context: Session, owed: Assignment, officer: User, decision: str
) -> None:
    end = clock.day_start(DAY + ONE)
    report(context, owed, officer, DAY, kind="completion", decision=decision, decided_at=end)
    assert owed.id in answers(context, [owed.id], DAY)
    assert owed.id not in answers(context, [owed.id], DAY + ONE)


def test_a_returned_result_was_an_answer(context: Session, owed: Assignment, officer: User) -> None:
    report(context, owed, officer, DAY, kind="completion", decision="returned", decided_at=clock.day_start(DAY))
    assert owed.id in answers(context, [owed.id], DAY)


def test_ten_thousand_ids_are_asked_in_portions(app: Flask, context: Session, owed: Assignment, officer: User) -> None:
    acknowledge(context, owed, officer, DAY, None)
    hold(context, owed, officer, DAY, DAY)
    many = range(owed.id, owed.id + 40_000)
    assert set(answers(context, many, DAY)) == set(holds(context, many, DAY)) == {owed.id}
    assert answers(context, [], DAY) == {} and holds(context, [], DAY) == {}


def test_the_climb_rests_by_what_was_said_of_that_last_day() -> None:
    said = [
        Answer(DUE, DAY, DAY + 2 * ONE, "acknowledged"), Answer(DUE, DAY, None, "acknowledged"),
        Answer(DUE - ONE, DAY, DAY + 9 * ONE, "acknowledged"), Answer(None, DAY, None, "reported"),
    ]  # fmt: skip
    rests = rests_of(said, DUE, WorkCalendar(), Policy(rest=5))
    assert rests == [Rest(DAY, DAY + 2 * ONE), Rest(DAY, DAY + 7 * ONE)]  # five working days after a Tuesday: a Tuesday
