"""Who was removed is never mailed again, and whoever takes the place is told instead: notices, namings, hand-overs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import databases
from tests.architecture.code import ROOT
from tests.jobs.test_worker import SEND_NOW, digests, states
from tests.jobs.world import World, at
from tests.smtp_sink import Received, SmtpSink
from tracker import clock
from tracker.actions.account import deactivate, edit_account, version
from tracker.actions.handover import Grounds, hand_over
from tracker.actions.person import name_people
from tracker.actions.reorganisation import plan_parts
from tracker.actions.succession import apply
from tracker.jobs import housekeeping
from tracker.messages import outbox
from tracker.models import Assignment, Message, ProgressReport, Role, User
from tracker.queries import handover as handovers
from tracker.queries.person import last_named, people_of_task
from tracker.queries.reorganisation_outcome import Choices, outcome
from tracker.rules.basis import Basis
from tracker.rules.reorganisation import Part

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE, PROPOSAL = date(2022, 6, 30), Basis("proposal")
NIGHT, LATER, MORNING = "2022-05-05 21:00", "2022-05-05 22:00", "2022-05-06 07:31"


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.trade, contact=False)


@pytest.fixture
def hai(world: World) -> User:
    return world.person("hai", world.trade, contact=False)


@pytest.fixture
def admin(world: World) -> User:
    return world.person("quan-tri", None, contact=False, role=Role.ADMINISTRATOR)


@pytest.fixture
def owed(world: World, lan: User, hai: User) -> Assignment:
    world.person("dau-moi", world.trade)
    found = world.task(world.trade, DUE, lan)
    world.ready()
    return found


@pytest.fixture
def monitor(world: World) -> User:
    return world.person("theo", world.office, contact=False, role=Role.MONITOR)


def report_of(db: Session, owed: Assignment, author: User, **facts: object) -> ProgressReport:
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=author.id, kind="completion",
        reported_at=clock.now(), reported_on=date(2022, 5, 4), progress=100, done="Đã ký.", result_on=date(2022, 5, 4),
        result_document="12/BC", **facts,
    )  # fmt: skip
    db.add(report)
    db.flush()
    return report


@pytest.fixture
def returned(db: Session, owed: Assignment, lan: User, monitor: User) -> None:
    """The Office returned lan's result at night; the mail waits for the morning."""
    with at(NIGHT):
        report = report_of(db, owed, lan, decision="returned", decided_by_id=monitor.id, decision_reason="Thiếu.")
        outbox.result_returned(db, report)
        db.commit()


def fates(db: Session) -> list[tuple[str, str | None]]:
    db.rollback()
    return [tuple(row) for row in db.execute(select(Message.state, Message.reason).order_by(Message.id))]


def sent_to(smtp: SmtpSink, subject: str = "trả lại") -> list[str]:
    return [mail.recipients[0].partition("@")[0] for mail in smtp.received if subject in mail.message["Subject"]]


def replace_person(db: Session, actor: User, owed: Assignment, person: User | None) -> None:
    seen = last_named(db, [owed.id])[owed.id]
    name_people(db, actor, owed, seen, person, None, PROPOSAL)
    db.commit()


def test_while_nothing_changes_it_is_sent(db: Session, returned: None, send: Job, smtp: SmtpSink) -> None:
    with at(MORNING):
        send()
    assert sent_to(smtp) == ["lan"] and fates(db) == [("sent", None)]


def test_replaced(
    db: Session, monitor: User, hai: User, owed: Assignment, returned: None, send: Job, smtp: SmtpSink
) -> None:
    with at(LATER):
        replace_person(db, monitor, owed, hai)
    with at(MORNING):
        send()
    assert sent_to(smtp) == ["hai"]
    assert ("cancelled", "reassigned") in fates(db)


def test_replaced_and_named_again(
    db: Session, monitor: User, lan: User, hai: User, owed: Assignment, returned: None, send: Job, smtp: SmtpSink
) -> None:
    with at(LATER):
        replace_person(db, monitor, owed, hai)
        replace_person(db, monitor, owed, lan)
    with at(MORNING):
        send()
    assert sent_to(smtp) == ["lan"]


