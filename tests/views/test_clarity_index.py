"""/chua-ro: what lacks a person, a product or a date."""

from typing import Any

import pytest
from flask import Flask


def tabs(page: Any) -> list[str]:
    return [a.get_text(strip=True) for a in page.select(".tabs a")]


def test_three_lists_with_their_counts(as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), "/chua-ro")
    assert tabs(read)[0] == "Chưa rõ người (123)"
    assert len(read.select("tbody tr")) == 50
    assert read.select_one(".pages a[rel=next]")


def test_the_further_parts_of_the_six_are_counted_apart(as_person: Any, page: Any) -> None:
    names = [name.split(" (") for name in tabs(page(as_person("viewer"), "/chua-ro?lacks=authority"))]
    assert [name for name, _n in names[3:]] == [
        "Chưa nêu người phụ trách", "Chưa nêu người đứng đầu", "Chưa nêu sản phẩm", "Chưa rõ thẩm quyền",
    ]  # fmt: skip
    counts = {name: n.rstrip(")") for name, n in names}
    assert (counts["Chưa nêu người phụ trách"], counts["Chưa rõ thẩm quyền"]) == ("207", "207")


def test_each_line_says_what_is_missing_of_the_six(as_person: Any, page: Any) -> None:
    line = page(as_person("viewer"), "/chua-ro?lacks=person").select_one("tbody tr").get_text(" ")
    assert "/6; chưa nêu người phụ trách, " in line and "thẩm quyền" in line


@pytest.mark.parametrize("part", ["person", "work", "time", "product", "authority"])
def test_ticks_are_for_whoever_may_clear(part: str, as_person: Any, page: Any) -> None:
    for who, offered in (("monitor", True), ("viewer", False)):
        shown = page(as_person(who), f"/chua-ro?lacks={part}")
        assert bool(shown.select("input[form=pick]")) is offered
        assert bool(shown.select_one("form#pick button")) is offered


def test_all_of_a_page_are_ticked_without_a_script(as_person: Any, page: Any) -> None:
    client = as_person("monitor")
    every = page(client, "/chua-ro?lacks=person&document=KH2023").select_one("[data-tick=all]")["href"]
    shown = page(client, every)
    assert len(shown.select("input[form=pick][checked]")) == 50
    assert tabs(shown)[0] == "Chưa rõ người (55)"
    assert not page(client, shown.select_one("[data-tick=none]")["href"]).select("input[form=pick][checked]")


def test_every_page_once(as_person: Any, page: Any) -> None:
    client, seen, address = as_person("viewer"), [], "/chua-ro"
    while address:
        read = page(client, address)
        seen += [a["href"] for a in read.select("tbody .what a")]
        following = read.select_one(".pages a[rel=next]")
        address = following["href"] if following else None
    assert len(seen) == len(set(seen)) == 123


def test_narrowed_to_a_document(as_person: Any, page: Any) -> None:
    read = page(as_person("viewer"), "/chua-ro?document=KH2023&lacks=person")
    assert tabs(read)[0] == "Chưa rõ người (55)"
    assert all(who.get_text().startswith("KH 2023") for who in read.select("tbody .what .who"))


@pytest.mark.parametrize(
    ("who", "offered"), [("monitor", True), ("standing", True), ("head_stttt", False), ("viewer", False)]
)
def test_who_is_offered_the_form(who: str, offered: bool, as_person: Any, page: Any) -> None:
    assert bool(page(as_person(who), "/chua-ro").select("tbody a.btn")) is offered


def test_odd_input(as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    assert tabs(page(client, "/chua-ro?lacks=x&document=x&theme=x"))[0] == "Chưa rõ người (123)"
    page(client, "/chua-ro?after=x", status=404)


def test_a_long_list_costs_what_a_short_one_does(app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("monitor"), set()
    for address in ("/chua-ro?document=CT&lacks=person", "/chua-ro?document=KH2023&lacks=person"):
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
