"""/nhiem-vu: the list, every filter a parameter of the address."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tracker.models import FOREVER, Agency, Assignment, Document, Task, TaskPeriod, TaskTheme, Theme, User


def titles(page: Page) -> list[str]:
    return [link.get_text(strip=True) for link in page.select("table.tasks td.what a")]


def notices(page: Page) -> list[str]:
    return [notice.get_text(strip=True) for notice in page.select(".notice.bad")]


def titled(db: Session, *codes: str) -> list[str]:
    return list(db.scalars(select(Task.short_title).where(Task.code.in_(codes)).order_by(Task.id)))


def found(page: Page) -> int:
    words = page.select_one("#found").get_text(" ", strip=True)
    return int(words.split()[0])


@pytest.fixture
def reader(client: FlaskClient, sign_in: Any) -> FlaskClient:
    return sign_in(client, "viewer")


def test_works(reader: FlaskClient, db: Session, page: Any) -> None:
    listed = page(reader, "/nhiem-vu")
    assert found(listed) == len(db.scalars(select(Task.id)).all())
    assert len(titles(listed)) == 50
    assert titles(listed)[0] == titled(db, "TB1802:6.b")[0]  # the oldest of what is open


def test_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/nhiem-vu?document=KH2023&sort=document")
    assert answer.status_code == 302
    assert answer.location.startswith("/dang-nhap?next=")


def test_wrong_method(reader: FlaskClient) -> None:
    assert reader.post("/nhiem-vu").status_code == 405


@pytest.mark.parametrize("sort", ["due", "updated", "document"])
@pytest.mark.parametrize("narrowed", ["", "&document=KH2023", "&kind=task&kind=solution"])
def test_pages_hold_every_task_once_and_lead_back(reader: FlaskClient, page: Any, sort: str, narrowed: str) -> None:
    shown = page(reader, f"/nhiem-vu?sort={sort}{narrowed}")
    all_of_it, first, pages = [], titles(shown), [titles(shown)]
    while link := shown.select_one(".pages a[rel=next]"):
        shown = page(reader, link["href"])
        pages.append(titles(shown))
    for part in pages:
        all_of_it += part
    assert len(all_of_it) == found(shown)
    assert len(pages) > 1
    for earlier in pages[-2::-1]:
        shown = page(reader, shown.select_one(".pages a[rel=prev]")["href"])
        assert titles(shown) == earlier
    assert titles(shown) == first
    assert shown.select_one(".pages a[rel=prev]") is None


def test_text_without_diacritics(reader: FlaskClient, db: Session, page: Any) -> None:
    listed = page(reader, "/nhiem-vu?q=chu+ky+so")
    marked = page(reader, "/nhiem-vu?q=Chữ+KÝ+số")
    wanted = [title for title, text in db.execute(select(Task.short_title, Task.search_text)) if "chu ky so" in text]
    assert wanted
    assert sorted(titles(listed)) == sorted(wanted) == sorted(titles(marked))
    assert listed.select_one("input[type=search][value='chu ky so']")


def test_text_is_no_pattern(reader: FlaskClient, page: Any) -> None:
    assert titles(page(reader, "/nhiem-vu?q=%25_%25")) == []


def test_agency_and_role(reader: FlaskClient, db: Session, page: Any) -> None:
    office = db.execute(select(Agency.id).where(Agency.name == "Sở Thông tin và Truyền thông")).scalar_one()
    for asked, roles in (
        ("", ("lead", "coordinate")),
        ("&role=lead", ("lead",)),
        ("&role=coordinate", ("coordinate",)),
    ):
        owed = select(Assignment.task_id).where(Assignment.agency_id == office, Assignment.role.in_(roles)).distinct()
        assert found(page(reader, f"/nhiem-vu?agency={office}{asked}")) == len(db.scalars(owed).all()) > 0


def test_document(reader: FlaskClient, db: Session, page: Any) -> None:
    tasks = db.scalars(select(Task.id).join(Document).where(Document.code == "TB1802")).all()
    listed = page(reader, "/nhiem-vu?document=TB1802")
    assert found(listed) == len(titles(listed)) == len(tasks)


def test_theme(reader: FlaskClient, db: Session, page: Any) -> None:
    theme = db.scalars(select(Theme).order_by(Theme.position)).first()
    assert theme is not None
    tasks = db.scalars(select(TaskTheme.task_id).where(TaskTheme.theme_id == theme.id)).all()
    assert found(page(reader, f"/nhiem-vu?theme={theme.code}")) == len(tasks) > 0


def test_kind(reader: FlaskClient, page: Any) -> None:
    assert [found(page(reader, f"/nhiem-vu?kind={kind}")) for kind in ("task", "solution", "standing_duty")] == [
        98,
        62,
        47,
    ]
    assert found(page(reader, "/nhiem-vu?kind=task&kind=solution")) == 160


def test_timeliness_takes_several(reader: FlaskClient, page: Any) -> None:
    late = found(page(reader, "/nhiem-vu?timeliness=open_overdue"))
    none = found(page(reader, "/nhiem-vu?timeliness=no_deadline"))
    assert late and none
    assert found(page(reader, "/nhiem-vu?timeliness=open_overdue&timeliness=no_deadline")) == late + none
    assert found(page(reader, "/nhiem-vu?timeliness=open_overdue&document=TB1802")) == 3


def test_state(reader: FlaskClient, db: Session, page: Any) -> None:
    assert titles(page(reader, "/nhiem-vu?state=paused")) == []
    task_id = db.execute(select(Task.id).where(Task.code == "TB1802:4")).scalar_one()
    period = db.execute(
        select(TaskPeriod).where(TaskPeriod.task_id == task_id, TaskPeriod.valid_to == FOREVER)
    ).scalar_one()
    period.state = "paused"
    assert titles(page(reader, "/nhiem-vu?state=paused")) == titled(db, "TB1802:4")


def test_period_of_the_deadline_is_that_of_the_document(reader: FlaskClient, db: Session, page: Any) -> None:
    april = page(reader, "/nhiem-vu?from=2022-04-01&to=2022-04-30")  # it counts until 04/05
    assert titles(april) == titled(db, "TB1802:6.b")
    assert titles(page(reader, "/nhiem-vu?from=2022-05-01&to=2022-05-31")) == []


def test_person(reader: FlaskClient, db: Session, page: Any) -> None:
    person = db.execute(select(User).where(User.email == "chuyenvien.vp@tinh.gov.vn")).scalar_one()
    owed = db.execute(select(Assignment).join(Task).where(Task.code == "TB1802:6.b")).scalar_one()
    owed.responsible_id = person.id
    assert titles(page(reader, f"/nhiem-vu?person={person.id}")) == titled(db, "TB1802:6.b")


def test_clarity(reader: FlaskClient, db: Session, page: Any) -> None:
    for part, column in (("person", Task.has_lead), ("work", Task.has_work), ("time", Task.has_time)):
        assert (
            found(page(reader, f"/nhiem-vu?clarity={part}"))
            == len(db.scalars(select(Task.id).where(~column)).all())
            > 0
        )
    assert found(page(reader, "/nhiem-vu?clarity=person")) == 123


def test_clarity_of_the_six(reader: FlaskClient, db: Session, page: Any) -> None:
    task = db.execute(select(Task).where(Task.code == "TB1802:6.b")).scalar_one()
    task.has_responsible = task.has_head = task.has_authority = True
    for part in ("responsible", "head", "authority"):
        assert found(page(reader, f"/nhiem-vu?clarity={part}")) == 206
    product = len(db.scalars(select(Task.id).where(Task.deliverable.is_(None))).all())
    assert found(page(reader, "/nhiem-vu?clarity=product")) == product > 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("agency=999999", "Cơ quan: không có “999999”, nên không lọc theo giá trị này."),
        ("document=KH1999", "Văn bản: không có “KH1999”, nên không lọc theo giá trị này."),
        ("theme=x", "Lĩnh vực: không có “x”, nên không lọc theo giá trị này."),
        ("timeliness=late", "Kết quả: không có “late”, nên không lọc theo giá trị này."),
        ("state=gone", "Trạng thái: không có “gone”, nên không lọc theo giá trị này."),
        ("kind=x", "Loại: không có “x”, nên không lọc theo giá trị này."),
        ("from=31/12/2023", "Hạn từ ngày: không có “31/12/2023”, nên không lọc theo giá trị này."),
        ("to=x", "Hạn đến ngày: không có “x”, nên không lọc theo giá trị này."),
        ("person=0", "Người phụ trách: không có “0”, nên không lọc theo giá trị này."),
        ("clarity=x", "Chưa rõ: không có “x”, nên không lọc theo giá trị này."),
        ("role=boss", "Vai trò: không có “boss”, nên không lọc theo giá trị này."),
        ("sort=x", "Sắp xếp: không có “x”, nên không lọc theo giá trị này."),
        ("after=x", "Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."),
        ("after=0_2022-13-40_1", "Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."),
        ("before=0_2022-01-01_99999999999", "Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."),
    ],
)
def test_what_is_not_understood_is_said_and_ignored(reader: FlaskClient, page: Any, asked: str, sentence: str) -> None:
    listed = page(reader, f"/nhiem-vu?{asked}")
    assert notices(listed) == [sentence]
    assert found(listed) == 207


def test_reversed_period_is_said(reader: FlaskClient, page: Any) -> None:
    listed = page(reader, "/nhiem-vu?from=2023-01-01&to=2022-01-01")
    assert notices(listed) == ["Khoảng thời hạn bị ngược: “từ ngày” sau “đến ngày”, nên không có nhiệm vụ nào."]
    assert "Không nhiệm vụ nào khớp với các bộ lọc." in listed.select_one(".empty").get_text()


def test_past_day(reader: FlaskClient, db: Session, page: Any) -> None:
    title = titled(db, "TB1802:6.b")[0]
    for day, chip in (("2022-05-05", "Quá hạn 1 ngày"), ("2022-05-04", "Đến hạn hôm nay")):
        listed = page(reader, f"/nhiem-vu?on={day}&q=E-Cabinet&document=TB1802")
        row = next(row for row in listed.select("table.tasks tbody tr") if title in row.get_text())
        assert row.select_one(".chip").get_text(strip=True) == chip
        assert row.select_one("a")["href"].endswith(f"?on={day}")
    before = page(reader, "/nhiem-vu?on=2020-01-01")
    assert found(before) == 0
    assert "Chưa có nhiệm vụ nào vào ngày này." in before.select_one(".empty").get_text()


def test_address_is_kept_whole(reader: FlaskClient, page: Any) -> None:
    listed = page(reader, "/nhiem-vu?kind=task&kind=solution&on=2026-01-05")
    later = listed.select_one(".pages a[rel=next]")["href"]
    assert all(part in later for part in ("kind=task", "kind=solution", "on=2026-01-05", "after="))
    hidden = listed.select("details.on-day input[type=hidden]")
    assert [(field["name"], field["value"]) for field in hidden] == [("kind", "task"), ("kind", "solution")]


def test_same_queries_for_one_row_and_for_many(
    app: Flask, reader: FlaskClient, db: Session, count_queries: Any
) -> None:
    seen = []
    for url in (
        "/nhiem-vu?from=2022-04-01&to=2022-04-30",
        "/nhiem-vu?from=2022-01-01&to=2025-12-30",
        "/nhiem-vu?kind=task",
    ):
        with count_queries(app) as statements:
            assert reader.get(url).status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1]
    assert max(seen) <= 12


def test_csv_holds_what_is_filtered(reader: FlaskClient, db: Session) -> None:
    answer = reader.get("/nhiem-vu.csv?document=TB1802&on=2022-05-05")
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffVăn bản,Điều khoản,Nhiệm vụ,")
    lines = text.strip().split("\r\n")
    assert len(lines) == 1 + len(db.scalars(select(Task.id).join(Document).where(Document.code == "TB1802")).all())
    cabinet = next(line for line in lines if "E-Cabinet" in line)
    assert cabinet.endswith('2022-04-30,2022-05-04,"Đang thực hiện, quá hạn",1,chưa triển khai,2022-05-05,,')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", "\r", "\n=", " ="])
def test_csv_is_no_formula(reader: FlaskClient, db: Session, start: str) -> None:
    task = db.execute(select(Task).where(Task.code == "TB1802:6.b")).scalar_one()
    task.short_title = f"{start}HYPERLINK(x)"
    assert f"'{start}HYPERLINK" in reader.get("/nhiem-vu.csv?document=TB1802").get_data(as_text=True)


def test_title_is_escaped(reader: FlaskClient, db: Session, page: Any) -> None:
    task = db.execute(select(Task).where(Task.code == "TB1802:6.b")).scalar_one()
    task.short_title = "<script>alert(1)</script>"
    assert titles(page(reader, "/nhiem-vu?from=2022-04-01&to=2022-04-30")) == ["<script>alert(1)</script>"]
    assert date(2022, 4, 30) == task.deadlines[0].due_on
