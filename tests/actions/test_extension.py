"""More time for an assignment: asked, withdrawn, granted, refused, lapsed; what moves, what stays, who wins a race."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_progress import monitor, officer, tally, the_assignment, user
from tracker import clock
from tracker.actions import completion, extension
from tracker.actions import report as reporting
from tracker.actions.calendar import fingerprint, recount, set_day
from tracker.actions.standing import current_assignment, rebuild_tally
from tracker.actions.suspension import suspend
from tracker.errors import Changed, Refused
from tracker.models import (
    FOREVER,
    Assignment,
    AssignmentPeriod,
    Deadline,
    Event,
    Extension,
    Setting,
    Task,
    TaskPeriod,
)
from tracker.queries.calendar import shifted_deadlines
from tracker.queries.standing import DOCUMENT, counts
from tracker.rules.timeliness import Timeliness

JUNE = date(2022, 6, 30)
PAPER = "1234/UBND-VX"


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    """Eight working days before E-Cabinet is due: written 30/04, counting to 04/05/2022."""
    with clock.on_day(date(2022, 4, 20)):
        yield


def ask(session: Session, until: date = JUNE, owed: Assignment | None = None) -> Extension:
    owed = owed or the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return extension.ask(session, officer(session), owed, seen, "Thiết bị về chậm.", until, "12/VP-TH")


def grant(session: Session, asked: Extension, until: date = JUNE) -> Deadline:
    return extension.grant(session, monitor(session), asked, until, PAPER, None)


def propose(session: Session, result_on: date) -> Any:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return completion.propose_completion(session, officer(session), owed, seen, result_on, "1/BC", "Xong.")


def limits(session: Session) -> list[tuple[str, date | None, bool]]:
    rows = session.scalars(
        select(Deadline).where(Deadline.task_id == the_assignment(session).task_id).order_by(Deadline.id)
    )
    return [(row.kind, row.due_on, row.valid_to == FOREVER) for row in rows]


def task_period(session: Session, task_id: int) -> TaskPeriod:
    query = select(TaskPeriod).where(TaskPeriod.task_id == task_id, TaskPeriod.valid_to == FOREVER)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def verbs(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(select(Event.verb).where(Event.verb.like("%extension")).order_by(Event.id)))


def test_asking_moves_nothing(context: Session) -> None:
    before = current_assignment(context, the_assignment(context).id).id
    asked = ask(context)
    assert (asked.state, asked.late, asked.due_on, asked.effective_on) == (
        "waiting", False, date(2022, 4, 30), date(2022, 5, 4),
    )  # fmt: skip
    assert current_assignment(context, asked.assignment_id).id == before
    assert limits(context) == [("original", date(2022, 4, 30), True)]
    assert verbs(context) == ["ask_extension"]


@pytest.mark.parametrize(
    ("day", "late"), [(date(2022, 4, 27), False), (date(2022, 4, 28), True), (date(2022, 5, 20), True)]
)
def test_a_request_that_comes_too_late_is_taken_and_marked(context: Session, day: date, late: bool) -> None:
    with clock.on_day(day):
        assert ask(context).late is late


def test_the_days_of_notice_are_a_setting(context: Session) -> None:
    choose(context, 8)
    assert ask(context).late is False
    extension.withdraw(context, officer(context), context.scalars(select(Extension)).one())
    choose(context, 9)
    assert ask(context).late is True


def choose(session: Session, days: int) -> None:
    session.merge(Setting(name="extension_notice_days", value=days))
    session.flush()


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (date(2022, 5, 4), "Ngày 04/05/2022 không sau hạn hiện tại 04/05/2022; gia hạn phải đến một ngày sau đó."),
        (date(2022, 4, 30), "Ngày 30/04/2022 không sau hạn hiện tại 04/05/2022; gia hạn phải đến một ngày sau đó."),
    ],
)
def test_no_later_than_now_is_no_extension(context: Session, until: date, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask(context, until)
    assert refusal.value.sentence == sentence


def test_a_day_that_has_gone_is_not_asked_for(context: Session) -> None:
    with clock.on_day(date(2022, 7, 1)), pytest.raises(Refused) as refusal:
        ask(context, JUNE)
    assert refusal.value.sentence == "Ngày đề nghị 30/06/2022 đã qua; hãy đề nghị một ngày từ hôm nay trở đi."


def test_one_request_waits_at_a_time(context: Session) -> None:
    first = ask(context)
    with pytest.raises(Refused) as refusal:
        ask(context, date(2022, 7, 29))
    assert "Cơ quan đã xin gia hạn đến 30/06/2022 (ngày 20/04/2022), đang chờ quyết định" in refusal.value.sentence
    extension.withdraw(context, officer(context), first)
    assert ask(context, date(2022, 7, 29)).state == "waiting"
    assert verbs(context) == ["ask_extension", "withdraw_extension", "ask_extension"]


def test_what_has_no_clock_is_not_extended(context: Session) -> None:
    timeless = context.scalars(
        select(AssignmentPeriod).where(AssignmentPeriod.effective_on.is_(None), AssignmentPeriod.valid_to == FOREVER)
    ).first()
    assert timeless is not None
    with pytest.raises(Refused) as refusal:
        ask(context, JUNE, context.get_one(Assignment, timeless.assignment_id))
    assert refusal.value.sentence == "Phần việc này không có thời hạn nên không có gì để gia hạn."


def test_a_result_that_waits_needs_no_more_time(context: Session) -> None:
    report = propose(context, date(2022, 4, 19))
    with pytest.raises(Refused, match="Kết quả đang chờ xác nhận"):
        ask(context)
    completion.confirm(context, monitor(context), report)
    with pytest.raises(Refused, match="đã khép lại"):
        ask(context)


def test_a_grant_adds_a_limit_and_moves_the_clock_of_that_assignment(context: Session) -> None:
    asked = ask(context)
    with clock.on_day(date(2022, 4, 25)):
        limit = grant(context, asked, date(2022, 6, 18))
    assert limits(context) == [("original", date(2022, 4, 30), True), ("extension", date(2022, 6, 18), True)]
    assert (limit.basis, limit.valid_from, limit.assignment_id) == (PAPER, date(2022, 4, 25), asked.assignment_id)
    now = current_assignment(context, asked.assignment_id)
    # 18/06/2022 is a Saturday: it counts to Monday.
    assert (now.due_on, now.effective_on, now.original_on, now.slips) == (
        date(2022, 6, 18), date(2022, 6, 20), date(2022, 5, 4), 1,
    )  # fmt: skip
    task = task_period(context, asked.task_id)
    assert (task.effective_on, task.original_on, task.slips) == (date(2022, 6, 20), date(2022, 5, 4), 1)
    assert (asked.state, asked.granted_on, asked.granted_effective_on, asked.deadline_id) == (
        "granted", date(2022, 6, 18), date(2022, 6, 20), limit.id,
    )  # fmt: skip
    assert verbs(context) == ["ask_extension", "grant_extension"]


def test_until_tet_is_until_after_tet(context: Session) -> None:
    grant(context, ask(context), date(2023, 1, 22))  # mùng 1 Tết Quý Mão, a Sunday
    effective_on = current_assignment(context, the_assignment(context).id).effective_on
    assert effective_on is not None and effective_on >= date(2023, 1, 27)


def test_the_second_extension_takes_the_place_of_the_first_and_the_original_stays(context: Session) -> None:
    grant(context, ask(context))
    with clock.on_day(date(2022, 6, 20)):
        grant(context, ask(context, date(2022, 8, 31)), date(2022, 8, 31))
    assert limits(context) == [
        ("original", date(2022, 4, 30), True), ("extension", JUNE, False), ("extension", date(2022, 8, 31), True),
    ]  # fmt: skip
    now = current_assignment(context, the_assignment(context).id)
    assert (now.effective_on, now.original_on, now.slips) == (date(2022, 8, 31), date(2022, 5, 4), 2)


def test_a_past_day_before_the_grant_still_shows_it_overdue(context: Session) -> None:
    document = the_assignment(context).task.document_id
    with clock.on_day(date(2022, 5, 10)):
        asked = ask(context)
    with clock.on_day(date(2022, 5, 16)):
        grant(context, asked)

    def late(on: date) -> int:
        return counts(context, on, DOCUMENT, document)[Timeliness.OPEN_OVERDUE]

    with clock.on_day(date(2022, 6, 1)):
        assert [late(date(2022, 5, day)) for day in (4, 5, 15, 16, 31)] == [0, 1, 1, 0, 0]
    with clock.on_day(date(2022, 7, 1)):
        assert late(date(2022, 7, 1)) == 2  # and the trade office's, due the same day


def test_refused_the_date_stays(context: Session) -> None:
    asked = ask(context)
    extension.refuse(context, user(context, "lanhdao@tinh.gov.vn"), asked, "Đã đủ thời gian.", None)
    assert (asked.state, asked.decision_reason) == ("refused", "Đã đủ thời gian.")
    assert current_assignment(context, asked.assignment_id).effective_on == date(2022, 5, 4)
    assert ask(context).state == "waiting"
    assert verbs(context) == ["ask_extension", "refuse_extension", "ask_extension"]


def test_a_grant_needs_a_later_day_than_the_one_in_force(context: Session) -> None:
    asked = ask(context)
    with pytest.raises(Refused, match="không sau hạn hiện tại 04/05/2022"):
        grant(context, asked, date(2022, 5, 4))


@pytest.mark.parametrize("second", ["grant", "refuse", "withdraw"])
def test_whoever_decides_second_is_told(context: Session, second: str) -> None:
    asked = ask(context)
    grant(context, asked)
    again: dict[str, Callable[[], object]] = {
        "grant": lambda: grant(context, asked, date(2022, 9, 30)),
        "refuse": lambda: extension.refuse(context, monitor(context), asked, "Không.", None),
        "withdraw": lambda: extension.withdraw(context, officer(context), asked),
    }
    with pytest.raises(Changed, match="đã có người xử lý"):
        again[second]()


def test_an_officer_who_saw_the_old_date_is_told(context: Session) -> None:
    asked = ask(context)
    seen = current_assignment(context, asked.assignment_id).id
    grant(context, asked)
    with pytest.raises(Changed):
        reporting.report_progress(context, officer(context), the_assignment(context), seen, 40, "Bốn phần.", None)


def test_a_result_in_time_makes_the_request_lapse(context: Session) -> None:
    asked = ask(context)
    propose(context, date(2022, 4, 20))
    context.refresh(asked)
    assert asked.state == "lapsed"
    assert verbs(context) == ["ask_extension", "lapse_extension"]


def test_a_late_result_keeps_the_request_waiting_until_it_is_confirmed(context: Session) -> None:
    asked = ask(context)
    with clock.on_day(date(2022, 5, 16)):
        report = propose(context, date(2022, 5, 16))
        context.refresh(asked)
        assert (asked.state, current_assignment(context, asked.assignment_id).clock) == ("waiting", "open_overdue")
        completion.confirm(context, monitor(context), report)
        context.refresh(asked)
        assert (asked.state, current_assignment(context, asked.assignment_id).clock) == ("lapsed", "done_late")


def test_the_delay_of_the_decision_is_not_the_agencys(context: Session) -> None:
    asked = ask(context)
    with clock.on_day(date(2022, 5, 16)):
        report = propose(context, date(2022, 5, 16))
        grant(context, asked)
        assert current_assignment(context, asked.assignment_id).clock == "open_in_time"
        completion.confirm(context, monitor(context), report)
        assert current_assignment(context, asked.assignment_id).clock == "done_on_time"


def test_work_that_is_dropped_waits_for_nothing(context: Session) -> None:
    asked = ask(context)
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    suspend(context, monitor(context), owed, seen, "drop", "Không còn phù hợp.", PAPER)
    context.refresh(asked)
    assert asked.state == "lapsed"


def collective(session: Session) -> list[Assignment]:
    query = select(Assignment).join(Task).where(Task.code == "CT:IV.1.-2", Assignment.role == "lead")
    return list(session.scalars(query.order_by(Assignment.id)))


def test_of_many_agencies_one_gets_more_time_and_the_task_is_bound_by_the_others(context: Session) -> None:
    owed = collective(context)
    assert len(owed) > 20
    with clock.on_day(date(2025, 12, 1)):
        grant(context, ask(context, date(2026, 2, 27), owed[3]), date(2026, 2, 27))
        dates = {current_assignment(context, one.id).effective_on for one in owed if one is not owed[3]}
        assert dates == {date(2025, 12, 31)}
        assert current_assignment(context, owed[3].id).effective_on == date(2026, 2, 27)
        task = task_period(context, owed[3].task_id)
        assert (task.effective_on, task.slips, task.original_on) == (date(2025, 12, 31), 0, None)


def test_when_all_have_more_time_the_task_has_it_too(context: Session) -> None:
    owed = collective(context)
    with clock.on_day(date(2025, 12, 1)):
        asked = [ask(context, date(2026, 2, 27), one) for one in owed]
        assert extension.grant_together(context, monitor(context), asked, date(2026, 3, 31), PAPER, None) == len(owed)
        task = task_period(context, owed[0].task_id)
        assert (task.effective_on, task.slips, task.original_on) == (date(2026, 3, 31), 1, date(2025, 12, 31))
    kept = tally(context)
    rebuild_tally(context)
    assert kept == tally(context)


def test_together_it_is_all_or_none_and_of_one_task(context: Session) -> None:
    owed = collective(context)
    with clock.on_day(date(2025, 12, 1)):
        asked = [ask(context, date(2026, 2, 27), one) for one in owed[:2]]
        other = ask(context, date(2026, 2, 27))
        with pytest.raises(Refused, match="của cùng một nhiệm vụ"):
            extension.grant_together(context, monitor(context), [*asked, other], date(2026, 3, 31), PAPER, None)
        extension.refuse(context, monitor(context), asked[1], "Không.", None)
        with pytest.raises(Changed, match=asked[1].assignment.agency.short_name):
            extension.grant_together(context, monitor(context), asked, date(2026, 3, 31), PAPER, None)


def test_the_calendar_moves_extension_and_original_apart(context: Session) -> None:
    admin = user(context, "quantri@tinh.gov.vn")
    grant(context, ask(context))
    set_day(context, admin, JUNE, False, "Nghỉ bão", None)
    rows = shifted_deadlines(context)
    assert [(row.due_on, row.wanted) for row in rows if row.assignment_id] == [(JUNE, date(2022, 7, 1))]
    recount(context, admin, fingerprint(rows))
    now = current_assignment(context, the_assignment(context).id)
    assert (now.due_on, now.effective_on, now.original_on, now.slips) == (JUNE, date(2022, 7, 1), date(2022, 5, 4), 1)
    set_day(context, admin, date(2022, 5, 4), False, "Nghỉ bù", None)
    recount(context, admin, fingerprint(shifted_deadlines(context)))
    now = current_assignment(context, now.assignment_id)
    assert (now.effective_on, now.original_on) == (date(2022, 7, 1), date(2022, 5, 5))
    grant(context, ask(context, date(2022, 8, 31)), date(2022, 8, 31))
    in_force = [(kind, due) for kind, due, holds in limits(context) if holds]
    assert in_force == [("original", date(2022, 4, 30)), ("extension", date(2022, 8, 31))]
    kept = tally(context)
    rebuild_tally(context)
    assert kept == tally(context)
