"""/: the first page, with the rows of one's own role first."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tracker import clock
from tracker.actions.standing import move_assignment, rebuild_tally
from tracker.models import FOREVER, Agency, AssignmentPeriod, Task, TaskPeriod

LABELS = ("done_on_time", "done_late", "open_in_time", "open_overdue", "no_deadline")


def counted(page: Page, place: int = 0) -> dict[str, int]:
    figures = [int(figure.get_text()) for figure in page.select("ul.legend")[place].select("b")]
    return dict(zip(LABELS, figures, strict=True))


def headings(page: Page) -> list[str]:
    return [next(heading.stripped_strings) for heading in page.select("main h2")]


def period_of(db: Session, code: str) -> AssignmentPeriod:
    query = select(AssignmentPeriod).join(Task, Task.id == AssignmentPeriod.task_id)
    query = query.where(Task.code == code, AssignmentPeriod.valid_to == FOREVER, AssignmentPeriod.role == "lead")
    return db.execute(query).scalar_one()


def section(page: Page, title: str) -> Page:
    return next(part for part in page.select("main section") if title in part.h2.get_text())


@pytest.mark.parametrize("key", ["monitor", "standing", "leader", "viewer", "admin"])
def test_works(client: FlaskClient, sign_in: Any, page: Any, key: str) -> None:
    shown = page(sign_in(client, key), "/")
    assert shown.h1.get_text() == "Tổng quan"
    assert sum(counted(shown).values()) == 207
    last = "Chờ tôi quyết định" if key == "monitor" else "Cần chú ý"
    assert headings(shown) == ["Quá hạn theo cơ quan", "30 ngày tới", last]


@pytest.mark.parametrize("key", ["officer_vp", "head_stttt"])
def test_an_agency_sees_its_own_work_first(
    client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any, key: str
) -> None:
    shown = page(sign_in(client, key), "/")
    assert headings(shown)[:2] == ["Việc của cơ quan tôi", "Toàn tỉnh"]
    agency_id = db.execute(select(Agency.id).where(Agency.name == people[key].agency)).scalar_one()
    owed = select(AssignmentPeriod.id).where(AssignmentPeriod.agency_id == agency_id, AssignmentPeriod.role == "lead")
    assert sum(counted(shown).values()) == len(db.scalars(owed).all()) > 0
    assert sum(counted(shown, 1).values()) == 207


def test_counts_lead_to_the_list(client: FlaskClient, sign_in: Any, page: Any) -> None:
    sign_in(client, "leader")
    shown = page(client, "/")
    for label, link in zip(LABELS, shown.select("ul.legend a"), strict=True):
        listed = page(client, link["href"])
        assert int(listed.select_one("#found").get_text(" ", strip=True).split()[0]) == counted(shown)[label]


@pytest.mark.parametrize(("day", "overdue"), [("2022-05-04", 0), ("2022-05-05", 1), ("2022-07-01", 2)])
def test_past_day(client: FlaskClient, sign_in: Any, page: Any, day: str, overdue: int) -> None:
    shown = page(sign_in(client, "leader"), f"/?on={day}")
    assert counted(shown)["open_overdue"] == overdue
    late = section(shown, "Quá hạn theo cơ quan").select("tbody tr")
    assert len(late) == overdue
    if overdue == 1:
        assert [cell.get_text(strip=True) for cell in late[0].select("td")] == ["Văn phòng UBND tỉnh", "1", "1 ngày"]


def test_coming_on_a_past_day(client: FlaskClient, sign_in: Any, page: Any) -> None:
    shown = page(sign_in(client, "viewer"), "/?on=2022-04-20")
    coming = section(shown, "30 ngày tới").select("ul.list > li")
    assert [row.time["datetime"] for row in coming] == ["2022-05-04"]
    assert "E-Cabinet" in coming[0].get_text()


def test_bad_day_is_said(client: FlaskClient, sign_in: Any, page: Any) -> None:
    shown = page(sign_in(client, "viewer"), "/?on=05/05/2022")
    assert "không phải là ngày" in shown.select_one(".notice.bad").get_text()
    assert sum(counted(shown).values()) == 207


def test_office_sees_what_waits_for_it(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    move_assignment(db, period_of(db, "TB1802:6.b"), state="awaiting_confirmation", result_on=clock.today())
    waiting = section(page(sign_in(client, "monitor"), "/"), "Chờ tôi quyết định")
    assert waiting.select_one("b").get_text() == "1"
    assert "E-Cabinet" in waiting.get_text()
    assert waiting.select_one("a[href='/cho-xac-nhan']")


def test_agency_sees_what_was_returned(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    move_assignment(db, period_of(db, "TB1802:6.b"), state="returned")
    mine = section(page(sign_in(client, "officer_vp"), "/"), "Việc của cơ quan tôi")
    assert mine.h3.get_text() == "Bị trả lại, cần làm tiếp"
    assert (
        mine.select_one("h3 + table td.what a").get_text()
        == db.scalars(select(Task.short_title).where(Task.code == "TB1802:6.b")).one()
    )


def test_standing_body_sees_what_is_unclear(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    rows = section(page(sign_in(client, "standing"), "/"), "Cần chú ý").select("ul.list > li")
    figures = {row.div.get_text(" ", strip=True).split(" Xem")[0]: row.b.get_text() for row in rows}
    assert figures["Chưa rõ người chủ trì"] == "123"
    assert figures["Chưa rõ thời gian"] == str(len(db.scalars(select(Task.id).where(~Task.has_time)).all()))


def test_what_moved(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    yesterday = clock.today() - timedelta(days=1)
    period = period_of(db, "TB1802:6.b")
    move_assignment(db, period, state="done", result_on=yesterday)
    late = db.execute(
        select(TaskPeriod).join(Task, Task.id == TaskPeriod.task_id).where(Task.code == "TB1802:4")
    ).scalar_one()
    late.effective_on = yesterday
    agency = db.get(Agency, period.agency_id)
    assert agency is not None
    agency.last_reported_on = clock.today()
    rebuild_tally(db)
    stats = [item.get_text(" ", strip=True) for item in page(sign_in(client, "leader"), "/").select("ul.stats li")]
    assert stats[:3] == ["+1 hoàn thành trong 7 ngày", "+1 mới quá hạn", "123 nhiệm vụ chưa rõ người"]
    owing = len(set(db.scalars(select(AssignmentPeriod.agency_id).where(AssignmentPeriod.role == "lead"))))
    share = f"{100 / owing:.1f}".replace(".", ",").replace(",0", "")
    assert stats[3] == f"{share}% cơ quan đã cập nhật tháng {clock.today().month}"


@pytest.mark.parametrize("key", ["monitor", "officer_vp", "standing", "viewer"])
def test_same_queries_whatever_is_late(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, count_queries: Any, key: str
) -> None:
    sign_in(client, key)
    seen = []
    for day in ("2022-05-04", "2022-05-05", "2026-05-05"):
        with count_queries(app) as statements:
            assert client.get(f"/?on={day}").status_code == 200
        seen.append(len(statements))
    assert len(set(seen)) == 1
    assert seen[0] <= 18
