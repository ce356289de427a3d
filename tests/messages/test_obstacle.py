"""What people hear about obstacles: who, when no longer, and in which words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tracker.actions import obstacle
from tracker.actions.standing import current_assignment
from tracker.extensions import db as ours
from tracker.jobs import reminders, sender
from tracker.models import Assignment, Message, Obstacle, Role, User

pytestmark = pytest.mark.unseeded


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at("2022-06-21 09:00"):  # a Tuesday
        yield


@pytest.fixture
def cast(world: World) -> dict[str, User]:
    return {
        "cong": world.person("cong", world.trade), "truc": world.person("truc", None, False, Role.STANDING_BODY),
        "theo": world.person("theo", world.office, False, Role.MONITOR), "lanh": world.person("lanh", None, False, Role.LEADER),
    }  # fmt: skip


@pytest.fixture
def owed(world: World, cast: dict[str, User]) -> Assignment:
    made = world.task(world.trade, date(2022, 6, 22), title="Ký chương trình hợp tác")
    world.ready()
    return made


def raised(owed: Assignment, who: User, level: str = "standing_body", why: str | None = None) -> Obstacle:
    session = ours.session()
    mine = session.get_one(Assignment, owed.id)
    seen = current_assignment(session, mine.id).id
    actor = session.get_one(User, who.id)
    return obstacle.raise_obstacle(session, actor, mine, seen, "Thiếu <vốn>.", "Cấp vốn.", level, why)


def mails(app: Flask, smtp: SmtpSink) -> dict[str, Any]:
    """Send whatever waits, and return it by address."""
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    with app.app_context():
        sender.send_due()
    return {address: mail for mail in smtp.received for address in mail.recipients}


def test_the_standing_body_is_asked_and_told_until_when(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        found_id = raised(owed, cast["cong"]).id
        ours.session.commit()
    sent = mails(app, smtp)
    assert list(sent) == [cast["truc"].email]
    mail = sent[cast["truc"].email]
    assert mail.message["Subject"] == "Vướng mắc chờ trả lời: Sở Công Thương, Ký chương trình hợp tác"
    text = mail.body()
    assert "Sở Công Thương nêu vướng mắc, đề nghị cơ quan thường trực trả lời. Hạn trả lời: 28/06/2022." in text
    assert "Vướng mắc: Thiếu <vốn>." in text and "Kiến nghị: Cấp vốn." in text
    assert f"/vuong-mac/{found_id}" in text and "Thiếu &lt;vốn&gt;." in mail.body("html")


def test_handed_up_the_office_hears_the_opinion_and_the_first_letter_stays(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        session = ours.session()
        found = raised(owed, cast["cong"])
        obstacle.escalate(session, session.get_one(User, cast["truc"].id), found, 1, "Ngoài thẩm quyền của Sở.")
        session.commit()
    sent = mails(app, smtp)
    assert list(sent) == [cast["theo"].email]  # the standing body has done its part before its letter left
    text = sent[cast["theo"].email].body()
    assert "Cơ quan thường trực chuyển UBND tỉnh vướng mắc vượt thẩm quyền của Sở Công Thương." in text
    assert "Ý kiến cơ quan thường trực: Ngoài thẩm quyền của Sở." in text and "Hạn trả lời: 05/07/2022." in text
    db.rollback()
    states = db.execute(select(Message.kind, Message.state).order_by(Message.id)).all()
    assert [tuple(row) for row in states] == [("obstacle_raised", "cancelled"), ("obstacle_escalated", "sent")]


def test_straight_to_the_province_says_why(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        raised(owed, cast["cong"], "province", "Ngoài dự toán của ngành.")
        ours.session.commit()
    sent = mails(app, smtp)
    assert list(sent) == [cast["theo"].email]
    assert "Lý do: Ngoài dự toán của ngành." in sent[cast["theo"].email].body()


def test_the_agency_hears_every_answer_also_the_second(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        session = ours.session()
        found = raised(owed, cast["cong"], "province", "Ngoài dự toán.")
        lanh, cong = (session.get_one(User, cast[name].id) for name in ("lanh", "cong"))
        obstacle.answer(session, lanh, found, 1, "Đang xem xét.")
        session.commit()
    first = mails(app, smtp)[cast["cong"].email]
    assert (
        "UBND tỉnh đã trả lời vướng mắc của Sở Công Thương." in first.body()
        and "Trả lời: Đang xem xét." in first.body()
    )
    with app.app_context():
        session = ours.session()
        found = session.scalars(select(Obstacle)).one()
        lanh, cong = (session.get_one(User, cast[name].id) for name in ("lanh", "cong"))
        obstacle.ask_again(session, cong, found, 2, "Cần quyết định.")
        session.commit()
    again = mails(app, smtp)[cast["theo"].email]
    assert again.message["Subject"].startswith("Đề nghị trả lời lại vướng mắc: Sở Công Thương")
    assert "thấy trả lời trước chưa tháo gỡ được" in again.body() and "Lý do: Cần quyết định." in again.body()
    with app.app_context():
        session = ours.session()
        found, lanh = session.scalars(select(Obstacle)).one(), session.get_one(User, cast["lanh"].id)
        obstacle.decide(session, lanh, found, 3, "Cấp vốn.", "5/QĐ-UBND", date(2022, 6, 20))
        session.commit()
    last = mails(app, smtp)[cast["cong"].email]
    assert "UBND tỉnh đã quyết định về vướng mắc của Sở Công Thương, văn bản 5/QĐ-UBND, 20/06/2022." in last.body()
    assert "Cấp vốn." in last.body("html")


def test_the_reminder_says_for_whose_answer_the_work_waits(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        raised(owed, cast["cong"])
        ours.session.commit()
        reminders.draw_up()
    said = "Đang chờ cơ quan thường trực trả lời vướng mắc (hạn 28/06/2022)."
    digest = mails(app, smtp)[cast["cong"].email]
    assert digest.message["Subject"] == "1 việc sắp đến hạn (nhắc việc 21/06/2022)"
    assert said in digest.body() and said in digest.body("html")


def test_answered_the_reminder_no_longer_says_it(
    app: Flask, db: Session, owed: Assignment, cast: dict[str, User], smtp: SmtpSink
) -> None:
    with app.app_context():
        session = ours.session()
        raised(owed, cast["cong"])
        session.commit()
        reminders.draw_up()
        found = session.scalars(select(Obstacle)).one()
        obstacle.answer(session, session.get_one(User, cast["truc"].id), found, 1, "Dùng chung.")
        session.commit()
    mails(app, smtp)
    digest = next(mail for mail in smtp.received if "nhắc việc" in mail.message["Subject"])
    assert "Đang chờ" not in digest.body()
