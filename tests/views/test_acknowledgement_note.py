"""The button on the page of a task: for who owes the work, once it was told of; and what was said stands there, by day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.models import Acknowledgement, Assignment, Message, Reminder

TODAY = date(2022, 5, 10)


@pytest.fixture(autouse=True)
def in_may(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def owed(db: Session, people: dict[str, Person]) -> Assignment:
    found = the_assignment(db)
    found.responsible_id = people["officer_vp"].id
    return found


@pytest.fixture
def told(db: Session, owed: Assignment, people: dict[str, Person]) -> None:
    message = Message(
        kind="reminder_digest", recipient_id=people["officer_vp"].id, day=TODAY, key="k", state="sent",
        not_before=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    db.add(message)
    db.flush()
    db.add(
        Reminder(
            assignment_id=owed.id, effective_on=current(db, owed).effective_on, step="overdue_1", day=TODAY,
            recipient_id=message.recipient_id, message_id=message.id,
        )
    )  # fmt: skip


def button(shown: Any, owed: Assignment) -> Any:
    return shown.select_one(f'#nhac-viec form[action="/phan-viec/{owed.id}/da-nhan"]')


def text(shown: Any) -> str:
    return " ".join(shown.get_text(" ", strip=True).split())


def test_pressed_and_told(
    client: FlaskClient, db: Session, owed: Assignment, told: None, sign_in: Any, page: Any
) -> None:
    task = f"/nhiem-vu/{owed.task_id}"
    sign_in(client, "officer_vp")
    assert button(page(client, task), owed).get_text(strip=True) == "Đã nhận, đang xử lý"
    answer = client.post(f"/phan-viec/{owed.id}/da-nhan")
    assert (answer.status_code, answer.location) == (302, task)
    shown = page(client, task)
    said = text(shown.select_one("#nhac-viec"))
    assert "Trần Thị Vân báo đã nhận, đang xử lý lúc" in said and "đến hết ngày 17/05/2022" in said
    assert "Đã ghi nhận lúc" in text(shown.select_one(".notice"))
    assert "Văn phòng UBND tỉnh báo đã nhận, đang xử lý" in text(shown.select_one("#dien-bien"))
    assert db.scalars(select(Acknowledgement.via)).all() == ["page"]


def test_twice_is_once(client: FlaskClient, db: Session, owed: Assignment, told: None, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    for _ in range(2):
        assert client.post(f"/phan-viec/{owed.id}/da-nhan").status_code == 302
    assert len(db.scalars(select(Acknowledgement)).all()) == 1


@pytest.mark.parametrize("who", ["officer_stttt", "head_stttt", "monitor", "standing", "leader", "viewer", "admin"])
def test_for_nobody_else(
    client: FlaskClient, db: Session, owed: Assignment, told: None, sign_in: Any, page: Any, who: str
) -> None:
    sign_in(client, who)
    assert button(page(client, f"/nhiem-vu/{owed.task_id}"), owed) is None
    assert client.post(f"/phan-viec/{owed.id}/da-nhan").status_code == 403
    assert db.scalars(select(Acknowledgement)).first() is None


def test_not_before_it_was_told_of(client: FlaskClient, owed: Assignment, sign_in: Any, page: Any) -> None:
    sign_in(client, "officer_vp")
    assert button(page(client, f"/nhiem-vu/{owed.task_id}"), owed) is None
    answer = client.post(f"/phan-viec/{owed.id}/da-nhan")
    assert answer.status_code == 409 and "chưa được nhắc" in answer.text


def test_a_past_day_has_what_was_said_by_then_and_no_button(
    client: FlaskClient, owed: Assignment, told: None, sign_in: Any, page: Any
) -> None:
    sign_in(client, "officer_vp").post(f"/phan-viec/{owed.id}/da-nhan")
    with clock.on_day(date(2022, 6, 1)):
        for day, known in (("2022-05-09", False), ("2022-05-10", True), ("2022-05-31", True)):
            shown = page(client, f"/nhiem-vu/{owed.task_id}?on={day}")
            assert ("Trần Thị Vân báo đã nhận" in text(shown)) is known, day
            assert button(shown, owed) is None


def test_of_an_older_last_day_nothing_is_said(
    client: FlaskClient, db: Session, owed: Assignment, told: None, sign_in: Any, page: Any
) -> None:
    sign_in(client, "officer_vp").post(f"/phan-viec/{owed.id}/da-nhan")
    current(db, owed).effective_on = date(2022, 6, 30)
    assert "báo đã nhận" not in text(page(client, f"/nhiem-vu/{owed.task_id}").select_one("#nhac-viec"))


def test_what_is_not_there(client: FlaskClient, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    for number in (0, 10**6, 2**31, 2**63):
        assert client.post(f"/phan-viec/{number}/da-nhan").status_code == 404
