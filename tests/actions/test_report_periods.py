"""How often a document is reported on, which period a report speaks of, and who owed one: the update rate."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_progress import monitor, officer, the_assignment
from tracker import clock
from tracker.actions import completion, suspension
from tracker.actions.report import report_progress
from tracker.actions.reporting import set_rule
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import FOREVER, Assignment, Document, Event, ProgressReport, ReportingRule, Task
from tracker.queries.report_periods import choices, of_task
from tracker.queries.reporting import LATE, MISSING, Rate, asked_of, rates, rule_in_force, silent, total
from tracker.rules.report_periods import Asked


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 20)):
        yield


def document(session: Session) -> Document:
    return session.execute(select(Document).where(Document.code == "TB1802")).scalar_one()


def monthly(session: Session, grace: int = 3) -> Document:
    found = document(session)
    set_rule(session, monitor(session), found, "month", grace)
    return found


def say(session: Session, percent: int = 30, period_end: date | None = None) -> ProgressReport:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return report_progress(
        session, officer(session), owed, seen, percent, "Đã làm.", None, proposal="Bổ sung kinh phí.",
        next_step="Nghiệm thu.", period_end=period_end,
    )  # fmt: skip


def month(session: Session, day: date) -> Asked:
    """The month that holds the day, as the document asks for it."""
    found = asked_of(session, document(session).id, clock.today())
    return next(one for one in found if one.period.start <= day <= one.period.end)


def of_office(session: Session, day: date) -> Rate:
    owed = the_assignment(session)
    found = rates(session, document(session).id, month(session, day))
    return next(rate for rate in found if rate.agency_id == owed.agency_id)


def test_a_rule_asks_from_the_month_in_which_it_was_set(context: Session) -> None:
    found = monthly(context)
    assert rule_in_force(context, found.id) is not None
    with clock.on_day(date(2022, 6, 2)):
        asked = asked_of(context, found.id, clock.today())
    assert [one.period.end for one in asked] == [date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30)]
    assert asked[0].last_day == date(2022, 5, 6)  # 30/04 to 03/05 are days off, so 4, 5 and 6 May
    context.commit()
    event = context.execute(select(Event).where(Event.verb == "set_reporting")).scalar_one()
    assert (event.facts["every"], event.facts["grace"], event.facts["document"]) == ("month", 3, "TB1802")


def test_a_change_closes_the_row_and_the_past_keeps_its_rule(context: Session) -> None:
    found = monthly(context)
    with clock.on_day(date(2022, 6, 15)):
        set_rule(context, monitor(context), found, "week", 1)
        ends = [one.period.end for one in asked_of(context, found.id, date(2022, 6, 20))]
    assert ends == [date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 19), date(2022, 6, 26)]
    rows = context.execute(
        select(ReportingRule.every, ReportingRule.valid_from, ReportingRule.valid_to).order_by(ReportingRule.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("month", date(2022, 4, 20), date(2022, 6, 15)), ("week", date(2022, 6, 15), FOREVER),
    ]  # fmt: skip


def test_as_known_on_a_day_a_later_change_is_not_known(context: Session) -> None:
    found = monthly(context)
    with clock.on_day(date(2022, 6, 15)):
        set_rule(context, monitor(context), found, None, 3)
        assert asked_of(context, found.id, date(2022, 6, 10))[-1].period.end == date(2022, 6, 30)
        assert asked_of(context, found.id, date(2022, 6, 15))[-1].period.end == date(2022, 5, 31)


def test_the_same_rule_again_changes_nothing(context: Session) -> None:
    found = monthly(context)
    monthly(context)
    set_rule(context, monitor(context), found, "month", 3)
    assert len(context.scalars(select(ReportingRule)).all()) == 1
    context.commit()
    assert len(context.scalars(select(Event).where(Event.verb == "set_reporting")).all()) == 1


def test_whoever_saw_another_rule_is_told(context: Session) -> None:
    found = monthly(context)
    with pytest.raises(Changed):
        set_rule(context, monitor(context), found, "week", 3, seen=0)


def test_without_a_rule_a_report_speaks_of_no_period(context: Session) -> None:
    report = say(context)
    assert (report.period_start, report.period_end, report.next_step) == (None, None, "Nghiệm thu.")
    assert choices(context, report.assignment_id, clock.today()).periods == ()


def test_each_report_is_kept_and_the_first_one_counts(context: Session) -> None:
    monthly(context)
    first = say(context, 30)
    with clock.on_day(date(2022, 4, 29)):
        second = say(context, 50)
    assert {report.period_end for report in (first, second)} == {date(2022, 4, 30)}
    (record,) = of_task(context, first.task_id, [first.assignment_id], date(2022, 4, 30))
    assert (record.first_on, record.count, record.latest.progress, record.in_time) == (date(2022, 4, 20), 2, 50, True)


def test_in_the_days_of_grace_the_period_that_ended_comes_first(context: Session) -> None:
    monthly(context)
    with clock.on_day(date(2022, 5, 5)):
        owed = the_assignment(context)
        offered = choices(context, owed.id, clock.today())
        assert [one.period.end for one in offered.periods] == [date(2022, 5, 31), date(2022, 4, 30)]
        assert say(context).period_end == date(2022, 4, 30)
        assert say(context, 40).period_end == date(2022, 5, 31)
        with pytest.raises(Refused):
            say(context, 50, date(2022, 4, 30))  # reported already


def test_after_the_days_of_grace_the_present_one_comes_first_and_the_old_one_may_still_be_chosen(
    context: Session,
) -> None:
    monthly(context)
    with clock.on_day(date(2022, 5, 9)):
        owed = the_assignment(context)
        offered = choices(context, owed.id, clock.today())
        assert offered.default is not None and offered.default.period.end == date(2022, 5, 31)
        assert say(context, 30, date(2022, 4, 30)).period_end == date(2022, 4, 30)
        april = of_office(context, date(2022, 4, 30))
        assert (april.given, april.in_time, april.late) == (1, 0, 1)


def test_a_period_to_come_cannot_be_reported_on(context: Session) -> None:
    monthly(context)
    with pytest.raises(Refused):
        say(context, 30, date(2022, 5, 31))


def test_the_rate_counts_in_time_of_owed(context: Session) -> None:
    found = monthly(context)
    before = of_office(context, date(2022, 4, 30))
    assert (before.given, before.percent) == (0, 0)
    say(context)
    april = of_office(context, date(2022, 4, 30))
    assert (april.owed, april.given, april.in_time, april.missing) == (before.owed, 1, 1, before.owed - 1)
    everybody = rates(context, found.id, month(context, date(2022, 4, 30)))
    assert (total(everybody).in_time, total(everybody).owed) == (1, sum(rate.owed for rate in everybody))


def test_the_last_day_of_grace_is_in_time_and_the_next_is_late(context: Session) -> None:
    monthly(context)
    owed = the_assignment(context)
    for day, in_time in ((date(2022, 5, 6), 1), (date(2022, 6, 6), 0)):
        with clock.on_day(day):
            say(context, 30, date(day.year, day.month - 1, 30 if day.month == 5 else 31))
            ended = month(context, date(day.year, day.month - 1, 15))
            found = next(
                rate for rate in rates(context, document(context).id, ended) if rate.agency_id == owed.agency_id
            )
            assert (found.given, found.in_time) == (1, in_time)


def test_a_result_is_a_report_too(context: Session) -> None:
    monthly(context)
    owed = the_assignment(context)
    with clock.on_day(date(2022, 5, 5)):
        seen = current_assignment(context, owed.id).id
        report = completion.propose_completion(
            context, officer(context), owed, seen, date(2022, 5, 4), "12/BC-VPUBND", "Đã vận hành."
        )
        april = of_office(context, date(2022, 4, 30))
    assert report.period_end == date(2022, 4, 30)
    assert april.in_time == 1


def test_a_result_taken_back_is_no_report(context: Session) -> None:
    monthly(context)
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    report = completion.propose_completion(
        context, officer(context), owed, seen, date(2022, 4, 20), "12/BC-VPUBND", "Đã vận hành."
    )
    completion.recall(context, officer(context), report)
    assert of_office(context, date(2022, 4, 30)).given == 0
    assert of_task(context, report.task_id, [owed.id], clock.today())[0].first_on is None


def test_what_is_done_paused_or_waiting_at_the_end_of_a_period_owes_nothing(context: Session) -> None:
    monthly(context)
    owed = the_assignment(context)
    before = of_office(context, date(2022, 4, 30)).owed
    seen = current_assignment(context, owed.id).id
    suspension.suspend(context, monitor(context), owed, seen, "pause", "Chờ kinh phí.", "12/VP")
    assert of_office(context, date(2022, 4, 30)).owed == before - 1
    with clock.on_day(date(2022, 5, 10)):
        seen = current_assignment(context, owed.id).id
        suspension.suspend(context, monitor(context), owed, seen, "resume", "Đã có kinh phí.", "13/VP")
    with clock.on_day(date(2022, 6, 10)):
        assert of_office(context, date(2022, 4, 30)).owed == before - 1
        assert of_office(context, date(2022, 5, 31)).owed == before
        ends = [one.period.end for one in choices(context, owed.id, clock.today()).periods]
        assert ends == [date(2022, 6, 30), date(2022, 5, 31)]  # April was not owed


def test_standing_duties_and_helpers_owe_nothing(context: Session) -> None:
    found = context.execute(select(Document).where(Document.code == "KH2023")).scalar_one()
    set_rule(context, monitor(context), found, "month", 3)
    with clock.on_day(date(2023, 11, 15)):
        asked = asked_of(context, found.id, clock.today())[-1]
        rows, _more = silent(context, found.id, asked, MISSING)
        for row in rows:
            assert choices(context, row.assignment_id, clock.today()).periods, row
        owed = {row.assignment_id for row in rows}
        for assignment in found_duties(context, found):
            assert assignment not in owed
            assert choices(context, assignment, clock.today()).periods == ()


def found_duties(session: Session, found: Document) -> list[int]:
    query = select(Assignment.id).join(Task).where(
        Task.document_id == found.id, (Task.kind == "standing_duty") | (Assignment.role == "coordinate")
    )  # fmt: skip
    return list(session.scalars(query))


def test_who_is_silent_and_who_was_late(context: Session) -> None:
    found = monthly(context)
    april = month(context, date(2022, 4, 30))
    owed = the_assignment(context)
    rows, _ = silent(context, found.id, april, MISSING, owed.agency_id)
    assert owed.id in {row.assignment_id for row in rows} and all(row.may_report for row in rows)
    with clock.on_day(date(2022, 5, 20)):
        report = say(context, 30, date(2022, 4, 30))
        mine = report.agency_id
        late, _ = silent(context, found.id, april, LATE, mine)
        assert [(row.assignment_id, row.first_on, row.last_on) for row in late] == [
            (report.assignment_id, date(2022, 5, 20), date(2022, 5, 20))
        ]
        left, _ = silent(context, found.id, april, MISSING, mine)
        assert report.assignment_id not in {row.assignment_id for row in left}


def test_pages_of_the_silent_join_without_gap(context: Session) -> None:
    found = monthly(context)
    april = month(context, date(2022, 4, 30))
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        rows, after = silent(context, found.id, april, MISSING, after=after)
        seen += [row.assignment_id for row in rows]
    everybody = total(rates(context, found.id, april))
    assert len(seen) == len(set(seen)) == everybody.owed > 50
    with pytest.raises(ValueError, match="place"):
        silent(context, found.id, april, MISSING, after="999999_1")


def test_two_at_once_leave_one_rule(app: Flask) -> None:
    together, outcomes = Barrier(2), []

    def run(every: str) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                set_rule(db.session(), monitor(db.session()), document(db.session()), every, 3, seen=0)
                db.session.commit()
                outcomes.append("written")
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [Thread(target=run, args=(every,)) for every in ("week", "month")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["told", "written"]
    with app.app_context():
        assert len(db.session.scalars(select(ReportingRule).where(ReportingRule.valid_to == FOREVER)).all()) == 1
