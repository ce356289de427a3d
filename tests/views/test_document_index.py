"""/van-ban: the documents, what each prints of itself and how they hang together."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))


def test_five_documents_with_what_they_lack(as_person: Any, page: Any) -> None:
    rows = page(as_person("viewer"), "/van-ban").select(".documents > li")
    assert [row.select_one("h2 a")["href"] for row in rows] == [
        "/van-ban/NQ05", "/van-ban/TB1802", "/van-ban/TB01", "/van-ban/CT", "/van-ban/KH2023"
    ]  # fmt: skip
    text = rows[0].get_text(" ", strip=True)
    assert "không ghi trong bản gốc văn bản khác ghi: 05-NQ/TU" in " ".join(text.split())
    assert "72 nhiệm vụ · 110 điều khoản · 54 chỉ tiêu" in " ".join(text.split())


def test_how_clear_each_is_today(as_person: Any, page: Any) -> None:
    rows = page(as_person("viewer"), "/van-ban").select(".documents > li")
    assert ["Đủ ba rõ: " in row.get_text() and "/ 6 rõ" in row.get_text() for row in rows] == [True] * 5
    assert "Đủ ba rõ" not in page(as_person("viewer"), "/van-ban?on=2022-05-05").get_text()


def test_links_among_the_documents(as_person: Any, page: Any) -> None:
    plan = page(as_person("viewer"), "/van-ban").select(".documents > li")[4]
    assert "/van-ban/NQ05" in {a["href"] for a in plan.select(".what > p.who a")}


def test_before_a_document_it_orders_nothing(as_person: Any, page: Any) -> None:
    plan = page(as_person("viewer"), "/van-ban?on=2022-05-05").select(".documents > li")[4]
    assert "chưa giao việc" in plan.get_text()


def test_the_counts_are_those_of_the_day(as_person: Any, page: Any) -> None:
    notice = page(as_person("viewer"), "/van-ban?on=2022-05-05").select(".documents > li")[1]
    figures = [int(b.get_text()) for b in notice.select(".tallies b")]
    assert figures == [0, 0, 2, 1, 13]  # E-Cabinet was one working day late, two dates were still to come


def test_queries(app: Flask, as_person: Any, count_queries: Any) -> None:
    client = as_person("viewer")
    with count_queries(app) as statements:
        assert client.get("/van-ban").status_code == 200
    assert len(statements) <= 8, statements
