"""The sender and the addresses: who takes nothing is known and told, who asks for a rest has it, whoever is not at fault waits."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.authorities import Authority
from tests.jobs.world import World, at
from tests.messages.reports import report
from tests.smtp_sink import SmtpSink
from tracker.models import Contact, MailPace, Message, Role, Setting

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DAY = "2022-05-05"


def fates(db: Session) -> list[tuple[str, str | None, int]]:
    db.rollback()
    rows = db.execute(select(Message.state, Message.reason, Message.attempts).order_by(Message.id))
    return [(state, reason, attempts) for state, reason, attempts in rows]


def contacts(db: Session) -> dict[str, str]:
    db.rollback()
    return {row.address: row.state for row in db.scalars(select(Contact))}


def digests(world: World, draw_up: Job, *names: str) -> None:
    for name in names:
        world.person(name, world.office, email=f"{name}@{'so' if name == 'binh' else 'tinh'}.gov.vn")
    world.task(world.office, date(2022, 5, 5))
    world.ready()
    with at(f"{DAY} 08:00"):
        draw_up()


def test_a_dead_address_is_known_and_the_administrator_told_when_the_hour_is_over(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    admin = world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)
    digests(world, draw_up, "lan", "hai")
    smtp.refuse("lan@tinh.gov.vn")
    with at(f"{DAY} 08:05"):
        send()
    assert contacts(db) == {"lan@tinh.gov.vn": "refused"} and smtp.to(admin.email) == []
    with at(f"{DAY} 09:00"):
        send()
    [mail] = smtp.to(admin.email)
    assert mail.message["Subject"] == "1 địa chỉ không nhận được tin"
    for text in (mail.body(), mail.body("html")):
        assert "lan, Văn phòng UBND tỉnh: lan@tinh.gov.vn" in text and "/quan-tri/lien-he" in text
        assert "hai@tinh.gov.vn" not in text


def test_whoever_has_a_new_address_by_then_is_not_told_of(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    admin = world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)
    digests(world, draw_up, "lan")
    smtp.refuse("lan@tinh.gov.vn")
    with at(f"{DAY} 08:05"):
        send()
    lan = db.scalars(select(Contact)).one().user
    lan.email = "lan.moi@tinh.gov.vn"
    db.commit()
    with at(f"{DAY} 09:00"):
        send()
    assert smtp.to(admin.email) == [] and ("cancelled", "contact_well", 0) in fates(db)


def test_who_is_no_administrator_any_more_is_not_told(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    admin = world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)
    digests(world, draw_up, "lan")
    smtp.refuse("lan@tinh.gov.vn")
    with at(f"{DAY} 08:05"):
        send()
    admin.role = Role.VIEWER.value
    db.commit()
    with at(f"{DAY} 09:00"):
        send()
    assert smtp.to(admin.email) == [] and ("cancelled", "reassigned", 0) in fates(db)


def test_a_letter_nobody_wants_is_no_fault_of_the_address(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    digests(world, draw_up, "lan")
    smtp.answer_mail_with("554 5.7.1 Spam")
    with at(f"{DAY} 08:05"):
        send()
    assert fates(db) == [("failed", "554 5.7.1 Spam", 1)] and contacts(db) == {}


def test_a_domain_that_asks_for_a_rest_has_it_and_others_go_on(
    db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    digests(world, draw_up, "lan", "hai", "binh")
    smtp.refuse("lan@tinh.gov.vn", "451 4.7.1 Too many messages")
    with at(f"{DAY} 08:05"):
        send()
    assert smtp.to("binh@so.gov.vn") and contacts(db) == {}
    [resting] = db.scalars(select(MailPace).where(MailPace.rests_until.is_not(None)))
    assert resting.domain == "tinh.gov.vn"
    smtp.accept("lan@tinh.gov.vn")
    with at(f"{DAY} 08:21"):
        send()
    assert smtp.to("lan@tinh.gov.vn") and {state for state, *_ in fates(db)} == {"sent"}


def test_the_pace_holds_across_beats(db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink) -> None:
    db.add(Setting(name="mail_per_minute_per_domain", value=2))
    digests(world, draw_up, "lan", "hai", "ba", "tu", "binh")
    for minute, arrived in ((5, 3), (5, 3), (6, 5)):
        with at(f"{DAY} 08:{minute:02}"):
            send()
        assert len(smtp.received) == arrived
    assert fates(db) == [("sent", None, 0)] * 5


def test_a_certificate_nobody_trusts_costs_no_message_an_attempt(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    secured = SmtpSink(tls_context=authority.server("localhost"), require_starttls=True)
    secured.come_back()
    app.config.update(SMTP_HOST="localhost", SMTP_PORT=secured.port, SMTP_SECURITY="starttls")
    digests(world, draw_up, "lan")
    try:
        with at(f"{DAY} 08:05"):
            assert send().startswith("waiting: mail_certificate: ")
        [(state, reason, attempts)] = fates(db)
        assert (state, attempts) == ("queued", 0) and str(reason).startswith("mail_certificate: ")
        app.config["SMTP_CA_FILE"] = str(authority.file)
        with at(f"{DAY} 08:06"):
            send()
        assert [mail.encrypted for mail in secured.received] == [True] and fates(db) == [("sent", None, 0)]
    finally:
        secured.go_down()


def test_what_came_back_names_the_letter_that_went(
    app: Flask, db: Session, world: World, draw_up: Job, send: Job, smtp: SmtpSink
) -> None:
    digests(world, draw_up, "lan")
    with at(f"{DAY} 08:05"):
        send()
        raw = report(str(smtp.received[0].message["Message-ID"]), arrival="Thu, 5 May 2022 08:05:02 +0700")
        assert app.test_cli_runner().invoke(args=["bounces"], input=raw).exit_code == 0
    assert contacts(db) == {"lan@tinh.gov.vn": "bounced"} and fates(db)[0][0] == "failed"
