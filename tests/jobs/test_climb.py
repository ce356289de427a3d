"""Overdue work goes up when nobody answers, a level at a time, with days of grace; what is answered or held does not."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker import clock
from tracker.models import (
    Acknowledgement,
    Assignment,
    LeaderInCharge,
    ProgressReport,
    Reminder,
    ReminderHold,
    ReminderSkip,
    Role,
    UrgeLetter,
    User,
)
from tracker.queries import reminder

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 5, 4)
Story = list[tuple[str, str, str]]


@pytest.fixture
def people(world: World) -> dict[str, User]:
    return {
        "lan": world.person("lan", world.office),
        "minh": world.person("minh", world.office, contact=False, role=Role.AGENCY_HEAD),
        "hai": world.person("hai", None, contact=False, role=Role.MONITOR),
        "chu": world.person("chu", None, contact=False, role=Role.LEADER),
        "pho": world.person("pho", None, contact=False, role=Role.LEADER),
    }


@pytest.fixture
def owed(world: World, people: dict[str, User]) -> Assignment:
    found = world.task(world.office, DUE)
    world.session.add(LeaderInCharge(agency_id=world.office.id, leader_id=people["pho"].id))
    world.ready()
    return found


def play(world: World, draw_up: Job, since: date, until: date) -> None:
    """Ring twice on every day, as the scheduler does all day long."""
    day = since
    while day <= until:
        with at(f"{day} 08:00"):
            draw_up()
            draw_up()
        day += timedelta(days=1)


def told(db: Session, *levels: str) -> Story:
    db.rollback()
    query = (
        select(Reminder.day, User.name, Reminder.step)
        .join(User, User.id == Reminder.recipient_id)
        .where(Reminder.level.in_(levels))
        .order_by(Reminder.day, Reminder.id)
    )
    return [(f"{day:%d/%m}", name, step) for day, name, step in db.execute(query)]


UP = ("head", "monitor", "leader")


def test_nobody_answers_and_the_work_goes_up(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 14))
    assert told(db, "responsible") == [
        ("05/05", "lan", "overdue_1"), ("12/05", "lan", "overdue_2"), ("19/05", "lan", "overdue_3"),
        ("26/05", "lan", "overdue_4"), ("02/06", "lan", "overdue_5"), ("09/06", "lan", "overdue_6"),
    ]  # fmt: skip
    assert told(db, *UP) == [
        ("23/05", "minh", "overdue_3"), ("30/05", "minh", "overdue_4"), ("06/06", "minh", "overdue_5"),
        ("06/06", "hai", "overdue_5"), ("08/06", "pho", "overdue_5"), ("13/06", "minh", "overdue_6"),
        ("13/06", "hai", "overdue_6"),
    ]  # fmt: skip


def test_no_leader_in_charge_and_all_leaders_are_told(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    db.query(LeaderInCharge).delete()
    db.commit()
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 8))
    assert told(db, "leader") == [("08/06", "chu", "overdue_5"), ("08/06", "pho", "overdue_5")]


def test_work_long_overdue_on_the_first_day_goes_up_only_after_it_was_told(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2023, 3, 1), date(2023, 3, 21))
    assert {name for _day, name, _step in told(db, "responsible", *UP)} == {"lan", "minh"}
    assert [day for day, _name, _step in told(db, "head")] == ["13/03", "20/03"]  # the third was told on the 9th


def acknowledge(db: Session, owed: Assignment, who: User, day: date, until: date) -> None:
    db.add(
        Acknowledgement(
            assignment_id=owed.id,
            effective_on=DUE,
            person_id=who.id,
            day=day,
            at=clock.now(),
            until_on=until,
            via="mail",
        )
    )
    db.commit()


def test_an_acknowledgement_rests_the_climb_and_what_it_covers_is_answered(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2022, 5, 5), date(2022, 5, 20))
    with at("2022-05-20 09:00"):
        acknowledge(db, owed, people["lan"], date(2022, 5, 20), date(2022, 5, 27))
    play(world, draw_up, date(2022, 5, 21), date(2022, 6, 8))
    # The third, of the 19th, was not answered and goes up when the rest is over; the fourth lies in the rest.
    assert told(db, *UP) == [("30/05", "minh", "overdue_3"), ("06/06", "minh", "overdue_5")]
    assert [step for _day, _name, step in told(db, "responsible")][-3:] == ["overdue_3", "overdue_4", "overdue_5"]
    skipped = db.execute(
        select(ReminderSkip.level, ReminderSkip.step, ReminderSkip.reason, ReminderSkip.until_on)
    ).all()
    assert [tuple(row) for row in skipped] == [("head", "overdue_3", "answered", date(2022, 5, 27))]


def test_a_report_answers_too(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2022, 5, 5), date(2022, 5, 20))
    with at("2022-05-20 10:00"):
        db.add(
            ProgressReport(
                assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=people["lan"].id,
                reported_at=clock.now(), reported_on=date(2022, 5, 20), progress=30, done="Đang làm.",
            )
        )  # fmt: skip
        db.commit()
    play(world, draw_up, date(2022, 5, 21), date(2022, 5, 27))
    assert told(db, *UP) == []


def test_held_work_is_told_to_nobody_and_goes_on_afterwards(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    with at("2022-05-05 07:00"):
        db.add(
            ReminderHold(
                assignment_id=owed.id, from_on=date(2022, 5, 5), until_on=date(2022, 5, 12), reason="Chờ kinh phí",
                made_by_id=people["hai"].id, made_at=clock.now(),
            )
        )  # fmt: skip
        db.commit()
    play(world, draw_up, date(2022, 5, 5), date(2022, 5, 13))
    assert told(db, "responsible", *UP) == [("13/05", "lan", "overdue_2")]
    rows = db.execute(select(ReminderSkip.day, ReminderSkip.step, ReminderSkip.reason, ReminderSkip.until_on)).all()
    assert [tuple(row) for row in rows] == [
        (date(2022, 5, 5), "overdue_1", "held", date(2022, 5, 12)), (date(2022, 5, 12), "overdue_2", "held", date(2022, 5, 12)),
    ]  # fmt: skip


def test_work_that_nobody_can_be_told_of_goes_up_all_the_same(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    people["lan"].active = False
    db.commit()
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 8))
    assert told(db, "responsible") == []
    assert [row for row in told(db, *UP) if row[1] != "minh"] == [
        ("06/06", "hai", "overdue_5"),
        ("08/06", "pho", "overdue_5"),
    ]


def test_the_plan_asks_for_a_letter_after_the_last_level(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 8))
    asked = {}
    for day in (date(2022, 6, 8), date(2022, 6, 9), date(2022, 6, 10)):
        with at(f"{day} 08:30"):
            asked[day] = {
                agency: [due.assignment_id for due in dues] for agency, dues in reminder.plan(db, day).letters.items()
            }
    assert asked == {date(2022, 6, 8): {}, date(2022, 6, 9): {}, date(2022, 6, 10): {world.office.id: [owed.id]}}


def test_the_letter_does_not_wait_for_a_leader_who_is_not_there(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    people["chu"].active = people["pho"].active = False
    db.commit()
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 10))
    db.rollback()
    assert [tuple(row) for row in db.execute(select(UrgeLetter.drafted_on, UrgeLetter.agency_id))] == [
        (date(2022, 6, 10), world.office.id)
    ]
    play(world, draw_up, date(2022, 6, 11), date(2022, 6, 24))
    db.rollback()
    assert len(db.scalars(select(UrgeLetter)).all()) == 1


def test_a_past_day_is_planned_as_it_was_known_then(
    db: Session, world: World, owed: Assignment, people: dict[str, User], draw_up: Job
) -> None:
    play(world, draw_up, date(2022, 5, 5), date(2022, 6, 8))
    with at("2022-07-01 09:00"):
        then = reminder.plan(db, date(2022, 6, 8))
    assert [(people_id, due.level.value) for people_id, dues in then.by_recipient.items() for due in dues] == [
        (people["pho"].id, "leader")
    ]


def test_the_day_ends_at_midnight_in_viet_nam(db: Session, world: World, owed: Assignment) -> None:
    with at("2022-05-04 23:59"):  # 16:59 UTC
        assert [due.step.code for dues in reminder.plan(db, clock.today()).by_recipient.values() for due in dues] == [
            "due"
        ]
    with at("2022-05-05 00:01"):  # 17:01 UTC of the 4th
        late = reminder.plan(db, clock.today())
    assert [due.step.code for dues in late.by_recipient.values() for due in dues] == ["overdue_1"]
