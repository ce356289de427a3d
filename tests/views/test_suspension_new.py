"""/phan-viec/<id>/trang-thai: the Office holds work, lets it go on, drops it, takes it up or opens it again."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.pages import Page, parse
from tests.views.test_report_new import current, the_assignment
from tracker.models import Assignment


@pytest.fixture
def owed(db: Session, client: FlaskClient, sign_in: Any) -> Assignment:
    sign_in(client, "monitor")
    return the_assignment(db)


def send(client: FlaskClient, db: Session, owed: Assignment, verb: str, **typed: Any) -> Any:
    sent = {"seen": current(db, owed).id, "verb": verb, "reason": "Chờ hướng dẫn.", "basis": "512/UBND-KSTT", **typed}
    return client.post(f"/phan-viec/{owed.id}/trang-thai", data=sent)


def offered(page: Page) -> list[str]:
    return [radio["value"] for radio in page.select("input[name=verb]")]


def test_hold_and_go_on(client: FlaskClient, db: Session, owed: Assignment, page: Any) -> None:
    url = f"/phan-viec/{owed.id}/trang-thai"
    assert page(client, f"/nhiem-vu/{owed.task_id}").select_one(f'a[href="{url}"]') is not None
    assert offered(page(client, url)) == ["pause", "drop"]
    assert send(client, db, owed, "pause").location == f"/nhiem-vu/{owed.task_id}"
    assert current(db, owed).state == "paused"
    task = " ".join(page(client, f"/nhiem-vu/{owed.task_id}").get_text().split())
    assert "tạm dừng phần việc của Văn phòng UBND tỉnh (512/UBND-KSTT)" in task and "Chờ hướng dẫn." in task
    assert offered(page(client, url)) == ["resume", "drop"]
    assert send(client, db, owed, "drop").status_code == 302
    assert offered(page(client, url)) == ["restore"]


def test_bad_input_gets_its_sentence(client: FlaskClient, db: Session, owed: Assignment) -> None:
    answer = send(client, db, owed, "reopen", reason=" ", basis="x" * 301)
    shown = parse(answer.text)
    assert answer.status_code == 422
    assert "không có trong danh sách" in shown.find(id="verb-error").get_text()
    assert shown.find(id="reason-error").get_text() == "Hãy ghi lý do để cơ quan biết vì sao."
    assert shown.find(id="basis-error").get_text() == "Tối đa 300 ký tự."
    assert send(client, db, owed, "pause", basis="").status_code == 422
    assert current(db, owed).state == "not_started"


def test_after_a_lost_race_what_is_possible_now_is_offered(client: FlaskClient, db: Session, owed: Assignment) -> None:
    seen = current(db, owed).id
    assert send(client, db, owed, "pause").status_code == 302
    answer = send(client, db, owed, "drop", seen=seen)
    shown = parse(answer.text)
    assert answer.status_code == 409 and offered(shown) == ["resume", "drop"]
    assert shown.find("textarea", {"name": "reason"}).get_text().strip() == "Chờ hướng dẫn."
    assert "sang “tạm dừng”" in shown.find(role="alert").get_text()


def test_what_the_race_took_away_is_a_lost_race_too(client: FlaskClient, db: Session, owed: Assignment) -> None:
    seen = current(db, owed).id
    assert send(client, db, owed, "pause").status_code == 302
    answer = send(client, db, owed, "pause", seen=seen)
    shown = parse(answer.text)
    assert answer.status_code == 409 and offered(shown) == ["resume", "drop"]
    assert "sang “tạm dừng”" in shown.find(role="alert").get_text()
    assert shown.find("textarea", {"name": "reason"}).get_text().strip() == "Chờ hướng dẫn."


def test_what_waits_is_decided_first(
    client: FlaskClient, db: Session, owed: Assignment, sign_in: Any, page: Any
) -> None:
    sign_in(client, "officer_vp")
    sent = {"seen": current(db, owed).id, "result_on": "2022-05-05", "result_document": "12/BC", "done": "Đã làm."}
    assert client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=sent).status_code == 302
    sign_in(client, "monitor")
    shown = page(client, f"/phan-viec/{owed.id}/trang-thai")
    assert offered(shown) == [] and "hãy xác nhận hoặc trả lại trước" in shown.get_text()


def test_only_the_office(client: FlaskClient, db: Session, owed: Assignment, sign_in: Any) -> None:
    for person in ("officer_vp", "head_stttt", "standing", "leader", "viewer", "admin"):
        sign_in(client, person)
        assert (person, client.get(f"/phan-viec/{owed.id}/trang-thai").status_code) == (person, 403)
        assert (person, send(client, db, owed, "pause").status_code) == (person, 403)
    sign_in(client, "monitor")
    assert client.get("/phan-viec/999999/trang-thai").status_code == 404
