"""/quan-tri/lanh-dao-phu-trach: which leader of the province is in charge of each agency."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import OTHER, STANDING, Person
from tests.views.test_admin_account import sentences
from tracker import clock
from tracker.models import Agency, Event, LeaderInCharge, User
from tracker.queries.recipient import above

URL = "/quan-tri/lanh-dao-phu-trach"
BASIS = "Quyết định 05/QĐ-UBND ngày 10/01/2022"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 20)):
        yield


def agency(db: Session, name: str) -> int:
    return db.scalars(select(Agency.id).where(Agency.name == name)).one()


def table(client: FlaskClient, page: Read, query: str = "?q=so") -> dict[str, str]:
    """Return what the page's table would send."""
    form = page(client, f"{URL}{query}").select_one("main form[method=post]")
    found = {tag["name"]: tag.get("value", "") for tag in form.select("input")}
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]")
        found[choice["name"]] = chosen["value"] if chosen else ""
    return found


def held(db: Session) -> dict[int, int]:
    return {
        row.agency_id: row.leader_id
        for row in db.scalars(select(LeaderInCharge).execution_options(populate_existing=True))
    }


def test_leaders_are_chosen_in_one_table(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    admin, ours, other, leader = as_person("admin"), agency(db, STANDING), agency(db, OTHER), people["leader"]
    sent = {**table(admin, page), f"leader-{ours}": str(leader.id), f"leader-{other}": str(leader.id), "basis": BASIS}
    assert admin.post(URL, data=sent).status_code == 302
    assert held(db) == {ours: leader.id, other: leader.id}
    assert above(db).in_charge == held(db)
    told = db.scalars(select(Event).where(Event.verb == "put_in_charge").order_by(Event.noun_id)).all()
    assert {event.noun_id: event.facts for event in told} == {
        number: {"basis": BASIS, "changes": {"leader": [None, leader.name]}} for number in (ours, other)
    }
    assert f"{BASIS}" in page(admin, URL).get_text()
    said = page(as_person("viewer"), f"/co-quan/{ours}").get_text()
    assert f"Lãnh đạo UBND tỉnh phụ trách: {leader.name} ({BASIS})" in said
    short = db.get_one(Agency, ours).short_name
    assert f"ghi lãnh đạo phụ trách {short}: chưa ghi → {leader.name}" in page(admin, "/quan-tri").get_text()


def test_a_leader_is_taken_away_again(as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]) -> None:
    admin, ours = as_person("admin"), agency(db, STANDING)
    db.add(LeaderInCharge(agency_id=ours, leader_id=people["leader"].id))
    assert admin.post(URL, data={**table(admin, page), f"leader-{ours}": ""}).status_code == 302
    assert held(db) == {}
    [event] = db.scalars(select(Event).where(Event.verb == "put_in_charge")).all()
    assert event.facts["changes"] == {"leader": [people["leader"].name, None]}
    assert "Lãnh đạo UBND tỉnh phụ trách" not in page(admin, f"/co-quan/{ours}").get_text()


def test_the_table_as_it_stands_changes_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    assert admin.post(URL, data=table(admin, page)).status_code == 302
    assert held(db) == {}
    assert db.scalars(select(Event).where(Event.verb == "put_in_charge")).all() == []


def test_only_leaders_in_office_are_told(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    ours = agency(db, STANDING)
    db.add(LeaderInCharge(agency_id=ours, leader_id=people["leader"].id))
    db.get_one(User, people["leader"].id).active = False
    db.flush()
    assert above(db).in_charge == {}
    shown = page(as_person("admin"), f"{URL}?q=thong+tin+truyen+thong").get_text()
    assert "Chưa có tài khoản nào của lãnh đạo UBND tỉnh" in shown, "he was the only one"
    assert "Lãnh đạo UBND tỉnh phụ trách" not in page(as_person("viewer"), f"/co-quan/{ours}").get_text()


def test_who_was_overtaken_loses_nothing_and_overwrites_nothing(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    admin, ours, other = as_person("admin"), agency(db, STANDING), agency(db, OTHER)
    sent = {**table(admin, page), f"leader-{ours}": str(people["leader"].id), "once": "a" * 22}
    second = User(email="pct@tinh.gov.vn", name="Lý Văn Chính", role="leader", password_hash="x", session_key="s",
                  created_at=db.get_one(User, people["leader"].id).created_at)  # fmt: skip
    db.add(second)
    db.flush()
    db.add_all([LeaderInCharge(agency_id=number, leader_id=second.id) for number in (ours, other)])
    db.flush()
    answer = admin.post(f"{URL}?q=so", data=sent)
    assert answer.status_code == 409
    short = db.get_one(Agency, ours).short_name
    assert sentences(answer.text, URL) == [
        f"Lãnh đạo phụ trách {short} vừa được người khác ghi. Chưa lưu gì; xin xem lại rồi lưu."
    ]
    shown = BeautifulSoup(answer.text, "html.parser")
    chosen = {
        number: shown.select_one(f"select[name=leader-{number}] option[selected]")["value"] for number in (ours, other)
    }
    assert chosen == {ours: str(people["leader"].id), other: str(second.id)}, "only what was typed is kept"
    assert held(db) == {ours: second.id, other: second.id}


@pytest.mark.parametrize("value", ["999999", "x", "-1", str(2**63), "1 ", "０", "leader"], ids=repr)
def test_a_leader_who_is_none(as_person: AsPerson, page: Read, db: Session, value: str) -> None:
    admin, ours = as_person("admin"), agency(db, STANDING)
    answer = admin.post(URL, data={**table(admin, page), f"leader-{ours}": value})
    assert answer.status_code == 422
    assert "không có trong danh sách" in answer.text
    assert held(db) == {}


def test_somebody_who_is_no_leader(as_person: AsPerson, db: Session, people: dict[str, Person]) -> None:
    answer = as_person("admin").post(URL, data={f"leader-{agency(db, STANDING)}": str(people["monitor"].id)})
    assert answer.status_code == 422
    assert held(db) == {}


@pytest.mark.parametrize("field", ["leader-999999", "leader-", "leader-x", "leader--1", f"leader-{2**63}"])
def test_an_agency_that_does_not_exist(as_person: AsPerson, db: Session, people: dict[str, Person], field: str) -> None:
    assert as_person("admin").post(URL, data={field: str(people["leader"].id)}).status_code == 422
    assert held(db) == {}


def test_a_basis_too_long(as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]) -> None:
    admin, ours = as_person("admin"), agency(db, STANDING)
    sent: dict[str, Any] = {**table(admin, page), f"leader-{ours}": str(people["leader"].id), "basis": "x" * 301}
    answer = admin.post(URL, data=sent)
    assert (answer.status_code, held(db)) == (422, {})
    assert "Tối đa 300 ký tự." in answer.text


def test_the_table_is_searched(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    sent = table(admin, page, "?q=cong+thuong")
    assert f"leader-{agency(db, OTHER)}" in sent
    assert f"leader-{agency(db, STANDING)}" not in sent
    assert page(admin, f"{URL}?q=khongcogi").select_one(".empty") is not None


def test_an_agency_that_has_ended_is_not_asked_about(as_person: AsPerson, page: Read, db: Session) -> None:
    ended = f"leader-{agency(db, STANDING)}"
    assert ended in table(as_person("admin"), page)
    with clock.on_day(date(2025, 6, 1)):
        assert ended not in table(as_person("admin"), page)
