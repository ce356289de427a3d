"""An obstacle from being raised to being closed: the clocks, who is told, what is refused, who wins a race."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_progress import monitor, officer, propose, the_assignment, user
from tracker import clock
from tracker.actions import completion, obstacle, suspension
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import CalendarDay, Event, Message, Obstacle, ObstacleStep, Setting, User
from tracker.queries import obstacle as queries
from tracker.queries.obstacle import Counted, Wait
from tracker.queries.obstacle_summary import gathered


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 28)):  # a Thursday; offices are closed from 30/04 to 03/05
        yield


def standing(session: Session) -> User:
    return user(session, "thuongtruc@tinh.gov.vn")


def leader(session: Session) -> User:
    return user(session, "lanhdao@tinh.gov.vn")


def raised(session: Session, level: str = "standing_body", why: str | None = None) -> Obstacle:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return obstacle.raise_obstacle(
        session, officer(session), owed, seen, "Thiếu đường truyền.", "Bố trí kinh phí.", level, why
    )


def steps(session: Session, found: Obstacle) -> list[tuple[str, str, bool]]:
    rows = session.execute(
        select(ObstacleStep.verb, ObstacleStep.level, ObstacleStep.late)
        .where(ObstacleStep.obstacle_id == found.id)
        .order_by(ObstacleStep.id)
    )
    return [tuple(row) for row in rows]


def stands(found: Obstacle) -> tuple[str, str, date, int]:
    return found.level, found.state, found.due_on, found.version


def told(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Message.kind, User.email)
        .join(User, User.id == Message.recipient_id)
        .where(Message.kind.startswith("obstacle"))
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def test_the_standing_body_has_five_working_days(context: Session) -> None:
    found = raised(context)
    assert stands(found) == ("standing_body", "waiting", date(2022, 5, 9), 1)
    assert (found.raised_on, found.level_since, found.text) == (
        date(2022, 4, 28), date(2022, 4, 28), "Thiếu đường truyền.",
    )  # fmt: skip


def test_straight_to_the_province_says_why_and_has_ten(context: Session) -> None:
    found = raised(context, "province", "Ngoài dự toán của ngành.")
    assert stands(found) == ("province", "waiting", date(2022, 5, 16), 1)
    kept = context.scalars(select(ObstacleStep)).one()
    assert (kept.verb, kept.level, kept.text, kept.due_on) == (
        "raise", "province", "Ngoài dự toán của ngành.", date(2022, 5, 16),
    )  # fmt: skip


def test_the_province_chooses_its_days_and_tet_is_not_counted(context: Session) -> None:
    context.add(Setting(name="obstacle_days_standing_body", value=3))
    for day in range(20, 27):
        context.merge(CalendarDay(day=date(2023, 1, day), working=False, name="Tết Nguyên đán"))
    with clock.on_day(date(2023, 1, 18)):
        assert raised(context).due_on == date(2023, 1, 30)


def test_answered_in_time_and_closed(context: Session) -> None:
    found = raised(context)
    with clock.on_day(date(2022, 5, 9)):
        obstacle.answer(context, standing(context), found, 1, "Dùng chung hạ tầng.")
        assert stands(found) == ("standing_body", "answered", date(2022, 5, 9), 2)
        obstacle.close(context, officer(context), found, 2, "Đã dùng chung.")
    assert (found.state, found.closed_on, found.version) == ("closed", date(2022, 5, 9), 3)
    assert steps(context, found) == [
        ("raise", "standing_body", False), ("answer", "standing_body", False), ("close", "standing_body", False),
    ]  # fmt: skip


def test_each_level_has_a_clock_of_its_own_and_late_is_kept(context: Session) -> None:
    found = raised(context)
    with clock.on_day(date(2022, 5, 10)):
        obstacle.escalate(context, standing(context), found, 1, "Vượt thẩm quyền; đề nghị cấp vốn.")
        assert stands(found) == ("province", "waiting", date(2022, 5, 24), 2)
    with clock.on_day(date(2022, 5, 24)):
        obstacle.decide(context, leader(context), found, 2, "Cấp vốn.", "512/UBND-TH", date(2022, 5, 23))
    assert steps(context, found) == [
        ("raise", "standing_body", False), ("escalate", "standing_body", True), ("decide", "province", False),
    ]  # fmt: skip
    assert context.scalars(select(ObstacleStep.document).order_by(ObstacleStep.id)).all() == [
        None, None, "512/UBND-TH, 23/05/2022",
    ]  # fmt: skip
    assert context.scalars(select(ObstacleStep.due_on).order_by(ObstacleStep.id)).all() == [
        date(2022, 5, 9), date(2022, 5, 24), None,
    ]  # fmt: skip


def test_asked_again_the_level_has_its_days_anew(context: Session) -> None:
    found = raised(context)
    obstacle.answer(context, standing(context), found, 1, "Tự cân đối.")
    with clock.on_day(date(2022, 6, 1)):
        obstacle.ask_again(context, officer(context), found, 2, "Không có nguồn.")
        assert stands(found) == ("standing_body", "waiting", date(2022, 6, 8), 3)
    assert steps(context, found)[-1] == ("ask_again", "standing_body", False)


def test_what_the_table_does_not_allow_is_refused_with_a_sentence(context: Session) -> None:
    found = raised(context)
    with pytest.raises(Refused) as refusal:
        obstacle.decide(context, leader(context), found, 1, "Đồng ý.", "1/QĐ", date(2022, 4, 28))
    assert refusal.value.sentence == "Vướng mắc đang chờ trả lời nên không làm được việc này."
    with pytest.raises(Refused):
        obstacle.ask_again(context, officer(context), found, 1, "Chưa ai trả lời.")
    assert stands(found) == ("standing_body", "waiting", date(2022, 5, 9), 1)


def test_a_document_of_a_day_to_come_is_refused(context: Session) -> None:
    found = raised(context, "province", "Ngoài thẩm quyền.")
    with pytest.raises(Refused) as refusal:
        obstacle.decide(context, leader(context), found, 1, "Đồng ý.", "1/QĐ", date(2022, 4, 29))
    assert refusal.value.sentence == "Ngày văn bản 29/04/2022 chưa tới; hãy ghi ngày ký trên văn bản."


def test_the_level_settles_what_the_agency_left_lying(context: Session) -> None:
    found = raised(context)
    obstacle.answer(context, standing(context), found, 1, "Dùng chung hạ tầng.")
    with clock.on_day(date(2022, 5, 9)), pytest.raises(Refused) as refusal:
        obstacle.settle(context, standing(context), found, 2, "Không có ý kiến thêm.")
    assert "đến ngày 10/05/2022" in refusal.value.sentence
    with clock.on_day(date(2022, 5, 10)):
        obstacle.settle(context, standing(context), found, 2, "Không có ý kiến thêm.")
    assert (found.state, found.closed_on) == ("closed", date(2022, 5, 10))


def test_who_hears_of_it(context: Session) -> None:
    found = raised(context)
    obstacle.escalate(context, standing(context), found, 1, "Vượt thẩm quyền.")
    obstacle.answer(context, monitor(context), found, 2, "Đang xem xét.")
    obstacle.ask_again(context, officer(context), found, 3, "Cần quyết định.")
    obstacle.decide(context, leader(context), found, 4, "Cấp vốn.", "5/QĐ", date(2022, 4, 28))
    assert told(context) == [
        ("obstacle_raised", "thuongtruc@tinh.gov.vn"), ("obstacle_escalated", "theodoi.vp@tinh.gov.vn"),
        ("obstacle_answered", "chuyenvien.vp@tinh.gov.vn"), ("obstacle_raised", "theodoi.vp@tinh.gov.vn"),
        ("obstacle_answered", "chuyenvien.vp@tinh.gov.vn"),
    ]  # fmt: skip


def test_every_step_is_an_event_without_what_was_said(context: Session) -> None:
    found = raised(context)
    obstacle.escalate(context, standing(context), found, 1, "Ý kiến kín.")
    context.commit()
    events = context.scalars(select(Event).where(Event.noun == "obstacle").order_by(Event.id)).all()
    assert [(event.verb, event.noun_id, event.task_id) for event in events] == [
        ("raise_obstacle", found.id, found.task_id), ("escalate_obstacle", found.id, found.task_id),
    ]  # fmt: skip
    assert events[1].facts == {"level": "standing_body", "late": False, "due_on": "2022-05-16"}


def test_it_lapses_with_the_work(context: Session) -> None:
    found, closed = raised(context), raised(context)
    obstacle.close(context, officer(context), closed, 1, "Đã có.")
    report = propose(context, date(2022, 4, 28))
    assert found.state == "waiting"
    completion.confirm(context, monitor(context), report)
    context.refresh(found)
    assert (found.state, found.closed_on, steps(context, found)[-1][0]) == ("closed", date(2022, 4, 28), "lapse")
    assert steps(context, closed)[-1][0] == "close"
    context.commit()
    assert context.scalars(select(Event.verb).where(Event.verb == "lapse_obstacle")).all() == ["lapse_obstacle"]


def test_it_lapses_with_work_that_is_dropped(context: Session) -> None:
    found = raised(context)
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    suspension.suspend(context, monitor(context), owed, seen, "drop", "Không còn phù hợp.", "7/TB-VP")
    context.refresh(found)
    assert found.state == "closed"


def test_nothing_is_raised_on_what_is_done_or_was_changed_meanwhile(context: Session) -> None:
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    completion.confirm(context, monitor(context), propose(context, date(2022, 4, 28)))
    with pytest.raises(Changed):
        obstacle.raise_obstacle(context, officer(context), owed, seen, "Muộn.", None, "standing_body")
    with pytest.raises(Refused):
        raised(context)
    assert context.scalars(select(Obstacle.id)).all() == []


def test_who_waits_for_whom_on_any_day(context: Session) -> None:
    found = raised(context)
    with clock.on_day(date(2022, 5, 5)):
        obstacle.escalate(context, standing(context), found, 1, "Vượt thẩm quyền.")
    with clock.on_day(date(2022, 5, 20)):
        obstacle.answer(context, monitor(context), found, 2, "Đã xem.")
    owed = the_assignment(context).id

    def waited(day: date) -> Wait | None:
        return queries.waits(context, [owed], day).get(owed)

    with clock.on_day(date(2022, 6, 1)):
        assert waited(date(2022, 4, 27)) is None
        assert waited(date(2022, 5, 4)) == Wait("standing_body", date(2022, 4, 28), date(2022, 5, 9))
        assert waited(date(2022, 5, 19)) == Wait("province", date(2022, 5, 5), date(2022, 5, 19))
        assert waited(date(2022, 5, 20)) is None
        for day in (date(2022, 4, 27), date(2022, 5, 4), date(2022, 5, 19), date(2022, 5, 20)):
            shown = queries.waits_of(queries.of_task(context, found.task_id, day))
            assert shown.get(owed) == waited(day)
        then = queries.of_task(context, found.task_id, date(2022, 5, 6))
        assert [(one.level, one.state, one.verb, one.said) for one in then] == [
            ("province", "waiting", "escalate", "Vượt thẩm quyền."),
        ]  # fmt: skip


def test_what_is_open_is_counted_by_level_and_late_comes_first(context: Session) -> None:
    late = raised(context)
    with clock.on_day(date(2022, 5, 4)):
        for answered in (raised(context), raised(context)):
            obstacle.answer(context, standing(context), answered, 1, "Đã rõ.")
        above = raised(context, "province", "Ngoài thẩm quyền.")
    day = date(2022, 5, 10)
    with clock.on_day(day):
        assert queries.open_counts(context, day) == {"standing_body": Counted(1, 1, 2), "province": Counted(1, 0, 0)}
        rows = queries.listed(context, queries.ObstacleFilters(state="waiting"))
        assert [row.obstacle_id for row in rows] == [late.id, above.id]
        assert [row.days_late(day) for row in rows] == [1, 0]


def test_the_list_for_the_province_as_it_stood(context: Session) -> None:
    below, up, straight = raised(context), raised(context), raised(context, "province", "Ngoài thẩm quyền.")
    with clock.on_day(date(2022, 5, 5)):
        obstacle.escalate(context, standing(context), up, 1, "Đề nghị cấp vốn.")
    with clock.on_day(date(2022, 6, 2)):
        obstacle.decide(context, leader(context), up, 2, "Cấp vốn.", "5/QĐ", date(2022, 6, 1))
    with clock.on_day(date(2022, 7, 4)):

        def listed(period: str, day: date) -> list[int]:
            return [row.obstacle_id for row in gathered(context, period, day)]

        assert listed("waiting", date(2022, 4, 29)) == [straight.id]
        assert listed("waiting", date(2022, 5, 31)) == [straight.id, up.id]
        assert listed("waiting", date(2022, 7, 4)) == [straight.id]
        assert listed("month", date(2022, 5, 31)) == [up.id]
        assert listed("quarter", date(2022, 6, 30)) == listed("year", date(2022, 6, 30)) == [straight.id, up.id]
        assert below.id not in listed("year", date(2022, 7, 4))
        then, now = gathered(context, "month", date(2022, 5, 31))[0], gathered(context, "year", date(2022, 7, 4))[1]
        assert (then.opinion, then.answer, then.state, then.due_on) == (
            "Đề nghị cấp vốn.", None, "waiting", date(2022, 5, 19),
        )  # fmt: skip
        assert (now.answer, now.document, now.answered_on) == ("Cấp vốn.", "5/QĐ, 01/06/2022", date(2022, 6, 2))


def race(app: Flask, first: Callable[[Obstacle], Any], second: Callable[[Obstacle], Any]) -> list[str]:
    """Do both at once on the same obstacle, each in a session of its own; return who was done and who was told."""
    with app.app_context():
        found_id = raised(db.session()).id
        db.session.commit()
    together, outcomes = Barrier(2), []

    def run(act: Callable[[Obstacle], Any]) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                act(db.session.get_one(Obstacle, found_id))
                db.session.commit()
                outcomes.append("done")
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [Thread(target=run, args=(act,)) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_of_two_who_answer_at_once_the_second_is_told(app: Flask) -> None:
    outcomes = race(
        app,
        lambda found: obstacle.answer(db.session(), standing(db.session()), found, 1, "Bản một."),
        lambda found: obstacle.escalate(db.session(), standing(db.session()), found, 1, "Bản hai."),
    )
    assert outcomes == ["done", "told"]
    with app.app_context():
        assert len(db.session.scalars(select(ObstacleStep.id)).all()) == 2


def test_an_answer_and_the_end_of_the_work_do_not_cross(app: Flask) -> None:
    outcomes = race(
        app,
        lambda found: obstacle.answer(db.session(), standing(db.session()), found, 1, "Đã rõ."),
        lambda found: obstacle.lapse(db.session(), monitor(db.session()), found.assignment_id),
    )
    assert outcomes in (["done", "done"], ["done", "told"])
    with app.app_context():
        verbs = db.session.scalars(select(ObstacleStep.verb).order_by(ObstacleStep.id)).all()
        assert verbs in (["raise", "answer", "lapse"], ["raise", "lapse"])
        assert db.session.scalars(select(Obstacle.state)).one() == "closed"
