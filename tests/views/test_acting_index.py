"""/co-quan/<id>/nguoi-thay: who stands in, present, coming and past; the person may say so alone."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import Person
from tracker.models import Acting, User

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2022, 5, 5))
DAYS = {"from_on": "2022-05-09", "until_on": "2022-05-13"}


def url(db: Session, people: dict[str, Person]) -> str:
    return f"/co-quan/{db.get_one(User, people['head_stttt'].id).agency_id}/nguoi-thay"


def said(people: dict[str, Person], person: str = "officer_stttt", stand_in: str = "head_stttt", **more: str) -> Any:
    return {"person": people[person].id, "stand_in": people[stand_in].id, **DAYS, **more}


def offered(shown: Any, name: str) -> list[str]:
    return [option.get_text() for option in shown.select(f"#{name} option")][1:]


def test_the_head_for_everybody(db: Session, people: Any, as_person: Any, page: Any) -> None:
    head = as_person("head_stttt")
    shown = page(head, url(db, people))
    assert offered(shown, "person") == offered(shown, "stand_in") == ["Lê Thị Thông", "Nguyễn Văn Tin", "Võ Văn Trực"]
    assert head.post(url(db, people), data=said(people, reason="nghỉ phép")).location == url(db, people)
    row = page(head, url(db, people)).select_one("tbody tr").get_text(" ", strip=True)
    assert "Nguyễn Văn Tin Lê Thị Thông" in row and "09/05/2022 – 13/05/2022 sắp tới · nghỉ phép" in row


def test_everybody_for_himself(db: Session, people: Any, as_person: Any, page: Any) -> None:
    officer = as_person("officer_stttt")
    assert offered(page(officer, url(db, people)), "person") == ["Nguyễn Văn Tin"]
    assert officer.post(url(db, people), data=said(people)).status_code == 302
    forged = officer.post(url(db, people), data=said(people, person="head_stttt", stand_in="officer_stttt"))
    assert forged.status_code == 422, "another's absence is not offered"
    assert len(db.scalars(select(Acting)).all()) == 1


def test_ended_and_past(db: Session, people: Any, as_person: Any, page: Any) -> None:
    officer = as_person("officer_stttt")
    officer.post(url(db, people), data=said(people))
    acting = db.scalars(select(Acting.id)).one()
    assert officer.post(f"/nguoi-thay/{acting}/ket-thuc").location == url(db, people)
    shown = page(officer, url(db, people))
    assert "đã hủy trước khi bắt đầu" in shown.main.get_text() and shown.select("tbody tr") == []
    again = officer.post(f"/nguoi-thay/{acting}/ket-thuc")
    assert (again.status_code, "đã kết thúc trước đó" in again.text) == (409, True)
    assert as_person("officer_sct").post(f"/nguoi-thay/{acting}/ket-thuc").status_code == 403


def test_ended_for_somebody_of_no_agency(db: Session, people: Any, as_person: Any) -> None:
    as_person("officer_stttt").post(url(db, people), data=said(people))
    acting = db.scalars(select(Acting.id)).one()
    db.get_one(User, people["officer_stttt"].id).agency_id = None
    admin = as_person("admin")
    assert admin.post(f"/nguoi-thay/{acting}/ket-thuc").location == "/"
    again = admin.post(f"/nguoi-thay/{acting}/ket-thuc")
    assert (again.status_code, "đã kết thúc trước đó" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        ({"from_on": ""}, 422, "Hãy ghi ngày đầu vắng mặt"),
        ({"until_on": "2022-05-01"}, 409, "trước ngày đầu"),
        ({"from_on": "2022-05-01"}, 409, "đã qua"),
        ({"stand_in": "self"}, 409, "tự thay mình"),
        ({"reason": "x" * 301}, 422, "Tối đa 300 ký tự"),
    ],
)
def test_bad_input_gets_its_sentence(
    db: Session, people: Any, as_person: Any, more: dict[str, str], code: int, sentence: str
) -> None:
    if more.get("stand_in") == "self":
        more = {"stand_in": people["officer_stttt"].id}
    answer = as_person("head_stttt").post(url(db, people), data={**said(people), **more})
    assert answer.status_code == code
    shown = checked(parse(answer.text), "form")
    assert sentence in shown.select_one("[role=alert]").get_text()
    assert shown.select_one("#person option[selected]").get_text() == "Nguyễn Văn Tin"
    assert db.scalars(select(Acting)).all() == []


def test_the_agencys_page_says_it(db: Session, people: Any, as_person: Any, page: Any, client: FlaskClient) -> None:
    head = as_person("head_stttt")
    head.post(url(db, people), data=said(people, from_on="2022-05-05"))
    shown = page(head, url(db, people).removesuffix("/nguoi-thay")).select_one("aside.facts").get_text()
    assert "vắng mặt đến hết 13/05/2022, Lê Thị Thông thay" in shown
