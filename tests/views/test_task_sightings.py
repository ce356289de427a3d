"""Who has opened the page of a task: noted once a day for people of agencies, told to those concerned."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.pages import Page
from tests.people import Person
from tests.views.test_task_show import the_task, url_of
from tracker import clock
from tracker.extensions import db as database
from tracker.models import Sighting

COLLECTIVE = "TB1802:7#1"


def told(page: Page) -> str:
    part = page.select_one("#da-xem")
    return " ".join(part.get_text(" ", strip=True).split()) if part else ""


def kept(db: Session) -> list[tuple[int, date, date]]:
    db.rollback()
    return [tuple(row) for row in db.execute(select(Sighting.user_id, Sighting.first_on, Sighting.last_on))]


def test_the_first_view_of_a_day_is_written_down_and_no_other(
    app: Flask, db: Session, people: dict[str, Person], as_person: Any, count_queries: Any
) -> None:
    client, url = as_person("officer_vp"), url_of(db)
    counted = []
    for day in (date(2023, 11, 14), date(2023, 11, 14), date(2023, 11, 16)):
        with clock.on_day(day), count_queries(app) as statements:
            assert client.get(url).status_code == 200
        counted.append(sum(statement.startswith("INSERT INTO sighting") for statement in statements))
    assert counted == [1, 0, 1]
    assert kept(db) == [(people["officer_vp"].id, date(2023, 11, 14), date(2023, 11, 16))]


@pytest.mark.parametrize("key", ["monitor", "standing", "leader", "viewer", "admin"])
def test_only_people_of_agencies_are_noted(db: Session, as_person: Any, key: str) -> None:
    assert as_person(key).get(url_of(db)).status_code == 200
    assert kept(db) == []


def test_looking_at_the_headers_is_not_seeing(db: Session, as_person: Any) -> None:
    assert as_person("officer_vp").head(url_of(db)).status_code == 200
    assert kept(db) == []


@pytest.mark.parametrize(
    ("key", "sees"),
    [
        ("monitor", True), ("standing", True), ("leader", True), ("officer_vp", True),
        ("officer_sct", False), ("viewer", False), ("admin", False),
    ],
)  # fmt: skip
def test_names_are_for_those_concerned(db: Session, as_person: Any, page: Any, key: str, sees: bool) -> None:
    with clock.on_day(date(2023, 11, 14)):
        as_person("officer_vp").get(url_of(db))
        shown = told(page(as_person(key), url_of(db)))
    line = "Ai đã xem Đã mở trang này: Văn phòng UBND tỉnh (1 người, gần nhất 14/11/2023 ): Trần Thị Vân"
    assert shown == (line if sees else "")


def test_of_a_collective_order_an_agency_sees_itself_only(db: Session, as_person: Any, page: Any) -> None:
    as_person("officer_sct").get(url_of(db, COLLECTIVE))
    office = told(page(as_person("monitor"), url_of(db, COLLECTIVE)))
    assert "Sở Công Thương (1 người" in office and "Chưa xem: Ban Dân tộc tỉnh, " in office
    assert "Sở Công Thương" not in office.split("Chưa xem:")[1]
    own = told(page(as_person("officer_stttt"), url_of(db, COLLECTIVE)))
    assert own == ""  # its own person is looking now
    again = told(page(as_person("officer_stttt"), url_of(db, COLLECTIVE)))
    assert "Nguyễn Văn Tin" in again and "Chưa xem" not in again


def test_a_past_day_knows_what_was_seen_by_then(db: Session, as_person: Any, page: Any) -> None:
    for day in (date(2023, 11, 10), date(2023, 11, 20)):
        with clock.on_day(day):
            as_person("officer_vp").get(url_of(db))
    monitor = as_person("monitor")
    assert "Chưa xem: Văn phòng UBND tỉnh." in told(page(monitor, f"{url_of(db)}?on=2023-11-09"))
    assert "10/11/2023" in told(page(monitor, f"{url_of(db)}?on=2023-11-15"))
    assert "20/11/2023" in told(page(monitor, url_of(db)))


def test_as_many_queries_for_one_agency_as_for_many(
    app: Flask, db: Session, as_person: Any, count_queries: Any
) -> None:
    monitor, seen = as_person("monitor"), []
    for code in ("TB1802:6.b", COLLECTIVE):
        with count_queries(app) as statements:
            monitor.get(url_of(db, code))
        seen.append(sum("FROM sighting" in statement for statement in statements))
    assert seen == [1, 1]
    assert the_task(db).id


def test_a_page_is_read_although_nothing_can_be_written(app: Flask, db: Session, as_person: Any) -> None:
    """The disk is full, or the database gives no lock: who reads still reads."""
    if db.get_bind().dialect.name == "postgresql":
        pytest.skip("SQLite can be told to refuse writing")
    with app.app_context():
        engine = database.engine

    def refuse(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    engine.dispose()
    event.listen(engine, "connect", refuse)
    try:
        assert as_person("officer_vp").get(url_of(db)).status_code == 200
    finally:
        event.remove(engine, "connect", refuse)
        engine.dispose()
    assert kept(db) == []
