"""A recurring duty: each time it falls due has a record of its own, and last month's result is never lost."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.actions.test_clarity import BY_DOCUMENT, LIST_OF_SYSTEMS, agency, open_periods, standing, tallied, task
from tests.actions.test_progress import monitor, officer
from tracker import clock
from tracker.actions import clarity, completion, suspension
from tracker.actions import occurrence as occurrences
from tracker.actions.extension import ask, grant
from tracker.actions.report import report_progress
from tracker.actions.standing import current_assignment, rebuild_tally
from tracker.errors import Changed, Refused
from tracker.jobs import occurrences as job
from tracker.models import (
    Assignment,
    AssignmentPeriod,
    Deadline,
    Event,
    Occurrence,
    ProgressReport,
    Task,
)
from tracker.queries.clarity import last_seen
from tracker.queries.occurrence import behind, carried, of_task
from tracker.rules.occurrences import recurrence
from tracker.rules.timeliness import Timeliness, classify_bucket

TODAY = date(2023, 11, 15)
MONTHLY = recurrence("month", date(2023, 11, 20))


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def ring(app: Flask, context: Session) -> Callable[[date], str]:
    """ring(day): the job as the worker calls it on that day, on what the test has written."""

    def run(day: date) -> str:
        context.commit()
        with clock.on_day(day), app.app_context():
            return job.open_due()

    return run


def recurring(session: Session, rule: Any = MONTHLY) -> Assignment:
    """The list of systems, led by the standing body, every month on the 20th."""
    found = task(session)
    clarity.assign_lead(session, monitor(session), found, 0, agency(session), BY_DOCUMENT)
    clarity.set_recurrence(session, monitor(session), found, 0, rule, None, BY_DOCUMENT)
    session.commit()
    return session.execute(select(Assignment).where(Assignment.task_id == found.id)).scalar_one()


def records(session: Session, owed: Assignment) -> list[tuple[date, str, date | None]]:
    query = select(Occurrence.due_on, Occurrence.state, Occurrence.result_on).where(
        Occurrence.assignment_id == owed.id
    )  # fmt: skip
    return [tuple(row) for row in session.execute(query.order_by(Occurrence.due_on))]


def finish(session: Session, owed: Assignment, day: date, confirm: bool = True) -> ProgressReport:
    seen = current_assignment(session, owed.id).id
    report = completion.propose_completion(
        session, officer(session), owed, seen, day, f"{day:%d%m}/BC-STTTT", "Đã báo cáo."
    )
    if confirm:
        completion.confirm(session, monitor(session), report)
    session.commit()
    return report


def test_a_recurrence_opens_the_occurrence_today_lies_in(context: Session) -> None:
    owed = recurring(context)
    now = current_assignment(context, owed.id)
    assert (now.state, now.due_on, now.effective_on) == ("not_started", date(2023, 11, 20), date(2023, 11, 20))
    assert records(context, owed) == [(date(2023, 11, 20), "open", None)]
    limit = context.execute(select(Deadline).where(Deadline.kind == "assigned")).scalar_one()
    assert (limit.precision, limit.rule, limit.recurrence, limit.due_on) == (
        "recurring", "recurring_day", MONTHLY.rrule, None,
    )  # fmt: skip
    assert (standing(context, task(context)).effective_on, task(context).has_time) == (date(2023, 11, 20), True)
    event = context.execute(select(Event).where(Event.verb == "open_occurrence")).scalar_one()
    assert (event.task_id, event.facts["due_on"], event.actor_id) == (owed.task_id, "2023-11-20", None)


def test_last_months_record_is_never_lost(context: Session, ring: Any) -> None:
    """What other trackers do: reopen in place, and last month's result is gone."""
    owed = recurring(context)
    finish(context, owed, date(2023, 11, 14))
    assert current_assignment(context, owed.id).state == "done"
    assert ring(date(2023, 11, 21)) == "opened 1"
    now = current_assignment(context, owed.id)
    assert (now.state, now.progress, now.result_on, now.due_on) == ("not_started", 0, None, date(2023, 12, 20))
    with clock.on_day(date(2023, 12, 22)):
        seen = now.id
        report_progress(context, officer(context), owed, seen, 40, "Đang làm tháng 12.", None)
        finish(context, owed, date(2023, 12, 22))
    assert records(context, owed) == [
        (date(2023, 11, 20), "done", date(2023, 11, 14)), (date(2023, 12, 20), "done", date(2023, 12, 22)),
    ]  # fmt: skip
    said = context.execute(select(ProgressReport.occurrence_id, ProgressReport.kind).order_by(ProgressReport.id)).all()
    first, second = context.scalars(select(Occurrence.id).order_by(Occurrence.due_on))
    assert [tuple(row) for row in said] == [(first, "completion"), (second, "progress"), (second, "completion")]
    period = current_assignment(context, owed.id)
    assert classify_bucket(period.clock, period.effective_on, clock.today()) is Timeliness.DONE_LATE


