"""/nhiem-vu/<id>/theo-doi and thoi-theo-doi: a leader follows a task, on its page and in the list."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tests.views.test_task_index import found, titles
from tests.views.test_task_show import the_task, url_of
from tracker import clock
from tracker.models import Event, Role, Star, User


def verbs(db: Session) -> list[str]:
    return list(db.scalars(select(Event.verb).where(Event.verb.in_(("star", "unstar"))).order_by(Event.id)))


def test_pressed_and_pressed_again(db: Session, as_person: Any, page: Any) -> None:
    leader, url = as_person("leader"), url_of(db)
    button = page(leader, url).select_one(".following button")
    assert (button.get_text(strip=True), button["aria-pressed"]) == ("Theo dõi", "false")
    assert leader.post(button.parent["action"]).location == url
    shown = page(leader, url)
    assert shown.select_one(".following button")["aria-pressed"] == "true"
    assert f"Bùi Thị Lãnh, từ {clock.today():%d/%m/%Y}" in " ".join(shown.select_one(".following").get_text().split())
    assert "Bùi Thị Lãnh" in page(as_person("viewer"), url).select_one(".following").get_text()
    assert page(as_person("viewer"), url).select_one(".following button") is None
    assert leader.post(shown.select_one(".following form")["action"]).location == url
    assert page(as_person("viewer"), url).select_one(".following") is None
    assert verbs(db) == ["star", "unstar"]


def test_twice_is_once(db: Session, as_person: Any) -> None:
    leader, url = as_person("leader"), url_of(db)
    for _turn in range(2):
        assert leader.post(f"{url}/theo-doi").status_code == 302
    assert (len(db.scalars(select(Star)).all()), verbs(db)) == (1, ["star"])
    for _turn in range(2):
        assert leader.post(f"{url}/thoi-theo-doi").status_code == 302
    assert (db.scalars(select(Star)).all(), verbs(db)) == ([], ["star", "unstar"])


def test_only_leaders(db: Session, as_person: Any) -> None:
    for key in ("officer_vp", "monitor", "standing", "viewer", "admin"):
        for act in ("theo-doi", "thoi-theo-doi"):
            assert (key, as_person(key).post(f"{url_of(db)}/{act}").status_code) == (key, 403)
    leader = as_person("leader")
    assert leader.post("/nhiem-vu/999999/theo-doi").status_code == 404
    assert leader.get(f"{url_of(db)}/theo-doi").status_code == 405


def test_a_row_is_marked_in_place_and_leads_back(db: Session, as_person: Any, page: Any) -> None:
    leader, url = as_person("leader"), "/nhiem-vu?document=TB1802&sort=document"
    shown = page(leader, url)
    button = shown.select_one("td.what button.star")
    assert button["aria-label"].startswith("Theo dõi: ") and button["aria-pressed"] == "false"
    form = shown.find("form", id=button["form"])
    sent = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    answer = leader.post(button["formaction"], data=sent)
    assert answer.location == url
    again = page(leader, url)
    assert [button["aria-pressed"] for button in again.select("td.what button.star")][:2] == ["true", "false"]
    reader = page(as_person("viewer"), url)
    assert reader.select_one("td.what button") is None
    assert [mark.get_text() for mark in reader.select("td.what .followed")] == ["Được lãnh đạo theo dõi"]


def test_nobody_is_led_to_another_site(db: Session, as_person: Any) -> None:
    for back in ("https://example.com/", "//example.com", "/\\example.com"):
        answer = as_person("leader").post(f"{url_of(db)}/theo-doi", data={"back": back})
        assert answer.location == url_of(db)


@pytest.fixture
def two_leaders(db: Session, people: dict[str, Person]) -> None:
    """Of two leaders each follows one task."""
    other = User(email="phochutich@tinh.gov.vn", name="Phó", role=Role.LEADER, password_hash="x", session_key="p",
                 created_at=clock.now())  # fmt: skip
    db.add(other)
    db.flush()
    for code, leader in (("TB1802:6.b", people["leader"].id), ("TB1802:2.a", other.id)):
        db.add(Star(task_id=the_task(db, code).id, user_id=leader, starred_at=clock.now()))


def test_a_leader_filters_by_own_stars_everybody_else_by_any(
    db: Session, two_leaders: None, as_person: Any, page: Any
) -> None:
    mine = page(as_person("leader"), "/nhiem-vu?star=1")
    assert titles(mine) == [the_task(db, "TB1802:6.b").short_title] and found(mine) == 1
    assert mine.select_one("select[name=star] option[selected]").get_text() == "Tôi theo dõi"
    for key in ("viewer", "officer_sct", "monitor"):
        listed = page(as_person(key), "/nhiem-vu?star=1")
        assert set(titles(listed)) == {the_task(db, code).short_title for code in ("TB1802:6.b", "TB1802:2.a")}
        assert found(listed) == 2
        assert listed.select_one("select[name=star] option[selected]").get_text() == "Lãnh đạo theo dõi"
    assert (
        "Theo dõi: không có “2”" in page(as_person("viewer"), "/nhiem-vu?star=2").select_one(".notice.bad").get_text()
    )
    exported = as_person("leader").get("/nhiem-vu.csv?star=1").text
    assert len(exported.strip().splitlines()) == 2


def test_yesterday_had_no_star(db: Session, two_leaders: None, as_person: Any, page: Any) -> None:
    past = page(as_person("leader"), "/nhiem-vu?document=TB1802&on=2022-05-05")
    assert past.select_one(".followed") is None and past.select_one("button.star") is None
    assert titles(page(as_person("viewer"), "/nhiem-vu?star=1&on=2022-05-05")) == []
    assert page(as_person("leader"), f"{url_of(db)}?on=2022-05-05").select_one(".following") is None


@pytest.mark.parametrize(("key", "more"), [("viewer", 0), ("leader", 1)])
def test_the_mark_costs_no_statement_a_row(
    app: Flask, db: Session, two_leaders: None, as_person: Any, count_queries: Any, key: str, more: int
) -> None:
    client: FlaskClient = as_person(key)
    seen = []
    for url in ("/nhiem-vu?star=1", "/nhiem-vu?document=TB1802"):
        with count_queries(app) as statements:
            assert client.get(url).status_code == 200
        seen.append([statement for statement in statements if statement.startswith("SELECT star.")])
    assert [len(told) for told in seen] == [more, more]
