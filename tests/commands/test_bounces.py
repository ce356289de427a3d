"""flask bounces: what comes back marks the message and the address, once; what is not ours changes nothing and says so."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.messages.reports import report
from tracker import clock
from tracker.messages import mime
from tracker.models import Contact, Message, Role, User

pytestmark = pytest.mark.unseeded
NOW = "2022-05-05 09:00"
LAN = "lan@tinh.gov.vn"


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


@pytest.fixture
def message(app: Flask, db: Session, world: World) -> Message:
    """What went to Lan at 08:00."""
    with at("2022-05-05 08:00"):
        world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)
        lan = world.person("lan", world.office)
        found = Message(
            kind="reminder_digest", recipient_id=lan.id, address=LAN, day=clock.today(), key="k", state="sent",
            not_before=clock.now(), created_at=clock.now(), sent_at=clock.now(), attempts=0,
            provider_id=mime.message_id(app.config, "reminder_digest.1.20220505010000"),
        )  # fmt: skip
    db.add(found)
    db.commit()
    return found


def run(app: Flask, raw: bytes = b"", *options: str, moment: str = NOW) -> Result:
    with at(moment):
        return app.test_cli_runner().invoke(args=["bounces", *options], input=raw)


def stand(db: Session) -> list[tuple[str, str | None]]:
    db.rollback()
    return [(state, reason) for state, reason in db.execute(select(Message.state, Message.reason).order_by(Message.id))]


def contacts(db: Session) -> list[tuple[str, int]]:
    db.rollback()
    return [(state, failures) for state, failures in db.execute(select(Contact.state, Contact.failures))]


def test_a_letter_that_came_back(app: Flask, db: Session, message: Message) -> None:
    raw = report(str(message.provider_id))
    found = run(app, raw)
    assert (found.exit_code, found.stdout) == (0, f"thư: {LAN}: không giao được; đã ghi tin không gửi được.\n")
    said = "mail_returned: 5.1.1 smtp; 550 5.1.1 <lan@tinh.gov.vn>: User unknown"
    assert stand(db) == [("failed", said), ("queued", None)] and contacts(db) == [("bounced", 1)]
    assert db.scalars(select(Message.kind).where(Message.state == "queued")).all() == ["contact_unwell"]
    again = run(app, raw)
    assert (again.exit_code, "đã biết từ trước" in again.stdout) == (0, True)
    assert len(stand(db)) == 2 and contacts(db) == [("bounced", 1)]


def test_what_may_still_arrive_condemns_nobody(app: Flask, db: Session, message: Message) -> None:
    raw = report(str(message.provider_id), action="delayed", status="4.4.1", diagnostic="smtp; 451 later")
    assert run(app, raw).exit_code == 0 and "đã biết" in run(app, raw).stdout
    assert stand(db) == [("sent", "mail_delayed: 4.4.1 smtp; 451 later")] and contacts(db) == []
    expired = report(str(message.provider_id), status="4.4.7", diagnostic="smtp; 451 expired")
    assert run(app, expired, moment="2022-05-10 09:00").exit_code == 0
    assert stand(db)[0][0] == "failed" and contacts(db) == [("works", 1)], "one that expired is not the third"


def test_a_letter_that_arrived(app: Flask, db: Session, message: Message) -> None:
    raw = report(str(message.provider_id), action="delivered", status="2.0.0", diagnostic="smtp; 250 ok")
    assert run(app, raw).exit_code == 0 and "đã biết" in run(app, raw).stdout
    db.rollback()
    assert message.state == "sent" and message.delivered_at is not None


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"Subject: hello\n\nI am on holiday", "không phải thư báo trả lại"), (b"", "không phải thư báo trả lại"),
     (report("<reminder_digest.1.20220505010000@127.0.0.1>"), "không phải thư của hệ thống này"),
     (report("<reminder_digest.1.20220505010000.0123456789ab@127.0.0.1>"), "không phải thư của hệ thống này")],
)  # fmt: skip
def test_what_is_not_ours(app: Flask, db: Session, message: Message, raw: bytes, said: str) -> None:
    found = run(app, raw)
    assert found.exit_code == 65 and said in found.stderr and "không thay đổi gì" in found.stderr
    assert stand(db) == [("sent", None)] and contacts(db) == []


def test_an_address_the_letter_never_went_to(app: Flask, db: Session, message: Message) -> None:
    found = run(app, report(str(message.provider_id), address="giamdoc@tinh.gov.vn"))
    assert found.exit_code == 65 and "không phải địa chỉ thư ấy đã gửi tới" in found.stderr
    assert stand(db) == [("sent", None)] and contacts(db) == []
    forwarded = run(app, report(str(message.provider_id), address="x@y.vn", original="LAN@tinh.gov.vn"))
    assert forwarded.exit_code == 0 and contacts(db) == [("bounced", 1)]


def test_the_report_of_an_earlier_sending_is_not_of_this_one(app: Flask, db: Session, message: Message) -> None:
    message.sent_at = datetime.fromisoformat("2022-05-06 09:00+07:00")  # sent again by a person
    db.commit()
    assert "đã biết từ trước" in run(app, report(str(message.provider_id)), moment="2022-05-06 10:00").stdout
    assert stand(db) == [("sent", None)]


def test_a_report_quicker_than_our_own_books_is_handed_over_again(app: Flask, db: Session, message: Message) -> None:
    name, message.provider_id, message.state = str(message.provider_id), None, "claimed"
    db.commit()
    found = run(app, report(name))
    assert found.exit_code == 75 and "chưa kịp ghi sổ" in found.stdout


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_away_keeps_the_letter_with_the_mail_server(
    app: Flask, db: Session, message: Message
) -> None:
    name = str(message.provider_id)
    db.execute(text("ALTER TABLE message RENAME TO message_gone"))
    db.commit()
    found = run(app, report(name))
    assert found.exit_code == 75 and "thư cần được đưa lại sau" in found.stderr


def test_a_maildir_is_read_once_and_one_bad_letter_stops_nobody(
    app: Flask, db: Session, message: Message, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.rubbish").write_bytes(b"\xff\x00")
    (tmp_path / "new" / "2.bounce").write_bytes(report(str(message.provider_id)))
    (tmp_path / "new" / "3.folder").mkdir()
    found = run(app, b"", "--folder", str(tmp_path))
    assert found.exit_code == 65 and found.stdout.endswith("Đã đọc 2 thư.\n") and contacts(db) == [("bounced", 1)]
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.rubbish:2,S", "2.bounce:2,S"]
    assert run(app, b"", "--folder", str(tmp_path)).stdout == "Đã đọc 0 thư.\n"


def test_a_folder_of_letters_can_be_read_twice(app: Flask, db: Session, message: Message, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(report(str(message.provider_id)))
    (tmp_path / "note.txt").write_text("x")
    assert [run(app, b"", "--folder", str(tmp_path)).exit_code for _ in range(2)] == [0, 0]
    assert contacts(db) == [("bounced", 1)]
    missing = run(app, b"", "--folder", str(tmp_path / "none"))
    assert missing.exit_code == 2 and "Không có thư mục" in missing.stderr


def test_three_soft_ones_in_a_row(app: Flask, db: Session, world: World, message: Message) -> None:
    lan = db.scalars(select(User).where(User.email == LAN)).one()
    for number in (2, 3):
        copy = {
            name: getattr(message, name)
            for name in ("kind", "address", "day", "state", "not_before", "created_at", "sent_at")
        }
        name = mime.message_id(app.config, f"reminder_digest.{number}.20220505010000")
        db.add(Message(**copy, recipient_id=lan.id, key=str(number), provider_id=name))
    db.commit()
    for number in (1, 2, 3):
        name = mime.message_id(app.config, f"reminder_digest.{number}.20220505010000")
        assert run(app, report(name, status="5.2.2", diagnostic="smtp; 552 full")).exit_code == 0
    assert contacts(db) == [("bounced", 1)]