def test_three_months_without_a_worker(context: Session, ring: Any) -> None:
    owed = recurring(context)
    assert ring(date(2024, 2, 10)) == "opened 3"
    assert [due for due, _state, _on in records(context, owed)] == [
        date(2023, 11, 20), date(2023, 12, 20), date(2024, 1, 20), date(2024, 2, 20),
    ]  # fmt: skip
    assert current_assignment(context, owed.id).due_on == date(2023, 11, 20)  # the oldest open one
    assert ring(date(2024, 2, 10)) == "opened 0"
    with clock.on_day(date(2024, 2, 10)):
        finish(context, owed, date(2023, 11, 20))
        now = current_assignment(context, owed.id)
        assert (now.state, now.due_on) == ("not_started", date(2023, 12, 20))


def test_the_first_run_opens_only_the_present_one(context: Session, ring: Any) -> None:
    found = task(context)
    clarity.assign_lead(context, monitor(context), found, 0, agency(context), BY_DOCUMENT)
    context.add(
        Deadline(task_id=found.id, wording="hằng tháng trước ngày 20", precision="recurring", rule="recurring_day",
                 recurrence="FREQ=MONTHLY;BYMONTHDAY=19", valid_from=date(2023, 2, 1))
    )  # fmt: skip
    context.commit()
    assert ring(TODAY) == "opened 1"
    assert context.scalars(select(Occurrence.due_on)).all() == [date(2023, 11, 19)]
    starts = context.scalars(select(Occurrence.starts_on)).one()
    assert starts == date(2023, 10, 20)


def test_tet_moves_the_day_that_counts(context: Session) -> None:
    with clock.on_day(date(2024, 2, 1)):
        owed = recurring(context, recurrence("month", date(2024, 2, 9)))  # the 30th of the last lunar month
        now = current_assignment(context, owed.id)
    assert now.due_on == date(2024, 2, 9)
    assert now.effective_on == date(2024, 2, 15)
    assert context.scalars(select(Occurrence.effective_on)).one() == date(2024, 2, 15)


def test_a_returned_result_keeps_the_occurrence_open(context: Session, ring: Any) -> None:
    owed = recurring(context)
    report_progress(context, officer(context), owed, current_assignment(context, owed.id).id, 60, "Làm.", None)
    report = finish(context, owed, TODAY, confirm=False)
    assert ring(date(2023, 11, 22)) == "opened 1"  # December opens while November waits
    assert current_assignment(context, owed.id).due_on == date(2023, 11, 20)
    with clock.on_day(date(2023, 11, 23)):
        completion.return_for_rework(context, monitor(context), report, "Thiếu số liệu.")
        now = current_assignment(context, owed.id)
        assert (now.state, now.progress, now.due_on, now.clock) == ("returned", 60, date(2023, 11, 20), "running")
        finish(context, owed, date(2023, 11, 23))
    assert records(context, owed) == [
        (date(2023, 11, 20), "done", date(2023, 11, 23)), (date(2023, 12, 20), "open", None),
    ]  # fmt: skip


def test_percent_of_the_month_before_does_not_come_back(context: Session, ring: Any) -> None:
    owed = recurring(context)
    report_progress(context, officer(context), owed, current_assignment(context, owed.id).id, 80, "Làm.", None)
    finish(context, owed, TODAY)
    ring(date(2023, 11, 21))
    with clock.on_day(date(2023, 12, 1)):
        report = finish(context, owed, date(2023, 12, 1), confirm=False)
        completion.return_for_rework(context, monitor(context), report, "Thiếu.")
        assert current_assignment(context, owed.id).progress == 0


