"""What happened to a task: on its page, and from the first line to the last at /nhiem-vu/<id>/dien-bien."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tests.views.test_report_new import the_assignment
from tests.views.test_task_show import lines, the_task, url_of
from tracker import clock
from tracker.actions.event import log
from tracker.actions.report import keep_report
from tracker.models import Event, Message, ProgressReport, Reminder, Succession, User

DONE, TROUBLE = "Đã trang bị 6 phòng họp.", "Thiếu đường truyền."


@pytest.fixture
def reported(db: Session, people: dict[str, Person]) -> Callable[..., ProgressReport]:
    """reported(day, progress): what the officer of the Office's agency says, with its event."""

    def say(day: date, progress: int = 70, verb: str = "report_progress", **said: Any) -> ProgressReport:
        owed, officer = the_assignment(db), db.get_one(User, people["officer_vp"].id)
        with clock.on_day(day):
            report = keep_report(
                db, officer, owed, kind="progress", progress=progress, **{"done": DONE, "difficulty": TROUBLE, **said}
            )
            log(db, officer, verb, "assignment", owed.id, task_id=owed.task_id, agency_id=owed.agency_id,
                report_id=report.id, progress=progress)  # fmt: skip
        return report

    return say


@pytest.mark.parametrize(
    ("key", "reads"),
    [
        ("officer_vp", True), ("monitor", True), ("standing", True), ("leader", True),
        ("officer_sct", False), ("viewer", False), ("admin", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["", "/dien-bien"])
def test_contents_of_reports_are_for_those_concerned(
    db: Session, reported: Any, as_person: Any, page: Any, key: str, reads: bool, place: str
) -> None:
    reported(date(2022, 4, 28), proposal="Xin thêm vốn.", next_step="Nghiệm thu.")
    shown = page(as_person(key), f"{url_of(db)}{place}")
    said = (DONE, f"Vướng mắc: {TROUBLE}", "Đề xuất: Xin thêm vốn.", "Việc tiếp theo: Nghiệm thu.", "70%")
    assert [part in shown.select_one("ol.time").get_text() for part in said] == [reads] * 5
    told = next(line for line in lines(shown) if "báo cáo tiến độ" in line)
    assert told.startswith("28/04/2022") and "Trần Thị Vân, Chuyên viên cơ quan, VP UBND tỉnh" in told


def test_it_ends_on_the_day_looked_at(db: Session, reported: Any, as_person: Any, page: Any, people: Any) -> None:
    monitor = db.get_one(User, people["monitor"].id)
    report = reported(date(2022, 4, 29), verb="propose_completion", difficulty=None, result_on=date(2022, 4, 28),
                      result_document="12/BC-VP")  # fmt: skip
    with clock.on_day(date(2022, 5, 6)):
        log(db, monitor, "return", "assignment", report.assignment_id, task_id=report.task_id, agency_id=report.agency_id,
            report_id=report.id, reason="Thiếu biên bản.")  # fmt: skip
    log(db, None, "clarify_person", "task", the_task(db).id, task_id=the_task(db).id)
    now = lines(page(as_person("monitor"), url_of(db)))
    assert [line.split(" ", 1)[1] for line in now] == [
        "Làm rõ người: nêu người phụ trách của cơ quan Hệ thống tự ghi",
        "Văn phòng UBND tỉnh trả lại kết quả của Văn phòng UBND tỉnh Lý do: Thiếu biên bản. Đỗ Thị Theo, Văn phòng UBND tỉnh",
        "Văn phòng UBND tỉnh báo đã hoàn thành, đề nghị xác nhận Kết quả ngày 28/04/2022, văn bản 12/BC-VP "
        "Đã trang bị 6 phòng họp. Trần Thị Vân, Chuyên viên cơ quan, VP UBND tỉnh",
        f"Giao việc tại {the_task(db).document.short_name}",
    ]
    days = ("2022-04-28", "2022-04-29", "2022-05-05", "2022-05-06")
    assert [len(lines(page(as_person("monitor"), f"{url_of(db)}?on={day}"))) for day in days] == [1, 2, 2, 3]
    assert len(lines(page(as_person("monitor"), f"{url_of(db)}/dien-bien?on=2022-05-05"))) == 2


def test_the_end_of_a_day_is_that_of_viet_nam(db: Session, as_person: Any, page: Any) -> None:
    task = the_task(db)
    late = datetime(2022, 4, 28, 17, 30, tzinfo=UTC)
    db.add(Event(at=late, verb="star", noun="task", noun_id=task.id, task_id=task.id, facts={}))
    counted = [len(lines(page(as_person("viewer"), f"{url_of(db)}?on={day}"))) for day in ("2022-04-28", "2022-04-29")]
    assert counted == [1, 2]
    full = page(as_person("viewer"), f"{url_of(db)}/dien-bien")
    moment = full.select_one("ol.time time")
    assert (moment["datetime"], moment["title"]) == ("2022-04-28T17:30:00+00:00", "00:30 29/04/2022")


def test_an_unknown_verb_reads_well(db: Session, people: Any, as_person: Any, page: Any) -> None:
    standing = db.get_one(User, people["standing"].id)
    log(db, standing, "verb_of_tomorrow", "task", the_task(db).id, task_id=the_task(db).id, reason="Vì thế.")
    assert lines(page(as_person("viewer"), url_of(db)))[0].split(" ", 1)[1] == (
        "Có thay đổi về nhiệm vụ này Võ Văn Trực, Cơ quan thường trực"
    )
    assert "Lý do: Vì thế." in lines(page(as_person("monitor"), url_of(db)))[0]


def test_who_acted_for_whom_is_said(db: Session, people: Any, as_person: Any, page: Any) -> None:
    officer = db.get_one(User, people["officer_vp"].id)
    log(db, officer, "approve", "assignment", 1, task_id=the_task(db).id, on_behalf_of="Ngô Văn Trưởng")
    assert lines(page(as_person("viewer"), url_of(db)))[0].endswith(
        "Trần Thị Vân, Chuyên viên cơ quan, VP UBND tỉnh, thay mặt Ngô Văn Trưởng"
    )


def test_who_has_moved_since_acted_for_the_agency_of_that_day(
    db: Session, people: Any, as_person: Any, page: Any
) -> None:
    officer = db.get_one(User, people["officer_vp"].id)
    log(
        db,
        officer,
        "report_progress",
        "assignment",
        1,
        task_id=the_task(db).id,
        agency_id=officer.agency_id,
        progress=5,
    )
    db.commit()
    officer.agency_id = db.get_one(User, people["officer_sct"].id).agency_id
    assert lines(page(as_person("viewer"), url_of(db)))[0].endswith("Trần Thị Vân, Chuyên viên cơ quan, VP UBND tỉnh")


def test_a_successor_reads_what_the_agency_that_ended_reported(
    db: Session, people: Any, reported: Any, as_person: Any, page: Any
) -> None:
    reported(date(2022, 4, 28), done="Sáu phòng họp.")
    old = db.get_one(User, people["officer_vp"].id).agency
    heir = db.get_one(User, people["officer_sct"].id).agency_id
    assert "Sáu phòng họp." not in page(as_person("officer_sct"), url_of(db)).get_text()
    ended = clock.today()
    db.add(Succession(agency_id=old.id, successor_id=heir, took_effect_on=ended, legal_basis="Nghị quyết"))
    assert "Sáu phòng họp." not in page(as_person("officer_sct"), url_of(db)).get_text()
    old.valid_to = ended
    assert "Sáu phòng họp." in page(as_person("officer_sct"), url_of(db)).get_text()
    assert "Sáu phòng họp." not in page(as_person("viewer"), url_of(db)).get_text()


def test_words_of_people_are_escaped(db: Session, reported: Any, as_person: Any, page: Any) -> None:
    reported(date(2022, 4, 28), done="<script>alert(1)</script>")
    the_task(db).clause.text = "<b>x</b> hoàn thành chậm nhất trong tháng 04/2022"
    shown = page(as_person("monitor"), url_of(db))
    assert shown.blockquote.b is None
    assert "<script>alert(1)</script>" in shown.select_one("ol.time").get_text()


@pytest.fixture
def long_history(db: Session, reported: Any, people: Any) -> int:
    """150 things that happened, the first on 1 March 2022; returns how many lines that makes with the order itself."""
    task, officer = the_task(db), people["officer_vp"].id
    for number in range(50):
        day = date.fromordinal(date(2022, 3, 1).toordinal() + number)
        reported(day, progress=number)
        with clock.on_day(day):
            log(db, None, "recount_deadline", "task", task.id, task_id=task.id, before="2022-04-30", after="2022-05-04")
        morning = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
        message = Message(kind="reminder_digest", recipient_id=officer, day=day, key=f"k{number}", state="sent",
                          not_before=morning, created_at=morning, sent_at=morning)  # fmt: skip
        db.add(message)
        db.flush()
        db.add(Reminder(assignment_id=the_assignment(db).id, effective_on=date(2022, 5, 4), step=f"overdue_{number + 1}",
                        day=day, recipient_id=officer, message_id=message.id))  # fmt: skip
    return 151


def whole(client: FlaskClient, page: Any, url: str) -> list[list[str]]:
    shown = page(client, url)
    pages = [lines(shown)]
    while link := shown.select_one(".pages a[rel=next]"):
        shown = page(client, link["href"])
        pages.append(lines(shown))
    return pages


def test_the_page_of_the_task_shows_the_newest_and_leads_to_all(
    db: Session, long_history: int, as_person: Any, page: Any
) -> None:
    shown = page(as_person("monitor"), url_of(db))
    assert len(lines(shown)) == 15
    pages = whole(as_person("monitor"), page, shown.select("#dien-bien a")[-1]["href"])
    told = [line for part in pages for line in part]
    assert [len(part) for part in pages] == [60, 60, 31] and sum(map(len, pages)) == long_history
    assert len(set(told)) == long_history, "no line twice, none lost"
    days = [line[:10] for line in told[:-1]]
    assert days == sorted(days, key=lambda day: day.split("/")[::-1], reverse=True)
    assert told[-1].endswith("Giao việc tại TB 18/02/2022")


@pytest.mark.parametrize(
    ("kind", "count", "word"),
    [("reports", 50, "báo cáo tiến độ"), ("decisions", 50, "Tính lại theo lịch"), ("reminders", 50, "Nhắc việc")],
)
def test_filters(db: Session, long_history: int, as_person: Any, page: Any, kind: str, count: int, word: str) -> None:
    url = f"{url_of(db)}/dien-bien?kind={kind}"
    [told] = whole(as_person("viewer"), page, url)
    assert len(told) == count and all(word in line for line in told)
    assert page(as_person("viewer"), url).select_one(".tabs a[aria-current]")["href"] == url


def test_a_torn_address_shows_the_first_page(db: Session, long_history: int, as_person: Any, page: Any) -> None:
    client = as_person("viewer")
    first = lines(page(client, f"{url_of(db)}/dien-bien"))
    for place in ("x", "1_2", "_2022-13-01_1", "99999999999_", "1_2022-01-01_x"):
        shown = page(client, f"{url_of(db)}/dien-bien?before={place}")
        assert (place, lines(shown)) == (place, first)
        assert "Địa chỉ trang không còn đúng" in shown.select_one(".notice.bad").get_text()


def test_as_many_queries_for_many_lines_as_for_one(
    app: Flask, db: Session, reported: Any, as_person: Any, count_queries: Any
) -> None:
    client, seen = as_person("monitor"), []
    for _turn in range(3):
        reported(date(2022, 4, 28))
        db.commit()
        with count_queries(app) as statements:
            assert client.get(f"{url_of(db)}/dien-bien").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] == seen[2] <= 11


def test_printed_it_says_where_the_log_stood(db: Session, reported: Any, as_person: Any, page: Any) -> None:
    reported(date(2022, 4, 28))
    db.commit()
    last = db.execute(select(Event.id, Event.hash).order_by(Event.id.desc()).limit(1)).one()
    shown = page(as_person("viewer"), f"{url_of(db)}/dien-bien")
    assert f"sự kiện số {last.id}" in lines(shown)[0]
    assert shown.select_one("main > p.who:last-child code").get_text() == last.hash


def test_missing_and_wrong_method(db: Session, as_person: Any) -> None:
    assert as_person("viewer").get("/nhiem-vu/999999/dien-bien").status_code == 404
    assert as_person("viewer").post(f"{url_of(db)}/dien-bien").status_code == 405
