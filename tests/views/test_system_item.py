"""/he-thong/<id> and the two forms of an item: who builds it by when, and how far it is."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tracker.models import Agency, Event, TaskItem

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
GIVEN = {
    "basis_kind": "document",
    "basis_number": "77/UBND-KGVX",
    "basis_on": "2023-11-01",
    "due_on": "2024-06-30",
    "seen": "1",
}


def an_item(db: Session) -> TaskItem:
    query = select(TaskItem).where(TaskItem.system_id.is_not(None)).order_by(TaskItem.id).limit(1)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def agency_id(db: Session, name: str = "Sở Công Thương") -> int:
    return db.execute(select(Agency.id).where(Agency.name == name)).scalar_one()


def test_the_page_of_a_system_leads_to_clauses_and_items(db: Session, as_person: Any, page: Any) -> None:
    found = an_item(db)
    read = page(as_person("monitor"), f"/he-thong/{found.system_id}")
    addresses = {a["href"] for a in read.select("main a")}
    assert f"/he-thong/hang-muc/{found.id}/giao" in addresses
    assert any(address.startswith("/van-ban/") and "#dk-" in address for address in addresses)


@pytest.mark.parametrize(
    ("who", "assign", "report"),
    [("monitor", 200, 200), ("standing", 200, 200), ("officer_sct", 403, 403), ("leader", 403, 403), ("viewer", 403, 403),
     ("admin", 403, 403)],
)  # fmt: skip
def test_who_may(who: str, assign: int, report: int, db: Session, as_person: Any) -> None:
    client, found = as_person(who), an_item(db).id
    assert client.get(f"/he-thong/hang-muc/{found}/giao").status_code == assign
    assert client.get(f"/he-thong/hang-muc/{found}/tinh-trang").status_code == report


def test_given_and_then_reported_by_its_agency(db: Session, as_person: Any) -> None:
    found = an_item(db)
    answer = as_person("monitor").post(f"/he-thong/hang-muc/{found.id}/giao", data={**GIVEN, "agency": agency_id(db)})
    assert (answer.status_code, answer.location) == (302, f"/he-thong/{found.system_id}")
    given = an_item(db)
    assert (given.due_on, given.effective_on, given.basis) == (
        date(2024, 6, 30),
        date(2024, 7, 1),
        "77/UBND-KGVX, 01/11/2023",
    )
    said = {"seen": given.version, "state": "done", "result_on": "2023-11-14"}
    assert as_person("officer_sct").post(f"/he-thong/hang-muc/{found.id}/tinh-trang", data=said).status_code == 302
    assert (an_item(db).state, an_item(db).result_on) == ("done", date(2023, 11, 14))
    assert as_person("officer_vp").post(f"/he-thong/hang-muc/{found.id}/tinh-trang", data=said).status_code == 403
    assert set(db.scalars(select(Event.verb).where(Event.noun == "task_item"))) == {"assign_item", "report_item"}


def test_the_second_is_told_and_keeps_what_was_typed(db: Session, as_person: Any) -> None:
    url = f"/he-thong/hang-muc/{an_item(db).id}/giao"
    as_person("monitor").post(url, data={**GIVEN, "agency": agency_id(db)})
    answer = as_person("standing").post(url, data={**GIVEN, "agency": "", "due_on": "2025-01-31"})
    assert answer.status_code == 409
    read = checked(parse(answer.text), url)
    assert "vừa được người khác cập nhật" in read.select_one("[role=alert]").get_text()
    assert read.find(attrs={"name": "due_on"})["value"] == "2025-01-31"
    assert read.find(attrs={"name": "seen"})["value"] == "2"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("due_on", "31/31/2024", "Hãy ghi một ngày có thật"), ("basis_number", "", "Hãy ghi số, ký hiệu văn bản giao"),
     ("basis_on", "", "Hãy ghi ngày của văn bản giao"), ("basis_kind", "", "Hãy chọn căn cứ"),
     ("basis_on", "2030-01-01", "chưa tới")],
)  # fmt: skip
def test_bad_input_gets_its_sentence(field: str, value: str, sentence: str, db: Session, as_person: Any) -> None:
    url = f"/he-thong/hang-muc/{an_item(db).id}/giao"
    answer = as_person("monitor").post(url, data={**GIVEN, "agency": agency_id(db), field: value})
    assert answer.status_code == 422
    assert sentence in checked(parse(answer.text), url).select_one("[role=alert]").get_text()
    assert an_item(db).version == 1


def test_no_such_thing(as_person: Any) -> None:
    client = as_person("monitor")
    for address in ("/he-thong/999999", "/he-thong/hang-muc/999999/giao", "/he-thong/hang-muc/99999999999/tinh-trang"):
        assert client.get(address).status_code == 404, address
