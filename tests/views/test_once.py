"""A form sent twice is done once: double click, page sent again, two requests at the same moment."""

from threading import Barrier, Thread
from typing import Any

from flask import Flask, redirect
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tests.jobs.world import at
from tests.pages import parse
from tests.people import Person, sign_in_as
from tests.views.test_report_new import current, the_assignment
from tracker.database import begin_writing
from tracker.extensions import db as database
from tracker.models import Agency, ProgressReport, Submission, Task, User
from tracker.views.once import only_once

TOKEN = "t" * 22


def said(db: Session, token: str = TOKEN, **more: str) -> dict[str, Any]:
    seen = str(current(db, the_assignment(db)).id)
    return {"seen": seen, "once": token, "progress": "40", "done": "Đã họp.", "difficulty": "", **more}


def reports(db: Session) -> int:
    db.commit()
    return db.execute(select(func.count()).select_from(ProgressReport)).scalar_one()


def test_the_second_click_is_led_where_the_first_went(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    body = said(db)
    first, second = (client.post(f"/phan-viec/{owed.id}/tien-do", data=body) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location == f"/nhiem-vu/{owed.task_id}"
    assert reports(db) == 1
    shown = parse(client.get(second.location).text).get_text()
    assert "đã được ghi ở lần gửi trước" in shown


def test_two_at_the_same_moment(app: Flask, db: Session, people: dict[str, Person]) -> None:
    owed, body = the_assignment(db), said(db)
    address, start, codes = f"/phan-viec/{owed.id}/tien-do", Barrier(2), []
    db.commit()
    app.extensions.pop("test_session", None)  # two threads would share it

    def click() -> None:
        client = sign_in_as(app.test_client(), people["officer_vp"])
        start.wait()
        codes.append(client.post(address, data=body).status_code)

    clicks = [Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    app.extensions["test_session"] = db
    assert codes == [302, 302]
    assert reports(db) == 1


def test_somebody_else_who_writes_while_the_answer_is_made_does_no_harm(app: Flask, people: dict[str, Person]) -> None:
    def view() -> Response:
        database.session.commit()
        seen = database.session.scalars(select(Task.id)).first()  # read after the commit, as an address is made of it
        with Session(database.engine) as other:
            other.execute(update(Agency).values(note="khác"))
            other.commit()
        return redirect(f"/nhiem-vu/{seen}")

    with app.test_request_context(method="POST", data={"once": TOKEN}):
        login_user(database.session.get_one(User, people["officer_vp"].id))
        database.session.commit()
        begin_writing()
        answer = only_once(view)()
        [kept] = database.session.scalars(select(Submission))
        assert kept.location == answer.location


def test_what_was_refused_may_be_sent_again(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db, progress="140")).status_code == 422
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db, seen="1")).status_code == 409
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db)).status_code == 302
    assert reports(db) == 1


def test_another_persons_token_is_another_token(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db))
    sign_in(client, "officer_stttt")
    own = the_assignment(db, "TB1802:2.a")
    body = {**said(db), "seen": str(current(db, own).id)}
    assert client.post(f"/phan-viec/{own.id}/tien-do", data=body).status_code == 302
    assert reports(db) == 2


def test_a_token_that_is_none_is_ignored(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    for token in ("", "x", "ă" * 20, "a" * 4000, "a b" * 8):
        assert client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db, token)).status_code == 302
    assert reports(db) == 5
    assert db.execute(select(func.count()).select_from(Submission)).scalar_one() == 0


def test_every_form_carries_a_new_token(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    tokens = {page(client, f"/phan-viec/{owed.id}/tien-do").find("input", {"name": "once"})["value"] for _ in range(3)}
    assert len(tokens) == 3


def test_the_second_person_is_told_what_changed_and_keeps_the_text(
    client: FlaskClient, db: Session, sign_in: Any
) -> None:
    owed = the_assignment(db)
    seen = str(current(db, owed).id)
    sign_in(client, "officer_vp")
    client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db))
    late = client.post(
        f"/phan-viec/{owed.id}/tien-do", data={"seen": seen, "progress": "55", "done": "Bản của tôi", "difficulty": ""}
    )
    assert late.status_code == 409
    shown = parse(late.text)
    told = " ".join(shown.find(role="alert").get_text().split())
    assert "Trạng thái: từ “chưa triển khai” sang “đang thực hiện”" in told
    assert "Tiến độ: từ 0% sang 40%" in told
    assert "Trần Thị Vân: VP UBND tỉnh báo cáo tiến độ 40%" in told
    assert shown.find("textarea", {"name": "done"}).get_text().strip() == "Bản của tôi"
    again = {"seen": shown.find("input", {"name": "seen"})["value"], "progress": "55", "done": "Bản của tôi"}
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=again).status_code == 302


def test_what_changed_at_night_is_told_too(client: FlaskClient, db: Session, sign_in: Any) -> None:
    """Between midnight and seven o'clock of Viet Nam it is still yesterday in UTC."""
    owed = the_assignment(db)
    with at("2023-11-15 00:30"):
        sign_in(client, "officer_vp")
        client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db, "u" * 22, progress="50"))
        seen = str(current(db, owed).id)
        client.post(f"/phan-viec/{owed.id}/tien-do", data=said(db, "v" * 22, progress="60"))
        late = client.post(f"/phan-viec/{owed.id}/tien-do", data={**said(db), "once": "", "seen": seen})
    assert late.status_code == 409
    assert "báo cáo tiến độ 60%" in " ".join(parse(late.text).find(role="alert").get_text().split())
