"""/quan-tri/nhat-ky: the whole log, for the administrator; without what agencies say in their reports."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tests.people import Person
from tests.views.test_task_show import the_task
from tracker import clock
from tracker.actions.event import log
from tracker.models import Event, User

URL = "/quan-tri/nhat-ky"


def entries(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("table.rows tbody tr")]


@pytest.fixture
def written(db: Session, people: dict[str, Person]) -> None:
    """Things done by two people on two days."""
    task = the_task(db)
    officer, monitor = (db.get_one(User, people[key].id) for key in ("officer_vp", "monitor"))
    with clock.on_day(date(2023, 11, 14)):
        log(db, officer, "report_progress", "assignment", 1, task_id=task.id, agency_id=officer.agency_id, progress=70)
        log(
            db,
            monitor,
            "return",
            "assignment",
            1,
            task_id=task.id,
            agency_id=officer.agency_id,
            reason="Thiếu biên bản.",
        )
    with clock.on_day(date(2023, 11, 15)):
        log(db, monitor, "sign_in", "user", monitor.id)
        log(db, None, "verb_of_tomorrow", "noun_of_tomorrow", 3)


def test_who_did_what_and_when(db: Session, written: None, as_person: Any, page: Any) -> None:
    task = the_task(db)
    unknown, sign_in, returned, report = entries(page(as_person("admin"), URL))[:4]
    number = db.scalars(select(Event.id).where(Event.verb == "report_progress")).one()
    assert report.endswith(
        f"14/11/2023 số {number} Văn phòng UBND tỉnh báo cáo tiến độ Trần Thị Vân Chuyên viên cơ quan "
        f"{task.short_title} phần việc"
    )
    assert "Văn phòng UBND tỉnh trả lại kết quả của Văn phòng UBND tỉnh Đỗ Thị Theo" in returned
    assert "Thiếu biên bản." not in returned and "70" not in report.split("số", 1)[1].replace(str(number), "")
    assert "đăng nhập Đỗ Thị Theo" in sign_in and sign_in.endswith("tài khoản")
    assert "thay đổi" in unknown and unknown.endswith("hệ thống")


def test_filters(db: Session, written: None, people: Any, as_person: Any, page: Any) -> None:
    admin = as_person("admin")
    monitor = people["monitor"].id
    assert len(entries(page(admin, f"{URL}?person={monitor}"))) == 2
    assert len(entries(page(admin, f"{URL}?day=2023-11-14"))) == 2
    both = page(admin, f"{URL}?person={monitor}&day=2023-11-14")
    assert len(entries(both)) == 1 and "trả lại" in entries(both)[0]
    assert both.select_one("select[name=person] option[selected]").get_text() == "Đỗ Thị Theo"
    assert both.select_one("input[name=day]")["value"] == "2023-11-14"
    assert page(admin, f"{URL}?day=2020-01-01").select_one(".empty") is not None
    torn = page(admin, f"{URL}?day=hai&person=x")
    assert "“hai” không phải là ngày" in torn.select_one(".notice.bad").get_text() and len(entries(torn)) >= 4
    for beyond in ("9999-12-31", "0001-01-01"):
        assert (
            f"“{beyond}” không phải là ngày" in page(admin, f"{URL}?day={beyond}").select_one(".notice.bad").get_text()
        )


def test_it_pages_back_to_the_first(db: Session, as_person: Any, page: Any) -> None:
    for number in range(120):
        log(db, None, "sign_in", "user", 10_000 + number)
    db.commit()
    shown = page(as_person("admin"), URL)
    numbers = list(entries(shown))
    while link := shown.select_one(".pages a[rel=next]"):
        shown = page(as_person("admin"), link["href"])
        numbers += entries(shown)
    assert len(numbers) == len(db.scalars(select(Event.id)).all()) == len(set(numbers))
    assert page(as_person("admin"), f"{URL}?before=99999999").select_one(".empty") is not None


def test_the_end_of_the_chain_is_told(db: Session, written: None, as_person: Any, page: Any) -> None:
    db.commit()
    last = db.execute(select(Event.id, Event.hash).order_by(Event.id.desc()).limit(1)).one()
    shown = page(as_person("admin"), URL)
    assert shown.select_one("main p.who code").get_text() == last.hash
    assert f"Cuối chuỗi: sự kiện số {last.id}," in shown.select_one("main").get_text()


def test_as_many_queries_for_many_as_for_one(
    app: Flask, db: Session, written: None, as_person: Any, count_queries: Any
) -> None:
    admin, seen = as_person("admin"), []
    db.commit()
    for day in ("2023-11-14", "2023-11-15", ""):
        with count_queries(app) as statements:
            assert admin.get(f"{URL}?day={day}").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] == seen[2] <= 5


@pytest.mark.parametrize("key", ["officer_vp", "head_stttt", "monitor", "standing", "leader", "viewer"])
def test_administrators_only(as_person: Any, key: str) -> None:
    assert as_person(key).get(URL).status_code == 403
    assert as_person("admin").post(URL).status_code == 405
