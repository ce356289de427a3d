"""/phan-viec/<id>/nguoi-phu-trach: who answers for one assignment, and what the page of the task says of it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.views.test_report_new import the_assignment
from tracker.models import Assignment, Event, Message

CODE = "TB1802:2.a"
PROPOSAL = {"basis_kind": "proposal"}
ORDER = {"basis_kind": "document", "basis_number": "12/QĐ-STTTT", "basis_on": "2022-05-04"}


def url(db: Session) -> str:
    return f"/phan-viec/{the_assignment(db, CODE).id}/nguoi-phu-trach"


def facts(page: Any, client: FlaskClient, db: Session, tail: str = "") -> str:
    shown = page(client, f"/nhiem-vu/{the_assignment(db, CODE).task_id}{tail}")
    return " ".join(shown.select_one("aside.facts").get_text(" ", strip=True).split())


@pytest.fixture
def head(as_person: Any) -> FlaskClient:
    return as_person("head_stttt")


def said(db: Session, people: Any, **more: str) -> dict[str, Any]:
    return {**PROPOSAL, "seen": 0, "responsible": people["officer_stttt"].id, "head": people["head_stttt"].id, **more}


def test_the_head_names_both(db: Session, people: Any, head: FlaskClient, page: Any) -> None:
    form = page(head, url(db))
    names = [option.get_text() for option in form.find(id="responsible").select("option")]
    assert names == ["Chưa nêu", "Lê Thị Thông", "Nguyễn Văn Tin", "Võ Văn Trực"], "the agency's, its leaders first"
    answer = head.post(url(db), data=said(db, people))
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{the_assignment(db, CODE).task_id}")
    shown = facts(page, head, db)
    assert "Người phụ trách: Nguyễn Văn Tin đề xuất, chưa có văn bản giao" in shown
    assert "Người đứng đầu chịu trách nhiệm: Lê Thị Thông đề xuất, chưa có văn bản giao" in shown
    assert db.scalars(select(Message.recipient_id)).all() == [people["officer_stttt"].id]
    history = page(head, f"/nhiem-vu/{the_assignment(db, CODE).task_id}").select_one("ol.time").get_text()
    assert "người phụ trách Nguyễn Văn Tin; người đứng đầu chịu trách nhiệm Lê Thị Thông" in history


def test_a_day_before_shows_nobody(db: Session, people: Any, head: FlaskClient, page: Any) -> None:
    head.post(url(db), data=said(db, people, **ORDER))
    assert "Người phụ trách: Nguyễn Văn Tin theo 12/QĐ-STTTT, 04/05/2022" in facts(page, head, db)
    assert "Chưa nêu người phụ trách" in facts(page, head, db, "?on=2022-05-05")


def test_the_second_is_told_and_keeps_the_choice(db: Session, people: Any, head: FlaskClient, as_person: Any) -> None:
    head.post(url(db), data=said(db, people))
    answer = as_person("monitor").post(url(db), data=said(db, people, responsible=str(people["standing"].id)))
    assert answer.status_code == 409
    shown = checked(parse(answer.text), "form")
    assert "vừa được người khác ghi lại" in shown.select_one("[role=alert]").get_text()
    assert "Người phụ trách: Nguyễn Văn Tin" in shown.main.get_text()
    assert shown.select_one("#responsible option[selected]").get_text() == "Võ Văn Trực"
    again = said(db, people, responsible=str(people["standing"].id), seen=shown.find(id="seen")["value"])
    assert as_person("monitor").post(url(db), data=again).status_code == 302
    assert db.get_one(Assignment, the_assignment(db, CODE).id).responsible_id == people["standing"].id


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"basis_kind": ""}, "Hãy chọn căn cứ"),
        ({"basis_kind": "document"}, "Hãy ghi số, ký hiệu văn bản giao"),
        ({"responsible": "999999"}, "không có trong danh sách"),
        ({"responsible": "x"}, "không có trong danh sách"),
    ],
)
def test_bad_input_gets_its_sentence(
    db: Session, people: Any, head: FlaskClient, more: dict[str, str], sentence: str
) -> None:
    answer = head.post(url(db), data=said(db, people, **more))
    assert answer.status_code == 422
    assert sentence in checked(parse(answer.text), "form").select_one("[role=alert]").get_text()
    assert db.scalars(select(Event).where(Event.verb == "name_people")).all() == []


def test_nobody_is_no_naming(db: Session, people: Any, head: FlaskClient) -> None:
    answer = head.post(url(db), data=said(db, people, responsible="nobody", head="nobody"))
    assert (answer.status_code, "chưa chọn ai" in answer.text) == (409, True)


def test_the_link_is_for_those_who_may(db: Session, as_person: Any) -> None:
    task = the_assignment(db, CODE).task_id
    for who, shown in (("head_stttt", True), ("monitor", True), ("officer_stttt", False), ("viewer", False)):
        client = as_person(who)
        assert (who, url(db) in client.get(f"/nhiem-vu/{task}").text) == (who, shown)
        assert url(db) not in client.get(f"/nhiem-vu/{task}?on=2022-05-05").text
