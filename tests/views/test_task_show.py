"""/nhiem-vu/<id>: the page of one task."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import move_assignment
from tracker.models import (
    FOREVER,
    Assignment,
    AssignmentPeriod,
    Deadline,
    Document,
    Message,
    ProgressReport,
    Reminder,
    Task,
    User,
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


def test_extension_stands_below_the_original(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    db.add(
        Deadline(task_id=the_task(db).id, kind="extension", precision="day", rule="named_day", due_on=date(2022, 6, 30),
                 effective_on=date(2022, 6, 30), basis="123/UBND-VX", valid_from=date(2022, 5, 10))
    )  # fmt: skip
    facts = page(sign_in(client, "viewer"), url_of(db)).select_one("aside.facts").get_text(" ")
    assert facts.index("30/04/2022") < facts.index("30/06/2022")
    assert "Đã gia hạn 1 lần" in facts
    assert "30/06/2022" not in page(client, f"{url_of(db)}?on=2022-05-09").select_one("aside.facts").get_text(" ")


@pytest.mark.parametrize(
    ("key", "reads"),
    [
        ("officer_vp", True),
        ("monitor", True),
        ("standing", True),
        ("leader", True),
        ("officer_sct", False),
        ("viewer", False),
        ("admin", False),
    ],
)
def test_reports_are_for_those_concerned(
    client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any, key: str, reads: bool
) -> None:
    reported(db, people, datetime(2022, 4, 28, 3, tzinfo=UTC), difficulty="Thiếu đường truyền.")
    shown = page(sign_in(client, key), url_of(db))
    assert ("Đã trang bị 6 phòng họp." in shown.get_text()) is reads
    assert ("Thiếu đường truyền." in shown.get_text()) is reads
    assert ("70%" in shown.get_text()) is reads
    assert lines(shown)[0].startswith("28/04/2022 Văn phòng UBND tỉnh báo cáo")


def test_history_ends_on_the_day(client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any) -> None:
    decided = {
        "decision": "returned",
        "decided_at": datetime(2022, 5, 6, 3, tzinfo=UTC),
        "decided_by_id": people["monitor"].id,
    }
    reported(db, people, datetime(2022, 4, 28, 17, 30, tzinfo=UTC), kind="completion", result_on=date(2022, 4, 28),
             result_document="12/BC-VP", decision_reason="Thiếu biên bản.", **decided)  # fmt: skip
    log(db, None, "clarify_person", "task", the_task(db).id, task_id=the_task(db).id)
    now = page(sign_in(client, "monitor"), url_of(db))
    assert [line.split(" ", 1)[1] for line in lines(now)] == [
        "Làm rõ người: nêu người phụ trách của cơ quan",
        "Văn phòng UBND tỉnh trả lại kết quả của Văn phòng UBND tỉnh Lý do: Thiếu biên bản.",
        "Văn phòng UBND tỉnh báo đã hoàn thành, đề nghị xác nhận "
        "Kết quả ngày 28/04/2022, văn bản 12/BC-VP Đã trang bị 6 phòng họp.",
        f"Giao việc tại {the_task(db).document.short_name}",
    ]
    # 17:30 UTC is half past midnight of the next day here
    assert [
        len(lines(page(client, f"{url_of(db)}?on={day}"))) for day in ("2022-04-28", "2022-04-29", "2022-05-06")
    ] == [1, 2, 3]


def test_reminder_is_told(client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any) -> None:
    day, morning = date(2022, 5, 5), datetime(2022, 5, 5, 1, tzinfo=UTC)
    message = Message(kind="reminder_digest", recipient_id=people["officer_vp"].id, day=day, key="k", state="sent",
                      not_before=morning, created_at=morning, sent_at=morning)  # fmt: skip
    db.add(message)
    db.flush()
    db.add(Reminder(assignment_id=lead_of(db).id, effective_on=date(2022, 5, 4), step="overdue_1", day=day,
                    recipient_id=people["officer_vp"].id, message_id=message.id))  # fmt: skip
    told = lines(page(sign_in(client, "viewer"), url_of(db)))
    assert told[0] == "05/05/2022 Nhắc việc (nhắc quá hạn lần 1) gửi Văn phòng UBND tỉnh · đã gửi"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("officer_vp", ["Cập nhật tiến độ", "Báo hoàn thành"]),
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
    assert buttons(page(sign_in(client, "officer_vp"), url_of(db))) == []


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


def test_words_of_people_are_escaped(client: FlaskClient, db: Session, people: Any, sign_in: Any, page: Any) -> None:
    reported(db, people, datetime(2022, 4, 28, 3, tzinfo=UTC), done="<script>alert(1)</script>")
    the_task(db).clause.text = "<b>x</b> hoàn thành chậm nhất trong tháng 04/2022"
    shown = page(sign_in(client, "monitor"), url_of(db))
    assert shown.blockquote.b is None
    assert "<script>alert(1)</script>" in shown.select_one("ol.time").get_text()


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
    assert seen[0] == seen[1] <= 18


def test_history_says_who_cleared_it(db: Session, people: Any, as_person: Any, page: Any) -> None:
    standing = db.get_one(User, people["standing"].id)
    log(db, standing, "clarify_deadline", "task", the_task(db).id, task_id=the_task(db).id, due_on="2022-04-30")
    assert lines(page(as_person("viewer"), url_of(db)))[0].split(" ", 1)[1] == (
        "Làm rõ thời gian: hạn 30/04/2022 Võ Văn Trực, Cơ quan thường trực"
    )
