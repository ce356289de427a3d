"""A recurring duty: given on the page that clears, shown on the page of its task, closed when nothing came up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_report_new import current, said
from tracker import clock
from tracker.jobs import occurrences as job
from tracker.models import Assignment, Deadline, Occurrence, Task

CODE = "TB1802:2.a"


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2023, 11, 15)):
        yield


def the_task(db: Session) -> Task:
    """A task without a date, led by the standing body."""
    return db.scalars(select(Task).where(Task.code == CODE)).one()


def the_lead(db: Session) -> Assignment:
    return db.scalars(select(Assignment).where(Assignment.task_id == the_task(db).id, Assignment.role == "lead")).one()


def give(client: FlaskClient, db: Session, **fields: str) -> Any:
    url = f"/chua-ro/{the_task(db).id}?what=deadline"
    form = {"seen": "0", "basis_kind": "document", "basis_number": "99/UBND", "basis_on": "2023-11-10", **fields}
    return client.post(url, data=form)


@pytest.fixture
def monthly(client: FlaskClient, db: Session, sign_in: Any) -> Assignment:
    assert give(sign_in(client, "monitor"), db, every="month", due_on="2023-11-20").status_code == 302
    return the_lead(db)


def test_given_with_a_day(client: FlaskClient, db: Session, monthly: Assignment, page: Any) -> None:
    limit = db.scalars(select(Deadline).where(Deadline.task_id == monthly.task_id, Deadline.kind == "assigned")).one()
    assert (limit.recurrence, limit.rule) == ("FREQ=MONTHLY;BYMONTHDAY=20", "recurring_day")
    shown = page(client, f"/nhiem-vu/{monthly.task_id}")
    assert "Đã ghi thời hạn định kỳ: hằng tháng, ngày 20." in shown.find(class_="notice").get_text()
    assert "hằng tháng, ngày 20" in shown.find(class_="facts").get_text()
    row = shown.find(id="ky-viec").find("tbody").find("tr").get_text(" ", strip=True)
    assert "20/11/2023" in row and "kỳ từ 15/11/2023" in row
    assert "Làm rõ thời gian: định kỳ, hằng tháng, ngày 20" in shown.find("main").get_text()


def test_given_without_a_day_is_the_end_of_the_period(client: FlaskClient, db: Session, sign_in: Any) -> None:
    assert give(sign_in(client, "monitor"), db, every="quarter", due_on="").status_code == 302
    assert current(db, the_lead(db)).due_on == date(2023, 12, 31)
    limit = db.scalars(select(Deadline).where(Deadline.kind == "assigned")).one()
    assert limit.rule == "recurring_period"


def test_once_still_needs_a_day(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "monitor")
    for fields in ({"due_on": ""}, {"every": "", "due_on": ""}):
        answer = give(client, db, **fields)
        assert answer.status_code == 422
        assert "Hãy ghi ngày cuối cùng phải xong, dạng ngày/tháng/năm." in answer.text
    assert give(client, db, every="hour", due_on="2023-11-20").status_code == 422
    assert give(client, db, due_on="2023-12-29").status_code == 302
    assert current(db, the_lead(db)).due_on == date(2023, 12, 29)


def test_each_time_is_shown_with_its_result(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: Assignment
) -> None:
    sign_in(client, "officer_stttt")
    form = {"seen": str(current(db, monthly).id), "result_on": "2023-11-14", "result_document": "1/BC", "done": "Xong."}
    assert client.post(f"/phan-viec/{monthly.id}/hoan-thanh", data=form).status_code == 302
    db.commit()
    waiting = db.scalars(select(Occurrence)).one()
    assert waiting.state == "open"
    decide = page(sign_in(client, "monitor"), f"/nhiem-vu/{monthly.task_id}").find(class_="acts").find("a")["href"]
    assert client.post(decide.replace("quyet-dinh", "xac-nhan")).status_code == 302
    with clock.on_day(date(2023, 12, 1)):
        with app.app_context():
            assert job.open_due() == "opened 1"
        rows = page(client, f"/nhiem-vu/{monthly.task_id}").find(id="ky-viec").find("tbody").find_all("tr")
        words = [row.get_text(" ", strip=True) for row in rows]
    assert "20/12/2023" in words[0] and "Trong hạn" in words[0] and "chưa triển khai" in words[0]
    assert "Hoàn thành đúng hạn" in words[1] and "14/11/2023" in words[1]


def test_nothing_came_up(client: FlaskClient, db: Session, page: Any, monthly: Assignment) -> None:
    shown = page(client, f"/nhiem-vu/{monthly.task_id}")
    url = shown.find(id="ky-viec").find("a", class_="btn")["href"]
    code, again = said(client, url, reason="  ")
    assert (code, again.find(id="reason-error").get_text()) == (
        422, "Hãy ghi lý do, để về sau ai xem cũng hiểu vì sao kỳ này không có kết quả.",
    )  # fmt: skip
    answer = client.post(url, data={"reason": "Không có hồ sơ."})
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{monthly.task_id}#ky-viec")
    assert current(db, monthly).due_on == date(2023, 12, 20)
    code, told = said(client, url, reason="Lần nữa.")
    assert code == 409 and "vừa được khép lại" in told.find(role="alert").get_text()
    rows = page(client, f"/nhiem-vu/{monthly.task_id}").find(id="ky-viec").find("tbody").find_all("tr")
    assert "không phát sinh" in rows[1].get_text() and "Không có hồ sơ." in rows[1].get_text()
    assert client.get("/ky-viec/999999/khong-phat-sinh").status_code == 404
    assert client.get("/ky-viec/99999999999/khong-phat-sinh").status_code == 404


def test_only_the_office_is_offered_it(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: Assignment
) -> None:
    occurrence = db.scalars(select(Occurrence.id)).one()
    for person in ("officer_stttt", "head_stttt", "leader", "viewer"):
        sign_in(client, person)
        assert page(client, f"/nhiem-vu/{monthly.task_id}").find(id="ky-viec").find("a", class_="btn") is None
        assert client.get(f"/ky-viec/{occurrence}/khong-phat-sinh").status_code == 403
    sign_in(client, "monitor")
    assert page(client, f"/nhiem-vu/{monthly.task_id}?on=2023-11-14").find(id="ky-viec") is None


def test_many_occurrences_fold(app: Flask, client: FlaskClient, page: Any, monthly: Assignment) -> None:
    with clock.on_day(date(2026, 11, 1)):
        with app.app_context():
            assert job.open_due() == "opened 36"
        section = page(client, f"/nhiem-vu/{monthly.task_id}").find(id="ky-viec")
    assert "open" not in section.find("details").attrs
    assert len(section.find("tbody").find_all("tr")) == 24
    assert "37 kỳ" in section.find("summary").get_text()
