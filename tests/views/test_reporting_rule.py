"""/van-ban/<code>/ky-bao-cao: how often a document is reported on."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_report_new import said
from tracker.models import ReportingRule

URL = "/van-ban/TB1802/ky-bao-cao"


def test_works(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "standing")
    form = page(client, URL)
    assert form.find("input", {"name": "every", "checked": True})["value"] == "none"
    assert form.find("input", {"name": "grace"})["value"] == "3"
    seen = form.find("input", {"name": "seen"})["value"]
    answer = client.post(URL, data={"seen": seen, "every": "week", "grace": "2"})
    assert (answer.status_code, answer.location) == (302, "/ky-bao-cao?document=TB1802")
    rule = db.scalars(select(ReportingRule)).one()
    assert (rule.every, rule.grace) == ("week", 2)
    again = page(client, URL)
    assert again.find("input", {"name": "every", "checked": True})["value"] == "week"
    assert "hằng tuần" in again.find("table").get_text()
    link = page(client, "/van-ban/TB1802").find("dl", class_="meta").find("a", string="hằng tuần")
    assert link["href"] == "/ky-bao-cao?document=TB1802"


def test_taken_back(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "monitor")
    for every in ("quarter", "none"):
        seen = page(client, URL).find("input", {"name": "seen"})["value"]
        assert client.post(URL, data={"seen": seen, "every": every, "grace": "0"}).status_code == 302
    rule = db.scalars(select(ReportingRule)).one()
    assert rule.valid_to == rule.valid_from  # on one day: no period ended under it


def test_the_second_of_two_is_told(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "monitor")
    assert client.post(URL, data={"seen": "0", "every": "week", "grace": "2"}).status_code == 302
    code, shown = said(client, URL, seen="0", every="month", grace="3")
    assert code == 409
    assert "Có người vừa đổi kỳ báo cáo" in shown.find(role="alert").get_text()
    assert shown.find("input", {"name": "every", "checked": True})["value"] == "month"
    again = shown.find("input", {"name": "seen"})["value"]
    assert client.post(URL, data={"seen": again, "every": "month", "grace": "3"}).status_code == 302


def test_bad_input_gets_its_sentence(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "monitor")
    for every, grace, field, sentence in (
        ("", "3", "every", "Hãy chọn kỳ báo cáo."),
        ("day", "3", "every", "Lựa chọn này không có trong danh sách; hãy chọn lại."),
        ("week", "", "grace", "Hãy ghi số ngày làm việc, từ 0 đến 20."),
        ("week", "21", "grace", "Số ngày làm việc nằm trong khoảng 0 đến 20."),
        ("week", "-1", "grace", "Số ngày làm việc nằm trong khoảng 0 đến 20."),
    ):
        code, shown = said(client, URL, seen="0", every=every, grace=grace)
        assert (code, sentence in shown.find(role="alert").get_text()) == (422, True), (field, sentence)
    assert db.execute(select(ReportingRule)).first() is None


def test_who_may(client: FlaskClient, sign_in: Any) -> None:
    for person in ("officer_vp", "head_stttt", "leader", "viewer", "admin"):
        sign_in(client, person)
        assert (person, client.get(URL).status_code) == (person, 403)
    assert client.get("/van-ban/KHONG/ky-bao-cao").status_code == 404
