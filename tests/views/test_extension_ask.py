"""/phan-viec/<id>/gia-han: an agency asks for more time; and what the page of the task then says, on every day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_report_new import current, said, the_assignment
from tracker import clock
from tracker.models import AssignmentPeriod, Extension, Message

ASKED = {"proposed_on": "2022-06-30", "reason": "Thiết bị về chậm.", "request_document": "12/VP-TH"}
GRANTED = {"granted_on": "2022-06-18", "decision_document": "1234/UBND-VX", "reason": "Lần cuối."}


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Iterator[None]:
    with clock.on_day(date(2022, 4, 20)):
        yield


def ask(client: FlaskClient, db: Session, **other: Any) -> Any:
    owed = the_assignment(db)
    return client.post(f"/phan-viec/{owed.id}/gia-han", data={"seen": current(db, owed).id, **ASKED, **other})


def text(shown: Any) -> str:
    return " ".join(shown.get_text(" ", strip=True).split())


def test_works(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    owed = the_assignment(db)
    form = page(sign_in(client, "officer_vp"), f"/phan-viec/{owed.id}/gia-han")
    assert "Hạn tính gốc 04/05/2022 Hạn hiện tại 04/05/2022 Đã gia hạn chưa lần nào" in text(form.select_one(".terms"))
    assert "Xin chậm nhất ngày 27/04/2022, trước hạn 3 ngày làm việc" in text(form)
    assert form.select_one(".notice.warn") is None
    answer = ask(client, db)
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{owed.task_id}")
    kept = db.execute(select(Extension)).scalar_one()
    assert (kept.proposed_on, kept.reason, kept.request_document, kept.late) == (
        date(2022, 6, 30), "Thiết bị về chậm.", "12/VP-TH", False,
    )  # fmt: skip
    assert db.execute(select(Message.kind)).scalars().all() == ["extension_asked"]


def test_told_before_sending_that_it_comes_too_late(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    with clock.on_day(date(2022, 4, 28)):
        form = page(sign_in(client, "officer_vp"), f"/phan-viec/{the_assignment(db).id}/gia-han")
        assert "sẽ được ghi “xin sau hạn”" in form.select_one(".notice.warn").get_text()
        assert ask(client, db).status_code == 302
        shown = page(client, f"/nhiem-vu/{the_assignment(db).task_id}")
    assert "(ngày 28/04/2022, xin sau hạn), chưa có quyết định" in text(shown.select_one(".notice.warn"))


def test_bad_input_gets_its_sentence_and_keeps_what_was_typed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    for wrong, place, sentence in (
        ({"proposed_on": ""}, "proposed_on", "Hãy ghi ngày xin gia hạn đến, dạng ngày/tháng/năm."),
        ({"proposed_on": "2022-02-30"}, "proposed_on", "Hãy ghi ngày xin gia hạn đến, dạng ngày/tháng/năm."),
        ({"proposed_on": "9999-12-31"}, "proposed_on", "Năm phải trong khoảng 1900 đến 2100."),
        ({"reason": "  "}, "reason", "Hãy ghi vì sao cần thêm thời gian."),
        ({"reason": "x" * 4001}, "reason", "Tối đa 4.000 ký tự; hãy rút gọn."),
        ({"request_document": "x" * 201}, "request_document", "Tối đa 200 ký tự."),
    ):
        answer = ask(client, db, **wrong)
        assert answer.status_code == 422
        shown = parse(answer.text)
        assert shown.find(id=f"{place}-error").get_text() == sentence
        if place != "reason":
            assert shown.find("textarea", {"name": "reason"}).get_text().strip() == ASKED["reason"]
    assert db.execute(select(Extension)).first() is None


def test_a_day_that_gives_no_time_is_refused_and_stays_typed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "officer_vp")
    answer = ask(client, db, proposed_on="2022-05-04")
    assert answer.status_code == 409
    shown = parse(answer.text)
    assert "không sau hạn hiện tại 04/05/2022" in shown.find(role="alert").get_text()
    assert shown.find("input", {"name": "proposed_on"})["value"] == "2022-05-04"


def test_the_second_request_is_told_of_the_first(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "officer_vp")
    assert ask(client, db).status_code == 302
    answer = ask(client, db, proposed_on="2022-07-29")
    assert answer.status_code == 409
    assert "đang chờ quyết định" in parse(answer.text).find(role="alert").get_text()
    form = page(client, f"/phan-viec/{the_assignment(db).id}/gia-han")
    assert form.select_one("form.form") is None
    assert "Cơ quan đã xin gia hạn đến 30/06/2022 (ngày 20/04/2022), chưa có quyết định." in text(form)


def test_who_saw_an_older_state_is_told_what_changed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    owed = the_assignment(db)
    seen = current(db, owed).id
    sign_in(client, "officer_vp")
    done = {"seen": seen, "progress": "30", "done": "Đã lắp một nửa"}
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=done).status_code == 302
    code, shown = said(client, f"/phan-viec/{owed.id}/gia-han", **{**ASKED, "seen": seen})
    assert code == 409
    assert "vừa được người khác cập nhật" in shown.find(role="alert").get_text()
    assert "từ 0% sang 30%" in shown.find(role="alert").get_text()
    again = shown.find("input", {"name": "seen"})["value"]
    assert client.post(f"/phan-viec/{owed.id}/gia-han", data={**ASKED, "seen": again}).status_code == 302


def test_what_has_no_clock_has_no_form(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    timeless = select(AssignmentPeriod.assignment_id).where(
        AssignmentPeriod.effective_on.is_(None), AssignmentPeriod.agency_id == the_assignment(db).agency_id
    )
    form = page(sign_in(client, "officer_vp"), f"/phan-viec/{db.scalars(timeless).first()}/gia-han")
    assert form.select_one("form.form") is None
    assert "không có thời hạn nên không có gì để gia hạn" in text(form)


def test_only_the_agency_that_owes_it(client: FlaskClient, db: Session, sign_in: Any) -> None:
    url = f"/phan-viec/{the_assignment(db).id}/gia-han"
    for person in ("officer_sct", "monitor", "standing", "leader", "viewer", "admin"):
        assert (person, sign_in(client, person).get(url).status_code) == (person, 403)
    sign_in(client, "officer_vp")
    assert client.get("/phan-viec/999999/gia-han").status_code == 404
    assert client.put(url).status_code == 405


@pytest.fixture
def story(client: FlaskClient, db: Session, sign_in: Any) -> str:
    """Asked for on 10/05/2022, when it was late already; granted until Saturday 18/06/2022 on 16/05. The page of the task."""
    owed = the_assignment(db)
    with clock.on_day(date(2022, 5, 10)):
        sign_in(client, "officer_vp")
        assert ask(client, db).status_code == 302
    with clock.on_day(date(2022, 5, 16)):
        sign_in(client, "monitor")
        number = db.execute(select(Extension.id)).scalar_one()
        assert client.post(f"/gia-han/{number}/dong-y", data=GRANTED).status_code == 302
    return f"/nhiem-vu/{owed.task_id}"


def test_the_page_of_the_task_on_every_day(client: FlaskClient, story: str, page: Any) -> None:
    with clock.on_day(date(2022, 6, 25)):
        before, waiting, granted, late = (
            page(client, f"{story}?on={day}") for day in ("2022-05-09", "2022-05-15", "2022-05-16", "2022-06-24")
        )
        today = page(client, story)
    assert "xin gia hạn" not in text(before.main) and "Chưa gia hạn lần nào" in text(before)
    assert before.select_one(".standing .chip").get_text(strip=True) == "Quá hạn 5 ngày"
    assert "đã xin gia hạn đến 30/06/2022 (ngày 10/05/2022, xin sau hạn), chưa có quyết định" in text(
        waiting.select_one(".notice.warn")
    )
    assert waiting.select_one(".standing .chip").get_text(strip=True) == "Quá hạn 11 ngày"
    assert granted.select_one(".notice.warn") is None
    assert "Trong hạn" in text(granted.select_one(".standing"))
    assert "so với hạn gốc quá 12 ngày" in text(granted.select_one(".standing"))
    facts = text(today.select_one("aside.facts"))
    assert facts.index("30/04/2022 theo văn bản") < facts.index("18/06/2022 gia hạn theo 1234/UBND-VX")
    assert "rơi vào ngày nghỉ, tính đến 20/06/2022" in facts
    assert "Đã gia hạn 1 lần, tổng cộng 47 ngày so với hạn gốc" in facts
    assert "Quá hạn 5 ngày; so với hạn gốc quá 52 ngày" in facts
    assert late.select_one(".standing .chip").get_text(strip=True) == "Quá hạn 4 ngày"
    assert "Đồng ý đến 18/06/2022 theo 1234/UBND-VX, thêm 47 ngày. Lần cuối." in text(today.select_one("#gia-han"))


def test_the_history_says_who_asked_and_who_granted(client: FlaskClient, story: str, page: Any) -> None:
    with clock.on_day(date(2022, 6, 25)):
        lines = [text(line) for line in page(client, story).select("ol.time > li")]
    assert any("Gia hạn cho Văn phòng UBND tỉnh đến 18/06/2022 (1234/UBND-VX)" in line for line in lines)
    assert any("Văn phòng UBND tỉnh xin gia hạn đến 30/06/2022 (xin sau hạn)" in line for line in lines)


def test_reasons_are_for_those_concerned(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    sign_in(client, "officer_vp")
    ask(client, db)
    url = f"/nhiem-vu/{the_assignment(db).task_id}"
    for person, reads in (
        ("officer_vp", True),
        ("monitor", True),
        ("leader", True),
        ("officer_sct", False),
        ("viewer", False),
    ):
        shown = page(sign_in(client, person), url)
        assert "đã xin gia hạn đến 30/06/2022" in text(shown)
        assert (person, ASKED["reason"] in text(shown)) == (person, reads)


def test_a_list_and_a_table_say_the_slips(client: FlaskClient, story: str, sign_in: Any, page: Any) -> None:
    with clock.on_day(date(2022, 6, 25)):
        shown = page(client, "/nhiem-vu?document=TB1802")
        [row] = [row for row in shown.select("tbody tr") if "E-Cabinet" in row.get_text()]
        assert text(row.select_one(".when")) == "18/06/2022 tính đến 20/06/2022 gốc 04/05/2022"
        lines = client.get("/nhiem-vu.csv?document=TB1802").get_data(as_text=True).split("\r\n")
    assert "Hạn tính gốc,Số lần gia hạn,Số ngày gia hạn,Thời hạn,Hạn tính," in lines[0]
    [line] = [line for line in lines if "E-Cabinet" in line]
    assert '2022-05-04,1,47,2022-06-18,2022-06-20,"Đang thực hiện, quá hạn",5,' in line


def test_the_page_of_the_agency_adds_them_up(client: FlaskClient, db: Session, story: str, page: Any) -> None:
    url = f"/co-quan/{the_assignment(db).agency_id}"
    with clock.on_day(date(2022, 6, 25)):
        said = "Đang làm: 1 lần, ở 1 phần việc, tổng cộng 47 ngày so với hạn gốc."
        assert said in text(page(client, url))
        assert "Gia hạn phần việc chủ trì" not in text(page(client, f"{url}?on=2022-05-15"))
