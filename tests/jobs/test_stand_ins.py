"""While somebody is away the mail goes to the one who stands in, says so, and comes back on the first day back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.actions.acting import appoint, end
from tracker.messages import outbox
from tracker.models import Acting, Assignment, Message, ProgressReport, Role, User
from tracker.queries.recipient import recipients

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 5, 5)
FIRST, LAST = date(2022, 5, 5), date(2022, 5, 6)  # Thursday and Friday
SAID = "Ông/Bà nhận thư này thay mặt lan, vắng mặt đến hết ngày 06/05/2022."


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office, contact=False)


@pytest.fixture
def hai(world: World) -> User:
    return world.person("hai", world.office, contact=False)


@pytest.fixture
def boss(world: World) -> User:
    return world.person("chanh-vp", world.office, contact=False, role=Role.AGENCY_HEAD)


@pytest.fixture
def owed(world: World, lan: User) -> Assignment:
    found = world.task(world.office, DUE, lan)
    world.ready()
    return found


@pytest.fixture
def away(db: Session, boss: User, lan: User, hai: User, owed: Assignment) -> Acting:
    """lan is away on Thursday and Friday, hai stands in; the message about that has been read."""
    with at("2022-05-04 09:00"):
        made = appoint(db, boss, lan, hai, FIRST, LAST)
        db.commit()
        for message in db.scalars(select(Message)):
            db.delete(message)
        db.commit()
    return made


def sent_to(smtp: SmtpSink) -> list[str]:
    return [mail.recipients[0].partition("@")[0] for mail in smtp.received]


def test_reminders_go_to_the_stand_in_and_come_back(
    db: Session, lan: User, hai: User, away: Acting, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    for day in ("2022-05-05", "2022-05-06", "2022-05-09"):
        with at(f"{day} 08:00"):
            draw_up()
            send()
    assert sent_to(smtp) == ["hai", "hai", "lan"]
    thursday, _, monday = smtp.received
    assert thursday.body().startswith(SAID) and SAID in thursday.body("html")
    assert "thay mặt" not in monday.body() + monday.body("html")


def test_planned_yesterday_is_sent_to_whoever_is_there_today(
    db: Session,
    world: World,
    lan: User,
    hai: User,
    boss: User,
    owed: Assignment,
    draw_up: Job,
    send: Job,
    smtp: SmtpSink,
) -> None:
    """Drawn up for lan before the absence was known, and for hai before it was ended."""
    with at("2022-05-05 08:00"):
        draw_up()
        acting = appoint(db, boss, lan, hai, FIRST, LAST)
        db.commit()
        send()
        draw_up()
        send()
    assert sorted(sent_to(smtp)) == ["hai", "hai"]  # that he stands in, and the reminder
    with at("2022-05-06 08:00"):
        draw_up()
        end(db, boss, acting)
        db.commit()
        send()
        draw_up()
        send()
    assert sent_to(smtp)[2:] == ["lan"]


def test_a_stand_in_who_left_is_not_asked(
    db: Session, lan: User, hai: User, away: Acting, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    with at("2022-05-05 08:00"):
        draw_up()
        hai.active = False
        db.commit()
        send()
        draw_up()
        send()
    assert sent_to(smtp) == ["lan"]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2022-05-04 23:59", "lan"), ("2022-05-05 00:01", "hai"), ("2022-05-05 06:30", "hai"),
        ("2022-05-06 23:59", "hai"), ("2022-05-07 00:01", "lan"),
    ],
)  # fmt: skip
def test_midnight_is_that_of_viet_nam(
    db: Session, world: World, lan: User, hai: User, away: Acting, owed: Assignment, moment: str, told: str
) -> None:
    """06:30 here is the evening before in UTC."""
    with at(moment):
        people = recipients(db, clock.today(), [world.office.id])
        responsible = db.execute(select(User.id, User.active, User.agency_id).where(User.id == lan.id)).one()
        assert people.of(world.office.id, responsible) == ({"lan": lan, "hai": hai}[told].id,)  # type: ignore[arg-type]
        outbox.tell(db, outbox.RESULT_RETURNED, "report", 1, [lan.id], None)
        db.commit()
    assert db.scalars(select(Message.recipient_id)).all() == [{"lan": lan, "hai": hai}[told].id]


def returned(db: Session, owed: Assignment, lan: User, monitor: User) -> ProgressReport:
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=lan.id, kind="completion",
        reported_at=clock.now(), reported_on=date(2022, 5, 4), progress=100, done="Đã ký.", result_on=date(2022, 5, 4),
        result_document="12/BC", decision="returned", decided_by_id=monitor.id, decision_reason="Thiếu biên bản.",
    )  # fmt: skip
    db.add(report)
    db.flush()
    outbox.result_returned(db, report)
    db.commit()
    return report


@pytest.mark.parametrize(
    ("queued", "leaves", "told", "behalf"),
    [
        ("2022-05-04 21:00", "2022-05-05 07:31", "hai", True),  # away since this morning
        ("2022-05-05 21:00", "2022-05-06 07:31", "hai", True),
        ("2022-05-06 21:00", "2022-05-09 07:31", "lan", False),  # back again
        ("2022-05-04 10:00", "2022-05-04 10:01", "lan", False),
    ],
)
def test_notices_too(
    db: Session, world: World, lan: User, hai: User, away: Acting, owed: Assignment, send: Job, smtp: SmtpSink,
    queued: str, leaves: str, told: str, behalf: bool,
) -> None:  # fmt: skip
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    with at(queued):
        returned(db, owed, lan, monitor)
    with at(leaves):
        send()
    assert sent_to(smtp) == [told]
    assert (SAID in smtp.received[0].body(), SAID in smtp.received[0].body("html")) == (behalf, behalf)


def test_a_monitor_away_is_stood_in_for(
    app: Flask, db: Session, world: World, boss: User, lan: User, owed: Assignment, smtp: SmtpSink, send: Job
) -> None:
    first, second = (world.person(name, world.office, contact=False, role=Role.MONITOR) for name in ("theo", "doi"))
    admin = world.person("quan-tri", None, contact=False, role=Role.ADMINISTRATOR)
    with at("2022-05-05 09:00"):
        appoint(db, admin, first, second, FIRST, LAST + timedelta(days=3))
        report = ProgressReport(
            assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=lan.id, kind="completion",
            reported_at=clock.now(), reported_on=DUE, progress=100, done="Xong.", result_on=DUE, result_document="1/BC",
        )  # fmt: skip
        db.add(report)
        db.flush()
        outbox.result_proposed(db, report)
        db.commit()
        send()
    proposals = [mail for mail in smtp.received if "Chờ xác nhận" in mail.message["Subject"]]
    assert [mail.recipients[0] for mail in proposals] == ["doi@tinh.gov.vn"]
    assert "thay mặt" not in proposals[0].body(), "who is told in his own right reads nothing of standing in"


def test_what_nobody_can_be_told_goes_to_the_monitor_who_is_there(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    first, second = (world.person(name, world.office, contact=False, role=Role.MONITOR) for name in ("theo", "doi"))
    admin = world.person("quan-tri", None, contact=False, role=Role.ADMINISTRATOR)
    world.task(world.trade, DUE)
    world.ready()
    with at("2022-05-05 08:00"):
        appoint(db, admin, first, second, FIRST, LAST)
        db.commit()
        draw_up()
        send()
    assert [mail.recipients[0] for mail in smtp.received if "không có người nhận" in mail.message["Subject"]] == [
        second.email
    ]