def test_skipped_the_next_one_takes_over(context: Session, ring: Any) -> None:
    owed = recurring(context)
    ring(date(2023, 12, 1))
    november = carried(context, owed.id)
    assert november is not None
    with clock.on_day(date(2023, 12, 2)):
        occurrences.skip(context, monitor(context), november, "Không phát sinh hồ sơ.")
        now = current_assignment(context, owed.id)
    assert (now.state, now.due_on, now.effective_on) == ("not_started", date(2023, 12, 20), date(2023, 12, 20))
    assert (november.state, november.reason, november.closed_on) == (
        "skipped", "Không phát sinh hồ sơ.", date(2023, 12, 2),
    )  # fmt: skip
    with pytest.raises(Changed):
        occurrences.skip(context, monitor(context), november, "Lần nữa.")
    context.commit()
    assert context.scalar(select(func.count()).where(Event.verb == "skip_occurrence")) == 1


def test_skipped_with_none_open_the_next_opens_ahead_of_time(context: Session, ring: Any) -> None:
    owed = recurring(context)
    report_progress(context, officer(context), owed, current_assignment(context, owed.id).id, 60, "Làm.", None)
    november = carried(context, owed.id)
    assert november is not None
    occurrences.skip(context, monitor(context), november, "Không phát sinh hồ sơ.")
    now = current_assignment(context, owed.id)
    assert (now.state, now.progress, now.due_on) == ("not_started", 0, date(2023, 12, 20))
    assert standing(context, owed.task).effective_on == date(2023, 12, 20)
    context.commit()
    assert ring(date(2023, 11, 21)) == "opened 0"
    assert ring(date(2023, 12, 21)) == "opened 1"


def test_the_last_one_skipped_leaves_no_clock(context: Session) -> None:
    owed = recurring(context)
    limit = context.execute(select(Deadline).where(Deadline.kind == "assigned")).scalar_one()
    limit.recurrence = f"{MONTHLY.rrule};UNTIL=20231130"
    november = carried(context, owed.id)
    assert november is not None
    occurrences.skip(context, monitor(context), november, "Đã hết giai đoạn.")
    assert current_assignment(context, owed.id).effective_on is None
    assert standing(context, owed.task).effective_on is None


def test_what_waits_is_not_skipped(context: Session) -> None:
    owed = recurring(context)
    finish(context, owed, TODAY, confirm=False)
    november = carried(context, owed.id)
    assert november is not None
    with pytest.raises(Refused):
        occurrences.skip(context, monitor(context), november, "Nhầm.")


def test_more_time_is_for_one_occurrence_only(context: Session, ring: Any) -> None:
    owed = recurring(context)
    seen = current_assignment(context, owed.id).id
    asked = ask(context, officer(context), owed, seen, "Chờ số liệu.", date(2023, 11, 28), None)
    grant(context, monitor(context), asked, date(2023, 11, 28), "45/UBND", None)
    context.commit()
    ring(date(2023, 11, 21))
    assert current_assignment(context, owed.id).effective_on == date(2023, 11, 28)
    with clock.on_day(date(2023, 11, 27)):
        finish(context, owed, date(2023, 11, 27))
        now = current_assignment(context, owed.id)
    assert (now.due_on, now.slips, now.original_on) == (date(2023, 12, 20), 0, None)
    done = context.scalars(select(Occurrence).where(Occurrence.state == "done")).one()
    assert (done.due_on, done.effective_on) == (date(2023, 11, 20), date(2023, 11, 28))


def test_opened_again_by_the_office_its_occurrence_is_open_again(context: Session) -> None:
    owed = recurring(context)
    finish(context, owed, TODAY)
    seen = current_assignment(context, owed.id).id
    suspension.suspend(context, monitor(context), owed, seen, "reopen", "Số liệu sai.", "46/UBND")
    assert current_assignment(context, owed.id).state == "returned"
    assert records(context, owed) == [(date(2023, 11, 20), "open", None)]


def test_another_recurrence_takes_the_place_of_what_is_not_yet_due(context: Session, ring: Any) -> None:
    owed = recurring(context)
    found = task(context)
    for rule, due in ((recurrence("quarter", None), date(2023, 12, 31)), (MONTHLY, date(2023, 11, 20))):
        seen = last_seen(context, found.id, clarity.DEADLINE)
        clarity.set_recurrence(context, monitor(context), found, seen, rule, None, BY_DOCUMENT)
        context.commit()
        assert current_assignment(context, owed.id).due_on == due
    assert records(context, owed) == [(date(2023, 11, 20), "open", None), (date(2023, 12, 31), "replaced", None)]
    assert ring(TODAY) == "opened 0"


