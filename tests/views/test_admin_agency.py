"""/quan-tri/co-quan: the register of agencies, and the labels lists show."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import OFFICE, OTHER
from tests.views.test_admin_account import fields, sentences
from tracker.actions.agency import refresh_labels
from tracker.models import Agency, Assignment, Event, Task

URL = "/quan-tri/co-quan"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]
NEW = {
    "code": "so-khcn-moi", "name": "Sở Khoa học và Công nghệ mới", "short_name": "Sở KH&CN mới", "level": "tỉnh",
    "source_basis": "NQ 15/NQ-HĐND ngày 20/02/2025", "aliases": "Sở KHCN\n\n Sở  KHCN \nSKHCN", "valid_from": "2025-03-01",
}  # fmt: skip


def load(db: Session, name: str) -> Agency:
    return db.scalars(select(Agency).where(Agency.name == name).execution_options(populate_existing=True)).one()


def kind(db: Session) -> str:
    return db.scalars(select(Agency.kind).order_by(Agency.kind)).first() or ""


def test_list_is_searched_and_paged(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    total = len(db.scalars(select(Agency.id)).all())
    assert len(page(admin, URL).select("tbody tr")) == min(total, 100)
    found = [link.get_text() for link in page(admin, f"{URL}?q=cong+thuong").select("tbody td:first-child a")]
    assert OTHER in found
    assert page(admin, f"{URL}?q=khongcogi").select_one(".empty") is not None


def test_short_name_shows_in_every_list(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, agency = as_person("admin"), load(db, OFFICE)
    before = agency.short_name
    led = select(Task).join(Assignment).where(
        Assignment.agency_id == agency.id, Assignment.role == "lead", Assignment.origin == "named"
    )  # fmt: skip
    labels = {task.id: task.lead_label or "" for task in db.scalars(led)}
    assert labels and all(before in label for label in labels.values())
    sent = fields(page(admin, f"{URL}/{agency.id}"))
    answer = admin.post(f"{URL}/{agency.id}", data={**sent, "short_name": "VPUB", "aliases": "VP UBND\nvăn phòng"})
    assert answer.status_code == 302
    agency = load(db, OFFICE)
    assert (agency.short_name, agency.aliases, agency.edited) == ("VPUB", ["VP UBND", "văn phòng"], True)
    for task in db.scalars(led.execution_options(populate_existing=True)):
        assert task.lead_label == labels[task.id].replace(before, "VPUB")
        assert "vpub" in task.search_text
    event = db.scalars(select(Event).where(Event.verb == "edit_agency")).one()
    assert event.facts["changes"]["short_name"] == [before, "VPUB"]


def test_labels_as_loaded_are_those_written_anew(context: Session) -> None:
    labels = {t.id: (t.lead_label, t.coordinating_label) for t in context.scalars(select(Task))}
    refresh_labels(context(), list(labels))
    now = {t.id: (t.lead_label, t.coordinating_label) for t in context.scalars(select(Task))}
    assert {id: (labels[id], now[id]) for id in labels if labels[id] != now[id]} == {}


def test_lost_race_has_its_sentence(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, agency = as_person("admin"), load(db, OFFICE)
    sent = fields(page(admin, f"{URL}/{agency.id}"))
    agency.official_code = "H08.1"
    answer = admin.post(f"{URL}/{agency.id}", data={**sent, "short_name": "VPUB"})
    assert answer.status_code == 409
    assert sentences(answer.text) == [
        "Cơ quan này vừa được người khác sửa. Nội dung bạn nhập còn ở bên dưới; kiểm tra rồi lưu lại."
    ]
    assert load(db, OFFICE).short_name != "VPUB"


def test_new_agency(as_person: AsPerson, db: Session) -> None:
    answer = as_person("admin").post(f"{URL}/moi", data={**NEW, "kind": kind(db)})
    assert answer.status_code == 302
    agency = load(db, NEW["name"])
    assert (agency.code, agency.source, agency.edited, agency.aliases) == (
        NEW["code"],
        "person",
        True,
        ["Sở KHCN", "SKHCN"],
    )
    assert "so khoa hoc va cong nghe moi" in agency.search_text
    assert db.scalars(select(Event.verb).where(Event.noun_id == agency.id, Event.noun == "agency")).all() == [
        "add_agency"
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "Sở KHCN"}, ["Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ so-khcn."]),
        ({"code": ""}, ["Hãy nhập mã, ví dụ so-khcn."]),
        ({"name": ""}, ["Hãy nhập tên đầy đủ."]),
        ({"short_name": ""}, ["Hãy nhập tên ngắn."]),
        ({"source_basis": ""}, ["Hãy ghi số, ký hiệu văn bản thành lập."]),
        ({"level": "sao hoả"}, ["Lựa chọn này không có trong danh sách; hãy chọn lại."]),
        ({"valid_from": "31/02/2025"}, ["Hãy ghi một ngày có thật, dạng ngày/tháng/năm."]),
        ({"valid_to": "2025-03-01"}, ["Ngày thôi hoạt động phải sau ngày bắt đầu hoạt động."]),
    ],
)
def test_bad_input_has_its_sentence(as_person: AsPerson, db: Session, changes: dict[str, str], said: list[str]) -> None:
    answer = as_person("admin").post(f"{URL}/moi", data={**NEW, "kind": kind(db), **changes})
    assert (answer.status_code, sentences(answer.text)) == (422, said)


def test_taken_code_has_its_sentence(as_person: AsPerson, db: Session) -> None:
    code = load(db, OFFICE).code
    answer = as_person("admin").post(f"{URL}/moi", data={**NEW, "kind": kind(db), "code": code})
    assert (answer.status_code, sentences(answer.text)) == (
        409,
        [f"Mã {code} đã dùng cho cơ quan khác; hãy chọn mã khác."],
    )
