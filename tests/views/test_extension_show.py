"""/gia-han/<id>: a request is read, granted, refused, withdrawn."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_extension_ask import GRANTED, ask, text
from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.models import Extension, ProgressReport


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 20)):
        yield


@pytest.fixture
def url(client: FlaskClient, db: Session, sign_in: Any) -> str:
    assert ask(sign_in(client, "officer_vp"), db).status_code == 302
    return f"/gia-han/{db.execute(select(Extension.id)).scalar_one()}"


def state(db: Session) -> str:
    return db.execute(select(Extension.state).order_by(Extension.id)).scalars().all()[-1]


@pytest.mark.parametrize("key", ["monitor", "leader"])
def test_granted(client: FlaskClient, db: Session, url: str, sign_in: Any, page: Any, key: str) -> None:
    shown = page(sign_in(client, key), url)
    assert shown.find("input", {"name": "granted_on"})["value"] == "2022-06-30"
    assert "Lý do Thiết bị về chậm." in text(shown.select_one(".terms"))
    answer = client.post(f"{url}/dong-y", data=GRANTED)
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{the_assignment(db).task_id}")
    assert (state(db), current(db, the_assignment(db)).effective_on) == ("granted", date(2022, 6, 20))
    shown = page(client, url)
    assert shown.select_one("form.form") is None
    assert "Đồng ý đến 18/06/2022 theo 1234/UBND-VX. Lần cuối." in text(shown)


def test_a_grant_needs_day_and_number(client: FlaskClient, db: Session, url: str, sign_in: Any) -> None:
    sign_in(client, "monitor")
    answer = client.post(f"{url}/dong-y", data={"granted_on": "", "decision_document": " ", "reason": "Được"})
    shown = parse(answer.text)
    assert answer.status_code == 422
    assert shown.find(id="granted_on-error").get_text() == "Hãy ghi ngày gia hạn đến, dạng ngày/tháng/năm."
    assert "Hãy ghi số, ký hiệu văn bản đồng ý gia hạn" in shown.find(id="decision_document-error").get_text()
    assert shown.find("textarea", {"name": "reason"}).get_text().strip() == "Được"
    early = client.post(f"{url}/dong-y", data={**GRANTED, "granted_on": "2022-05-04"})
    assert early.status_code == 409
    assert "không sau hạn hiện tại" in parse(early.text).find(role="alert").get_text()
    assert state(db) == "waiting"


def test_refused_with_a_reason(client: FlaskClient, db: Session, url: str, sign_in: Any, page: Any) -> None:
    sign_in(client, "leader")
    answer = client.post(f"{url}/tu-choi", data={"granted_on": "2022-06-30", "decision_document": "", "reason": " "})
    assert answer.status_code == 422
    assert parse(answer.text).find(id="reason-error").get_text() == (
        "Hãy ghi lý do không đồng ý, để cơ quan biết phải làm gì."
    )
    assert client.post(f"{url}/tu-choi", data={"reason": "Đã đủ thời gian."}).status_code == 302
    assert (state(db), current(db, the_assignment(db)).effective_on) == ("refused", date(2022, 5, 4))
    assert "Không đồng ý. Đã đủ thời gian." in text(page(client, url))


def test_the_second_who_decides_is_told(client: FlaskClient, db: Session, url: str, sign_in: Any) -> None:
    sign_in(client, "monitor")
    assert client.post(f"{url}/dong-y", data=GRANTED).status_code == 302
    for way, data in (("dong-y", GRANTED), ("tu-choi", {"reason": "Không."})):
        answer = client.post(f"{url}/{way}", data=data)
        assert answer.status_code == 409
        assert "đã có người xử lý trước đó" in parse(answer.text).find(role="alert").get_text()


def test_withdrawn_by_the_agency(client: FlaskClient, db: Session, url: str, sign_in: Any, page: Any) -> None:
    shown = page(sign_in(client, "officer_vp"), url)
    assert shown.select_one("form[action$='/rut']") is not None
    assert shown.find("input", {"name": "granted_on"}) is None
    assert client.post(f"{url}/rut").status_code == 302
    assert state(db) == "withdrawn"
    assert client.post(f"{url}/rut").status_code == 409


def test_who_may_decide_and_who_may_not_even_know(client: FlaskClient, url: str, sign_in: Any) -> None:
    for person, reads, decides, withdraws in (
        ("officer_vp", 200, 403, 302), ("standing", 200, 403, 403), ("monitor", 200, 422, 403), ("leader", 200, 422, 403),
        ("officer_sct", 404, 404, 404), ("viewer", 404, 404, 404), ("admin", 404, 404, 404),
    ):  # fmt: skip
        sign_in(client, person)
        codes = [client.get(url).status_code, client.post(f"{url}/dong-y").status_code]
        assert (person, codes) == (person, [reads, decides])
        assert (person, client.post(f"{url}/tu-choi").status_code) == (person, decides)
        if person != "officer_vp":
            assert (person, client.post(f"{url}/rut").status_code) == (person, withdraws)
    assert client.get("/gia-han/999999").status_code == 404
    assert client.put(url).status_code == 405


def test_earlier_slips_are_before_the_eyes_of_who_decides(
    client: FlaskClient, db: Session, url: str, sign_in: Any, page: Any
) -> None:
    sign_in(client, "monitor")
    client.post(f"{url}/dong-y", data=GRANTED)
    with clock.on_day(date(2022, 6, 16)):
        ask(sign_in(client, "officer_vp"), db, proposed_on="2022-08-31")
        number = max(db.execute(select(Extension.id)).scalars())
        shown = page(sign_in(client, "leader"), f"/gia-han/{number}")
    terms = text(shown.select_one(".terms"))
    assert "Ngày xin 16/06/2022 xin sau hạn" in terms
    assert "Hạn tính gốc 04/05/2022 Hạn hiện tại 20/06/2022 Đã gia hạn 1 lần, tổng cộng 47 ngày so với hạn gốc" in terms
    assert "20/04/2022 Xin đến 30/06/2022 Đồng ý đến 18/06/2022 theo 1234/UBND-VX, thêm 47 ngày" in text(
        shown.select_one("ol.time")
    )


def test_whoever_decides_knows_of_a_late_result_that_waits(
    client: FlaskClient, db: Session, url: str, sign_in: Any, page: Any
) -> None:
    owed = the_assignment(db)
    with clock.on_day(date(2022, 5, 16)):
        done = {
            "seen": current(db, owed).id,
            "result_on": "2022-05-16",
            "result_document": "45/BC-VP",
            "done": "Đã xong.",
        }
        assert sign_in(client, "officer_vp").post(f"/phan-viec/{owed.id}/hoan-thanh", data=done).status_code == 302
        report = db.execute(select(ProgressReport.id)).scalar_one()
        warned = text(page(sign_in(client, "monitor"), f"/bao-cao/{report}/quyet-dinh").select_one(".notice.warn"))
        assert "xác nhận trước thì yêu cầu hết hiệu lực và kết quả là quá hạn" in warned
        shown = page(client, url)
        assert "Cơ quan đã báo kết quả ngày 16/05/2022, sau hạn hiện tại." in text(shown.select_one(".notice.warn"))
        assert client.post(f"{url}/dong-y", data=GRANTED).status_code == 302
        assert current(db, owed).clock == "open_in_time"
