"""/van-ban/<code>: the page one reads, each clause with the state of what it ordered."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Clause, Document, Task
from tracker.views.document import clause_anchor

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
E_CABINET = "dk-6-b"


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


def test_every_clause_stands_verbatim_under_its_anchor(db: Session, as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    for code in ("CT", "KH2023", "NQ05", "TB01", "TB1802"):
        read = page(client, f"/van-ban/{code}")
        clauses = db.scalars(select(Clause).join(Document).where(Document.code == code)).all()
        for clause in clauses:
            shown = read.find(id=clause_anchor(clause.code))
            for aside in shown.select("aside"):
                aside.extract()
            assert clause.text.replace(" ", "") in shown.get_text().replace(" ", "").replace("\n", ""), clause.code


def test_how_clear_it_is_and_what_lacks_each_part(as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    shown = page(client, "/van-ban/TB1802").select_one(".beside")
    assert words(shown).startswith("Đủ ba rõ: ") and "/ 16" in words(shown)
    links = {link.span.find_next("span").get_text(): link["href"] for link in shown.select("a")}
    assert links["thẩm quyền"] == "/nhiem-vu?clarity=authority&document=TB1802"
    for link in shown.select("a"):
        lacking = page(client, link["href"]).select_one("#found").get_text().split()[0]
        assert int(lacking) + int(link.b.get_text()) == 16, link


def test_the_deadline_is_marked_and_the_day_told(as_person: Any, page: Any) -> None:
    clause = page(as_person("viewer"), "/van-ban/TB1802?on=2022-05-05").find(id=E_CABINET)
    assert clause.select_one("mark").get_text() == "hoàn thành chậm nhất trong tháng 04/2022"
    assert clause.select_one(".chip.over").get_text(strip=True) == "Quá hạn 1 ngày"
    assert "hạn 30/04/2022, là ngày nghỉ, tính đến 04/05/2022" in words(clause.aside)
    assert "hot" in clause["class"]


def test_on_the_last_day_it_is_in_time(as_person: Any, page: Any) -> None:
    clause = page(as_person("viewer"), "/van-ban/TB1802?on=2022-05-04").find(id=E_CABINET)
    assert clause.select_one(".chip.soon").get_text(strip=True) == "Đến hạn hôm nay"
    assert "warm" in clause["class"]


def test_from_clause_to_task_on_the_same_day(db: Session, as_person: Any, page: Any) -> None:
    clause = page(as_person("viewer"), "/van-ban/TB1802?on=2022-05-05").find(id=E_CABINET)
    task_id = db.scalar(select(Task.id).where(Task.code == "TB1802:6.b"))
    assert clause.select_one(".go a")["href"] == f"/nhiem-vu/{task_id}?on=2022-05-05"


def test_a_collective_order_counts_its_agencies(as_person: Any, page: Any) -> None:
    chips = page(as_person("viewer"), "/van-ban/TB1802").find(id="dk-7").select(".chip")
    assert [chip.get_text(strip=True) for chip in chips] == ["0 / 31 cơ quan đã xong"] * 2


def test_contents_count_what_is_overdue(as_person: Any, page: Any) -> None:
    entries = page(as_person("viewer"), "/van-ban/TB1802?on=2022-05-05").select(".toc a")
    assert [(e["href"], e.b.get_text() if e.b else "") for e in entries][5] == ("#dk-6", "1 quá hạn")
    assert sum(bool(e.b) for e in entries) == 1


@pytest.mark.parametrize(
    ("who", "linked"), [("monitor", True), ("standing", True), ("officer_vp", False), ("viewer", False)]
)
def test_only_who_may_clear_is_led_to_the_form(who: str, linked: bool, as_person: Any, page: Any) -> None:
    aside = page(as_person(who), "/van-ban/KH2023").find(id="dk-III-5--2").aside
    assert "chưa rõ người, thời gian" in words(aside)
    assert bool([a for a in aside.select("a") if a["href"].startswith("/chua-ro/")]) is linked


def test_disagreements_and_misprints_are_told_beside_the_clause(as_person: Any, page: Any) -> None:
    aside = page(as_person("viewer"), "/van-ban/NQ05").find(id="dk-II-3-b--1").aside
    assert "Lưu ý D01" in words(aside)
    assert "/van-ban/KH2023#dk-II-2-1-2--1" in {a["href"] for a in aside.select("details a")}
    assert "Bản gốc in “Phân đầu”, đọc là “Phấn đấu”" in words(aside)
    assert "/chi-tieu#ct-" in aside.select_one(".target a")["href"]


def test_no_such_document(as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    for code in ("KH1999", "KH%00"):
        page(client, f"/van-ban/{code}", status=404)


def test_a_day_that_is_none_gets_a_sentence(as_person: Any, page: Any) -> None:
    assert "không phải là ngày" in words(page(as_person("viewer"), "/van-ban/TB1802?on=hom-qua").main)


def test_as_many_queries_for_nineteen_clauses_as_for_the_longest(
    app: Flask, as_person: Any, count_queries: Any
) -> None:
    client, needed = as_person("monitor"), set()
    for address in ("TB1802", "KH2023", "NQ05", "TB1802?on=2022-05-05"):
        with count_queries(app) as statements:
            assert client.get(f"/van-ban/{address}").status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed


def test_headings_skip_no_level(as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    for code in ("NQ05", "TB1802", "TB01", "CT", "KH2023"):
        depths = [int(heading.name[1]) for heading in page(client, f"/van-ban/{code}").main.select("h1, h2, h3, h4")]
        assert all(after <= before + 1 for before, after in pairwise(depths)), (code, depths)


def test_no_raw_code_of_a_clause_is_shown(as_person: Any, page: Any) -> None:
    client = as_person("monitor")
    for address in ("/van-ban/KH2023", "/chi-tieu", "/he-thong", "/chua-ro", "/cho-xac-nhan"):
        shown = words(page(client, address).main)
        assert not re.search(r"[\w.]\.-\d|KH2023:", shown), (address, re.findall(r".{20}[\w.]\.-\d.{9}", shown)[:3])
