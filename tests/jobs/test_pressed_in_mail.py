"""From the mail in the inbox, by one press, to the head who is not told: the whole way of an answer."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tests.pages import parse
from tests.smtp_sink import SmtpSink
from tracker.models import Acknowledgement, Reminder, ReminderSkip, Role, User

pytestmark = pytest.mark.unseeded
Job = Callable[[], str]
DUE = date(2022, 5, 4)


@pytest.mark.parametrize("pressed", [False, True], ids=["silence", "pressed"])
def test_one_press_keeps_it_from_the_head(
    db: Session, world: World, client: FlaskClient, draw_up: Job, send: Job, smtp: SmtpSink, pressed: bool
) -> None:
    lan = world.person("lan", world.office, contact=False)
    head = world.person("minh", world.office, contact=False, role=Role.AGENCY_HEAD)
    owed = world.task(world.office, DUE, lan)
    world.ready()
    _play(draw_up, send, date(2022, 5, 5), date(2022, 5, 19))
    mail = smtp.to(lan.email)[-1]
    [link] = set(re.findall(r"http://[^/\s]+(/da-nhan/\S+)", mail.body()))
    assert link in mail.body("html"), "the button and the plain text lead to the same place"
    with at("2022-05-20 07:15"):
        assert "Quá hạn 16 ngày" in parse(client.get(link).text).get_text()  # a scanner's look changes nothing
        if pressed:
            assert client.post(link).status_code == 303
    _play(draw_up, send, date(2022, 5, 20), date(2022, 5, 27))
    assert _told(db, head) == ([] if pressed else [(owed.id, "overdue_3")])
    assert len(smtp.to(head.email)) == (0 if pressed else 1)
    assert db.scalars(select(Acknowledgement.until_on)).all() == ([date(2022, 5, 27)] if pressed else [])
    reasons = set(db.scalars(select(ReminderSkip.reason)))
    assert ("answered" in reasons) is pressed, "each skip is on record with its reason"


def _play(draw_up: Job, send: Job, since: date, until: date) -> None:
    day = since
    while day <= until:
        with at(f"{day} 08:05"):
            draw_up()
            send()
        day += timedelta(days=1)


def _told(db: Session, person: User) -> list[tuple[int, str]]:
    db.commit()
    query = select(Reminder.assignment_id, Reminder.step).where(Reminder.recipient_id == person.id)
    return [(row.assignment_id, row.step) for row in db.execute(query)]
