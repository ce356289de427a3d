"""/phan-viec/<id>/tien-do: an officer reports on the agency's own assignment."""

from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tracker import clock
from tracker.models import FOREVER, Assignment, AssignmentPeriod, ProgressReport, ReportingRule, Task


def the_assignment(db: Session, code: str = "TB1802:6.b") -> Assignment:
    return db.execute(select(Assignment).join(Task).where(Task.code == code, Assignment.role == "lead")).scalar_one()


def current(db: Session, assignment: Assignment) -> AssignmentPeriod:
    query = select(AssignmentPeriod).where(
        AssignmentPeriod.assignment_id == assignment.id, AssignmentPeriod.valid_to == FOREVER
    )
    return db.execute(query).scalar_one()


def said(client: FlaskClient, url: str, **data: Any) -> tuple[int, Any]:
    response = client.post(url, data=data)
    return response.status_code, parse(response.text)


def test_works(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    owed = the_assignment(db)
    url = f"/phan-viec/{owed.id}/tien-do"
    sign_in(client, "officer_vp")
    form = page(client, url)
    seen = form.find("input", {"name": "seen"})["value"]
    answer = client.post(
        url, data={"seen": seen, "progress": "70", "done": "Đã trang bị 6 phòng họp.", "difficulty": ""}
    )
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{owed.task_id}")
    assert (current(db, owed).state, current(db, owed).progress) == ("in_progress", 70)
    kept = db.execute(select(ProgressReport)).scalar_one()
    assert (kept.done, kept.difficulty) == ("Đã trang bị 6 phòng họp.", None)


def test_bad_input_gets_its_sentence_and_keeps_what_was_typed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    for progress, sentence in (
        ("", "Hãy ghi tiến độ bằng số phần trăm, từ 0 đến 100."),
        ("101", "Tiến độ nằm trong khoảng 0 đến 100."),
        ("-1", "Tiến độ nằm trong khoảng 0 đến 100."),
    ):
        code, shown = said(
            client, f"/phan-viec/{owed.id}/tien-do", seen="1", progress=progress, done="Việc đã làm", difficulty=""
        )
        assert code == 422
        assert shown.find(id="progress-error").get_text() == sentence
        assert shown.find("textarea", {"name": "done"}).get_text().strip() == "Việc đã làm"
    code, shown = said(
        client, f"/phan-viec/{owed.id}/tien-do", seen="1", progress="bảy mươi", done=" ", difficulty="x" * 4001
    )
    assert code == 422
    assert shown.find(id="progress-error") is not None
    assert shown.find(id="done-error").get_text() == "Hãy ghi ngắn gọn việc đã làm trong kỳ."
    assert shown.find(id="difficulty-error").get_text() == "Tối đa 4.000 ký tự; hãy rút gọn."
    assert db.execute(select(ProgressReport)).first() is None


def test_the_second_of_two_is_told_and_keeps_the_text(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    seen = current(db, owed).id
    url = f"/phan-viec/{owed.id}/tien-do"
    sign_in(client, "officer_vp")
    assert client.post(url, data={"seen": seen, "progress": "30", "done": "Bản một"}).status_code == 302
    code, shown = said(client, url, seen=seen, progress="60", done="Bản hai")
    assert code == 409
    assert "vừa được người khác cập nhật" in shown.find(role="alert").get_text()
    assert shown.find("textarea", {"name": "done"}).get_text().strip() == "Bản hai"
    again = shown.find("input", {"name": "seen"})["value"]
    assert client.post(url, data={"seen": again, "progress": "60", "done": "Bản hai"}).status_code == 302
    assert current(db, owed).progress == 60


def test_only_the_agency_that_owes_it(client: FlaskClient, db: Session, sign_in: Any) -> None:
    url = f"/phan-viec/{the_assignment(db).id}/tien-do"
    for person in ("officer_sct", "officer_stttt", "monitor", "standing", "leader", "viewer", "admin"):
        sign_in(client, person)
        assert (person, client.get(url).status_code) == (person, 403)
    sign_in(client, "officer_vp")
    assert client.get("/phan-viec/999999/tien-do").status_code == 404
    assert client.put(url).status_code == 405


def test_each_part_is_kept_and_read_by_those_concerned(
    client: FlaskClient, db: Session, sign_in: Any, page: Any
) -> None:
    owed = the_assignment(db)
    db.add(ReportingRule(document_id=owed.task.document_id, every="month", grace=3, valid_from=clock.today()))
    sign_in(client, "officer_vp")
    url = f"/phan-viec/{owed.id}/tien-do"
    form = page(client, url)
    (only,) = form.find("select", {"name": "period"}).find_all("option")
    first = {
        "seen": form.find("input", {"name": "seen"})["value"], "progress": "70", "done": "Đã lắp máy.",
        "difficulty": "Thiếu đường truyền.", "proposal": "Xin thêm kinh phí.", "next_step": "Nghiệm thu.",
        "period": only["value"],
    }  # fmt: skip
    assert client.post(url, data=first).status_code == 302
    second = {"seen": str(current(db, owed).id), "progress": "80", "done": "Đã chạy thử.", "period": only["value"]}
    assert client.post(url, data=second).status_code == 302
    kept = db.execute(
        select(ProgressReport.progress, ProgressReport.proposal, ProgressReport.next_step, ProgressReport.period_end)
        .order_by(ProgressReport.id)
    ).all()  # fmt: skip
    end = date.fromisoformat(only["value"])
    assert [tuple(row) for row in kept] == [(70, "Xin thêm kinh phí.", "Nghiệm thu.", end), (80, None, None, end)]
    for person, reads in (("officer_vp", True), ("monitor", True), ("viewer", False), ("officer_sct", False)):
        section = page(sign_in(client, person), f"/nhiem-vu/{owed.task_id}").find(id="bao-cao").get_text(" ")
        assert "đúng kỳ" in section and "2 báo cáo trong kỳ" in section
        assert (person, "Đã chạy thử." in section, "80%" in section) == (person, reads, reads)


def test_without_a_rule_there_is_no_period_to_choose(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    url = f"/phan-viec/{owed.id}/tien-do"
    assert page(client, url).find("select", {"name": "period"}) is None
    # A period that nobody offered is not read at all.
    form = {"seen": str(current(db, owed).id), "progress": "5", "done": "Đã họp.", "period": "2022-01-31"}
    assert client.post(url, data=form).status_code == 302
    assert db.scalars(select(ProgressReport.period_end)).all() == [None]


def test_a_period_that_is_not_offered_is_refused(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    db.add(ReportingRule(document_id=owed.task.document_id, every="month", grace=3, valid_from=clock.today()))
    sign_in(client, "officer_vp")
    for period in ("2019-01-31", "abc"):
        code, shown = said(
            client,
            f"/phan-viec/{owed.id}/tien-do",
            seen=current(db, owed).id,
            progress="5",
            done="Đã họp.",
            period=period,
        )
        assert (code, shown.find(id="period-error").get_text()) == (
            422, "Lựa chọn này không có trong danh sách; hãy chọn lại.",
        )  # fmt: skip
