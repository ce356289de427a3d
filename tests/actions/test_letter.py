"""A letter that urges an agency: drafted, changed, sent, given up; what the ladder's end drafts by itself."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.actions.letter_world import MAY, Office, named, office
from tracker import clock
from tracker.actions import letter as writing
from tracker.actions.standing import change_state, current_assignment, move_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db as extension
from tracker.models import Event, Message, UrgeLetter, UrgeLetterItem, User
from tracker.queries import letter as letters

pytestmark = pytest.mark.unseeded
NUMBER, SIGNER = "1234/UBND-KSTT", "Võ Gia Nghĩa, Phó Chánh Văn phòng"


@pytest.fixture(autouse=True)
def in_may(app: Flask) -> Iterator[None]:
    with clock.on_day(MAY):
        yield


@pytest.fixture
def at_work(context: Session) -> Office:
    return office(context())


def sent(at_work: Office, letter: UrgeLetter, on: date = MAY) -> None:
    writing.record_sent(at_work.session, at_work.monitor, letter, NUMBER, on, SIGNER)
    at_work.session.commit()


def test_a_draft_names_overdue_work_with_its_figures(at_work: Office) -> None:
    at_work.remind(0, "before_3", "overdue_1", "overdue_2")
    at_work.remind(0, "overdue_3", state="cancelled")
    at_work.remind(1, "report_overdue_1")
    letter = at_work.draft()
    at_work.session.commit()
    rows = at_work.session.execute(
        select(UrgeLetterItem.days_overdue, UrgeLetterItem.reminders).order_by(UrgeLetterItem.id)
    )
    assert rows.all() == [(46, 3), (46, 0), (17, 0)]
    assert (letter.state, letter.drafted_on, letter.answer_by, letter.drafted_by_id) == (
        "draft", MAY, date(2022, 5, 25), at_work.monitor.id,
    )  # fmt: skip
    event = at_work.session.execute(select(Event).where(Event.verb == "draft_letter")).scalar_one()
    assert (event.noun_id, event.agency_id, event.facts) == (letter.id, at_work.world.trade.id, {"tasks": 3})


def test_drafting_again_adds_to_the_standing_draft(at_work: Office) -> None:
    first, second = at_work.draft(0), at_work.draft(0, 2)
    assert first.id == second.id
    assert named(at_work.session, first) == {at_work.numbers[0]: False, at_work.numbers[2]: False}


def test_only_overdue_work_of_the_agency_is_urged(at_work: Office) -> None:
    others = at_work.world.office.id
    with pytest.raises(Refused, match="không có nhiệm vụ chủ trì nào đang quá hạn"):
        writing.draft(at_work.session, others, at_work.numbers, at_work.monitor)
    with clock.on_day(date(2022, 3, 31)), pytest.raises(Refused):
        at_work.draft()
    assert at_work.session.scalars(select(UrgeLetter)).all() == []


def test_finished_and_extended_work_drops_out_when_it_is_opened(at_work: Office) -> None:
    letter, session = at_work.draft(), at_work.session
    period = current_assignment(session, at_work.numbers[0])
    move_assignment(
        session, period, due_on=date(2022, 6, 30), effective_on=date(2022, 6, 30), original_on=period.effective_on
    )
    change_state(session, current_assignment(session, at_work.numbers[1]), "drop")
    said = letters.contents(session, letter)
    assert [work.assignment_id for work in said.urged] == [at_work.numbers[2]]
    assert {work.assignment_id: work.settled for work in said.settled} == {
        at_work.numbers[0]: "extended", at_work.numbers[1]: "withdrawn",
    }  # fmt: skip
    sent(at_work, letter)
    assert named(session, letter) == {number: number != at_work.numbers[2] for number in at_work.numbers}


def test_the_office_chooses_and_what_it_has_not_seen_stays(at_work: Office) -> None:
    letter, (one, two, three) = at_work.draft(0, 1), at_work.numbers
    at_work.draft(2)  # by somebody else, after the page was made
    writing.choose(at_work.session, at_work.monitor, letter, {one, two}, {two}, date(2022, 5, 20))
    at_work.session.commit()
    assert named(at_work.session, letter) == {one: True, two: False, three: False}
    assert letter.answer_by == date(2022, 5, 20)
    writing.choose(at_work.session, at_work.monitor, letter, {one, two, three}, {one, two, 10**6}, date(2022, 5, 20))
    assert named(at_work.session, letter) == {one: False, two: False, three: True}
    with pytest.raises(Refused, match="16/05/2022 đã tới hoặc đã qua"):
        writing.choose(at_work.session, at_work.monitor, letter, set(), set(), MAY)


def test_sending_is_proof_on_every_task(at_work: Office) -> None:
    letter, session = at_work.draft(0, 2), at_work.session
    sent(at_work, letter)
    assert (letter.state, letter.number, letter.sent_on, letter.signer, letter.recorded_by_id) == (
        "sent", NUMBER, MAY, SIGNER, at_work.monitor.id,
    )  # fmt: skip
    told = session.execute(select(Event.task_id, Event.facts).where(Event.verb == "urge").order_by(Event.id)).all()
    assert [(task, facts["number"], facts["sent_on"], facts["days_overdue"]) for task, facts in told] == [
        (at_work.owed[0].task_id, NUMBER, "2022-05-16", 46), (at_work.owed[2].task_id, NUMBER, "2022-05-16", 17),
    ]  # fmt: skip


def test_what_was_sent_keeps_the_figures_of_its_date(at_work: Office) -> None:
    letter, session = at_work.draft(0), at_work.session
    with clock.on_day(date(2022, 5, 20)):
        sent(at_work, letter)  # dated the 16th, recorded on the 20th
        change_state(session, current_assignment(session, at_work.numbers[0]), "drop")
        session.commit()
    with clock.on_day(date(2022, 7, 1)):
        [work] = letters.contents(session, letter).urged
        assert (work.days_overdue, work.effective_on, work.settled) == (46, date(2022, 3, 31), None)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2022, 5, 17), "Ngày công văn 17/05/2022 chưa tới"),
        (date(2022, 5, 15), "Ngày công văn 15/05/2022 trước ngày soạn 16/05/2022"),
    ],
    ids=["to come", "before the draft"],
)
def test_impossible_dates_of_a_letter(at_work: Office, on: date, sentence: str) -> None:
    letter = at_work.draft()
    at_work.session.commit()
    with pytest.raises(Refused, match=sentence):
        sent(at_work, letter, on)
    at_work.session.rollback()
    assert at_work.session.get_one(UrgeLetter, letter.id).state == "draft"


def test_an_answer_asked_for_before_the_letter_is_put_right_first(at_work: Office) -> None:
    letter = at_work.draft()
    with clock.on_day(date(2022, 5, 25)), pytest.raises(Refused, match="25/05/2022 không sau ngày công văn 25/05/2022"):
        sent(at_work, letter, date(2022, 5, 25))


def test_nothing_left_to_urge_cannot_be_sent(at_work: Office) -> None:
    letter = at_work.draft(1)
    change_state(at_work.session, current_assignment(at_work.session, at_work.numbers[1]), "drop")
    with pytest.raises(Refused, match="Không còn nhiệm vụ nào của công văn quá hạn"):
        sent(at_work, letter)


def test_a_draft_is_given_up_once(at_work: Office) -> None:
    letter = at_work.draft()
    writing.drop(at_work.session, at_work.monitor, letter, "Đã báo cáo trực tiếp.")
    assert (letter.state, letter.reason) == ("dropped", "Đã báo cáo trực tiếp.")
    for act in (
        lambda: writing.drop(at_work.session, at_work.monitor, letter, "Lần hai."),
        lambda: sent(at_work, letter),
    ):
        with pytest.raises(Changed, match="đã được người khác"):
            act()
    assert at_work.draft(0).id != letter.id  # a new one may be begun


def test_the_ladders_end_drafts_and_tells_the_office_once(at_work: Office) -> None:
    session = at_work.session
    assert writing.draft_due(session, at_work.due(0, 1), MAY) == 2
    session.commit()
    assert writing.draft_due(session, at_work.due(0, 1, 2), MAY) == 1
    session.commit()
    assert writing.draft_due(session, at_work.due(0, 1, 2), MAY) == 0
    letter = session.execute(select(UrgeLetter)).scalar_one()
    assert (letter.drafted_by_id, len(named(session, letter))) == (None, 3)
    told = session.execute(select(Message.kind, Message.recipient_id, Message.facts)).all()
    assert [tuple(row) for row in told] == [("letter_drafted", at_work.monitor.id, {"letter_id": letter.id})]


def test_the_ladders_end_passes_over_what_is_settled_or_rests(at_work: Office) -> None:
    session, trade = at_work.session, at_work.world.trade.id
    letter = at_work.draft(0)
    sent(at_work, letter)
    change_state(session, current_assignment(session, at_work.numbers[1]), "drop")
    moved = {trade: [type(due)(due.assignment_id, date(2022, 3, 1)) for due in at_work.due(2)[trade]]}
    assert writing.draft_due(session, at_work.due(0, 1), MAY) == 0
    assert writing.draft_due(session, moved, MAY) == 0  # its last day is another one by now
    with clock.on_day(date(2022, 6, 14)):
        assert writing.draft_due(session, at_work.due(0), date(2022, 6, 14)) == 0
    with clock.on_day(date(2022, 6, 15)):  # thirty days after the letter
        assert writing.draft_due(session, at_work.due(0), date(2022, 6, 15)) == 1


def test_what_the_office_left_out_or_gave_up_is_not_put_back(at_work: Office) -> None:
    session, (one, two, _three) = at_work.session, at_work.numbers
    letter = at_work.draft(0, 1)
    writing.choose(session, at_work.monitor, letter, {one, two}, {two}, date(2022, 5, 20))
    assert writing.draft_due(session, at_work.due(0, 1), MAY) == 0
    writing.drop(session, at_work.monitor, letter, "Đang làm việc trực tiếp.")
    assert writing.draft_due(session, at_work.due(1), MAY) == 0
    assert named(session, letter) == {one: True, two: False}


def race(app: Flask, *moves: Callable[[Session], object]) -> list[str]:
    together, outcomes = Barrier(len(moves)), []

    def run(move: Callable[[Session], object]) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                outcomes.append(f"done {move(extension.session())}")
                extension.session.commit()
            except (Changed, Refused) as error:
                extension.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def monitor(session: Session) -> User:
    return session.execute(select(User).where(User.role == "monitor")).scalar_one()


def test_two_who_record_the_sending_one_is_told(app: Flask, at_work: Office) -> None:
    letter_id = at_work.draft().id
    at_work.session.commit()

    def record(session: Session) -> None:
        writing.record_sent(session, monitor(session), session.get_one(UrgeLetter, letter_id), NUMBER, MAY, SIGNER)

    def give_up(session: Session) -> None:
        writing.drop(session, monitor(session), session.get_one(UrgeLetter, letter_id), "Thôi.")

    assert race(app, record, record, give_up) == ["Changed", "Changed", "done None"]
    closing = Event.verb.in_(("send_letter", "drop_letter"))
    assert at_work.session.execute(select(func.count()).select_from(Event).where(closing)).scalar_one() == 1


def test_two_workers_and_the_office_make_one_draft(app: Flask, at_work: Office) -> None:
    dues, trade, numbers = at_work.due(0, 1, 2), at_work.world.trade.id, at_work.numbers
    at_work.session.commit()

    def by_ladder(session: Session) -> int:
        return writing.draft_due(session, dues, MAY)

    def by_hand(session: Session) -> int:
        return writing.draft(session, trade, numbers, monitor(session)).id * 0

    outcomes = race(app, by_ladder, by_ladder, by_hand)
    assert outcomes in (["done 0", "done 0", "done 0"], ["done 0", "done 0", "done 3"])
    letter = at_work.session.execute(select(UrgeLetter)).scalar_one()
    assert named(at_work.session, letter) == dict.fromkeys(numbers, False)
