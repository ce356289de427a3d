"""Whatever is typed into an address or a form gets a page or a sentence, on both databases; what is kept is plain text."""

import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tracker.actions.standing import current_assignment
from tracker.models import Agency, Assignment, AssignmentPeriod, ProgressReport, Task

AsPerson = Callable[[str], FlaskClient]
HUGE = "99999999999999999999"
ADDRESSES = [
    ("viewer", "/chi-tieu?year="), ("viewer", "/he-thong?after="), ("viewer", "/co-quan?after="), ("viewer", "/co-quan?q="),
    ("viewer", "/nhiem-vu?agency="), ("viewer", "/nhiem-vu?person="), ("viewer", "/nhiem-vu?document="), ("viewer", "/?on="),
    ("viewer", "/nhiem-vu?q="), ("viewer", "/chi-tieu?document="), ("monitor", "/nhac-viec?before="),
    ("monitor", "/cho-xac-nhan?after="), ("admin", "/quan-tri/tai-khoan?q="), ("admin", "/quan-tri/tai-khoan?after="),
    ("admin", "/quan-tri/co-quan?after=a&id="), ("admin", "/quan-tri/co-quan?after="), ("admin", "/quan-tri/lich?year="),
]  # fmt: skip
TYPED = (
    HUGE,
    "-" + HUGE,
    "9" * 5000,
    "2147483648",
    "%00",
    "a%00b",
    "0001-01-01",
    "0001-01-02",
    "9999-12-31",
    "0000-00-00",
    "%FF",
)


@pytest.mark.parametrize(("who", "address"), ADDRESSES)
def test_no_address_breaks_a_page(as_person: AsPerson, who: str, address: str) -> None:
    client = as_person(who)
    assert {text: client.get(address + text).status_code for text in TYPED} == dict.fromkeys(TYPED, 200)


@pytest.mark.parametrize("number", [HUGE, "2147483648"])
def test_no_number_of_a_message_breaks_a_page(as_person: AsPerson, number: str) -> None:
    assert as_person("monitor").get(f"/nhac-viec/tin/{number}").status_code == 404
    assert as_person("monitor").post(f"/nhac-viec/tin/{number}/gui-lai").status_code == 404


@pytest.mark.parametrize(("text", "shown"), [("0001-01-01", "không phải là ngày"), ("9999-12-31", "chưa tới")])
def test_a_day_out_of_time_has_its_sentence(as_person: AsPerson, page: Any, text: str, shown: str) -> None:
    assert shown in page(as_person("viewer"), f"/?on={text}").text


@pytest.fixture
def own(db: Session, people: dict[str, Person]) -> AssignmentPeriod:
    """An open assignment of officer_vp's agency."""
    agency = select(Agency.id).where(Agency.name == people["officer_vp"].agency).scalar_subquery()
    found = db.scalars(select(Assignment.id).where(Assignment.agency_id == agency, Assignment.role == "lead")).first()
    assert found is not None
    return current_assignment(db, found)


def test_a_report_is_kept_composed_and_visible(as_person: AsPerson, db: Session, own: AssignmentPeriod) -> None:
    said = unicodedata.normalize("NFD", "Đã ban hành\r\nQuyết định\u200b\u202e 🙂\x00")
    sent = {"seen": str(own.id), "progress": "40", "done": said, "difficulty": "\u200b"}
    assert as_person("officer_vp").post(f"/phan-viec/{own.assignment_id}/tien-do", data=sent).status_code == 302
    report = db.scalars(select(ProgressReport).where(ProgressReport.assignment_id == own.assignment_id)).one()
    assert (report.done, report.difficulty) == ("Đã ban hành\nQuyết định 🙂", None)


def test_a_report_nobody_could_see_is_none(as_person: AsPerson, own: AssignmentPeriod) -> None:
    sent = {"seen": str(own.id), "progress": "40", "done": "\u200b\ufeff\u202e"}
    answer = as_person("officer_vp").post(f"/phan-viec/{own.assignment_id}/tien-do", data=sent)
    assert answer.status_code == 422 and "Hãy ghi ngắn gọn việc đã làm trong kỳ." in answer.text