def test_a_fixed_date_ends_the_coming_back(context: Session, ring: Any) -> None:
    owed = recurring(context)
    found = task(context)
    seen = last_seen(context, found.id, clarity.DEADLINE)
    clarity.set_deadline(context, monitor(context), found, seen, date(2023, 12, 29), None, BY_DOCUMENT)
    context.commit()
    assert records(context, owed) == [(date(2023, 11, 20), "replaced", None)]
    assert current_assignment(context, owed.id).due_on == date(2023, 12, 29)
    assert ring(date(2024, 3, 1)) == "opened 0"


def test_every_lead_has_its_own_and_helpers_none(context: Session, ring: Any) -> None:
    found = task(context, "TB1802:7#1")
    clarity.set_recurrence(context, monitor(context), found, 0, recurrence("quarter", None), None, BY_DOCUMENT)
    context.commit()
    leads = [period for period in open_periods(context, found) if period.role == "lead"]
    assert len(leads) == 31
    assert {period.due_on for period in leads} == {date(2023, 12, 31)}
    assert {period.due_on for period in open_periods(context, found) if period.role == "coordinate"} <= {None}
    assert context.scalar(select(func.count()).select_from(Occurrence)) == 31
    assert ring(date(2024, 1, 2)) == "opened 31"
    kept = tallied(context)
    rebuild_tally(context)
    assert tallied(context) == kept


def test_who_leads_later_gets_the_present_one(context: Session) -> None:
    found = task(context)
    clarity.set_recurrence(context, monitor(context), found, 0, MONTHLY, None, BY_DOCUMENT)
    assert standing(context, found).effective_on is None
    clarity.assign_lead(context, monitor(context), found, 0, agency(context), BY_DOCUMENT)
    assert standing(context, found).effective_on == date(2023, 11, 20)


def test_what_is_dropped_or_done_for_good_opens_nothing(context: Session, ring: Any) -> None:
    owed = recurring(context)
    seen = current_assignment(context, owed.id).id
    suspension.suspend(context, monitor(context), owed, seen, "drop", "Không còn.", "47/UBND")
    context.commit()
    assert ring(date(2024, 1, 2)) == "opened 0"


def test_a_standing_duty_does_not_come_back(context: Session) -> None:
    duty = context.scalars(select(Task).where(Task.kind == "standing_duty").limit(1)).one()
    with pytest.raises(Refused):
        clarity.set_recurrence(context, monitor(context), duty, 0, MONTHLY, None, BY_DOCUMENT)


def test_on_a_past_day_it_is_as_it_was_known(context: Session, ring: Any) -> None:
    owed = recurring(context)
    with clock.on_day(date(2023, 11, 18)):
        finish(context, owed, date(2023, 11, 17))
    ring(date(2023, 11, 21))
    assert of_task(context, owed.task_id, date(2023, 11, 14)) == ([], 0)
    (known,), _ = of_task(context, owed.task_id, date(2023, 11, 17))
    assert (known.state, known.result_on) == ("open", None)
    (known,), _ = of_task(context, owed.task_id, date(2023, 11, 18))
    assert (known.state, known.result_on) == ("done", date(2023, 11, 17))


def test_what_is_behind_is_found_with_the_same_number_of_queries(
    app: Flask, context: Session, count_queries: Any
) -> None:
    recurring(context)
    numbers = []
    for code in (LIST_OF_SYSTEMS, "TB1802:7#1"):
        if code != LIST_OF_SYSTEMS:
            clarity.set_recurrence(context, monitor(context), task(context, code), 0, MONTHLY, None, BY_DOCUMENT)
            context.commit()
        with count_queries(app) as statements:
            found = behind(context, date(2023, 11, 21))
        numbers.append((len(found), len(statements)))
    assert [n for n, _ in numbers] == [1, 32]
    assert numbers[0][1] == numbers[1][1]


def test_two_workers_at_once_open_nothing_twice(app: Flask, context: Session) -> None:
    recurring(context)
    with app.app_context():
        clarity.set_recurrence(context, monitor(context), task(context, "TB1802:7#1"), 0, MONTHLY, None, BY_DOCUMENT)
        context.commit()
    context.remove()
    together, opened = Barrier(2), []

    def run() -> None:
        with app.app_context():
            together.wait()
            opened.append(int(job.open_due().split()[-1]))

    with clock.on_day(date(2023, 12, 1)):
        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert sum(opened) == 32
    assert context.scalar(select(func.count()).select_from(Occurrence)) == 64
    twice = select(AssignmentPeriod.assignment_id).where(AssignmentPeriod.valid_to == date(9999, 12, 31))
    assert not context.execute(twice.group_by(AssignmentPeriod.assignment_id).having(func.count() > 1)).all()
