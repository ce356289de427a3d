"""What is shown before the calendar is changed is what saving does: on both databases, for any changes."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker.actions.calendar import carry_out
from tracker.errors import Changed
from tracker.models import FOREVER, AssignmentPeriod, CalendarDay, Deadline, Event, User
from tracker.queries.calendar import shifted_deadlines, work_calendar
from tracker.queries.calendar_preview import Moves, preview
from tracker.rules.calendar_table import Change, swapped
from tracker.rules.climb import overdue_steps
from tracker.rules.ladder import DEFAULT_POLICY
from tracker.rules.timeliness import WorkState

pytestmark = [pytest.mark.unseeded, pytest.mark.config(REHEARSAL_DAY=date(2022, 5, 5))]
DAY = date(2022, 5, 5)  # a Thursday
OFF_FRIDAY = Change(date(2022, 5, 6), False, "Nghỉ", "TB")
CHANGES = {
    "a day off": [OFF_FRIDAY],
    "a day given back": [Change(date(2022, 5, 3), None)],
    "an exchange": swapped(date(2022, 5, 14), date(2022, 5, 13), "TB"),
    "a week": [Change(date(2022, 5, 9) + timedelta(days=n), False, "Nghỉ", "TB") for n in range(5)],
    "long ago": [Change(date(2022, 1, 5), False, "Nghỉ", "TB")],
    "a weekend": [Change(date(2022, 5, 7), False, "Nghỉ", "TB")],
    "later": [Change(date(2022, 12, 30), False, "Nghỉ", "TB")],
}


@pytest.fixture
def actor(context: Session) -> User:
    """Somebody who administers, and open, done, paused, overdue and far-off work."""
    world = World(context)
    person = world.person("an", world.trade)
    for due_on in (
        date(2022, 4, 30),
        date(2022, 5, 6),
        date(2022, 5, 8),
        date(2022, 5, 13),
        date(2022, 5, 20),
        date(2022, 12, 30),
    ):
        world.task(world.trade, due_on, person)
        world.task(world.office, due_on)
    world.task(world.trade, date(2022, 5, 13), state=WorkState.DONE, result_on=date(2022, 5, 2))
    world.task(world.trade, date(2022, 5, 13), state=WorkState.PAUSED)
    world.task(world.trade, None)
    context.commit()
    return person


def in_force(session: Session) -> dict[int, tuple[date | None, date | None]]:
    """Return by task what its deadline in force counts to."""
    query = select(Deadline.task_id, Deadline.due_on, Deadline.effective_on).where(Deadline.valid_to == FOREVER)
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def steps(session: Session, until: date) -> dict[tuple[int, str], date]:
    """Return every reminder's day, one by one, as the calendar in the table and the periods in force have it."""
    calendar, found = work_calendar(session), {}
    query = select(AssignmentPeriod).where(AssignmentPeriod.valid_to == FOREVER, AssignmentPeriod.clock == "running")
    for period in session.scalars(query.execution_options(populate_existing=True)):
        if period.state == "paused" or period.effective_on is None:
            continue
        for n in DEFAULT_POLICY.before:
            found[period.assignment_id, f"before_{n}"] = calendar.shift(period.effective_on, -n)
        found[period.assignment_id, "due"] = period.effective_on
        for step in overdue_steps(period.effective_on, until, calendar, DEFAULT_POLICY):
            found[period.assignment_id, step.code] = step.on
    return found


def moved(before: dict[Any, date], then: dict[Any, date]) -> Moves:
    tomorrow, later = 0, 0
    for key in before.keys() | then.keys():
        days = {before.get(key), then.get(key)}
        if len(days) > 1 and any(day and day > DAY for day in days):
            near = DAY + timedelta(days=1) in days
            tomorrow, later = tomorrow + near, later + (not near)
    return Moves(tomorrow, later)


