"""/phan-viec/<id>/tam-ngung-nhac and /nhac-viec/tam-ngung: the Office holds reminders, the agency sees it on its task."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_report_new import the_assignment
from tracker import clock
from tracker.models import Assignment, ReminderHold, User

TODAY = date(2022, 5, 10)
SAID = {"until_on": "2022-05-20", "reason": "Chờ hướng dẫn của Bộ."}


@pytest.fixture(autouse=True)
def in_may(app: Flask) -> Iterator[None]:
    with clock.on_day(TODAY):
        yield


@pytest.fixture
def owed(db: Session) -> Assignment:
    return the_assignment(db)


def text(shown: Any) -> str:
    return " ".join(shown.get_text(" ", strip=True).split())


def test_held_shown_and_ended(client: FlaskClient, db: Session, owed: Assignment, sign_in: Any, page: Any) -> None:
    sign_in(client, "monitor")
    url, task = f"/phan-viec/{owed.id}/tam-ngung-nhac", f"/nhiem-vu/{owed.task_id}"
    assert page(client, task).select_one(f'a[href="{url}"]') is not None
    form = text(page(client, url))
    assert "Chỉ tạm ngừng gửi lời nhắc. Thời hạn và số ngày quá hạn vẫn tính như thường" in form
    assert "Muộn nhất là 06/11/2022" in form
    answer = client.post(url, data=SAID)
    assert (answer.status_code, answer.location) == (302, task)
    standing = text(page(client, url))
    assert "Đến hết ngày 20/05/2022" in standing and SAID["reason"] in standing
    assert "Mọi phần việc đang tạm ngừng nhắc" in standing and "Ghi lý do" not in standing
    held = db.scalars(select(ReminderHold)).one()
    assert page(client, task).select_one(f'form[action="/tam-ngung-nhac/{held.id}/ket-thuc"]') is not None
    assert client.post(f"/tam-ngung-nhac/{held.id}/ket-thuc").location == task
    assert "kết thúc sớm ngày 10/05/2022 (Đỗ Thị Theo)" in text(page(client, url))
    again = client.post(f"/tam-ngung-nhac/{held.id}/ket-thuc")
    assert again.status_code == 409 and "đã kết thúc trước đó" in text(parse(again.text))


def test_the_agency_sees_it_with_its_reason_others_only_that_it_is(
    client: FlaskClient, owed: Assignment, sign_in: Any, page: Any
) -> None:
    sign_in(client, "monitor")
    client.post(f"/phan-viec/{owed.id}/tam-ngung-nhac", data=SAID)
    for who, reads in (("officer_vp", True), ("viewer", False)):
        shown = page(sign_in(client, who), f"/nhiem-vu/{owed.task_id}")
        part = text(shown.select_one("#nhac-viec"))
        assert "Tạm ngừng nhắc đến hết ngày 20/05/2022, do Đỗ Thị Theo ghi ngày 10/05/2022" in part
        assert (SAID["reason"] in part) is reads
        assert (SAID["reason"] in text(shown)) is reads, "nor in the history"
        assert shown.select_one("#nhac-viec form") is None


def test_a_past_day_has_what_held_then(client: FlaskClient, owed: Assignment, sign_in: Any, page: Any) -> None:
    sign_in(client, "monitor")
    client.post(f"/phan-viec/{owed.id}/tam-ngung-nhac", data=SAID)
    with clock.on_day(TODAY + timedelta(days=30)):
        for day, held in (("2022-05-09", False), ("2022-05-10", True), ("2022-05-20", True), ("2022-05-21", False)):
            shown = page(client, f"/nhiem-vu/{owed.task_id}?on={day}")
            assert ("Tạm ngừng nhắc đến hết ngày" in text(shown)) is held, day
            assert (
                shown.select_one('a[href$="/tam-ngung-nhac"]') is None and shown.select_one("#nhac-viec form") is None
            )


@pytest.mark.parametrize(
    ("wrong", "place", "sentence"),
    [
        ({"until_on": ""}, "until_on", "Hãy ghi ngày cuối tạm ngừng, dạng ngày/tháng/năm."),
        ({"until_on": "2022-02-30"}, "until_on", "Hãy ghi ngày cuối tạm ngừng, dạng ngày/tháng/năm."),
        ({"until_on": "9999-12-31"}, "until_on", "Năm phải trong khoảng 1900 đến 2100."),
        ({"reason": " "}, "reason", "Hãy ghi lý do để cơ quan và người xem sau biết vì sao."),
        ({"reason": "x" * 1001}, "reason", "Tối đa 1.000 ký tự; hãy rút gọn."),
    ],
    ids=["empty", "no-day", "for-ever", "no-reason", "long"],
)
def test_bad_input_gets_its_sentence(
    client: FlaskClient, db: Session, owed: Assignment, sign_in: Any, wrong: dict[str, str], place: str, sentence: str
) -> None:
    answer = sign_in(client, "monitor").post(f"/phan-viec/{owed.id}/tam-ngung-nhac", data={**SAID, **wrong})
    shown: Any = parse(answer.text)
    assert answer.status_code == 422 and shown.find(id=f"{place}-error").get_text() == sentence
    if place != "reason":
        assert shown.find("textarea", {"name": "reason"}).get_text().strip() == SAID["reason"]
    assert db.scalars(select(ReminderHold)).first() is None


@pytest.mark.parametrize(
    ("until_on", "sentence"), [("2022-05-09", "đã qua"), ("2022-11-07", "tối đa 180 ngày")], ids=["past", "far"]
)
def test_a_day_that_cannot_be_is_refused_and_stays_typed(
    client: FlaskClient, owed: Assignment, sign_in: Any, until_on: str, sentence: str
) -> None:
    sent = {**SAID, "until_on": until_on, "reason": "Có \0 lạ"}
    answer = sign_in(client, "monitor").post(f"/phan-viec/{owed.id}/tam-ngung-nhac", data=sent)
    shown: Any = parse(answer.text)
    assert answer.status_code == 409 and sentence in shown.find(role="alert").get_text()
    assert shown.find("input", {"name": "until_on"})["value"] == until_on
    assert "lạ" in shown.find("textarea", {"name": "reason"}).get_text()


def test_a_second_one_is_told_of_the_first(client: FlaskClient, owed: Assignment, sign_in: Any) -> None:
    url = f"/phan-viec/{owed.id}/tam-ngung-nhac"
    sign_in(client, "monitor").post(url, data=SAID)
    answer = client.post(url, data={**SAID, "until_on": "2022-05-30"})
    assert answer.status_code == 409 and "đang tạm ngừng nhắc đến hết ngày 20/05/2022" in text(parse(answer.text))


def test_what_is_not_there(client: FlaskClient, sign_in: Any) -> None:
    sign_in(client, "monitor")
    for number in (0, 10**6, 2**31, 2**63):
        assert client.get(f"/phan-viec/{number}/tam-ngung-nhac").status_code == 404
        assert client.post(f"/tam-ngung-nhac/{number}/ket-thuc").status_code == 404


def test_the_list_costs_the_same_however_long(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, page: Any, count_queries: Any
) -> None:
    office = db.scalars(select(User.id).where(User.role == "monitor")).one()
    sign_in(client, "monitor")
    assert "Không phần việc nào đang tạm ngừng nhắc" in text(page(client, "/nhac-viec/tam-ngung"))
    costs = []
    for number, owed in enumerate(db.scalars(select(Assignment).where(Assignment.role == "lead").limit(53)), 1):
        db.add(
            ReminderHold(
                assignment_id=owed.id, from_on=TODAY, until_on=TODAY + timedelta(days=number), reason=f"Lý do {number}",
                made_by_id=office, made_at=clock.now(),
            )
        )  # fmt: skip
        if number in (1, 3, 53):
            with count_queries(app) as statements:
                shown = page(client, "/nhac-viec/tam-ngung")
            costs.append(len(statements))
    assert len(set(costs)) == 1
    assert len(shown.select("tbody tr")) == 50 and "Lý do 1 " in text(shown)
    later = page(client, shown.select_one("a[rel=next]")["href"])
    assert len(later.select("tbody tr")) == 3 and later.select_one("a[rel=next]") is None


@pytest.mark.parametrize("after", ["x", "2022-05-10", "2022-05-10_x", "2022-05-10_" + "9" * 30, "_", "\0"], ids=ascii)
def test_a_bad_place_shows_the_first_page(client: FlaskClient, sign_in: Any, after: str) -> None:
    answer = sign_in(client, "monitor").get("/nhac-viec/tam-ngung", query_string={"after": after})
    assert answer.status_code == 200
    assert ("không còn đúng với danh sách này" in text(parse(answer.text))) or after == "\0"
