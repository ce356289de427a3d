"""/phan-viec/<id>/vuong-mac: an agency says what stops it, and to which level."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_report_new import current, said, the_assignment
from tracker.models import Obstacle, ObstacleStep

BELOW = {"text": "Thiếu đường truyền.", "proposal": "Bố trí kinh phí.", "level": "standing_body", "why": ""}


def address(db: Session) -> str:
    return f"/phan-viec/{the_assignment(db).id}/vuong-mac"


def test_works(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    form = page(client, address(db))
    seen = form.find("input", {"name": "seen"})["value"]
    answer = client.post(address(db), data={"seen": seen, **BELOW})
    found = db.execute(select(Obstacle)).scalar_one()
    assert (answer.status_code, answer.location) == (302, f"/vuong-mac/{found.id}")
    assert (found.assignment_id, found.text, found.proposal, found.level, found.state) == (
        owed.id, "Thiếu đường truyền.", "Bố trí kinh phí.", "standing_body", "waiting",
    )  # fmt: skip
    assert db.execute(select(ObstacleStep.verb, ObstacleStep.text)).one() == ("raise", None)


def test_straight_to_the_province_needs_a_why(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    data = {"seen": current(db, the_assignment(db)).id, **BELOW, "level": "province"}
    code, shown = said(client, address(db), **data)
    assert code == 422
    assert shown.find(id="why-error").get_text() == (
        "Gửi thẳng UBND tỉnh thì hãy ghi vì sao vượt thẩm quyền cơ quan thường trực."
    )
    assert client.post(address(db), data={**data, "why": "Ngoài dự toán."}).status_code == 302
    assert db.execute(select(ObstacleStep.level, ObstacleStep.text)).one() == ("province", "Ngoài dự toán.")


def test_bad_input_gets_its_sentence_and_keeps_what_was_typed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    code, shown = said(client, address(db), seen="1", text=" ", proposal="Xin cấp vốn", level="minister")
    assert code == 422
    assert shown.find(id="text-error").get_text() == "Hãy ghi vướng mắc là gì và đang cản trở phần việc ra sao."
    assert shown.find(id="level-error") or "không có trong danh sách" in shown.find(role="alert").get_text()
    assert shown.find("textarea", {"name": "proposal"}).get_text().strip() == "Xin cấp vốn"
    code, shown = said(client, address(db), seen="1", **{**BELOW, "text": "x" * 4001})
    assert (code, shown.find(id="text-error").get_text()) == (422, "Tối đa 4.000 ký tự; hãy rút gọn.")
    assert db.execute(select(Obstacle)).first() is None


def test_the_second_of_two_is_told_and_keeps_the_text(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    seen = current(db, owed).id
    sign_in(client, "officer_vp")
    report = {"seen": seen, "progress": "30", "done": "Bản một"}
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=report).status_code == 302
    code, shown = said(client, address(db), seen=seen, **BELOW)
    assert code == 409 and "vừa được người khác cập nhật" in shown.find(role="alert").get_text()
    assert shown.find("textarea", {"name": "text"}).get_text().strip() == "Thiếu đường truyền."
    again = shown.find("input", {"name": "seen"})["value"]
    assert client.post(address(db), data={"seen": again, **BELOW}).status_code == 302


def test_sent_twice_it_is_raised_once(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "officer_vp")
    form = page(client, address(db))
    hidden = {name: form.find("input", {"name": name})["value"] for name in ("seen", "once")}
    answers = [client.post(address(db), data={**hidden, **BELOW}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert len(db.execute(select(Obstacle)).all()) == 1


def test_only_the_agency_that_owes_it(client: FlaskClient, db: Session, sign_in: Any) -> None:
    for person in ("officer_sct", "officer_stttt", "monitor", "standing", "leader", "viewer", "admin"):
        sign_in(client, person)
        assert (person, client.get(address(db)).status_code) == (person, 403)
    sign_in(client, "officer_vp")
    assert client.get("/phan-viec/999999/vuong-mac").status_code == 404
    assert client.put(address(db)).status_code == 405