def test_closed(db: Session, admin: User, lan: User, returned: None, send: Job, smtp: SmtpSink) -> None:
    with at(LATER):
        deactivate(db, admin, lan.id)
        db.commit()
    with at(MORNING):
        send()
    assert sent_to(smtp) == ["dau-moi"], "nobody is responsible now, so the contact is told"
    assert ("cancelled", "inactive") in fates(db)


def test_moved_to_another_agency(
    db: Session, world: World, admin: User, lan: User, returned: None, send: Job, smtp: SmtpSink
) -> None:
    with at(LATER):
        edit_account(
            db, admin, lan.id, version(lan), name="lan", position=None, role="officer", agency_id=world.office.id,
            is_contact=True,
        )  # fmt: skip
        db.commit()
    with at(MORNING):
        send()
    assert sent_to(smtp) == ["dau-moi"]


def test_left_behind_by_a_reorganisation(
    db: Session, world: World, admin: User, owed: Assignment, returned: None, send: Job, smtp: SmtpSink
) -> None:
    world.person("dau-moi-vp", world.office)
    with at(LATER):
        plan = plan_parts(
            db, admin, "transfer", date(2022, 5, 5), "QĐ 1", None, [Part(world.trade.id, world.office.id)]
        )
        found = outcome(db, plan)
        stays: dict[int, int | None] = {person.user_id: None for person in found.people}
        apply(db, admin, plan, found.seen, Choices({owed.id: world.office.id}, stays))
        db.commit()
    with at(MORNING):
        send()
        assert sent_to(smtp) == ["dau-moi-vp"], "the agency is named in the order still, lan answers for it no more"
        then = people_of_task(db, owed.task_id, date(2022, 5, 4))[owed.id].responsible
        assert then is not None and then.name == "lan"


def test_no_longer_of_the_office(
    db: Session, world: World, admin: User, monitor: User, lan: User, owed: Assignment, send: Job, smtp: SmtpSink
) -> None:
    with at(NIGHT):
        outbox.result_proposed(db, report_of(db, owed, lan))
        edit_account(
            db, admin, monitor.id, version(monitor), name="theo", position=None, role="viewer", agency_id=None,
            is_contact=False,
        )  # fmt: skip
        db.commit()
    with at(MORNING):
        send()
    assert smtp.received == [] and fates(db) == [("cancelled", "reassigned")]


def test_named_and_replaced_before_the_mail_left(
    db: Session, monitor: User, hai: User, lan: User, owed: Assignment, send: Job, smtp: SmtpSink
) -> None:
    with at(NIGHT):
        replace_person(db, monitor, owed, hai)
        replace_person(db, monitor, owed, None)
    with at(MORNING):
        send()
    assert smtp.received == [] and fates(db) == [("cancelled", "reassigned")]


def test_the_mail_of_naming(
    db: Session, world: World, monitor: User, hai: User, owed: Assignment, send: Job, smtp: SmtpSink
) -> None:
    other = world.task(world.trade, None)
    with at(NIGHT):
        replace_person(db, monitor, owed, hai)
        replace_person(db, monitor, other, hai)
    with at(MORNING):
        assert send() == "sent 1"
    [mail] = smtp.received
    assert mail.message["Subject"] == "Phân công: 2 phần việc"
    assert "Ông/Bà được phân công 2 phần việc sau:" in mail.body()
    assert "Là người phụ trách (đề xuất, chưa có văn bản giao)" in mail.body()
    assert f"/nhiem-vu/{other.task_id}" in mail.body("html") and "Hạn: 30/06/2022" in mail.body("html")


