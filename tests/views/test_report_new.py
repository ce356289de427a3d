"""/phan-viec/<id>/tien-do: an officer reports on the agency's own assignment."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tracker.models import FOREVER, Assignment, AssignmentPeriod, ProgressReport, Task


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
