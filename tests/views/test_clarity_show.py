"""/chua-ro/<task id>: the form that clears what a document left open."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tracker.models import Agency, AgencyGroup, Assignment, Deadline, Task

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
BASIS = {"basis_kind": "document", "basis_number": "1234/UBND-VX", "basis_on": "2023-11-10", "seen": "0"}
PROPOSAL = {"basis_kind": "proposal", "basis_number": "", "basis_on": "", "seen": "0"}


def task(db: Session, code: str = "KH2023:III.5.-2") -> Task:
    return db.execute(select(Task).where(Task.code == code).execution_options(populate_existing=True)).scalar_one()


def url(db: Session, what: str, code: str = "KH2023:III.5.-2") -> str:
    return f"/chua-ro/{task(db, code).id}?what={what}"


def agency(db: Session, name: str = "Sở Thông tin và Truyền thông") -> str:
    return f"agency:{db.execute(select(Agency.id).where(Agency.name == name)).scalar_one()}"


def leads(db: Session) -> list[Assignment]:
    query = select(Assignment).where(Assignment.task_id == task(db).id, Assignment.role == "lead")
    return list(db.scalars(query.execution_options(populate_existing=True)))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("monitor", 200),
        ("standing", 200),
        ("officer_vp", 403),
        ("head_stttt", 403),
        ("leader", 403),
        ("viewer", 403),
        ("admin", 403),
    ],
)
def test_who_may_open_it(who: str, status: int, db: Session, as_person: Any, page: Any) -> None:
    page(as_person(who), f"/chua-ro/{task(db).id}", status=status)


def test_who_may_not_open_may_not_send(db: Session, as_person: Any) -> None:
    answer = as_person("viewer").post(url(db, "lead"), data={**BASIS, "to": agency(db)})
    assert answer.status_code == 403
    assert leads(db) == []


def test_a_lead_is_named_and_the_task_shows_the_basis(db: Session, as_person: Any, page: Any) -> None:
    client = as_person("monitor")
    answer = client.post(url(db, "lead"), data={**BASIS, "to": agency(db)})
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{task(db).id}")
    assert [(a.origin, a.basis) for a in leads(db)] == [("clarified", "1234/UBND-VX, 10/11/2023")]
    assert "1234/UBND-VX, 10/11/2023" in page(client, url(db, "person")).select_one("aside.facts").get_text()


def test_a_group_gets_a_part_each(db: Session, as_person: Any) -> None:
    group = db.execute(select(AgencyGroup.id).where(AgencyGroup.code == "all_districts")).scalar_one()
    assert as_person("standing").post(url(db, "lead"), data={**PROPOSAL, "to": f"group:{group}"}).status_code == 302
    assert [a.basis_kind for a in leads(db)] == ["proposal"] * 11


def test_a_proposal_shows_where_the_clause_is_read(db: Session, as_person: Any, page: Any) -> None:
    client = as_person("standing")
    client.post(url(db, "lead"), data={**PROPOSAL, "to": agency(db)})
    aside = page(client, "/van-ban/KH2023").find(id="dk-III-5--2").aside
    assert "đề xuất, chưa có văn bản giao" in aside.get_text()


def test_a_date_is_set(db: Session, as_person: Any) -> None:
    answer = as_person("monitor").post(
        url(db, "deadline"), data={**BASIS, "due_on": "2023-12-31", "wording": "trong năm 2023"}
    )
    assert answer.status_code == 302
    row = db.execute(select(Deadline).where(Deadline.task_id == task(db).id)).scalar_one()
    assert (row.kind, row.due_on, row.effective_on, row.wording) == (
        "assigned",
        date(2023, 12, 31),
        date(2024, 1, 2),
        "trong năm 2023",
    )


def test_a_product_is_said(db: Session, as_person: Any) -> None:
    answer = as_person("monitor").post(
        url(db, "deliverable"), data={**PROPOSAL, "deliverable": "Tám hệ thống vận hành"}
    )
    assert answer.status_code == 302
    assert (task(db).deliverable, task(db).deliverable_basis_kind) == ("Tám hệ thống vận hành", "proposal")


def test_who_decides_is_said(db: Session, as_person: Any, page: Any) -> None:
    client = as_person("standing")
    offered = page(client, url(db, "authority")).select("datalist option")
    assert "Chủ tịch UBND tỉnh" in [option["value"] for option in offered]
    answer = client.post(url(db, "authority"), data={**BASIS, "authority": " Giám đốc Sở Tài chính "})
    assert answer.status_code == 302
    found = task(db)
    assert (found.authority, found.has_authority, found.authority_basis) == (
        "Giám đốc Sở Tài chính", True, "1234/UBND-VX, 10/11/2023",
    )  # fmt: skip
    read = page(client, answer.location)
    assert "Cấp quyết định: Giám đốc Sở Tài chính" in read.select_one("aside.facts").get_text()
    assert "Làm rõ thẩm quyền: Giám đốc Sở Tài chính quyết định" in read.select_one("main").get_text()


def test_a_person_of_the_lead_is_named(db: Session, people: Any, as_person: Any) -> None:
    code = "TB1802:6.b"
    lead = db.execute(select(Assignment).join(Task).where(Task.code == code, Assignment.role == "lead")).scalar_one()
    choice = f"{lead.id}:{people['officer_vp'].id}"
    assert as_person("monitor").post(url(db, "person", code), data={**BASIS, "person": choice}).status_code == 302
    db.refresh(lead)
    assert (lead.responsible_id, lead.responsible_basis) == (people["officer_vp"].id, "1234/UBND-VX, 10/11/2023")


def test_the_second_is_told_and_keeps_what_was_typed(db: Session, as_person: Any) -> None:
    as_person("monitor").post(url(db, "deliverable"), data={**BASIS, "deliverable": "Báo cáo"})
    answer = as_person("standing").post(url(db, "deliverable"), data={**BASIS, "deliverable": "Quyết định"})
    assert answer.status_code == 409
    read = checked(parse(answer.text), "form")
    assert "Có người vừa làm rõ" in read.select_one("[role=alert]").get_text()
    assert read.textarea.get_text(strip=True) == "Quyết định"
    assert task(db).deliverable == "Báo cáo"
    again = {**BASIS, "deliverable": "Quyết định", "seen": read.find(attrs={"name": "seen"})["value"]}
    assert as_person("standing").post(url(db, "deliverable"), data=again).status_code == 302


@pytest.mark.parametrize(
    ("what", "said", "sentence"),
    [
        ("lead", {"to": ""}, "Hãy chọn cơ quan"),
        ("lead", {"to": "agency:1", "basis_kind": ""}, "Hãy chọn căn cứ"),
        ("lead", {"to": "agency:999999"}, ""),
        ("deadline", {"due_on": ""}, "Hãy ghi ngày cuối cùng phải xong"),
        ("deadline", {"due_on": "mai"}, "Hãy ghi một ngày có thật"),
        ("deadline", {"due_on": "2024-01-31", "basis_on": ""}, "Hãy ghi ngày của văn bản giao"),
        ("deadline", {"due_on": "2024-01-31", "basis_number": " "}, "Hãy ghi số, ký hiệu"),
        ("deadline", {"due_on": "2024-01-31", "basis_on": "2031-01-01"}, "chưa tới"),
        ("deliverable", {"deliverable": "  "}, "Hãy ghi sản phẩm"),
        ("authority", {"authority": "  "}, "Hãy ghi cấp quyết định"),
        ("authority", {"authority": "x" * 201}, "Tối đa 200 ký tự"),
        ("deliverable", {"deliverable": "x" * 1001}, "Tối đa 1.000 ký tự"),
    ],
)
def test_bad_input_gets_its_sentence(
    what: str, said: dict[str, str], sentence: str, db: Session, as_person: Any
) -> None:
    answer = as_person("monitor").post(url(db, what), data={**BASIS, **said})
    assert answer.status_code == 422
    assert sentence in checked(parse(answer.text), "form").select_one("[role=alert]").get_text()
    assert (task(db).has_lead, task(db).has_time) == (False, False)


def test_a_refusal_keeps_the_form(db: Session, as_person: Any) -> None:
    answer = as_person("monitor").post(url(db, "deadline", "TB1802:6.b"), data={**BASIS, "due_on": "2024-01-31"})
    assert answer.status_code == 409
    read = checked(parse(answer.text), "form")
    assert "30/04/2022" in read.select_one("[role=alert]").get_text()
    assert read.find(attrs={"name": "due_on"})["value"] == "2024-01-31"


@pytest.mark.parametrize("number", [999999, 99999999999])
def test_no_such_task(number: int, as_person: Any, page: Any) -> None:
    page(as_person("monitor"), f"/chua-ro/{number}", status=404)