@pytest.mark.parametrize("name", ["seen", "progress", "done", "difficulty"])
def test_a_file_where_words_belong_is_nothing(as_person: AsPerson, own: AssignmentPeriod, name: str) -> None:
    sent = {"seen": str(own.id), "progress": "40", "done": "Đã ký", name: (BytesIO(b"x"), "x.txt")}
    answer = as_person("officer_vp").post(f"/phan-viec/{own.assignment_id}/tien-do", data=sent)
    assert answer.status_code == {"seen": 409, "difficulty": 302}.get(name, 422)


def test_what_was_seen_is_never_made_up(as_person: AsPerson, own: AssignmentPeriod) -> None:
    sent = {"progress": "40", "done": "Đã ký"}
    answer = as_person("officer_vp").post(f"/phan-viec/{own.assignment_id}/tien-do", data=sent)
    assert answer.status_code == 409 and "Đã ký" in answer.text


@pytest.mark.parametrize("body", [{"done": ["a\x00"], "progress": 40}, [1], "x", None])
def test_what_is_no_form_is_an_empty_form(as_person: AsPerson, own: AssignmentPeriod, body: object) -> None:
    answer = as_person("officer_vp").post(f"/phan-viec/{own.assignment_id}/tien-do", json=body)
    assert answer.status_code == 422 and "Hãy ghi ngắn gọn việc đã làm trong kỳ." in answer.text


@pytest.mark.parametrize("day", ["   ", "9999-12-31", "0202-03-01"])
def test_no_deadline_out_of_time(as_person: AsPerson, db: Session, day: str) -> None:
    task_id = db.scalars(select(Task.id).where(~Task.has_time, Task.kind == "task")).first()
    sent = {"seen": "0", "due_on": day, "wording": "a\x00b", "basis_kind": "proposal"}
    answer = as_person("monitor").post(f"/chua-ro/{task_id}?what=deadline", data=sent)
    assert answer.status_code == 422
    assert (
        "Hãy ghi ngày cuối cùng phải xong" if day.isspace() else "Năm phải trong khoảng 1900 đến 2100."
    ) in answer.text


def test_a_blank_choice_is_none_of_those_offered(as_person: AsPerson) -> None:
    sent = {"seen": "1", "agency": "   ", "basis_kind": "proposal", "due_on": "2023-05-05"}
    answer = as_person("monitor").post("/he-thong/hang-muc/1/giao", data=sent)
    assert answer.status_code == 422 and "Lựa chọn này không có trong danh sách" in answer.text


@pytest.mark.parametrize(
    "email", ["a@bảo.vn", "аdmin@tinh.gov.vn", "Tên <a@b.vn>", "a@b.vn\r\nBcc: c@d.vn", "a@b.vn,c@d.vn"]
)
def test_an_address_no_mail_can_reach_is_refused(as_person: AsPerson, email: str) -> None:
    sent = {"name": "A B", "role": "viewer", "agency_id": "0", "email": email}
    answer = as_person("admin").post("/quan-tri/tai-khoan/moi", data=sent)
    assert answer.status_code == 422 and "không phải địa chỉ thư" in answer.text


def test_a_note_of_several_lines_can_be_saved_again(as_person: AsPerson, db: Session, page: Any) -> None:
    """A browser sends line ends as CRLF, in the hidden version of what it showed too."""
    client, agency = as_person("admin"), db.scalars(select(Agency).order_by(Agency.id)).first()
    assert agency is not None
    agency.note = "một\nhai"
    form = page(client, f"/quan-tri/co-quan/{agency.id}").select_one("form:has([name=seen])")
    seen = form.select_one("[name=seen]")["value"].replace("\n", "\r\n")
    sent = {"seen": seen, "short_name": agency.short_name, "note": "một\r\nhai\r\nba"}
    assert client.post(f"/quan-tri/co-quan/{agency.id}", data=sent).status_code == 302
    db.refresh(agency)
    assert agency.note == "một\nhai\nba"
