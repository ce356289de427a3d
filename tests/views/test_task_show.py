"""/nhiem-vu/<id>: the page of one task."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tracker import clock
from tracker.actions.standing import move_assignment
from tracker.models import (
    FOREVER,
    Assignment,
    AssignmentPeriod,
    Document,
    ProgressReport,
    Task,
)


def the_task(db: Session, code: str = "TB1802:6.b") -> Task:
    return db.execute(select(Task).where(Task.code == code)).scalar_one()


def url_of(db: Session, code: str = "TB1802:6.b") -> str:
    return f"/nhiem-vu/{the_task(db, code).id}"


def lead_of(db: Session, code: str = "TB1802:6.b") -> Assignment:
    return (
        db.execute(select(Assignment).join(Task).where(Task.code == code, Assignment.role == "lead")).scalars().first()
    )


def period_of(db: Session, assignment: Assignment) -> AssignmentPeriod:
    held = (AssignmentPeriod.assignment_id == assignment.id, AssignmentPeriod.valid_to == FOREVER)
    return db.execute(select(AssignmentPeriod).where(*held)).scalar_one()


def reported(db: Session, people: Any, at: datetime, **said: Any) -> ProgressReport:
    owed = lead_of(db)
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=people["officer_vp"].id,
        reported_at=at, reported_on=clock.local(at).date(), **{"progress": 70, "done": "Đã trang bị 6 phòng họp.", **said},
    )  # fmt: skip
    db.add(report)
    db.flush()
    return report


def lines(page: Page) -> list[str]:
    return [" ".join(line.get_text(" ", strip=True).split()) for line in page.select("ol.time > li")]


def buttons(page: Page) -> list[str]:
    return [button.get_text(strip=True) for button in page.select("main .acts .btn")]


@pytest.mark.parametrize("key", ["officer_vp", "officer_sct", "monitor", "standing", "leader", "viewer", "admin"])
def test_works(client: FlaskClient, db: Session, sign_in: Any, page: Any, key: str) -> None:
    shown = page(sign_in(client, key), url_of(db))
    assert shown.h1.get_text() == the_task(db).short_title
    assert shown.select_one("mark").get_text() == "hoàn thành chậm nhất trong tháng 04/2022"
    clause = the_task(db).clause
    assert " ".join(shown.blockquote.p.get_text().split()) == f"{clause.marker} {clause.text} đọc trong văn bản"
    assert [link["href"] for link in shown.select("nav.crumb a")] == ["/van-ban/TB1802", "/van-ban/TB1802#dk-6-b"]


def test_missing(client: FlaskClient, sign_in: Any, page: Any) -> None:
    sign_in(client, "monitor")
    for number in ("0", "99999999", "99999999999999999999"):
        page(client, f"/nhiem-vu/{number}", 404)


def test_wrong_method(client: FlaskClient, db: Session, sign_in: Any) -> None:
    assert sign_in(client, "monitor").post(url_of(db)).status_code == 405


@pytest.mark.parametrize(
    ("day", "chip"),
    [
        ("2022-05-05", "Quá hạn 1 ngày"),
        ("2022-05-04", "Đến hạn hôm nay"),
        ("2022-04-29", "Còn 5 ngày"),
        ("2022-03-01", "Trong hạn"),
    ],
)
def test_past_day(client: FlaskClient, db: Session, sign_in: Any, page: Any, day: str, chip: str) -> None:
    shown = page(sign_in(client, "viewer"), f"{url_of(db)}?on={day}")
    assert shown.select_one(".standing .chip").get_text(strip=True) == chip


def test_before_the_document(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    shown = page(sign_in(client, "viewer"), f"{url_of(db)}?on=2022-02-17")
    assert "Chưa có hiệu lực vào ngày này" in shown.select_one(".standing").get_text()
    assert lines(shown) == []


def test_why_another_day_counts(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    facts = " ".join(page(sign_in(client, "viewer"), url_of(db)).select_one("aside.facts").get_text(" ").split())
    assert "30/04/2022 theo văn bản" in facts
    assert "04/05/2022 hạn tính" in facts
    assert "30/04/2022 thứ Bảy," in facts
    assert "dời sang ngày làm việc kế tiếp (Bộ luật Dân sự 2015, Điều 148 khoản 5)" in facts
    assert "Chưa gia hạn lần nào" in facts


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("officer_vp", ["Cập nhật tiến độ", "Báo hoàn thành", "Xin gia hạn", "Nêu vướng mắc"]),
        ("officer_sct", []),
        ("monitor", []),
        ("standing", []),
        ("viewer", []),
    ],
)
def test_who_may_report(client: FlaskClient, db: Session, sign_in: Any, page: Any, key: str, shown: list[str]) -> None:
    assert buttons(page(sign_in(client, key), url_of(db))) == shown
    assert buttons(page(client, f"{url_of(db)}?on=2022-05-05")) == []


def test_office_decides_while_a_result_waits(
    client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any
) -> None:
    report = reported(db, people, clock.now(), kind="completion", result_on=clock.today(), result_document="1/BC")
    move_assignment(db, period_of(db, lead_of(db)), state="awaiting_confirmation", result_on=clock.today())
    shown = page(sign_in(client, "monitor"), url_of(db))
    assert buttons(shown) == ["Xác nhận", "Trả lại"]
    assert shown.select_one("main .acts .btn")["href"] == f"/bao-cao/{report.id}/quyet-dinh"
    assert buttons(page(sign_in(client, "officer_vp"), url_of(db))) == ["Rút lại kết quả"]


def test_collective_order_shows_every_agency(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    code = "TB1802:7#1"
    leads = db.scalars(select(Assignment).join(Task).where(Task.code == code, Assignment.role == "lead")).all()
    move_assignment(db, period_of(db, leads[0]), state="done", result_on=date(2022, 3, 1))
    shown = page(sign_in(client, "viewer"), url_of(db, code))
    part = next(part for part in shown.select("main section") if "Từng cơ quan" in part.h2.get_text())
    assert part.p.get_text() == f"1 / {len(leads)} cơ quan đã xong"
    assert len(part.select("tbody tr")) == len(leads) > 20


def test_proposal_is_named_one(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    lead_of(db).basis_kind = "proposal"
    facts = page(sign_in(client, "viewer"), url_of(db)).select_one("aside.facts").get_text(" ")
    assert "đề xuất, chưa có văn bản giao" in facts


def test_unclear_is_said(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    code = db.scalars(select(Task.code).where(~Task.has_lead, ~Task.has_work, ~Task.has_time)).first()
    shown = page(sign_in(client, "standing"), url_of(db, code or ""))
    facts = shown.select_one("aside.facts").get_text(" ")
    assert all(
        words in facts
        for words in ("Chưa rõ người, việc, thời gian", "Chưa rõ người:", "Chưa rõ việc:", "Chưa rõ thời gian:")
    )
    assert shown.select_one("aside.facts a[href^='/chua-ro/']")
    assert (
        page(sign_in(client, "viewer"), url_of(db, code or "")).select_one("aside.facts a[href^='/chua-ro/']") is None
    )


def test_same_queries_for_one_agency_and_for_many(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, count_queries: Any
) -> None:
    urls = [url_of(db), url_of(db, "TB1802:7#1")]
    assert db.execute(select(Document.id).where(Document.code == "TB1802")).scalar_one()
    sign_in(client, "monitor")
    seen = []
    for url in urls:
        with count_queries(app) as statements:
            assert client.get(url).status_code == 200
        seen.append(len(statements))
    assert seen[1] <= seen[0] <= 35  # the first has a clock too: when it is next reminded of costs five more
