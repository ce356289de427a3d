"""/quan-tri/lich/nhap and de-xuat: a whole year at once, and the warning while the next one is missing."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_admin_calendar import confirmed, notice
from tracker.models import CalendarDay, Event
from tracker.queries.health import full_check

URL, IMPORT, PROPOSE = "/quan-tri/lich", "/quan-tri/lich/nhap", "/quan-tri/lich/de-xuat"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]
TABLE = """ngày;nghỉ/làm bù;tên;căn cứ
01/01/2029;nghỉ;Tết Dương lịch;Thông báo 1/TB-BNV
2/1/2029;nghỉ;Nghỉ hoán đổi (làm bù ngày 06/01/2029);Thông báo 1/TB-BNV

06-01-2029;Làm bù;Làm bù cho ngày 02/01/2029;Thông báo 1/TB-BNV
"""


def days(db: Session, year: int) -> list[tuple[str, bool, str, str | None]]:
    db.rollback()
    rows = db.scalars(select(CalendarDay).order_by(CalendarDay.day))
    return [(row.day.isoformat(), row.working, row.name, row.source) for row in rows if row.day.year == year]


def faults(text: str) -> list[str]:
    return [item.get_text() for item in parse(text).select("#faults li")]


def test_a_table_is_entered_and_again_changes_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    shown = admin.post(IMPORT, data={"table": TABLE})
    assert parse(shown.text).select_one("h2").get_text() == "3 ngày sẽ ghi"
    assert days(db, 2029) == []
    confirmed(admin, shown)
    source = "Thông báo 1/TB-BNV"
    assert days(db, 2029) == [
        ("2029-01-01", False, "Tết Dương lịch", source),
        ("2029-01-02", False, "Nghỉ hoán đổi (làm bù ngày 06/01/2029)", source),
        ("2029-01-06", True, "Làm bù cho ngày 02/01/2029", source),
    ]
    answer = admin.post(IMPORT, data={"table": TABLE})
    assert answer.location == f"{URL}?year=2029"
    assert notice(page, admin) == "Lịch đã đúng như vậy; không có gì để ghi."
    assert len(db.scalars(select(Event).where(Event.verb == "set_calendar_day")).all()) == 3


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_does_as_well(as_person: AsPerson, db: Session, name: str) -> None:
    admin = as_person("admin")
    sent = {"file": (BytesIO(TABLE.replace(";", "\t").encode(name)), "lich.csv")}
    confirmed(admin, admin.post(IMPORT, data=sent))
    assert len(days(db, 2029)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"PK\x03\x04\x00\xff\xfe",
            "Tập tin này không phải văn bản. Trong Excel, hãy lưu thành “CSV UTF-8” rồi chọn lại.",
        ),
        (b"x" * 70_000, "Tập tin lớn hơn 64 KB; lịch một năm chỉ có vài chục dòng."),
    ],
    ids=["no text", "large"],
)
def test_other_files_are_refused(as_person: AsPerson, content: bytes, said: str) -> None:
    answer = as_person("admin").post(IMPORT, data={"file": (BytesIO(content), "lich.xlsx")})
    assert answer.status_code == 422
    assert parse(answer.text).select_one("#file-error").get_text() == said


def test_nothing_sent(as_person: AsPerson) -> None:
    for sent in ({}, {"table": "  \n"}):
        answer = as_person("admin").post(IMPORT, data=sent)
        assert answer.status_code == 422
        assert parse(answer.text).select_one("#file-error").get_text() == "Hãy dán bảng hoặc chọn một tập tin."


def test_every_bad_row_is_named_and_nothing_written(as_person: AsPerson, db: Session) -> None:
    table = "\n".join(
        [
            "01/01/2029;nghỉ;Tết;TB", "30/02/2029;nghỉ;x;y", "hôm nay;nghỉ;x;y", "02/01/1999;nghỉ;x;y", "02/01/2029;ngủ;x;y",
            "02/01/2029;nghỉ;;y", "02/01/2029;nghỉ;x;", "01/01/2029;nghỉ;x;y", "02/01/2029;làm bù;x;y", "06/01/2029;làm bù;x;y",
            "07/01/2029;làm bù;Làm bù cho ngày 03/01/2029;y", f"04/01/2029;nghỉ;{'x' * 121};y", "một cột",
        ]
    )  # fmt: skip
    answer = as_person("admin").post(IMPORT, data={"table": table})
    assert answer.status_code == 422
    assert faults(answer.text) == [
        "Dòng 2: “30/02/2029” không phải ngày có thật; ví dụ đúng: 02/09/2027.",
        "Dòng 3: “hôm nay” không phải ngày có thật; ví dụ đúng: 02/09/2027.",
        "Dòng 4: “02/01/1999” ngoài các năm 2000 đến 2100.",
        "Dòng 5: “ngủ” không phải “nghỉ”, “làm bù” hay “bỏ”.",
        "Dòng 6: thiếu tên ngày.",
        "Dòng 7: thiếu căn cứ.",
        "Dòng 8: ngày này đã ghi ở dòng 1.",
        "Dòng 9: 02/01/2029 vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù.",
        "Dòng 10: tên ngày làm bù phải nêu ngày được nghỉ thay, ví dụ “Làm bù cho ngày 02/01/2026”.",
        "Dòng 11: ngày được nghỉ thay 03/01/2029 không phải ngày nghỉ từ thứ Hai đến thứ Sáu.",
        "Dòng 12: tên dài quá 120 hoặc căn cứ dài quá 300 ký tự.",
        "Dòng 13: thiếu cột; mỗi dòng gồm ngày, nghỉ hoặc làm bù, tên, căn cứ.",
    ]
    assert parse(answer.text).select_one("textarea").get_text().strip() == table
    assert days(db, 2029) == []


def test_what_people_edited_is_not_overwritten_unasked(as_person: AsPerson, db: Session) -> None:
    admin = as_person("admin")
    confirmed(admin, admin.post(IMPORT, data={"table": TABLE}))
    other = TABLE.replace("Tết Dương lịch", "Tết tây").replace("06-01-2029;Làm bù;", "01/05/2029;nghỉ;")
    shown = parse(admin.post(IMPORT, data={"table": other}).text)
    assert [heading.get_text() for heading in shown.select("h2")][:2] == [
        "1 ngày sẽ ghi", "1 ngày giữ nguyên vì đã có người sửa",
    ]  # fmt: skip
    again = shown.select_one(f'form[action="{IMPORT}"]')
    sent = {field["name"]: field["value"] for field in again.select("input[type=hidden]")}
    confirmed(admin, admin.post(IMPORT, data=sent))
    assert days(db, 2029)[0][2] == "Tết tây"


def test_a_year_without_a_working_day_is_refused(as_person: AsPerson, page: Read, db: Session) -> None:
    """The day on which a deadline of open work would count does not exist then."""
    admin, first = as_person("admin"), date(2022, 4, 1).toordinal()
    tables = [
        "\n".join(f"{date.fromordinal(first + n)}\tnghỉ\tx\ty" for n in range(start, start + 250)) for start in (0, 250)
    ]
    confirmed(admin, admin.post(IMPORT, data={"table": tables[0], "overwrite": "y"}))
    entered = days(db, 2022)
    assert admin.post(IMPORT, data={"table": tables[1], "overwrite": "y"}).location == URL
    assert notice(page, admin) == ("Lịch không còn ngày làm việc nào trong suốt một năm; xin xem lại các ngày nghỉ.")
    assert days(db, 2022) == entered


def test_the_proposal_is_checked_and_entered(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    shown = page(admin, f"{PROPOSE}?year=2029")
    boxes = shown.select("input[name=days]")
    ticked = {box["value"] for box in boxes if box.has_attr("checked")}
    assert {"2029-01-01", "2029-02-13", "2029-04-23", "2029-04-30", "2029-05-01", "2029-09-02"} <= ticked
    assert {box["value"] for box in boxes} - ticked == {"2029-11-24", "2029-11-26"}
    said = {label["for"]: label.get_text() for label in shown.select("#days label")}
    assert "Bộ luật Lao động, Điều 112" in said["day-2029-01-01"]
    assert "Đề xuất, cần văn bản" in said["day-2029-02-12"]
    assert "Chưa kiểm chứng" in said["day-2029-11-24"]
    url = f"{PROPOSE}?year=2029"
    empty = parse(admin.post(url, data={"days": sorted(ticked)}).text)
    assert empty.select_one("#source-error").get_text() == "Hãy ghi số, ký hiệu thông báo nghỉ lễ, tết của năm."
    confirmed(admin, admin.post(url, data={"days": sorted(ticked), "source": "TB 7/TB-BNV"}))
    assert {row[0] for row in days(db, 2029)} == ticked
    assert {row[3] for row in days(db, 2029)} == {"TB 7/TB-BNV"}
    left = {box["value"] for box in page(admin, url).select("input[name=days]")}
    assert left == {"2029-11-24", "2029-11-26"}


def test_a_day_not_proposed_is_refused(as_person: AsPerson) -> None:
    answer = as_person("admin").post(f"{PROPOSE}?year=2029", data={"days": ["2029-03-03"], "source": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize("year", ["abc", "1999", "9999999999"])
def test_a_strange_year(as_person: AsPerson, page: Read, year: str) -> None:
    assert page(as_person("admin"), f"{PROPOSE}?year={year}").h1 is not None


BEFORE, FROM = date(2026, 9, 30), date(2026, 10, 1)


@pytest.mark.parametrize(
    "warned",
    [
        pytest.param(False, marks=pytest.mark.config(REHEARSAL_DAY=BEFORE), id="september"),
        pytest.param(True, marks=pytest.mark.config(REHEARSAL_DAY=FROM), id="october"),
    ],
)
def test_the_next_year_is_asked_for_from_october(
    app: Flask, as_person: AsPerson, page: Read, db: Session, warned: bool
) -> None:
    admin = as_person("admin")
    assert page(admin, URL).select_one(".notice.warn") is None
    db.execute(delete(CalendarDay).where(CalendarDay.day >= date(2027, 1, 1)))
    for url in (URL, "/quan-tri"):
        shown = page(admin, url).select_one(".notice.warn")
        assert (shown is not None) == warned
        assert shown is None or shown.a["href"] == f"{PROPOSE}?year=2027"
    with app.app_context():
        assert {finding.code: finding.ok for finding in full_check(db)}["calendar"] is not warned
