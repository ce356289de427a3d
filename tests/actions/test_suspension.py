"""The Office holds, drops and opens work: what the state, the clock and the reminders do."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_progress import monitor, officer, propose, tally, the_assignment
from tracker import clock
from tracker.actions import completion
from tracker.actions import report as reporting
from tracker.actions.standing import current_assignment, rebuild_tally
from tracker.actions.suspension import suspend
from tracker.errors import Changed, Refused
from tracker.models import Assignment, AssignmentPeriod, Event, Message, User
from tracker.queries.reminder import plan
from tracker.queries.suspension import told_of

LATE = date(2022, 5, 6)


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 28)):
        yield


def do(session: Session, verb: str) -> AssignmentPeriod:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return suspend(session, monitor(session), owed, seen, verb, "Chờ trung ương hướng dẫn.", "512/UBND-KSTT")


def stands(session: Session) -> tuple[str, int, date | None, str]:
    period = current_assignment(session, the_assignment(session).id)
    return period.state, period.progress, period.result_on, period.clock


def reminded(session: Session) -> set[int]:
    return {due.assignment_id for due in plan(session, LATE).due()}


def contact(session: Session, owed: Assignment) -> User:
    person = officer(session)
    person.is_contact = True
    session.flush()
    return person


def test_what_is_on_hold_is_not_reported_on_nor_reminded_of(context: Session) -> None:
    owed = the_assignment(context)
    assert owed.id in reminded(context)
    do(context, "pause")
    assert stands(context)[0] == "paused" and owed.id not in reminded(context)
    with pytest.raises(Refused):
        seen = current_assignment(context, owed.id).id
        reporting.report_progress(context, officer(context), owed, seen, 10, "Thêm.", None)
    do(context, "resume")
    assert stands(context)[0] == "in_progress" and owed.id in reminded(context)


def test_what_is_dropped_is_counted_no_more_until_it_is_taken_up(context: Session) -> None:
    do(context, "drop")
    assert stands(context) == ("withdrawn", 0, None, "no_deadline")
    do(context, "restore")
    assert stands(context) == ("in_progress", 0, None, "running")
    kept = tally(context)
    rebuild_tally(context)
    assert kept == tally(context)


def test_what_is_opened_again_is_not_done_and_its_clock_runs(context: Session) -> None:
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    reporting.report_progress(context, officer(context), owed, seen, 70, "Bảy phần.", None)
    report = propose(context, date(2022, 4, 28))
    completion.confirm(context, monitor(context), report)
    do(context, "reopen")
    assert stands(context) == ("returned", 70, None, "running")
    assert report.decision == "confirmed"  # what was decided stays in the record


def test_what_waits_for_the_head_is_taken_back_when_the_work_is_dropped(context: Session) -> None:
    owed = the_assignment(context)
    owed.agency.needs_head_approval = True
    context.add(User(email="ldvp@tinh.gov.vn", name="Lãnh đạo", role="agency_head", agency_id=owed.agency_id,
                     password_hash="", session_key="k", created_at=clock.now()))  # fmt: skip
    report = propose(context, date(2022, 4, 28))
    do(context, "drop")
    assert (report.approval, report.decision) == ("waiting", "recalled")


def test_each_state_allows_what_the_table_says(context: Session) -> None:
    for verb in ("resume", "restore", "reopen", "confirm", "nothing"):
        with pytest.raises(Refused):
            do(context, verb)
    assert stands(context)[0] == "not_started"


def test_work_that_went_into_another_agencys_is_not_restored(context: Session) -> None:
    do(context, "drop")
    owed = the_assignment(context)
    owed.merged_into_id = owed.id
    with pytest.raises(Refused) as refusal:
        do(context, "restore")
    assert "cơ quan kế thừa" in refusal.value.sentence


def test_whoever_saw_an_older_state_is_told(context: Session) -> None:
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    do(context, "pause")
    with pytest.raises(Changed):
        suspend(context, monitor(context), owed, seen, "drop", "Muộn.", "1/QĐ")


def test_the_agency_is_told_with_reason_and_basis_of_the_last_of_them_only(context: Session) -> None:
    owed = the_assignment(context)
    person = contact(context, owed)
    paused = do(context, "pause")
    context.commit()
    assert context.execute(select(Message.kind, Message.recipient_id)).all() == [("state_changed", person.id)]
    row = told_of(context, [paused.id])[paused.id]
    assert (row.verb, row.reason, row.basis, row.period_id == row.last_id) == (
        "pause", "Chờ trung ương hướng dẫn.", "512/UBND-KSTT", True,
    )  # fmt: skip
    resumed = do(context, "resume")
    context.commit()
    assert [told_of(context, [one.id])[one.id].last_id for one in (paused, resumed)] == [resumed.id, resumed.id]
    event = context.scalars(select(Event).where(Event.verb == "pause")).one()
    assert (event.task_id, event.facts["basis"]) == (owed.task_id, "512/UBND-KSTT")
