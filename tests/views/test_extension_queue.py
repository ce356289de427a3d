"""/gia-han: the requests that wait and those decided; several of one task granted together."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_extension_ask import GRANTED, text
from tests.views.test_report_new import the_assignment
from tracker import clock
from tracker.actions import extension
from tracker.actions.standing import current_assignment
from tracker.models import Assignment, Extension, Task, User

URL = "/gia-han"
TOGETHER = {"granted_on": "2026-02-27", "decision_document": "99/UBND-TH", "reason": ""}


@pytest.fixture(autouse=True)
def in_december(app: Flask) -> Iterator[None]:
    """Ten working days before the contest of CT:IV.1.-2 ends, and long after E-Cabinet was due."""
    with clock.on_day(date(2025, 12, 16)):
        yield


def collective(db: Session) -> list[Assignment]:
    query = select(Assignment).join(Task).where(Task.code == "CT:IV.1.-2", Assignment.role == "lead")
    return list(db.scalars(query.order_by(Assignment.id)))


def ask(app: Flask, db: Session, *owed: Assignment, until: date = date(2026, 3, 31)) -> list[int]:
    """Let each assignment's agency ask; return the requests."""
    officer = db.scalars(select(User).where(User.email == "chuyenvien.vp@tinh.gov.vn")).one()
    with app.app_context():
        made = [
            extension.ask(db, officer, one, current_assignment(db, one.id).id, f"Lý do {one.id}", until, None).id
            for one in owed
        ]
        db.commit()
    return made


def rows(shown: Any) -> list[str]:
    return [link["href"] for link in shown.select("td.what a")]


def test_the_oldest_waits_first_with_what_decides(app: Flask, db: Session, as_person: Any, page: Any) -> None:
    first, second = ask(app, db, the_assignment(db), collective(db)[0])
    shown = page(as_person("monitor"), URL)
    assert rows(shown) == [f"/gia-han/{first}", f"/gia-han/{second}"]
    late, early = (text(row) for row in shown.select("tbody tr"))
    assert "04/05/2022 Quá hạn 1322 ngày" in late and "xin sau hạn" in late
    assert "31/12/2025 còn 15 ngày" in early and "xin sau hạn" not in early
    assert "2 yêu cầu đang chờ quyết định" in text(shown)
    assert shown.find("input", {"name": "chosen"}) is None  # of two tasks: nothing to grant together


def test_decided_ones_have_their_tab_newest_first(app: Flask, db: Session, as_person: Any, page: Any) -> None:
    first, second = ask(app, db, *collective(db)[:2])
    monitor = as_person("monitor")
    for number in (first, second):
        assert monitor.post(f"{URL}/{number}/tu-choi", data={"reason": "Đủ thời gian."}).status_code == 302
    shown = page(monitor, f"{URL}?state=decided")
    assert rows(shown) == [f"/gia-han/{second}", f"/gia-han/{first}"]
    assert "Ý kiến: Đủ thời gian." in text(shown.select_one("tbody tr"))
    assert page(monitor, URL).find(class_="empty") is not None


def test_an_agency_sees_its_own(app: Flask, db: Session, as_person: Any, page: Any) -> None:
    office, trade = the_assignment(db), the_assignment(db, "TB1802:4")
    mine, other = ask(app, db, office, trade)
    assert rows(page(as_person("officer_vp"), URL)) == [f"/gia-han/{mine}"]
    assert rows(page(as_person("officer_sct"), f"{URL}?agency={office.agency_id}")) == [f"/gia-han/{other}"]
    assert rows(page(as_person("standing"), f"{URL}?agency={trade.agency_id}")) == [f"/gia-han/{other}"]
    assert rows(page(as_person("leader"), f"{URL}?task={office.task_id}")) == [f"/gia-han/{mine}"]
    assert page(as_person("officer_vp"), URL).find("input", {"name": "chosen"}) is None
    for key in ("viewer", "admin"):
        assert (key, as_person(key).get(URL).status_code) == (key, 403)


