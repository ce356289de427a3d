"""/co-quan/<id>: one agency's numbers, work, people, successors."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))


def url(db: Session, name: str = "Văn phòng UBND tỉnh") -> str:
    return f"/co-quan/{db.scalar(select(Agency.id).where(Agency.name == name))}"


def text(page: Any) -> str:
    return " ".join(page.main.get_text(" ", strip=True).split())


def test_its_overdue_work_comes_first(db: Session, as_person: Any, page: Any) -> None:
    first = page(as_person("viewer"), url(db)).select_one("#viec tbody tr")
    assert "E-Cabinet" in first.select_one(".what a").get_text()
    assert first.select_one(".chip")["class"] == ["chip", "over"]


def test_how_clear_its_work_is(db: Session, as_person: Any, page: Any) -> None:
    shown = page(as_person("viewer"), url(db))
    leads = shown.select_one("#viec .tabs a").get_text().split("(")[1].rstrip(")")
    said = shown.select_one(".beside").get_text()
    assert "Đủ ba rõ: " in said and f"/ {leads}" in said
    assert "Đủ ba rõ" not in text(page(as_person("viewer"), url(db) + "?on=2022-05-05"))


def test_narrowed_to_one_class(db: Session, as_person: Any, page: Any) -> None:
    rows = page(as_person("viewer"), url(db) + "?timeliness=open_overdue").select("#viec tbody tr")
    assert rows and all(row.select_one(".chip.over") for row in rows)


@pytest.mark.parametrize(
    ("who", "shown"), [("monitor", True), ("admin", True), ("viewer", False), ("officer_vp", False)]
)
def test_addresses_are_for_few(who: str, shown: bool, db: Session, as_person: Any, page: Any) -> None:
    read = page(as_person(who), url(db))
    assert "Trần Thị Vân" in text(read)
    assert ("chuyenvien.vp@tinh.gov.vn" in read.find("aside", class_="facts").get_text()) is shown


def test_who_took_the_work_over(db: Session, as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), url(db, "Sở Thông tin và Truyền thông"))
    assert "Từ 01/03/2025 công việc chuyển cho Sở Khoa học và Công nghệ" in text(read)
    assert "190/2025/QH15" in text(read)


def test_named_only_collectively(db: Session, as_person: Any, page: Any) -> None:
    name = db.scalar(select(Agency.name).where(Agency.source == "collective").limit(1))
    assert "Văn bản chỉ gọi tên chung" in text(page(as_person("viewer"), url(db, name)))


@pytest.mark.parametrize("tail", ["?after=abc", "?after=2023-01-01_x"])
def test_a_place_that_is_none(tail: str, db: Session, as_person: Any, page: Any) -> None:
    page(as_person("viewer"), url(db) + tail, status=404)


@pytest.mark.parametrize("number", [999999, 99999999999])
def test_no_such_agency(number: int, as_person: Any, page: Any) -> None:
    page(as_person("viewer"), f"/co-quan/{number}", status=404)


def test_a_busy_agency_costs_what_an_idle_one_does(db: Session, app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("viewer"), set()
    for name in ("Sở Thông tin và Truyền thông", "Chính phủ"):
        address = url(db, name)
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
