"""/co-quan: who leads how much, and how much of it is late."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))


def names(page: Any) -> list[str]:
    return [a.get_text() for a in page.select("table .what a")]


def test_those_who_lead_something_in_vietnamese_order(as_person: Any, page: Any) -> None:
    found = names(page(as_person("viewer"), "/co-quan"))
    assert found.index("Sở Tài chính") < found.index("Sở Xây dựng") < found.index("Văn phòng UBND tỉnh")
    assert "Chính phủ" not in found


def test_every_agency_when_asked(as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    assert page(client, "/co-quan").select_one("select[name=show] option[value=all]")
    assert "Chính phủ" in names(page(client, "/co-quan?show=all"))


def test_search_without_marks(as_person: Any, page: Any) -> None:
    assert names(page(as_person("viewer"), "/co-quan?q=so cong thuong")) == ["Sở Công Thương"]


def test_counts_of_a_past_day(as_person: Any, page: Any) -> None:
    row = page(as_person("viewer"), "/co-quan?q=so cong thuong&on=2022-05-05").select_one("tbody tr")
    in_time = row.find(attrs={"data-label": "Đang thực hiện, trong hạn"})
    assert in_time.get_text(strip=True) == "1"
    assert "on=2022-05-05" in in_time.a["href"]


@pytest.mark.parametrize("query", ["after=abc", "after=99999999999", "kind=%00", "q=%25"])
def test_odd_input_breaks_nothing(query: str, as_person: Any, page: Any) -> None:
    page(as_person("viewer"), f"/co-quan?{query}")


def test_one_row_costs_what_all_do(app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("viewer"), set()
    for address in ("/co-quan?show=all", "/co-quan?q=cong thuong"):
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