@pytest.mark.parametrize("recounting", [False, True], ids=["saved", "recounted"])
@pytest.mark.parametrize("name", CHANGES)
def test_the_preview_is_what_saving_does(context: Session, actor: User, name: str, recounting: bool) -> None:
    changes = CHANGES[name]
    until = max(DAY, *(change.day for change in changes)) + timedelta(days=7)
    seen, deadlines, reminders = preview(context, changes), in_force(context), steps(context, until)
    context.rollback()
    assert in_force(context) == deadlines  # looking writes nothing
    saved = carry_out(context(), actor, changes, seen.seen, recounting=recounting)  # type: ignore[operator]
    context.commit()
    assert saved == (len(seen.lines), len(seen.shifted) if recounting else 0)
    assert moved(reminders, steps(context, until)) == (seen.recounted if recounting else seen.saved)
    wanted = {row.task_id: row.wanted for row in seen.shifted} if recounting else {}
    assert in_force(context) == {
        task: (due_on, wanted.get(task, counts)) for task, (due_on, counts) in deadlines.items()
    }
    assert shifted_deadlines(context) == ([] if recounting else seen.shifted)


@pytest.mark.parametrize("name", CHANGES)
def test_twice_changes_nothing(context: Session, actor: User, name: str) -> None:
    carry_out(context(), actor, CHANGES[name], preview(context, CHANGES[name]).seen, recounting=True)  # type: ignore[operator]
    context.commit()
    events = context.scalars(select(Event.id)).all()
    again = preview(context, CHANGES[name])
    assert (again.lines, again.same) == ([], len(CHANGES[name]))
    with pytest.raises(Changed):
        carry_out(context(), actor, CHANGES[name], again.seen, recounting=True)  # type: ignore[operator]
    context.rollback()
    assert context.scalars(select(Event.id)).all() == events


def test_only_what_was_seen_is_done(context: Session, actor: User) -> None:
    seen = preview(context, [OFF_FRIDAY]).seen
    for other in ([Change(OFF_FRIDAY.day, False, "Nghỉ khác", "TB")], [], [*CHANGES["an exchange"], OFF_FRIDAY]):
        with pytest.raises(Changed):
            carry_out(context(), actor, other, seen, recounting=True)  # type: ignore[operator]
        context.rollback()
    assert context.get(CalendarDay, OFF_FRIDAY.day) is None


def test_what_was_out_of_step_already_is_told_apart(context: Session, actor: User) -> None:
    carry_out(context(), actor, [OFF_FRIDAY], preview(context, [OFF_FRIDAY]).seen, recounting=False)  # type: ignore[operator]
    context.commit()
    before = {row.deadline_id for row in shifted_deadlines(context)}
    found = preview(context, CHANGES["an exchange"])
    assert before and found.already == before
    assert {row.deadline_id for row in found.shifted} > before


def test_a_day_off_moves_deadlines_and_reminders(context: Session, actor: User) -> None:
    found = preview(context, [OFF_FRIDAY])
    assert {(row.due_on, row.wanted) for row in found.shifted} == {(OFF_FRIDAY.day, date(2022, 5, 9))}
    assert len(found.shifted) == 2
    assert found.saved.tomorrow > 0 and found.recounted.tomorrow > found.saved.tomorrow > 0
    assert found.recounted.later > 0


def test_any_changes_one_after_the_other(context: Session, actor: User) -> None:
    drawn = Random(20220505)
    for turn in range(25):
        days = drawn.sample(range(-40, 60), drawn.randint(1, 4))
        changes = [
            Change(day, None) if drawn.random() < 0.3 else Change(day, False, f"Nghỉ {turn}", "TB")
            for day in (DAY + timedelta(days=n) for n in days)
        ]
        seen, recounting = preview(context, changes), drawn.random() < 0.5
        if not seen.lines:
            continue
        until = max(DAY, *(line.change.day for line in seen.lines)) + timedelta(days=7)
        reminders = steps(context, until)
        carry_out(context(), actor, changes, seen.seen, recounting=recounting)  # type: ignore[operator]
        context.commit()
        assert shifted_deadlines(context) == ([] if recounting else seen.shifted), turn
        assert moved(reminders, steps(context, until)) == (seen.recounted if recounting else seen.saved), turn
