"""The Office is told that the ladder's end has drafted a letter, and no longer once it is sent or given up."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.letter_world import MAY, Office, office
from tests.jobs.world import at
from tests.smtp_sink import SmtpSink
from tracker import clock
from tracker.actions import letter as writing
from tracker.jobs import sender
from tracker.models import Message, UrgeLetter

pytestmark = pytest.mark.unseeded
NOW = "2022-05-16 09:00"


@pytest.fixture
def at_work(app: Flask, db: Session) -> Office:
    """The ladder has come to its end for two tasks."""
    made = office(db)
    with at(NOW), app.app_context():
        assert writing.draft_due(db, made.due(0, 2), clock.today()) == 2
        db.commit()
    return made


@pytest.fixture
def deliver(app: Flask, smtp: SmtpSink) -> Callable[[], None]:
    def run() -> None:
        app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
        with at(NOW), app.app_context():
            sender.send_due()

    return run


def test_it_says_whom_about_what_and_where(
    at_work: Office, deliver: Callable[[], None], smtp: SmtpSink, db: Session
) -> None:
    deliver()
    [mail] = smtp.received
    letter = db.execute(select(UrgeLetter)).scalar_one()
    text = mail.body()
    assert (mail.message["To"], mail.message["Subject"]) == (
        "theo@tinh.gov.vn", "Dự thảo công văn đôn đốc: Sở Công Thương, 2 nhiệm vụ quá hạn",
    )  # fmt: skip
    assert "- Sàn thương mại điện tử (hạn 31/03/2022, quá hạn 46 ngày)" in text
    assert "- Đào tạo cán bộ (hạn 29/04/2022, quá hạn 17 ngày)" in text
    assert "báo cáo chậm nhất ngày 25/05/2022" in text and f"/don-doc/{letter.id}" in text
    assert "Sàn thương mại điện tử" in mail.body("html") and f"/don-doc/{letter.id}" in mail.body("html")


@pytest.mark.parametrize("end", ["sent", "dropped"])
def test_it_is_not_told_once_it_is_settled(
    app: Flask, at_work: Office, deliver: Callable[[], None], smtp: SmtpSink, db: Session, end: str
) -> None:
    letter = db.execute(select(UrgeLetter)).scalar_one()
    with at(NOW), app.app_context():
        if end == "sent":
            writing.record_sent(db, at_work.monitor, letter, "1/UBND", MAY, "Nguyễn Văn A")
        else:
            writing.drop(db, at_work.monitor, letter, "Thôi.")
        db.commit()
    deliver()
    assert smtp.received == []
    db.rollback()
    [told] = db.scalars(select(Message).where(Message.kind == "letter_drafted"))
    assert (told.state, told.reason) == ("cancelled", "letter_closed")
