""" "Đã nhận, đang xử lý": who may say it, how long the climb rests, and what a repeat does."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker import clock
from tracker.actions.acknowledgement import acknowledge
from tracker.actions.acting import appoint
from tracker.database import begin_writing
from tracker.errors import Refused
from tracker.extensions import db as ours
from tracker.models import (
    Acknowledgement,
    Assignment,
    AssignmentPeriod,
    Contact,
    Event,
    Message,
    Reminder,
    ReminderPolicy,
    Role,
    Succession,
    User,
)
from tracker.queries.acknowledgement import answerers
from tracker.queries.answer import answers
from tracker.rules.reminder_policy import Policy, as_rules
from tracker.rules.timeliness import WorkState

pytestmark = pytest.mark.unseeded
DUE = date(2022, 5, 5)
TUESDAY = date(2022, 5, 10)
WEEK_LATER = date(2022, 5, 17)  # five working days after


@pytest.fixture(autouse=True)
def on_tuesday(app: Flask) -> Iterator[None]:
    with clock.on_day(TUESDAY):
        yield


@pytest.fixture
def world(context: Session) -> World:
    return World(context)


@pytest.fixture
def an(world: World) -> User:
    return world.person("an", world.trade, contact=False)


@pytest.fixture
def owed(world: World, an: User) -> Assignment:
    found = world.task(world.trade, DUE, an)
    remind(world, found, an)
    world.ready()
    return found


def remind(world: World, owed: Assignment, person: User, effective_on: date = DUE, step: str = "overdue_1") -> Message:
    message = Message(
        kind="reminder_digest", recipient_id=person.id, day=clock.today(), key=f"{owed.id}:{person.id}:{effective_on}:{step}",
        state="sent", not_before=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    world.session.add(message)
    world.session.flush()
    world.session.add(
        Reminder(
            assignment_id=owed.id, effective_on=effective_on, step=step, recipient_id=person.id, message_id=message.id,
            day=clock.today(),
        )
    )  # fmt: skip
    world.session.flush()
    return message


def stand(session: Session, owed: Assignment, **facts: object) -> None:
    period = session.scalars(select(AssignmentPeriod).where(AssignmentPeriod.assignment_id == owed.id)).one()
    for name, value in facts.items():
        setattr(period, name, value)
    session.commit()


def count(session: Session, model: type[Event] | type[Acknowledgement]) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_the_climb_rests_for_the_policys_working_days(context: Session, owed: Assignment, an: User) -> None:
    said = acknowledge(context, an, owed, DUE, "mail", None)
    context.commit()
    assert (said.until_on, said.day, said.via, said.person_id) == (WEEK_LATER, TUESDAY, "mail", an.id)
    told = context.scalars(select(Event)).one()
    assert (told.verb, told.noun_id, told.task_id, told.actor_id) == ("acknowledge", owed.id, owed.task_id, an.id)
    assert told.facts["until_on"] == "2022-05-17"


def test_a_repeat_of_the_day_changes_nothing(context: Session, owed: Assignment, an: User) -> None:
    first = acknowledge(context, an, owed, DUE, "mail")
    context.commit()
    at = first.at
    again = acknowledge(context, an, owed, DUE, "page")
    context.commit()
    assert (again.id, again.at, again.via) == (first.id, at, "mail")
    assert count(context, Acknowledgement) == count(context, Event) == 1


def test_after_the_policys_number_of_rests_it_is_noted_only(context: Session, owed: Assignment, an: User) -> None:
    rests = []
    for day in (TUESDAY, date(2022, 5, 18), date(2022, 5, 26)):
        with clock.on_day(day):
            rests.append(acknowledge(context, an, owed, DUE, "page").until_on)
            context.commit()
    assert rests == [WEEK_LATER, date(2022, 5, 25), None]
    assert [one.until_on for one in answers(context, [owed.id], date(2022, 5, 26))[owed.id]] == rests


def test_two_people_on_one_day_use_one_rest(context: Session, world: World, an: User, owed: Assignment) -> None:
    head = world.person("giam-doc", world.trade, contact=False, role=Role.AGENCY_HEAD)
    for day in (TUESDAY, date(2022, 5, 18)):
        with clock.on_day(day):
            said = [acknowledge(context, person, owed, DUE, "page").until_on for person in (an, head)]
            context.commit()
            assert said[0] is not None and said[0] == said[1]


def test_another_last_day_has_rests_of_its_own(context: Session, world: World, an: User, owed: Assignment) -> None:
    for day in (TUESDAY, date(2022, 5, 18)):
        with clock.on_day(day):
            acknowledge(context, an, owed, DUE, "page")
    later = date(2022, 5, 20)
    stand(context, owed, effective_on=later, due_on=later)
    remind(world, owed, an, later)
    with clock.on_day(date(2022, 5, 26)):
        assert acknowledge(context, an, owed, later, "page").until_on == date(2022, 6, 2)


def test_the_documents_own_policy_counts(context: Session, world: World, an: User, owed: Assignment) -> None:
    own = ReminderPolicy(
        document_id=world.document.id, rules=as_rules(Policy(rest=1, rests=1)), valid_from=TUESDAY, set_by_id=an.id,
        set_at=clock.now(),
    )  # fmt: skip
    context.add(own)
    context.flush()
    rests = []
    for day in (TUESDAY, date(2022, 5, 13)):
        with clock.on_day(day):
            rests.append(acknowledge(context, an, owed, DUE, "page").until_on)
    assert rests == [date(2022, 5, 11), None]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"state": WorkState.DONE.value}, "đã hoàn thành"),
        ({"state": WorkState.AWAITING.value}, "đang chờ Văn phòng UBND tỉnh xác nhận"),
        ({"state": WorkState.PAUSED.value}, "đang tạm dừng"),
        ({"state": WorkState.WITHDRAWN.value}, "không còn phải thực hiện"),
        ({"effective_on": date(2022, 6, 30)}, "đã đổi từ 05/05/2022 sang 30/06/2022"),
        ({"effective_on": None}, "không còn thời hạn"),
    ],
    ids=["done", "awaiting", "paused", "withdrawn", "moved", "clockless"],
)
def test_what_needs_no_answer_is_refused(
    context: Session, owed: Assignment, an: User, facts: dict[str, object], sentence: str
) -> None:
    stand(context, owed, **facts)
    with pytest.raises(Refused, match=sentence):
        acknowledge(context, an, owed, DUE, "mail")
    assert count(context, Acknowledgement) == 0


def test_what_was_never_told_needs_no_answer(context: Session, world: World, an: User) -> None:
    quiet = world.task(world.trade, DUE, an)
    remind(world, quiet, an, step="report_overdue_1")
    with pytest.raises(Refused, match="chưa được nhắc"):
        acknowledge(context, an, quiet, DUE, "page")


def test_before_it_is_late_no_rest_is_used_up(context: Session, owed: Assignment, an: User) -> None:
    with clock.on_day(DUE), pytest.raises(Refused, match="chưa quá hạn"):
        acknowledge(context, an, owed, DUE, "page")
    with clock.on_day(date(2022, 5, 6)):
        assert acknowledge(context, an, owed, DUE, "page").until_on == date(2022, 5, 13)


def test_who_has_nothing_to_do_with_it_is_refused(context: Session, world: World, owed: Assignment) -> None:
    strangers = [
        world.person("khac", world.office), world.person("dong-nghiep", world.trade, contact=False),
        world.person("theo-doi", world.office, role=Role.MONITOR), world.person("lanh-dao", None, role=Role.LEADER),
    ]  # fmt: skip
    for person in strangers:
        with pytest.raises(Refused, match="do người khác phụ trách"):
            acknowledge(context, person, owed, DUE, "mail")


def test_who_answers_for_it(context: Session, world: World, an: User, owed: Assignment) -> None:
    head = world.person("giam-doc", world.trade, contact=False, role=Role.AGENCY_HEAD)
    binh = world.person("binh", world.trade, contact=False)
    contact = world.person("dau-moi", world.trade)
    assert answerers(context, world.trade.id, an, TUESDAY) == {an.id, head.id}
    assert answerers(context, world.trade.id, None, TUESDAY) == {contact.id, head.id}
    appoint(context, head, an, binh, TUESDAY, TUESDAY)
    assert answerers(context, world.trade.id, an, TUESDAY) == {an.id, binh.id, head.id}
    assert answerers(context, world.trade.id, an, date(2022, 5, 11)) == {an.id, head.id}
    assert acknowledge(context, binh, owed, DUE, "mail").person_id == binh.id
    with clock.on_day(date(2022, 5, 11)), pytest.raises(Refused):
        acknowledge(context, binh, owed, DUE, "mail")


def test_who_is_named_answers_though_the_mail_is_dead(
    context: Session, world: World, an: User, owed: Assignment
) -> None:
    context.add(Contact(user_id=an.id, channel="email", address=an.email, state="refused", since=clock.now()))
    context.flush()
    assert answerers(context, owed.agency_id, owed.responsible, TUESDAY) == {an.id}
    an.active = False
    context.flush()
    assert answerers(context, owed.agency_id, owed.responsible, TUESDAY) == set()


def test_a_successors_people_answer_for_it(context: Session, world: World, an: User, owed: Assignment) -> None:
    heir = world.agency("so-moi", "Sở mới")
    context.add(Succession(agency_id=world.trade.id, successor_id=heir.id, took_effect_on=TUESDAY, legal_basis="NQ 1"))
    world.trade.valid_to = TUESDAY
    head = world.person("giam-doc-moi", heir, contact=False, role=Role.AGENCY_HEAD)
    contact = world.person("dau-moi-moi", heir)
    context.flush()
    assert {head.id, contact.id} <= answerers(context, world.trade.id, None, TUESDAY)


def race(app: Flask, *moves: Callable[[Session], object]) -> list[object]:
    """Let everybody begin at once, each in a transaction of its own; return what each was told."""
    together, told = Barrier(len(moves)), []

    def run(move: Callable[[Session], object]) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            told.append(move(ours.session()))
            ours.session.commit()

    threads = [Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


def test_two_presses_at_once_make_one_row_and_both_are_told(
    app: Flask, context: Session, owed: Assignment, an: User
) -> None:
    person, work = an.id, owed.id
    context.commit()

    def press(session: Session) -> int:
        return acknowledge(session, session.get_one(User, person), session.get_one(Assignment, work), DUE, "mail").id

    told = race(app, *[press] * 6)
    assert len(told) == 6 and len(set(told)) == 1
    assert count(context, Acknowledgement) == count(context, Event) == 1


def test_two_people_at_once_on_the_last_rest(
    app: Flask, context: Session, world: World, owed: Assignment, an: User
) -> None:
    head = world.person("giam-doc", world.trade, contact=False, role=Role.AGENCY_HEAD).id
    with clock.on_day(date(2022, 5, 9)):
        acknowledge(context, an, owed, DUE, "page")
    person, work = an.id, owed.id
    context.commit()

    def pressing(who: int) -> Callable[[Session], date | None]:
        return lambda session: (
            acknowledge(session, session.get_one(User, who), session.get_one(Assignment, work), DUE, "page").until_on
        )

    assert race(app, pressing(person), pressing(head)) == [WEEK_LATER, WEEK_LATER]
