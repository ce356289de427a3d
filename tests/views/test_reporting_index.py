"""/ky-bao-cao: the update rate of a period, and who has not reported."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.models import AssignmentPeriod, Document, ReportingRule, Task

APRIL = "/ky-bao-cao?document=TB1802&period=2022-04-01"


@pytest.fixture(autouse=True)
def in_may_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 5, 5)):
        yield


@pytest.fixture
def monthly(db: Session) -> ReportingRule:
    """Reports every month since April, in time until 06/05/2022 for April."""
    document = db.scalars(select(Document).where(Document.code == "TB1802")).one()
    rule = ReportingRule(document_id=document.id, every="month", grace=3, valid_from=date(2022, 4, 1))
    db.add(rule)
    db.flush()
    return rule


def owed_in_all(db: Session) -> int:
    query = (
        select(func.count())
        .select_from(AssignmentPeriod)
        .join(Task, Task.id == AssignmentPeriod.task_id)
        .join(Document, Document.id == Task.document_id)
        .where(
            Document.code == "TB1802", Task.kind != "standing_duty", AssignmentPeriod.role == "lead",
            AssignmentPeriod.valid_to == date(9999, 12, 31), AssignmentPeriod.state == "not_started",
        )
    )  # fmt: skip
    return db.execute(query).scalar_one()


def report(client: FlaskClient, db: Session, **said: str) -> None:
    owed = the_assignment(db)
    form = {"seen": str(current(db, owed).id), "progress": "40", "done": "Sáu phòng họp.", **said}
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=form).status_code == 302


def test_before_any_rule_it_says_what_to_do(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    shown = page(sign_in(client, "monitor"), "/ky-bao-cao?document=TB1802").find(class_="empty")
    assert shown.find("a")["href"] == "/van-ban/TB1802/ky-bao-cao"
    shown = page(sign_in(client, "viewer"), "/ky-bao-cao?document=TB1802").find(class_="empty")
    assert shown.find("a")["href"] == "/van-ban/TB1802"


def test_the_rate_and_who_is_missing(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    report(sign_in(client, "officer_vp"), db)
    owed = owed_in_all(db) + 1
    shown = page(sign_in(client, "leader"), f"{APRIL}&show=missing")
    words = " ".join(shown.find("main").get_text(" ", strip=True).split())
    assert f"1 trên {owed} phần việc" in words
    assert "Còn nhận báo cáo đúng kỳ đến hết 06/05/2022" in words
    tabs = [tab.get_text() for tab in shown.select(".tabs a") if "show=" in tab["href"]]
    assert tabs[1:] == [f"Chưa báo cáo ({owed - 1})", "Báo cáo muộn (0)"]
    assert len(shown.find("table").find("tbody").find_all("tr")) == 50
    assert shown.find("a", rel="next") is not None


def test_each_agency_has_its_rate(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    report(sign_in(client, "officer_vp"), db)
    office = the_assignment(db).agency.name
    rows = page(sign_in(client, "leader"), APRIL).find("table").find("tbody").find_all("tr")
    said = {row.find("a").get_text(): [cell.get_text() for cell in row.find_all("td")[1:]] for row in rows}
    share, late, missing = said.pop(office)
    owed = int(missing or 0) + 1
    assert (share, late) == (f"{100 / owed:.1f}% 1 trên {owed} phần việc".replace(".", ","), "")
    assert {cells[0].split()[0] for cells in said.values()} == {"0,0%"}


def test_pages_lead_on(client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule) -> None:
    sign_in(client, "leader")
    seen: list[str] = []
    url = f"{APRIL}&show=missing"
    while url:
        shown = page(client, url)
        seen += [a["href"] for a in shown.find("table").select("td.what a")]
        more = shown.find("a", rel="next")
        url = more["href"] if more else ""
    assert len(seen) == owed_in_all(db)


def test_a_late_report_is_late_and_no_longer_missing(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    with clock.on_day(date(2022, 5, 16)):
        report(sign_in(client, "officer_vp"), db, period="2022-04-30")
        shown = page(client, f"{APRIL}&show=late")
        assert "Hết ngày nhận 06/05/2022" in " ".join(shown.find("main").get_text(" ", strip=True).split())
        (row,) = shown.find("table").find("tbody").find_all("tr")
        assert "16/05/2022" in row.get_text() and "muộn 10 ngày" in row.get_text()


def test_people_of_an_agency_see_their_own_first(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    mine = the_assignment(db)
    shown = page(sign_in(client, "officer_vp"), "/ky-bao-cao")
    chosen = shown.find("select", {"name": "agency"}).find("option", selected=True)
    assert chosen["value"] == str(mine.agency_id)
    reporting = [a["href"] for a in shown.find("table").find_all("a", class_="btn")]
    assert f"/phan-viec/{mine.id}/tien-do?period=2022-04-30" in reporting
    everybody = page(client, APRIL)
    assert everybody.find("select", {"name": "agency"}).find("option", selected=True) is None
    others = page(sign_in(client, "viewer"), f"{APRIL}&show=missing")
    assert others.find("table").find_all("a", class_="btn") == []


def test_the_link_to_report_chooses_the_period(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    for asked, expected in (("2022-05-31", "2022-05-31"), ("2022-04-30", "2022-04-30"), ("9.9", "2022-04-30")):
        form = page(client, f"/phan-viec/{owed.id}/tien-do?period={asked}")
        assert form.find("select", {"name": "period"}).find("option", selected=True)["value"] == expected


def test_what_reports_say_is_not_told_here(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    with clock.on_day(date(2022, 5, 16)):
        report(sign_in(client, "officer_vp"), db, period="2022-04-30", difficulty="Thiếu tiền.", proposal="Xin thêm.")
        text = page(sign_in(client, "viewer"), f"{APRIL}&show=late").get_text()
    assert all(said not in text for said in ("Sáu phòng họp", "Thiếu tiền", "Xin thêm", "40%"))


def test_another_address_is_answered(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, monthly: ReportingRule
) -> None:
    sign_in(client, "viewer")
    shown = page(client, "/ky-bao-cao?document=TB1802&period=2019-01-01")
    assert "không yêu cầu báo cáo cho kỳ đã chọn" in shown.find(class_="notice").get_text()
    assert page(client, "/ky-bao-cao?document=khong-co&period=xyz").find("h1").get_text() == "Báo cáo theo kỳ"
    assert client.get(f"{APRIL}&show=missing&after=abc").status_code == 404
    assert client.get(f"{APRIL}&show=missing&after=99999_1").status_code == 404
    assert client.post("/ky-bao-cao").status_code == 405


def test_the_number_of_queries_does_not_grow(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, count_queries: Any, monthly: ReportingRule
) -> None:
    one = the_assignment(db).agency_id
    sign_in(client, "viewer")
    numbers = []
    for address in (f"{APRIL}&show=missing&agency={one}", f"{APRIL}&show=missing"):
        client.get(address)
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
