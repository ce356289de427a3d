"""The Office confirms or returns what an agency proposes: /phan-viec/<id>/hoan-thanh, /cho-xac-nhan, /bao-cao/<id>/…"""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.models import ProgressReport


@pytest.fixture
def proposal(client: FlaskClient, db: Session, sign_in: Any) -> ProgressReport:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    data = {
        "seen": current(db, owed).id,
        "result_on": "2022-05-05",
        "result_document": "45/BC-VP",
        "done": "Đã vận hành toàn tỉnh.",
    }
    assert client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=data).status_code == 302
    return db.execute(select(ProgressReport)).scalar_one()


def test_proposed_waits_in_the_queue_with_what_decides(
    client: FlaskClient, proposal: ProgressReport, db: Session, sign_in: Any, page: Any
) -> None:
    owed = the_assignment(db)
    assert (current(db, owed).state, current(db, owed).result_on) == ("awaiting_confirmation", date(2022, 5, 5))
    sign_in(client, "monitor")
    queue = page(client, "/cho-xac-nhan")
    assert "45/BC-VP" in queue.get_text()
    assert "sau hạn" in queue.get_text()
    decision = page(client, f"/bao-cao/{proposal.id}/quyet-dinh")
    assert "sau hạn 1 ngày" in " ".join(decision.get_text().split())


def test_confirm(client: FlaskClient, proposal: ProgressReport, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "monitor")
    assert client.post(f"/bao-cao/{proposal.id}/xac-nhan").location == f"/nhiem-vu/{proposal.task_id}"
    assert current(db, the_assignment(db)).clock == "done_late"
    assert client.post(f"/bao-cao/{proposal.id}/xac-nhan").status_code == 409
    assert page(client, "/cho-xac-nhan").find(class_="empty") is not None


def test_return_needs_a_reason(client: FlaskClient, proposal: ProgressReport, db: Session, sign_in: Any) -> None:
    sign_in(client, "monitor")
    answer = client.post(f"/bao-cao/{proposal.id}/tra-lai", data={"reason": "  "})
    assert answer.status_code == 422
    assert parse(answer.text).find(id="reason-error").get_text() == "Hãy ghi lý do để cơ quan biết cần làm lại điều gì."
    assert current(db, the_assignment(db)).state == "awaiting_confirmation"
    assert client.post(f"/bao-cao/{proposal.id}/tra-lai", data={"reason": "Thiếu biên bản."}).status_code == 302
    assert (current(db, the_assignment(db)).state, current(db, the_assignment(db)).clock) == ("returned", "running")


def test_who_may_decide_and_who_may_not_even_know(client: FlaskClient, proposal: ProgressReport, sign_in: Any) -> None:
    for person, code in (
        ("officer_vp", 403), ("standing", 403), ("leader", 403), ("officer_sct", 404), ("viewer", 404), ("admin", 404),
    ):  # fmt: skip
        sign_in(client, person)
        assert (person, client.get(f"/bao-cao/{proposal.id}/quyet-dinh").status_code) == (person, code)
        assert (person, client.post(f"/bao-cao/{proposal.id}/xac-nhan").status_code) == (person, code)


def test_impossible_dates(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for day, code in (("2022-13-01", 422), ("", 422), (tomorrow, 409), ("2022-02-17", 409)):
        data = {"seen": current(db, owed).id, "result_on": day, "result_document": "45/BC", "done": "Xong"}
        answer = client.post(f"/phan-viec/{owed.id}/hoan-thanh", data=data)
        assert (day, answer.status_code) == (day, code)
        assert parse(answer.text).find("input", {"name": "result_document"})["value"] == "45/BC"
