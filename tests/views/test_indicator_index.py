"""/chi-tieu: the indicators by year and source, and where the sources disagree."""

from typing import Any

import pytest
from flask import Flask


def rows(page: Any) -> list[Any]:
    return page.select("tr[id^=ct-]")


def test_all_indicators_with_every_target(as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), "/chi-tieu")
    assert len(rows(read)) == 52
    assert len(read.select(".value")) == 128
    assert [h.get_text(" ", strip=True) for h in read.select("main h2")] == [
        "Chính quyền số 21 chỉ tiêu", "Kinh tế số 12 chỉ tiêu", "Xã hội số 14 chỉ tiêu", "Chung 5 chỉ tiêu"
    ]  # fmt: skip


def test_sources_stand_side_by_side(as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), "/chi-tieu?q=grdp&disputed=1")
    shown = [" ".join(v.get_text(" ", strip=True).split()) for v in rows(read)[0].select(".value.disputed")]
    assert "bằng 10% NQ 05, II.3.b, gạch đầu dòng 1 không khớp, D01" in shown
    assert "trên 10% CT thi đua, II.1.b, gạch đầu dòng 1 không khớp, D01" in shown
    assert "trên 20% KH 2023, II.2.2.2, gạch đầu dòng 1 không khớp, D01" in shown
    assert read.select_one(".sides details[open] summary").get_text(strip=True).startswith("Lưu ý D01")


def test_only_figures_that_contradict_each_other_are_called_a_mismatch(as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), "/chi-tieu?q=cong dich vu cong quoc gia")
    marks = {mark.get_text(strip=True) for mark in read.select(".value.disputed .proposal")}
    assert marks == {"lưu ý D16"}


@pytest.mark.parametrize(
    ("query", "least"),
    [("group=kinh tế số", 12), ("year=2030", 1), ("year=0", 1), ("document=TB01", 3), ("disputed=1", 5)],
)
def test_filters_narrow(query: str, least: int, as_person: Any, page: Any) -> None:
    found = rows(page(as_person("viewer"), f"/chi-tieu?{query}"))
    assert least <= len(found) < 52


def test_search_without_marks(as_person: Any, page: Any) -> None:
    found = rows(page(as_person("viewer"), "/chi-tieu?q=cap quang"))
    assert found and all("cáp quang" in row.th.get_text() for row in found)


def test_nothing_found_says_what_to_do(as_person: Any, page: Any) -> None:
    assert page(as_person("viewer"), "/chi-tieu?q=khong co dau").select_one(".empty a")["href"] == "/chi-tieu"


@pytest.mark.parametrize("query", ["year=abc", "group=x", "document=%00", "q=%25"])
def test_odd_input_breaks_nothing(query: str, as_person: Any, page: Any) -> None:
    page(as_person("viewer"), f"/chi-tieu?{query}")


def test_one_row_costs_what_all_do(app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("viewer"), set()
    for address in ("/chi-tieu", "/chi-tieu?q=grdp"):
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
