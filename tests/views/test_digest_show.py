"""The page of one digest: everything it reminded of that is still to be done, for whom it was sent to and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import at
from tests.people import Person
from tracker.jobs import reminders
from tracker.models import Assignment as Part
from tracker.models import Message, Reminder, Task, User

DAY = "2022-05-05 08:00"


@pytest.fixture
def digest(app: Flask, db: Session, people: dict[str, Person]) -> Message:
    """The digest of the day to the Office's officer, the contact of the agency."""
    db.get_one(User, people["officer_vp"].id).is_contact = True
    db.commit()
    with at(DAY), app.app_context():
        reminders.draw_up()
    return db.scalars(
        select(Message).where(Message.kind == "reminder_digest", Message.recipient_id == people["officer_vp"].id)
    ).one()


def test_it_lists_exactly_what_the_mail_reminded_of(
    db: Session, digest: Message, as_person: Callable[[str], Any], page: Any
) -> None:
    told = (
        select(Part.task_id).join(Reminder, Reminder.assignment_id == Part.id).where(Reminder.message_id == digest.id)
    )
    wanted = set(db.scalars(told))
    with at(DAY):
        shown = page(as_person("officer_vp"), f"/thu-nhac/{digest.id}")
    links = [link["href"] for link in shown.select("main li a[href]")]
    assert wanted and sorted(links) == sorted(f"/nhiem-vu/{number}" for number in wanted)
    assert "05/05/2022" in shown.h1.get_text()


def test_what_was_done_meanwhile_is_gone(
    app: Flask, db: Session, digest: Message, as_person: Callable[[str], Any], page: Any
) -> None:
    with at(DAY):
        client = as_person("officer_vp")
        before = page(client, f"/thu-nhac/{digest.id}").select("main li a[href]")
        task = db.get_one(Task, int(before[0]["href"].rpartition("/")[2]))
        [owed] = [part for part in task.assignments if part.role == "lead" and part.agency_id == _agency(db, digest)]
        form = page(client, f"/phan-viec/{owed.id}/hoan-thanh")
        seen = form.find(attrs={"name": "seen"})["value"]
        said = {"seen": seen, "result_on": "2022-05-05", "result_document": "1/BC", "done": "Xong."}
        assert client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=said).status_code == 302
        after = page(client, f"/thu-nhac/{digest.id}").select("main li a[href]")
    assert len(after) == len(before) - 1


def _agency(db: Session, digest: Message) -> int | None:
    return db.get_one(User, digest.recipient_id).agency_id


def test_it_is_the_recipients_own(digest: Message, as_person: Callable[[str], Any], client: Any) -> None:
    for who in ("officer_stttt", "monitor", "admin", "leader"):
        assert as_person(who).get(f"/thu-nhac/{digest.id}").status_code == 404
    assert client.get(f"/thu-nhac/{digest.id}").status_code == 302


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), "abc"])
def test_what_is_no_digest_is_not_there(digest: Message, as_person: Callable[[str], Any], number: str) -> None:
    assert as_person("officer_vp").get(f"/thu-nhac/{number}").status_code == 404
