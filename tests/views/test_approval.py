"""/cho-duyet, /bao-cao/<id>/duyet, …/khong-duyet, …/rut-lai, /co-quan/<id>/duyet-ket-qua: the head of an agency approves first."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_reorganisation import carried_out, planned
from tests.pages import parse
from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.models import Acting, Agency, Event, ProgressReport

TASK = "TB1802:2.a"


@pytest.fixture
def asked(client: FlaskClient, db: Session, sign_in: Any) -> ProgressReport:
    """A result of officer_stttt that waits for head_stttt."""
    owed = the_assignment(db, TASK)
    owed.agency.needs_head_approval = True
    sign_in(client, "officer_stttt")
    sent = {"seen": current(db, owed).id, "result_on": "2022-05-05", "result_document": "12/BC", "done": "Đã làm."}
    answer = client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=sent, follow_redirects=True)
    assert "Đã trình lãnh đạo cơ quan duyệt" in answer.text
    return db.scalars(select(ProgressReport)).one()


def state(db: Session, report: ProgressReport) -> str:
    db.rollback()
    return current(db, report.assignment).state


def test_the_head_finds_it_and_approves(
    client: FlaskClient, asked: ProgressReport, db: Session, sign_in: Any, page: Any
) -> None:
    sign_in(client, "monitor")
    assert page(client, "/cho-xac-nhan").find(class_="empty") is not None
    assert "đang chờ lãnh đạo cơ quan duyệt" in page(client, f"/bao-cao/{asked.id}/quyet-dinh").get_text()
    assert client.post(f"/bao-cao/{asked.id}/xac-nhan").status_code == 409
    sign_in(client, "head_stttt")
    address = f"/bao-cao/{asked.id}/duyet"
    assert page(client, "/cho-duyet").select_one(f'a[href="{address}"]') is not None
    assert page(client, f"/nhiem-vu/{asked.task_id}").select_one(f'a[href="{address}"]') is not None
    assert "12/BC" in page(client, address).get_text()
    assert client.post(address).location == f"/nhiem-vu/{asked.task_id}"
    assert state(db, asked) == "awaiting_confirmation"
    assert client.post(address).status_code == 409
    sign_in(client, "monitor")
    assert "Lê Thị Thông" in page(client, f"/bao-cao/{asked.id}/quyet-dinh").get_text()


def test_declining_needs_a_reason(
    client: FlaskClient, asked: ProgressReport, db: Session, sign_in: Any, page: Any
) -> None:
    sign_in(client, "head_stttt")
    answer = client.post(f"/bao-cao/{asked.id}/khong-duyet", data={"reason": " "})
    assert answer.status_code == 422
    assert (
        parse(answer.text).find(id="reason-error").get_text() == "Hãy ghi lý do để người báo biết cần làm lại điều gì."
    )
    assert client.post(f"/bao-cao/{asked.id}/khong-duyet", data={"reason": "Thiếu phụ lục."}).status_code == 302
    assert state(db, asked) == "in_progress"
    sign_in(client, "officer_stttt")
    assert "Thiếu phụ lục." in page(client, f"/nhiem-vu/{asked.task_id}").get_text()


def test_who_stands_in_for_the_head_approves_too(
    client: FlaskClient, asked: ProgressReport, db: Session, people: dict[str, Person], sign_in: Any, page: Any
) -> None:
    address = f"/bao-cao/{asked.id}/duyet"
    assert (client.get(address).status_code, client.get("/cho-duyet").status_code) == (403, 403)
    today = clock.today()
    db.add(Acting(person_id=people["head_stttt"].id, acting_id=people["officer_stttt"].id, from_on=today, until_on=today,
                  made_by_id=people["admin"].id, made_at=clock.now()))  # fmt: skip
    assert page(client, "/cho-duyet").select_one(f'a[href="{address}"]') is not None
    assert client.post(address).status_code == 302
    assert state(db, asked) == "awaiting_confirmation"
    told = page(client, f"/nhiem-vu/{asked.task_id}/dien-bien").get_text(" ", strip=True)
    assert f"thay mặt {people['head_stttt'].name}" in told


def test_the_officer_takes_it_back_and_sends_another(
    client: FlaskClient, asked: ProgressReport, db: Session, page: Any
) -> None:
    owed = asked.assignment
    form = page(client, f"/phan-viec/{owed.id}/hoan-thanh")
    recall = f"/bao-cao/{asked.id}/rut-lai"
    assert form.select_one(f'form[action="{recall}"]') is not None
    sent = {"seen": current(db, owed).id, "result_on": "2022-05-06", "result_document": "13/BC", "done": "Đã sửa."}
    refused = client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=sent)
    assert refused.status_code == 409 and "hãy rút lại kết quả ấy trước" in refused.text
    assert client.post(recall).location == f"/nhiem-vu/{asked.task_id}"
    assert client.post(recall).status_code == 409
    sent["seen"] = current(db, owed).id
    assert client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=sent).status_code == 302


def merged(db: Session, asked: ProgressReport) -> None:
    """The agency goes into another one, with its work and its people."""
    with clock.on_day(date(2025, 3, 1)):
        carried_out(db, planned(db, "merge", (asked.assignment.agency.code, "so-khcn")))
    db.expire_all()


def test_a_successors_head_approves_what_waited(
    client: FlaskClient, asked: ProgressReport, db: Session, sign_in: Any, page: Any
) -> None:
    merged(db, asked)
    sign_in(client, "head_stttt")
    address = f"/bao-cao/{asked.id}/duyet"
    assert page(client, "/cho-duyet").select_one(f'a[href="{address}"]') is not None
    assert page(client, f"/nhiem-vu/{asked.task_id}").select_one(f'a[href="{address}"]') is not None
    assert client.post(address).location == f"/nhiem-vu/{asked.task_id}"
    assert state(db, asked) == "awaiting_confirmation"
    event = db.scalars(select(Event).where(Event.verb == "approve")).one()
    assert (event.agency_id, asked.agency_id) == (asked.assignment.agency_id, asked.assignment.named_agency_id)


def test_a_successor_takes_back_what_waited(
    client: FlaskClient, asked: ProgressReport, db: Session, sign_in: Any, page: Any
) -> None:
    merged(db, asked)
    sign_in(client, "officer_stttt")
    recall = f"/bao-cao/{asked.id}/rut-lai"
    assert page(client, f"/nhiem-vu/{asked.task_id}").select_one(f'form[action="{recall}"]') is not None
    assert client.post(recall).location == f"/nhiem-vu/{asked.task_id}"
    sent = {
        "seen": current(db, asked.assignment).id,
        "result_on": "2022-05-06",
        "result_document": "13",
        "done": "Sửa.",
    }
    assert client.post(f"/phan-viec/{asked.assignment_id}/hoan-thanh", data=sent).status_code == 302


def test_the_agency_says_whether_it_wants_it(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    agency = the_assignment(db, TASK).agency
    address = f"/co-quan/{agency.id}/duyet-ket-qua"
    sign_in(client, "head_stttt")
    assert "đang được gửi thẳng" in page(client, "/cho-duyet").get_text()
    assert client.post(address, data={"required": "1"}).location == "/cho-duyet"
    assert "phải qua lãnh đạo duyệt" in page(client, "/cho-duyet").get_text()
    db.refresh(agency)
    assert agency.needs_head_approval
    event = db.scalars(select(Event).where(Event.verb == "require_approval")).one()
    assert (event.noun_id, event.facts) == (agency.id, {"required": True})
    sign_in(client, "admin")
    form = page(client, f"/quan-tri/co-quan/{agency.id}")
    assert form.select_one("input[name=needs_head_approval][checked]") is not None
    sent = {"seen": form.select_one("[name=seen]")["value"], "short_name": agency.short_name}
    assert client.post(f"/quan-tri/co-quan/{agency.id}", data=sent).status_code == 302
    db.refresh(agency)
    assert not agency.needs_head_approval


def test_only_the_head_of_the_very_agency(
    client: FlaskClient, asked: ProgressReport, db: Session, sign_in: Any
) -> None:
    for person, code in (
        ("officer_stttt", 403),
        ("monitor", 403),
        ("leader", 403),
        ("officer_sct", 404),
        ("viewer", 404),
    ):
        sign_in(client, person)
        for address in (f"/bao-cao/{asked.id}/duyet", f"/bao-cao/{asked.id}/khong-duyet"):
            assert (person, client.post(address, data={"reason": "x"}).status_code) == (person, code)
    sign_in(client, "head_stttt")
    other = db.scalars(select(Agency.id).where(Agency.name == "Sở Công Thương")).one()
    assert client.post(f"/co-quan/{other}/duyet-ket-qua", data={"required": "1"}).status_code == 403
    assert client.post("/co-quan/999999/duyet-ket-qua").status_code == 404
