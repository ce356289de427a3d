"""/he-thong: the register of systems."""

from typing import Any

import pytest
from flask import Flask


def rows(page: Any) -> list[Any]:
    return page.select("table.systems tbody tr")


def test_seventy_systems_with_their_clauses(as_person: Any, page: Any) -> None:
    found = rows(page(as_person("viewer"), "/he-thong"))
    assert len(found) == 70
    assert all(row.select_one(".what a") for row in found)
    assert "/van-ban/NQ05#dk-III-1-d--3" in {a["href"] for a in found[0].select("a")}


@pytest.mark.parametrize("query", ["state=operating", "kind=nền tảng", "q=lgsp"])
def test_filters_narrow(query: str, as_person: Any, page: Any) -> None:
    assert 0 < len(rows(page(as_person("viewer"), f"/he-thong?{query}"))) < 70


@pytest.mark.parametrize("query", ["state=x", "after=abc", "q=%25"])
def test_odd_input_breaks_nothing(query: str, as_person: Any, page: Any) -> None:
    page(as_person("viewer"), f"/he-thong?{query}")


def test_one_row_costs_what_all_do(app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("viewer"), set()
    for address in ("/he-thong", "/he-thong?q=gomeet"):
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
