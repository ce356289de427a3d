"""Messages against a real mail server: late rather than lost, repeated rather than silent, and never what is no longer true."""

from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker.actions.standing import current_assignment, move_assignment
from tracker.jobs import housekeeping, sender
from tracker.models import AssignmentPeriod, Message, Reminder, User
from tracker.queries.standing import AGENCY, counts
from tracker.rules.timeliness import Timeliness

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 4, 30)  # counts until 04/05/2022
DAY = "2022-05-05"


def fates(db: Session) -> list[tuple[str, str | None]]:
    db.rollback()
    return [tuple(row) for row in db.execute(select(Message.state, Message.reason).order_by(Message.id))]


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office)


def test_the_mail_says_what_the_dashboard_says(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.task(world.office, DUE, text="Vận hành E-Cabinet, hoàn thành chậm nhất trong tháng 04/2022.", clause="6.b")
    world.task(world.office, date(2022, 5, 4))
    world.task(world.office, date(2022, 12, 30))
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
    with at(f"{DAY} 08:01"):
        assert send() == "sent 1"
        dashboard = counts(db, date(2022, 5, 5), AGENCY, world.office.id)
    [mail] = smtp.to("lan@tinh.gov.vn")
    text = mail.body()
    assert mail.message["Subject"] == "2 việc quá hạn (nhắc việc 05/05/2022)"
    assert "“Vận hành E-Cabinet, hoàn thành chậm nhất trong tháng 04/2022.”" in text
    assert "30/04/2022 là thứ Bảy, Ngày Chiến thắng; 01/05/2022 là Chủ nhật, Quốc tế Lao động; 02/05/2022" in text
    assert "Ngày cuối không phải ngày làm việc thì tính đến ngày làm việc kế tiếp, là 04/05/2022" in text
    assert dashboard[Timeliness.OPEN_OVERDUE] == 2 and dashboard[Timeliness.OPEN_IN_TIME] == 1
    assert "Việc chủ trì: 2 quá hạn, 1 trong hạn (0 sắp đến hạn trong 3 ngày làm việc), 0 không hạn;" in text
    assert "Dữ liệu tính đến 08:01 ngày 05/05/2022" in text
    assert "Vận hành E-Cabinet" in mail.body("html") and "http" in mail.body("html")
    assert "<img" not in mail.body("html")
    assert mail.message["List-Id"] and mail.message["Auto-Submitted"] == "auto-generated"
    stored = db.scalars(select(Message)).one()
    assert (stored.state, stored.address, stored.provider_id) == ("sent", "lan@tinh.gov.vn", mail.message["Message-ID"])
    assert stored.subject == mail.message["Subject"] and stored.body.splitlines() == text.splitlines()


def test_nothing_leaves_at_night_or_on_a_day_off(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 22:00"):
        draw_up()
        assert send() == "outside the hours"
    for moment in ("2022-05-06 07:29", "2022-05-07 10:00"):
        with at(moment):
            send()
    assert smtp.received == [] and fates(db) == [("queued", None)]
    with at("2022-05-09 07:30"):
        assert send() == "sent 1"


def test_a_server_down_for_two_days_loses_nothing(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    hai = world.person("hai", world.trade)
    world.task(world.office, date(2022, 5, 5))
    world.task(world.trade, date(2022, 5, 13))
    world.ready()
    smtp.go_down()
    for day in ("2022-05-05", "2022-05-06"):
        for hour in range(8, 20):
            with at(f"{day} {hour:02}:00"):
                draw_up()
                assert send().startswith("waiting: ")
    assert {state for state, _ in fates(db)} == {"queued", "cancelled"}
    smtp.come_back()
    with at("2022-05-09 08:00"):
        draw_up()
        send()
    # Thursday's "due" and Friday's "overdue" are one mail, which speaks of Monday.
    assert [mail.message["Subject"] for mail in smtp.to("lan@tinh.gov.vn")] == ["1 việc quá hạn (nhắc việc 09/05/2022)"]
    assert [mail.message["Subject"] for mail in smtp.to(hai.email)] == ["1 việc sắp đến hạn (nhắc việc 09/05/2022)"]
    assert sorted(fates(db)) == [("cancelled", "merged"), ("sent", None), ("sent", None)]
    assert db.scalar(select(func.count()).select_from(Reminder).join(Message).where(Message.state != "sent")) == 0


def test_a_refused_address_fails_at_once_and_the_others_go(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.person("hai", world.office)
    world.task(world.office, DUE)
    world.ready()
    smtp.refuse("lan@tinh.gov.vn")
    with at(f"{DAY} 08:00"):
        draw_up()
        assert send() == "sent 1"
    assert fates(db) == [("failed", "550 5.1.1 No such mailbox"), ("sent", None)]
    assert len(smtp.to("hai@tinh.gov.vn")) == 1


def test_try_again_later_is_tried_after_1_5_30_and_120_minutes(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.task(world.office, DUE)
    world.ready()
    smtp.refuse("lan@tinh.gov.vn", "451 4.7.1 Greylisted")
    tried = []
    with at(f"{DAY} 08:00"):
        draw_up()
    for minute in range(0, 240):
        with at(f"{DAY} {8 + minute // 60:02}:{minute % 60:02}"):
            if send() != "nothing waits":
                tried.append(minute)
    assert tried == [0, 1, 6, 36, 156]
    assert fates(db) == [("failed", "451 4.7.1 Greylisted")]


def test_an_address_that_is_none_blocks_nobody(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.person("bad", world.office, email="không phải địa chỉ")
    world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        assert send() == "sent 1"
    assert fates(db) == [("sent", None), ("failed", "no_address")]


def test_without_a_mail_server_messages_wait_with_the_reason(
    app: Flask, db: Session, world: World, lan: User, draw_up: Job
) -> None:
    world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        with app.app_context():
            assert sender.send_due() == "waiting: no_mail_server"
    assert fates(db) == [("queued", "no_mail_server")]


@pytest.mark.parametrize(
    ("happening", "reason"),
    [("left", "inactive"), ("reassigned", "reassigned"), ("done", "settled"), ("moved", "deadline_moved")],
)
def test_what_is_no_longer_true_is_not_sent(
    app: Flask,
    db: Session,
    world: World,
    lan: User,
    draw_up: Job,
    send: Job,
    smtp: SmtpSink,
    happening: str,
    reason: str,
) -> None:
    hai = world.person("hai", world.office, contact=False)
    assignment = world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        _happen(db, happening, assignment.id, lan, hai)
        assert send() == "sent 0"
    assert fates(db) == [("cancelled", reason)] and smtp.received == []
    assert db.scalars(select(Reminder.id)).all() == []


def _happen(db: Session, what: str, assignment_id: int, lan: User, hai: User) -> None:
    if what == "left":
        lan.active = False
    elif what == "reassigned":
        from tracker.models import Assignment

        db.execute(update(Assignment).values(responsible_id=hai.id))
    elif what == "done":
        move_assignment(db, current_assignment(db, assignment_id), state="done", result_on=date(2022, 5, 4))
    else:
        later = {"due_on": date(2022, 5, 31), "effective_on": date(2022, 5, 31)}
        move_assignment(db, current_assignment(db, assignment_id), **later)
    db.commit()


def test_a_digest_drops_what_was_finished_and_keeps_the_rest(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    finished, kept = (
        world.task(world.office, DUE, title="Việc đã xong"),
        world.task(world.office, DUE, title="Việc còn lại"),
    )
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        _happen(db, "done", finished.id, lan, lan)
        send()
    [mail] = smtp.received
    assert "Việc còn lại" in mail.body() and "Việc đã xong" not in mail.body()
    assert db.scalars(select(Reminder.assignment_id)).all() == [kept.id]


def test_who_steps_in_for_a_person_removed_is_told_the_same_day(
    db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    hai = world.person("hai", world.office)
    world.task(world.office, DUE, responsible=lan)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        lan.active = False
        db.commit()
        send()
        draw_up()
        send()
    assert smtp.to("lan@tinh.gov.vn") == [] and len(smtp.to(hai.email)) == 1


def test_two_workers_send_everything_once(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    people = [world.person(f"p{n}", world.office) for n in range(60)]
    world.task(world.office, DUE)
    world.ready()
    said: list[str] = []
    with at(f"{DAY} 08:00"):
        planners = [Thread(target=lambda: said.append(draw_up())) for _ in range(3)]
        _run(planners)
        senders = [Thread(target=lambda: said.append(send())) for _ in range(3)]
        _run(senders)
    assert sorted(mail.recipients[0] for mail in smtp.received) == sorted(person.email for person in people)
    assert fates(db) == [("sent", None)] * 60
    assert db.scalar(select(func.count()).select_from(Reminder)) == 60
    assert len(said) == 6, "a worker died"


def _run(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_a_message_claimed_and_never_finished_returns_after_15_minutes(
    app: Flask, db: Session, world: World, lan: User, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
        db.execute(update(Message).values(state="claimed", claimed_at=at_moment(), claimed_by="gone"))
        db.commit()
    for minute, sent in (("08:14", 0), ("08:16", 1)):
        with at(f"{DAY} {minute}"):
            with app.app_context():
                housekeeping.tidy()
            send()
        assert len(smtp.received) == sent


def at_moment() -> Any:
    from tracker import clock

    return clock.now()


def test_a_message_that_kills_its_sender_is_given_up(
    app: Flask, db: Session, world: World, lan: User, draw_up: Job
) -> None:
    world.task(world.office, DUE)
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()
    for hour in range(9, 15):
        with at(f"{DAY} {hour:02}:00"):
            db.execute(update(Message).where(Message.state == "queued").values(state="claimed", claimed_at=at_moment()))
            db.commit()
        with at(f"{DAY} {hour:02}:30"), app.app_context():
            housekeeping.tidy()
    assert fates(db) == [("failed", "interrupted")]


def test_a_batch_costs_the_same_queries_as_one(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink, count_queries: Any
) -> None:
    counted = []
    for day, people in ((4, 1), (11, 15)):
        for n in range(people):
            world.person(f"d{day}p{n}", world.office)
        world.task(world.office, date(2022, 5, day))
        world.ready()
        db.execute(
            update(AssignmentPeriod)
            .where(AssignmentPeriod.effective_on < date(2022, 5, day))
            .values(clock="no_deadline")
        )
        db.commit()
        with at(f"2022-05-{day:02} 08:00"):
            draw_up()
            with count_queries(app) as statements:
                send()
        counted.append(len(statements))
    assert len(smtp.received) == 17
    assert counted[0] == counted[1]
