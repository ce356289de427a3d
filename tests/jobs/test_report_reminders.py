"""A report that is not there is asked for on its own ladder, until it is there or the next period takes its place."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.models import Assignment, Message, ProgressReport, Reminder, ReportingRule, Role, User

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office)


@pytest.fixture
def owed(world: World, lan: User) -> Assignment:
    """A task without a date, of a document that is reported on every month, three working days after it at the latest."""
    world.person("minh", world.office, contact=False, role=Role.AGENCY_HEAD)
    found = world.task(world.office, None)
    world.session.add(ReportingRule(document_id=world.document.id, every="month", grace=3, valid_from=date(2022, 6, 1)))
    world.ready()
    return found


def play(draw_up: Job, since: date, until: date) -> None:
    day = since
    while day <= until:
        with at(f"{day} 08:00"):
            draw_up()
        day += timedelta(days=1)


def told(db: Session) -> list[tuple[str, str, str, str]]:
    db.rollback()
    query = select(Reminder.day, User.name, Reminder.step, Reminder.effective_on).join(
        User, User.id == Reminder.recipient_id
    )
    return [
        (f"{day:%d/%m}", name, step, f"{on:%d/%m}")
        for day, name, step, on in db.execute(query.order_by(Reminder.day, Reminder.id))
    ]


def report(db: Session, owed: Assignment, who: User, start: date, end: date) -> None:
    db.rollback()
    db.add(
        ProgressReport(
            assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=who.id, progress=10, done="Có làm.",
            reported_at=clock.now(), reported_on=clock.today(), period_start=start, period_end=end,
        )
    )  # fmt: skip
    db.commit()


def test_a_month_without_a_report(db: Session, world: World, owed: Assignment, draw_up: Job) -> None:
    play(draw_up, date(2022, 6, 20), date(2022, 7, 22))
    assert told(db) == [
        ("01/07", "lan", "report_before_2", "05/07"), ("05/07", "lan", "report_due", "05/07"),
        ("06/07", "lan", "report_overdue_1", "05/07"), ("13/07", "lan", "report_overdue_2", "05/07"),
        ("15/07", "minh", "report_overdue_2", "05/07"), ("20/07", "lan", "report_overdue_3", "05/07"),
        ("22/07", "minh", "report_overdue_3", "05/07"),
    ]  # fmt: skip


def test_a_report_ends_it_and_the_next_period_begins_anew(
    db: Session, world: World, owed: Assignment, lan: User, draw_up: Job
) -> None:
    play(draw_up, date(2022, 6, 20), date(2022, 7, 1))
    with at("2022-07-04 09:00"):
        report(db, owed, lan, date(2022, 6, 1), date(2022, 6, 30))
    play(draw_up, date(2022, 7, 5), date(2022, 8, 1))
    assert told(db) == [("01/07", "lan", "report_before_2", "05/07"), ("01/08", "lan", "report_before_2", "03/08")]


def test_what_is_two_periods_old_is_missing_for_good(db: Session, world: World, owed: Assignment, draw_up: Job) -> None:
    with at("2022-09-05 08:00"):
        draw_up()
    assert told(db) == [("05/09", "lan", "report_due", "05/09")]  # of August; June and July are not told any more


def test_the_mail_asks_for_it_and_does_not_leave_when_it_came(
    db: Session, world: World, owed: Assignment, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    with at("2022-07-06 08:00"):
        draw_up()
        send()
    [mail] = smtp.to(lan.email)
    assert "05/07/2022" in mail.body() and "báo cáo" in mail.body().lower()
    with at("2022-07-13 08:00"):
        draw_up()
        report(db, owed, lan, date(2022, 6, 1), date(2022, 6, 30))
        send()
    db.rollback()
    fates: list[Any] = list(db.execute(select(Message.state, Message.reason).order_by(Message.id)))
    assert [tuple(fate) for fate in fates] == [("sent", None), ("cancelled", "reported")]
    assert len(smtp.to(lan.email)) == 1
