"""An assignment from its first report to confirmation: what is written, what is refused, who wins a race."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import completion
from tracker.actions import report as reporting
from tracker.actions.standing import current_assignment, rebuild_tally
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Event,
    ProgressReport,
    Tally,
    Task,
    TaskPeriod,
    User,
)
from tracker.queries.standing import DOCUMENT, counts
from tracker.rules.timeliness import Timeliness

E_CABINET = "TB1802:6.b"


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 28)):
        yield


def the_assignment(session: Session) -> Assignment:
    query = select(Assignment).join(Task).where(Task.code == E_CABINET, Assignment.role == "lead")
    return session.execute(query).scalar_one()


def user(session: Session, email: str) -> User:
    return session.execute(select(User).where(User.email == email)).scalar_one()


def officer(session: Session) -> User:
    return user(session, "chuyenvien.vp@tinh.gov.vn")


def monitor(session: Session) -> User:
    return user(session, "theodoi.vp@tinh.gov.vn")


def propose(session: Session, result_on: date) -> ProgressReport:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return completion.propose_completion(
        session, officer(session), owed, seen, result_on, "12/BC-VPUBND", "Đã vận hành."
    )


def tally(session: Session) -> dict[Any, int]:
    rows = session.execute(
        select(Tally.scope, Tally.scope_id, Tally.clock, Tally.effective_on, Tally.n).where(Tally.n != 0)
    )
    return {tuple(row[:4]): row[4] for row in rows}


def test_a_report_moves_the_work_and_says_so(context: Session) -> None:
    owed = the_assignment(context)
    before = current_assignment(context, owed.id)
    report = reporting.report_progress(
        context, officer(context), owed, before.id, 70, "Sáu phòng họp.", "Thiếu đường truyền."
    )
    now = current_assignment(context, owed.id)
    assert (now.state, now.progress, now.valid_from) == ("in_progress", 70, date(2022, 4, 28))
    assert (before.valid_to, report.progress, report.reported_on) == (date(2022, 4, 28), 70, date(2022, 4, 28))
    context.commit()  # the log is written with the commit
    event = context.execute(select(Event).where(Event.noun_id == owed.id, Event.verb == "report_progress")).scalar_one()
    assert (event.task_id, event.facts["progress"]) == (owed.task_id, 70)
    agency = context.get_one(Agency, owed.agency_id)
    assert agency.last_reported_on == date(2022, 4, 28)


def test_the_day_before_stays_as_it_was(context: Session) -> None:
    owed = the_assignment(context)
    reporting.report_progress(
        context, officer(context), owed, current_assignment(context, owed.id).id, 70, "Xong một nửa.", None
    )
    on_27th = select(AssignmentPeriod.state).where(
        AssignmentPeriod.assignment_id == owed.id,
        AssignmentPeriod.valid_from <= date(2022, 4, 27),
        AssignmentPeriod.valid_to > date(2022, 4, 27),
    )
    assert context.execute(on_27th).scalar_one() == "not_started"


def test_while_a_result_waits_the_clock_stands_at_its_date(context: Session) -> None:
    propose(context, date(2022, 4, 27))
    with clock.on_day(date(2022, 6, 1)):
        document_id = the_assignment(context).task.document_id
        assert counts(context, date(2022, 6, 1), DOCUMENT, document_id)[Timeliness.OPEN_OVERDUE] == 0


def test_confirmed_late_result_is_done_late_by_the_date_of_the_result(context: Session) -> None:
    with clock.on_day(date(2022, 6, 1)):
        report = propose(context, date(2022, 5, 5))
    with clock.on_day(date(2022, 7, 1)):
        completion.confirm(context, monitor(context), report)
        owed = current_assignment(context, report.assignment_id)
        assert (owed.state, owed.clock, owed.result_on) == ("done", "done_late", date(2022, 5, 5))
        task = context.execute(
            select(TaskPeriod).where(TaskPeriod.task_id == owed.task_id, TaskPeriod.valid_to == FOREVER)
        )
        assert task.scalar_one().clock == "done_late"


def test_the_last_counting_day_is_in_time(context: Session) -> None:
    with clock.on_day(date(2022, 6, 1)):
        report = propose(context, date(2022, 5, 4))
        completion.confirm(context, monitor(context), report)
        assert current_assignment(context, report.assignment_id).clock == "done_on_time"


def test_returned_is_not_done_and_runs_again_from_where_it_was_due(context: Session) -> None:
    owed = the_assignment(context)
    reporting.report_progress(
        context, officer(context), owed, current_assignment(context, owed.id).id, 70, "Bảy phần.", None
    )
    report = propose(context, date(2022, 4, 28))
    completion.return_for_rework(context, monitor(context), report, "Thiếu biên bản nghiệm thu.")
    now = current_assignment(context, owed.id)
    assert (now.state, now.result_on, now.progress, now.clock) == ("returned", None, 70, "running")
    assert now.effective_on == date(2022, 5, 4)
    assert (report.decision, report.decision_reason) == ("returned", "Thiếu biên bản nghiệm thu.")


def test_a_decided_result_is_not_decided_twice(context: Session) -> None:
    report = propose(context, date(2022, 4, 28))
    completion.confirm(context, monitor(context), report)
    with pytest.raises(Changed):
        completion.return_for_rework(context, monitor(context), report, "Quá muộn.")


@pytest.mark.parametrize(
    ("result_on", "sentence"),
    [
        (date(2022, 4, 29), "Ngày có kết quả 29/04/2022 chưa tới; hãy ghi ngày trên văn bản kết quả."),
        (date(2022, 2, 17), "Ngày có kết quả 17/02/2022 trước ngày giao việc 18/02/2022; hãy kiểm tra lại."),
    ],
)
def test_impossible_result_days_are_refused(context: Session, result_on: date, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        propose(context, result_on)
    assert refusal.value.sentence == sentence


def test_nothing_is_reported_on_what_waits_or_is_done(context: Session) -> None:
    report = propose(context, date(2022, 4, 28))
    for decide in (lambda: None, lambda: completion.confirm(context, monitor(context), report)):
        decide()
        owed = the_assignment(context)
        with pytest.raises(Refused):
            reporting.report_progress(
                context, officer(context), owed, current_assignment(context, owed.id).id, 10, "Thêm.", None
            )


def test_whoever_saw_an_older_state_is_told(context: Session) -> None:
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    reporting.report_progress(context, officer(context), owed, seen, 30, "Trước.", None)
    with pytest.raises(Changed):
        reporting.report_progress(context, officer(context), owed, seen, 40, "Sau.", None)


def test_a_collective_order_is_done_when_every_agency_is(context: Session) -> None:
    task = context.execute(select(Task).where(Task.code == "TB1802:7#1")).scalar_one()
    owed = (
        context.execute(select(Assignment).where(Assignment.task_id == task.id, Assignment.role == "lead"))
        .scalars()
        .all()
    )
    assert len(owed) == 31

    def finish(assignment: Assignment, day: date) -> None:
        seen = current_assignment(context, assignment.id).id
        report = completion.propose_completion(context, officer(context), assignment, seen, day, "1/QĐ", "Đã ban hành.")
        completion.confirm(context, monitor(context), report)

    def standing() -> tuple[str, int, int, date | None]:
        row = context.execute(
            select(TaskPeriod).where(TaskPeriod.task_id == task.id, TaskPeriod.valid_to == FOREVER)
        ).scalar_one()
        return row.state, row.leads_done, row.leads, row.result_on

    for number, assignment in enumerate(owed[:-1]):
        finish(assignment, date(2022, 3, 1 + number % 20))
    assert standing()[:3] == ("in_progress", 30, 31)
    finish(owed[-1], date(2022, 4, 5))
    assert standing() == ("done", 31, 31, date(2022, 4, 5))


def test_the_tally_is_what_a_recount_gives(context: Session) -> None:
    owed = the_assignment(context)
    reporting.report_progress(
        context, officer(context), owed, current_assignment(context, owed.id).id, 70, "Bảy phần.", None
    )
    completion.return_for_rework(context, monitor(context), propose(context, date(2022, 4, 28)), "Thiếu.")
    completion.confirm(context, monitor(context), propose(context, date(2022, 4, 28)))
    kept = tally(context)
    rebuild_tally(context)
    assert kept == tally(context)


def test_two_at_once_write_one(app: Flask) -> None:
    """Both read the same state, both write: one wins, the other is told, and nothing of the loser stays."""
    together, outcomes = Barrier(2), []

    def run(percent: int) -> None:
        with app.app_context():
            owed_id = the_assignment(db.session).id
            seen = current_assignment(db.session, owed_id).id
            db.session.rollback()
            together.wait()
            begin_writing()
            try:
                owed = db.session.get_one(Assignment, owed_id)
                reporting.report_progress(db.session, officer(db.session), owed, seen, percent, f"Bản {percent}.", None)
                db.session.commit()
                outcomes.append("written")
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [Thread(target=run, args=(percent,)) for percent in (30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["told", "written"]
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(ProgressReport)).scalar_one() == 1
        current = select(func.count()).where(
            AssignmentPeriod.assignment_id == the_assignment(db.session).id, AssignmentPeriod.valid_to == FOREVER
        )
        assert db.session.execute(current).scalar_one() == 1
