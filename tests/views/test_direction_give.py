"""/nhiem-vu/<id>/chi-dao: a leader gives a direction; /chi-dao and /chi-dao/<id>: who has acknowledged it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.pages import Page, parse
from tests.views.test_task_show import lines, the_task
from tracker import clock
from tracker.models import Direction, DirectionReceipt, Task

COLLECTIVE = "TB1802:7#1"


@pytest.fixture
def direct(as_person: Callable[[str], FlaskClient], db: Session) -> Callable[..., Direction]:
    """direct(code, text=…): what the leader has just sent."""

    def send(code: str = "TB1802:6.b", **said: str) -> Direction:
        form = {"text": "Xong trước kỳ họp.", "given_on": clock.today().isoformat(), **said}
        answer = as_person("leader").post(f"/nhiem-vu/{the_task(db, code).id}/chi-dao", data=form)
        assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{the_task(db, code).id}")
        return db.scalars(select(Direction).order_by(Direction.id.desc()).limit(1)).one()

    return send


def words(page: Page, selector: str) -> str:
    return " ".join(page.select_one(selector).get_text(" ", strip=True).split())


def test_it_stands_at_the_top_of_the_task_until_the_agency_takes_it_in(
    db: Session, direct: Any, as_person: Any, page: Any
) -> None:
    today = f"{clock.today():%d/%m/%Y}"
    direction = direct(document="152/TB-UBND", answer_by=clock.today().isoformat(), text="Đoạn một.\n\nĐoạn <hai>.")
    url = f"/nhiem-vu/{direction.task_id}"
    officer = as_person("officer_vp")
    shown = page(officer, url)
    assert [p.get_text() for p in shown.select("#chi-dao blockquote p")] == ["Đoạn một.", "Đoạn <hai>."]
    assert words(shown, "#chi-dao footer") == (
        f"Bùi Thị Lãnh, Lãnh đạo UBND tỉnh, {today} · văn bản 152/TB-UBND · "
        f"cần xong chậm nhất ngày {today} · xem ai đã tiếp nhận"
    )
    assert "0 / 1 cơ quan đã tiếp nhận đã chờ 0 ngày làm việc" in words(shown, "#chi-dao")
    form = shown.select_one("#chi-dao .acts form")
    assert (form.button.get_text(), form["action"]) == (
        "Đã tiếp nhận", f"/chi-dao/tiep-nhan/{direction.receipts[0].id}",
    )  # fmt: skip
    assert officer.post(form["action"]).location == f"/chi-dao/{direction.id}"
    after = page(as_person("officer_vp"), url)
    assert "1 / 1 cơ quan đã tiếp nhận" in words(after, "#chi-dao") and after.select_one("#chi-dao .acts") is None
    told = lines(page(as_person("viewer"), url))
    assert told[0] == (
        f"{today} Văn phòng UBND tỉnh tiếp nhận ý kiến chỉ đạo Trần Thị Vân, Chuyên viên cơ quan, VP UBND tỉnh"
    )
    assert told[1] == (
        f"{today} Lãnh đạo UBND tỉnh cho ý kiến chỉ đạo ngày {today}, văn bản 152/TB-UBND, cần xong chậm nhất ngày {today} "
        "Đoạn một. Đoạn <hai>. Bùi Thị Lãnh, Lãnh đạo UBND tỉnh"
    )


@pytest.mark.parametrize("key", ["officer_vp", "officer_sct", "monitor", "standing", "viewer", "admin", "leader"])
def test_everybody_reads_it_and_only_the_agency_takes_it_in(
    db: Session, direct: Any, as_person: Any, page: Any, key: str
) -> None:
    direction = direct()
    task = page(as_person(key), f"/nhiem-vu/{direction.task_id}")
    own = page(as_person(key), f"/chi-dao/{direction.id}")
    assert "Xong trước kỳ họp." in task.get_text() and "Xong trước kỳ họp." in own.get_text()
    assert (own.select_one("#tiep-nhan") is not None) is (key == "officer_vp")
    assert (task.select_one("#chi-dao form") is not None) is (key == "officer_vp")
    assert (task.select_one("#chi-dao a[href$='/chi-dao']") is not None) is (key == "leader")


def test_an_answer_is_for_those_who_read_reports(db: Session, direct: Any, as_person: Any, page: Any) -> None:
    direction = direct()
    url = f"/chi-dao/tiep-nhan/{direction.receipts[0].id}"
    assert as_person("officer_vp").post(url, data={"answer": " Sẽ xong ngày 30. "}).status_code == 302
    for key, reads in (
        ("leader", True),
        ("monitor", True),
        ("officer_vp", True),
        ("viewer", False),
        ("officer_sct", False),
    ):
        there = page(as_person(key), f"/chi-dao/{direction.id}").get_text()
        history = page(as_person(key), f"/nhiem-vu/{direction.task_id}").get_text()
        assert ("Sẽ xong ngày 30." in there, "Trả lời: Sẽ xong ngày 30." in history) == (reads, reads)


def test_the_second_of_two_is_told(db: Session, direct: Any, as_person: Any) -> None:
    url = f"/chi-dao/tiep-nhan/{direct().receipts[0].id}"
    assert as_person("officer_vp").post(url, data={"answer": "Một"}).status_code == 302
    answer = as_person("officer_vp").post(url, data={"answer": "Hai"})
    assert answer.status_code == 409
    assert "đã được người khác của cơ quan tiếp nhận" in parse(answer.text).find(role="alert").get_text()
    assert db.scalars(select(DirectionReceipt.answer)).all() == ["Một"]


def test_a_long_answer_gets_its_sentence_and_stays(db: Session, direct: Any, as_person: Any) -> None:
    answer = as_person("officer_vp").post(f"/chi-dao/tiep-nhan/{direct().receipts[0].id}", data={"answer": "x" * 1001})
    assert answer.status_code == 422
    shown = parse(answer.text)
    assert shown.find(id="answer-error").get_text() == "Tối đa 1.000 ký tự; hãy rút gọn."
    assert shown.find("textarea", {"name": "answer"}).get_text().strip() == "x" * 1001
    assert db.scalars(select(DirectionReceipt.acknowledged_at)).all() == [None]


def test_bad_input_gets_its_sentence_and_the_form_comes_back(db: Session, as_person: Any) -> None:
    url = f"/nhiem-vu/{the_task(db).id}/chi-dao"
    answer = as_person("leader").post(
        url, data={"text": " ", "given_on": "31/02", "answer_by": "hai", "document": "x" * 201}
    )
    assert answer.status_code == 422
    shown = parse(answer.text)
    assert {
        field: shown.find(id=f"{field}-error").get_text() for field in ("text", "given_on", "answer_by", "document")
    } == {
        "text": "Hãy ghi ý kiến chỉ đạo.",
        "given_on": "Hãy ghi ngày chỉ đạo, dạng ngày/tháng/năm.",
        "answer_by": "Hãy ghi một ngày có thật, dạng ngày/tháng/năm.",
        "document": "Tối đa 200 ký tự.",
    }
    late = as_person("leader").post(url, data={"text": "Xong ngay", "given_on": "2022-01-01"})
    assert late.status_code == 409
    again = parse(late.text)
    assert "trước ngày giao việc" in again.find(role="alert").get_text()
    assert again.find("textarea", {"name": "text"}).get_text().strip() == "Xong ngay"
    assert db.scalars(select(Direction)).all() == []


def test_a_task_that_nobody_leads_says_what_comes_first(db: Session, as_person: Any, page: Any) -> None:
    task_id = db.scalars(select(Task.id).where(~Task.has_lead)).first()
    shown = page(as_person("leader"), f"/nhiem-vu/{task_id}/chi-dao")
    assert "Hãy giao cơ quan chủ trì trước" in shown.select_one(".notice.warn").get_text()
    assert shown.select_one(".notice.warn a")["href"] == "/chua-ro" and shown.select_one("main form.form") is None
    answer = as_person("leader").post(
        f"/nhiem-vu/{task_id}/chi-dao", data={"text": "Xong", "given_on": clock.today().isoformat()}
    )
    assert answer.status_code == 409
    assert "Hãy giao cơ quan chủ trì trước" in parse(answer.text).find(role="alert").get_text()


def test_who_may_not(db: Session, direct: Any, as_person: Any, client: FlaskClient) -> None:
    direction = direct()
    for key in ("officer_vp", "officer_sct", "monitor", "standing", "viewer", "admin"):
        assert (key, as_person(key).get(f"/nhiem-vu/{direction.task_id}/chi-dao").status_code) == (key, 403)
    for key in ("officer_sct", "head_stttt", "monitor", "standing", "leader", "viewer", "admin"):
        url = f"/chi-dao/tiep-nhan/{direction.receipts[0].id}"
        assert (key, as_person(key).post(url).status_code) == (key, 403)
    assert as_person("leader").get("/nhiem-vu/999999/chi-dao").status_code == 404
    assert as_person("leader").get("/chi-dao/999999").status_code == 404
    assert as_person("officer_vp").post("/chi-dao/tiep-nhan/99999999999").status_code == 404
    assert as_person("leader").delete(f"/chi-dao/{direction.id}").status_code == 405


@pytest.fixture
def row_texts(page: Any) -> Callable[..., list[str]]:
    def read(client: FlaskClient, url: str) -> list[str]:
        shown = page(client, url)
        return [" ".join(row.get_text(" ", strip=True).split()) for row in shown.select("table.directions tbody tr")]

    return read


def test_the_longest_waiting_comes_first_and_says_since_when(
    app: Flask, db: Session, direct: Any, as_person: Any, row_texts: Any, page: Any
) -> None:
    app.config["REHEARSAL_DAY"] = None
    with clock.on_day(date(2022, 4, 27)):
        old = direct(text="Chỉ đạo cũ.")
    with clock.on_day(date(2022, 5, 5)):
        direct(COLLECTIVE, text="Chỉ đạo mới.")
        for key in ("leader", "monitor", "standing", "viewer"):
            first, second = row_texts(as_person(key), "/chi-dao")
            assert first.startswith("27/04/2022 Bùi Thị Lãnh Chỉ đạo cũ.") and "Chỉ đạo mới." in second
            assert "0 / 1 cơ quan đã tiếp nhận đã chờ 4 ngày làm việc, quá hẹn tiếp nhận 29/04/2022" in first
            assert "Chưa tiếp nhận: Văn phòng UBND tỉnh" in first
            assert "hẹn tiếp nhận 09/05/2022" in second and "quá hẹn" not in second
            assert "Chưa tiếp nhận: Ban Dân tộc tỉnh, " in second and "cơ quan khác" in second
        assert "Chỉ đạo cũ." in row_texts(as_person("officer_vp"), "/chi-dao")[0]
        assert "Chỉ đạo cũ." not in " ".join(row_texts(as_person("officer_sct"), "/chi-dao"))
        db.execute(
            update(DirectionReceipt).where(DirectionReceipt.direction_id == old.id).values(acknowledged_at=clock.now())
        )
        assert ["Chỉ đạo mới." in row for row in row_texts(as_person("leader"), "/chi-dao")] == [True]
        assert ["Chỉ đạo mới." in row for row in row_texts(as_person("leader"), "/chi-dao?view=mine")] == [True, False]
        assert len(row_texts(as_person("viewer"), f"/chi-dao?view=all&task={old.task_id}")) == 1
        assert "2 ý kiến" not in words(page(as_person("viewer"), "/chi-dao"), ".asof")


def test_a_past_day_shows_what_was_known_then(app: Flask, db: Session, direct: Any, as_person: Any, page: Any) -> None:
    with clock.on_day(date(2022, 4, 27)):
        direction = direct(text="Chỉ đạo thứ nhất.")
    with clock.on_day(date(2022, 5, 4)):
        as_person("officer_vp").post(f"/chi-dao/tiep-nhan/{direction.receipts[0].id}")
        direct(text="Chỉ đạo thứ hai.")
    url = f"/nhiem-vu/{direction.task_id}"
    assert page(as_person("officer_vp"), f"{url}?on=2022-04-26").select_one("#chi-dao") is None
    before = words(page(as_person("officer_vp"), f"{url}?on=2022-05-03"), "#chi-dao")
    assert "Chỉ đạo thứ nhất." in before and "0 / 1 cơ quan đã tiếp nhận" in before and "quá hẹn" in before
    assert page(as_person("leader"), f"{url}?on=2022-05-03").select_one("#chi-dao .acts") is None
    now = words(page(as_person("officer_vp"), url), "#chi-dao")
    assert "Chỉ đạo thứ hai." in now and "1 ý kiến chỉ đạo trước đó" in now


def test_as_many_queries_for_three_as_for_one(
    app: Flask, db: Session, direct: Any, as_person: Any, count_queries: Any
) -> None:
    seen = []
    for text in ("một", "hai", "ba"):
        direct(COLLECTIVE, text=text)
        client = as_person("monitor")
        with count_queries(app) as statements:
            assert client.get("/chi-dao").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] == seen[2]


def test_pages_lead_on(db: Session, direct: Any, as_person: Any, page: Any) -> None:
    direction = direct()
    copies = [
        {"task_id": direction.task_id, "given_by_id": direction.given_by_id, "given_at": clock.now(),
         "given_on": clock.today(), "text": f"Số {number}"}
        for number in range(34)
    ]  # fmt: skip
    db.execute(Direction.__table__.insert(), copies)
    first = page(as_person("viewer"), "/chi-dao?view=all")
    second = page(as_person("viewer"), first.select_one(".pages a[rel=next]")["href"])
    assert [len(part.select("table.directions tbody tr")) for part in (first, second)] == [30, 5]
    assert "Số 33" in first.get_text() and "Xong trước kỳ họp." in second.get_text()
