"""/ban-giao/<id> and /ban-giao/bien-ban/<id>: everything a person holds, given over in one press, and the record of it."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker.models import Assignment, Handover, User

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2022, 5, 5))
CODES = ("TB1802:2.a", "TB1802:2.d#2")
GROUNDS = {
    "reason": "chuyển công tác",
    "basis_kind": "document",
    "basis_number": "7/QĐ-STTTT",
    "basis_on": "2022-05-04",
}


@pytest.fixture
def parts(db: Session, people: dict[str, Person]) -> list[Assignment]:
    """Two parts the officer answers for; the head heads the first."""
    found = [the_assignment(db, code) for code in CODES]
    for part in found:
        part.responsible_id = people["officer_stttt"].id
    found[0].head_id = people["head_stttt"].id
    db.commit()
    return found


@pytest.fixture
def head(as_person: Any) -> FlaskClient:
    return as_person("head_stttt")


def url(people: dict[str, Person]) -> str:
    return f"/ban-giao/{people['officer_stttt'].id}"


def form_of(client: FlaskClient, people: dict[str, Person], page: Any, **said: Any) -> dict[str, Any]:
    shown = page(client, url(people))
    found = {tag["name"]: tag.get("value", "") for tag in shown.select("main form input[name=seen]")}
    found |= {tag["name"]: "all" for tag in shown.select(".given select")}
    return {**found, **GROUNDS, "to_all": people["head_stttt"].id, **said}


def test_everything_on_one_page(
    db: Session, people: Any, head: FlaskClient, as_person: Any, parts: list[Assignment], page: Any
) -> None:
    officer = as_person("officer_stttt")
    said = {"seen": current(db, parts[0]).id, "text": "Chưa có định mức.", "level": "standing_body", "why": ""}
    assert officer.post(f"/phan-viec/{parts[0].id}/vuong-mac", data=said).status_code == 302
    shown = page(head, url(people))
    rows = [row.get_text(" ", strip=True) for row in shown.select(".given tbody tr")]
    assert len(rows) == 2 and all("người phụ trách" in row for row in rows)
    assert "Vướng mắc đã nêu, chưa khép lại (1)" in shown.select_one("aside.facts").get_text()
    assert people["officer_stttt"].name not in [o.get_text() for o in shown.select("#to_all option")]


def test_one_press_then_the_record(
    db: Session, people: Any, head: FlaskClient, parts: list[Assignment], page: Any
) -> None:
    said = form_of(head, people, page, **{f"responsible_{parts[1].id}": "nobody"})
    answer = head.post(url(people), data=said)
    record = db.scalars(select(Handover)).one()
    assert (answer.status_code, answer.location) == (302, f"/ban-giao/bien-ban/{record.id}")
    assert [db.get_one(Assignment, p.id).responsible_id for p in parts] == [people["head_stttt"].id, None]
    minutes = " ".join(page(head, answer.location).select_one(".minutes").get_text(" ", strip=True).split())
    for words in ("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Bên giao Nguyễn Văn Tin", "Bên nhận Lê Thị Thông", "chuyển công tác",
                  "7/QĐ-STTTT, 04/05/2022", "để trống", "BÊN GIAO (Ký, ghi rõ họ tên) Nguyễn Văn Tin",
                  "BÊN NHẬN (Ký, ghi rõ họ tên) Lê Thị Thông", "chưa triển khai 0%"):  # fmt: skip
        assert words in minutes, words
    history = page(head, f"/nhiem-vu/{parts[0].task_id}").select_one("ol.time").get_text()
    assert "Nguyễn Văn Tin bàn giao phần việc của" in history and "cho Lê Thị Thông" in history
    assert "không còn giữ phần việc nào" in page(head, url(people)).main.get_text()


def test_the_record_stays_as_it_was(
    db: Session, people: Any, head: FlaskClient, as_person: Any, parts: list[Assignment], page: Any
) -> None:
    head.post(url(people), data=form_of(head, people, page))
    said = {"seen": current(db, parts[0]).id, "progress": "70", "done": "Bảy phần", "difficulty": ""}
    as_person("officer_stttt").post(f"/phan-viec/{parts[0].id}/tien-do", data=said)
    assert "70%" not in page(head, "/ban-giao/bien-ban/1").select_one(".minutes").get_text()


def test_the_second_is_told(
    db: Session, people: Any, head: FlaskClient, as_person: Any, parts: list[Assignment], page: Any
) -> None:
    said = form_of(head, people, page)
    assert as_person("admin").post(url(people), data=said).status_code == 302
    answer = head.post(url(people), data=said)
    assert answer.status_code == 409
    shown = checked(parse(answer.text), "form")
    assert "vừa thay đổi" in shown.select_one("[role=alert]").get_text()
    assert shown.select(".given tbody tr") == [], "what is there now"
    assert len(db.scalars(select(Handover)).all()) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"to_all": ""}, "Hãy chọn người nhận bàn giao"),
        ({"reason": "  "}, "Hãy ghi lý do"),
        ({"reason": "x" * 1001}, "Tối đa 1.000 ký tự"),
        ({"basis_kind": ""}, "Hãy chọn căn cứ"),
        ({"to_all": "999999"}, "không có trong danh sách"),
    ],
)
def test_bad_input_gets_its_sentence(
    db: Session, people: Any, head: FlaskClient, parts: list[Assignment], page: Any, more: dict[str, str], sentence: str
) -> None:
    answer = head.post(url(people), data={**form_of(head, people, page), **more})
    assert answer.status_code == 422
    assert sentence in checked(parse(answer.text), "form").select_one("[role=alert]").get_text()
    assert db.scalars(select(Handover)).all() == []


def test_who_may(
    db: Session, people: Any, as_person: Any, head: FlaskClient, parts: list[Assignment], page: Any
) -> None:
    for who, code in (
        ("admin", 200),
        ("head_stttt", 200),
        ("officer_stttt", 403),
        ("officer_sct", 403),
        ("monitor", 403),
    ):
        assert (who, as_person(who).get(url(people)).status_code) == (who, code)
    head.post(url(people), data=form_of(head, people, page))
    for who, code in (
        ("admin", 200),
        ("head_stttt", 200),
        ("officer_stttt", 200),
        ("officer_sct", 404),
        ("viewer", 404),
    ):
        assert (who, as_person(who).get("/ban-giao/bien-ban/1").status_code) == (who, code)


def test_the_contact_passes_on(db: Session, people: Any, head: FlaskClient, parts: list[Assignment], page: Any) -> None:
    db.get_one(User, people["officer_stttt"].id).is_contact = True
    db.commit()
    assert "Đây là đầu mối duy nhất" in page(head, url(people)).main.get_text()
    head.post(url(people), data=form_of(head, people, page, contact=people["head_stttt"].id))
    contacts = db.scalars(select(User.name).where(User.is_contact)).all()
    assert contacts == ["Lê Thị Thông"]


def test_closing_an_account_leads_here_first(people: Any, as_person: Any, parts: list[Assignment], page: Any) -> None:
    admin = as_person("admin")
    shown = page(admin, f"/quan-tri/tai-khoan/{people['officer_stttt'].id}/ngung")
    assert [a.get_text() for a in shown.select(".notice.warn a.btn")] == ["Bàn giao trước"]
    assert (
        f"/quan-tri/tai-khoan/{people['officer_stttt'].id}/ngung"
        in page(admin, url(people)).select_one("aside a.btn")["href"]
    )