def test_the_mail_of_a_hand_over(
    db: Session, world: World, admin: User, lan: User, hai: User, owed: Assignment, send: Job, smtp: SmtpSink
) -> None:
    second = world.task(world.trade, DUE, lan, title="Việc để trống")
    db.commit()
    with at(NIGHT):
        seen = handovers.version(handovers.held(db, lan.id, clock.today()))
        wanted = {f"responsible_{owed.id}": hai, f"responsible_{second.id}": None}
        record = hand_over(db, admin, lan, seen, wanted, Grounds("nghỉ hưu", Basis("document", "7/QĐ")))
        db.commit()
    with at(MORNING):
        send()
    [mail] = smtp.received
    assert mail.recipients == ("hai@tinh.gov.vn",)
    assert mail.message["Subject"] == "Nhận bàn giao công việc từ lan"
    assert "Lý do: nghỉ hưu. Căn cứ: 7/QĐ." in " ".join(mail.body().split())
    assert "Việc 1" in mail.body() and "Việc để trống" not in mail.body() + mail.body("html")
    assert f"/ban-giao/bien-ban/{record.id}" in mail.body()


def test_received_and_passed_on_before_the_mail_left(
    db: Session,
    world: World,
    admin: User,
    monitor: User,
    lan: User,
    hai: User,
    owed: Assignment,
    send: Job,
    smtp: SmtpSink,
) -> None:
    ba, second = world.person("ba", world.trade, contact=False), world.task(world.trade, DUE, lan)
    db.commit()
    with at(NIGHT):
        seen = handovers.version(handovers.held(db, lan.id, clock.today()))
        wanted: dict[str, User | None] = {f"responsible_{owed.id}": hai, f"responsible_{second.id}": ba}
        hand_over(db, admin, lan, seen, wanted, Grounds("nghỉ hưu", PROPOSAL))
        replace_person(db, monitor, owed, None)
    with at(MORNING):
        send()
    assert sent_to(smtp, "bàn giao") == ["ba"] and ("cancelled", "reassigned") in fates(db)


def test_closed_while_the_sender_runs(
    app: Flask, db: Session, world: World, smtp: SmtpSink, environment: dict[str, str]
) -> None:
    """The batch is claimed and its first mail is on its way when the last recipient's account is closed."""
    digests(db, world, 10)
    last = db.scalars(select(Message.recipient_id).order_by(Message.id.desc())).first()
    db.rollback()  # what is read before another writes cannot be written upon (SQLite)
    first_arrived, closed = Signal(), Signal()

    def wait(mail: Received) -> None:
        if len(smtp.received) == 1:
            first_arrived.set()
            closed.wait(60)
            time.sleep(1.2)  # longer than what the sender read stays fresh

    smtp.on_mail = wait
    sender = Thread(
        target=lambda: subprocess.run([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment, timeout=120)
    )
    sender.start()
    assert first_arrived.wait(90)
    db.execute(update(User).where(User.id == last).values(active=False))
    db.commit()
    closed.set()
    sender.join(120)
    assert len(smtp.received) == 9
    assert states(db) == {"sent": 9, "cancelled": 1}


@pytest.fixture
def environment(database_url: str, tmp_path: Path, smtp: SmtpSink) -> dict[str, str]:
    settings = {"SMTP_HOST": smtp.host, "SMTP_PORT": str(smtp.port), "SMTP_SECURITY": "none", "SECRET_KEY": "x" * 32}
    return dict(databases.environment(database_url, tmp_path, **settings))


def test_killed_between_claim_and_send_then_closed(
    app: Flask, db: Session, world: World, smtp: SmtpSink, environment: dict[str, str]
) -> None:
    digests(db, world, 5)
    victim: list[subprocess.Popen[bytes]] = []
    smtp.on_mail = lambda mail: os.kill(victim[0].pid, signal.SIGKILL)
    victim.append(subprocess.Popen([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment))
    assert victim[0].wait(60) == -signal.SIGKILL
    smtp.on_mail = None
    told = {mail.recipients[0] for mail in smtp.received}
    gone = db.scalars(select(User).where(User.email.not_in(told), User.is_contact).order_by(User.id.desc())).first()
    assert gone is not None
    gone.active = False
    db.execute(update(Message).values(claimed_at=clock.now() - timedelta(minutes=16)))
    db.commit()
    with app.app_context():
        housekeeping.tidy()
    subprocess.run([sys.executable, "-c", SEND_NOW], cwd=ROOT, env=environment, check=True, timeout=60)
    assert states(db) == {"sent": 4, "cancelled": 1}
    assert smtp.to(gone.email) == []