def test_a_long_list_is_read_page_by_page(app: Flask, db: Session, as_person: Any, page: Any) -> None:
    owed = [
        *collective(db),
        *db.scalars(select(Assignment).join(Task).where(Task.code == "CT:IV.1.-3").order_by(Assignment.id)),
    ]
    with clock.on_day(date(2025, 12, 10)):
        made = ask(app, db, *owed[:52], until=date(2026, 6, 30))
    first = page(as_person("monitor"), URL)
    assert len(rows(first)) == 50
    second = page(as_person("monitor"), first.select_one("a[rel=next]")["href"])
    assert rows(first) + rows(second) == [f"/gia-han/{number}" for number in made]


def test_the_number_of_queries_is_constant(app: Flask, db: Session, as_person: Any, count_queries: Any) -> None:
    monitor, owed = as_person("monitor"), collective(db)
    asked = []
    for some in (owed[:1], owed[1:3]):
        ask(app, db, *some)
        with count_queries(app) as statements:
            monitor.get(URL)
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_several_of_one_task_are_granted_together(app: Flask, db: Session, as_person: Any, page: Any) -> None:
    owed = collective(db)[:3]
    made = ask(app, db, *owed)
    leader = as_person("leader")
    assert len(page(leader, URL).select("input[name=chosen]")) == 3
    answer = leader.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": made[:2]})
    assert (answer.status_code, answer.location) == (302, URL)
    assert "Đã gia hạn cho 2 cơ quan." in text(page(leader, URL))
    dates = [current_assignment(db, one.id).effective_on for one in owed]
    assert dates == [date(2026, 2, 27), date(2026, 2, 27), date(2025, 12, 31)]


def test_what_cannot_be_granted_together_says_why_and_keeps_ticks_and_words(
    app: Flask, db: Session, as_person: Any
) -> None:
    one, two, other = ask(app, db, *collective(db)[:2], the_assignment(db))
    monitor = as_person("monitor")
    none = monitor.post(f"{URL}/dong-y", data=TOGETHER)
    assert none.status_code == 422 and "Hãy chọn ít nhất một yêu cầu." in parse(none.text).find(role="alert").get_text()
    short = monitor.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": [one, two], "decision_document": ""})
    assert short.status_code == 422
    ticked = {box["value"] for box in parse(short.text).select("input[name=chosen][checked]")}
    assert ticked == {str(one), str(two)}
    mixed = monitor.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": [one, other]})
    assert mixed.status_code == 409 and "của cùng một nhiệm vụ" in parse(mixed.text).find(role="alert").get_text()
    monitor.post(f"{URL}/{two}/tu-choi", data={"reason": "Không."})
    late = monitor.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": [one, two]})
    assert late.status_code == 409 and "đã có người xử lý" in parse(late.text).find(role="alert").get_text()
    states = dict(db.execute(select(Extension.id, Extension.state)).all())
    assert states == {one: "waiting", two: "refused", other: "waiting"}
    for strange in (["abc"], ["-1"], ["99999999999999"]):
        assert monitor.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": strange}).status_code in {404, 422}


def test_only_those_who_decide_grant_together(as_person: Any) -> None:
    for key in ("officer_vp", "head_stttt", "standing", "viewer", "admin"):
        assert (key, as_person(key).post(f"{URL}/dong-y", data=GRANTED).status_code) == (key, 403)


def test_the_table_of_a_collective_order_says_who_has_more_time(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, page: Any
) -> None:
    owed = collective(db)
    made = ask(app, db, *owed[:5])
    url = f"/nhiem-vu/{owed[0].task_id}"
    shown = page(sign_in(client, "monitor"), url)
    assert "5 cơ quan đã xin gia hạn, chờ quyết định." in text(shown.select_one(".notice.warn"))
    client.post(f"{URL}/dong-y", data={**TOGETHER, "chosen": made[:1]})
    with clock.on_day(date(2026, 1, 5)):
        shown = page(client, url)
    [row] = [row for row in shown.select("table.rows tbody tr") if "gia hạn 1 lần" in row.get_text()]
    assert owed[0].agency.name in text(row) and "gia hạn 1 lần, đến 27/02/2026; so với hạn gốc quá 5 ngày" in text(row)
    facts = text(shown.select_one("aside.facts"))
    assert "1 cơ quan được gia hạn, xem từng cơ quan." in facts and "31/12/2025" in facts
    assert shown.select_one(".standing .chip").get_text(strip=True) == "Quá hạn 5 ngày"
