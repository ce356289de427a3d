"""/quan-tri/lich: the working calendar; what a change would do is shown first, and deadlines move only when told to."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.pages import parse
from tests.views.test_admin_account import fields, sentences
from tracker.models import FOREVER, AssignmentPeriod, CalendarDay, Deadline, Event, Task, TaskPeriod
from tracker.queries.calendar import work_calendar
from tracker.queries.health import full_check

URL = "/quan-tri/lich"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]
E_CABINET = date(2022, 5, 4)  # what 30/04/2022 counts to
SAVE = f"{URL}/ghi"
OFF = {"day": "2022-05-04", "working": "off", "name": "Nghỉ bù thêm", "source": "Thông báo 1/TB-BNV"}


def day(db: Session, on: date) -> CalendarDay | None:
    return db.get(CalendarDay, on, populate_existing=True)


def counting(db: Session, model: type[AssignmentPeriod] | type[TaskPeriod], task_id: int) -> set[date | None]:
    query = select(model.effective_on).where(model.task_id == task_id, model.valid_to == FOREVER)
    return set(db.scalars(query))


def e_cabinet(db: Session) -> int:
    query = select(Deadline.task_id).where(Deadline.due_on == date(2022, 4, 30), Deadline.effective_on == E_CABINET)
    return db.scalars(query.order_by(Deadline.id)).first() or 0


def confirmed(client: FlaskClient, answer: TestResponse, **ticked: str) -> TestResponse:
    """Press the button of the page that shows what would happen."""
    assert answer.status_code == 200, answer.text
    form = parse(answer.text).select_one(f'form[action="{SAVE}"]')
    assert form is not None, answer.text
    sent = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    return client.post(SAVE, data={**sent, **ticked})


def add(client: FlaskClient, changes: dict[str, str] | None = None, **ticked: str) -> TestResponse:
    return confirmed(client, client.post(URL, data={**OFF, **(changes or {})}), **ticked)


def notice(page: Read, client: FlaskClient, url: str = URL) -> str:
    return page(client, url).select(".notice")[-1].get_text()


def test_year_shows_its_exceptions(as_person: AsPerson, page: Read, db: Session) -> None:
    shown = page(as_person("admin"), f"{URL}?year=2022")
    days = [time["datetime"] for time in shown.select("tbody td:first-child time")]
    entered = db.scalars(select(CalendarDay.day).order_by(CalendarDay.day)).all()
    assert days == [on.isoformat() for on in entered if on.year == 2022]
    assert shown.select_one("#lech") is None


@pytest.mark.parametrize("year", ["abc", "1", "99999999999", "２０２２"])
def test_strange_year_is_this_year(as_person: AsPerson, page: Read, year: str) -> None:
    assert page(as_person("admin"), f"{URL}?year={year}").h1 is not None


def test_looking_writes_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, task_id = as_person("admin"), e_cabinet(db)
    shown = parse(admin.post(URL, data=OFF).text)
    assert shown.h1.get_text() == "Xem trước thay đổi lịch"
    assert f"/nhiem-vu/{task_id}" in [link["href"] for link in shown.select("#doi tbody a")]
    assert "05/05/2022" in shown.select_one("#doi tbody").get_text()
    assert day(db, E_CABINET) is None
    assert db.scalars(select(Event).where(Event.noun == "calendar_day")).all() == []


def test_saving_without_counting_moves_no_deadline(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, task_id = as_person("admin"), e_cabinet(db)
    assert add(admin).headers["Location"] == f"{URL}?year=2022"
    row = day(db, E_CABINET)
    assert row is not None and (row.working, row.name, row.edited) == (False, OFF["name"], True)
    assert counting(db, TaskPeriod, task_id) == {E_CABINET}
    shown = page(admin, f"{URL}?year=2022")
    assert "Chưa thời hạn nào bị dời" in shown.select_one(".notice").get_text()
    listed = [link["href"] for link in shown.select("#lech tbody a")]
    assert f"/nhiem-vu/{task_id}" in listed
    assert shown.select_one("#lech form .btn").get_text() == f"Tính lại {len(listed)} thời hạn"
    assert db.scalars(select(Event.verb).where(Event.noun == "calendar_day")).all() == ["set_calendar_day"]


def test_saving_and_counting_is_one_act(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, task_id = as_person("admin"), e_cabinet(db)
    shown = admin.post(URL, data=OFF)
    would = len(parse(shown.text).select("#doi tbody tr"))
    confirmed(admin, shown, recount="yes")
    assert counting(db, TaskPeriod, task_id) == {work_calendar(db).on_or_after(E_CABINET)} != {E_CABINET}
    assert page(admin, f"{URL}?year=2022").select_one("#lech") is None
    verbs = db.scalars(select(Event.verb).where(Event.verb.in_(("set_calendar_day", "recount_deadline")))).all()
    assert verbs == ["set_calendar_day", *["recount_deadline"] * would]


def test_what_was_not_seen_is_not_confirmed(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, task_id = as_person("admin"), e_cabinet(db)
    shown = admin.post(URL, data=OFF)
    period = db.scalars(select(TaskPeriod).where(TaskPeriod.task_id == task_id, TaskPeriod.valid_to == FOREVER)).one()
    period.state, period.clock, period.result_on = "done", "done_on_time", date(2022, 4, 1)
    db.commit()
    answer = confirmed(admin, shown, recount="yes")
    assert answer.status_code == 409
    again = parse(answer.text)
    assert again.select_one(".notice.bad").get_text() == (
        "Những gì sẽ dời đã khác lúc bạn xem; xin xem lại rồi xác nhận."
    )
    assert f"/nhiem-vu/{task_id}" not in [link["href"] for link in again.select("#doi tbody a")]
    assert day(db, E_CABINET) is None
    sent = {field["name"]: field["value"] for field in again.select(f'form[action="{SAVE}"] input[type=hidden]')}
    assert admin.post(SAVE, data=sent).status_code == 302
    assert day(db, E_CABINET) is not None


def test_two_administrators_at_once(app: Flask, as_person: AsPerson, db: Session) -> None:
    first, second = as_person("admin"), as_person("admin")
    pages = [client.post(URL, data={**OFF, "name": name}) for client, name in ((first, "Một"), (second, "Hai"))]
    together, codes = Barrier(2), []

    def press(client: FlaskClient, shown: TestResponse) -> None:
        together.wait()
        codes.append(confirmed(client, shown).status_code)

    threads = [Thread(target=press, args=pair) for pair in zip((first, second), pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(codes) == [302, 409]
    assert len(db.scalars(select(Event).where(Event.verb == "set_calendar_day")).all()) == 1


def test_recount_later_writes_new_rows_with_events(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, task_id = as_person("admin"), e_cabinet(db)
    add(admin)
    form = page(admin, f"{URL}?year=2022").select_one("#lech form")
    sent = {"seen": form.select_one("input[name=seen]")["value"], "read": "yes"}
    moved = len(page(admin, URL).select("#lech tbody tr"))
    assert admin.post(f"{URL}/tinh-lai", data=sent).status_code == 302
    after = work_calendar(db).on_or_after(E_CABINET)
    assert after > E_CABINET
    assert counting(db, TaskPeriod, task_id) == counting(db, AssignmentPeriod, task_id) == {after}
    rows = db.scalars(select(Deadline).where(Deadline.task_id == task_id).order_by(Deadline.id)).all()
    assert [(r.due_on, r.effective_on, r.valid_to == FOREVER) for r in rows][-2:] == [
        (date(2022, 4, 30), E_CABINET, False), (date(2022, 4, 30), after, True),
    ]  # fmt: skip
    events = db.scalars(select(Event).where(Event.verb == "recount_deadline")).all()
    assert len(events) == moved
    assert {"due_on": "2022-04-30", "before": "2022-05-04", "after": after.isoformat()} in [e.facts for e in events]
    assert page(admin, URL).select_one("#lech") is None


def test_recount_asks_to_have_read(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    add(admin)
    page(admin, URL)
    admin.post(f"{URL}/tinh-lai", data={"seen": "x"})
    assert notice(page, admin) == "Chưa tính lại: hãy đọc danh sách rồi đánh dấu xác nhận."
    admin.post(f"{URL}/tinh-lai", data={"seen": "x", "read": "yes"})
    assert notice(page, admin) == "Danh sách thời hạn lệch đã thay đổi; xin xem lại rồi xác nhận."
    assert db.scalars(select(Event).where(Event.verb == "recount_deadline")).all() == []


def test_standing_duties_have_no_day_to_move(as_person: AsPerson, page: Read, db: Session) -> None:
    task_id = e_cabinet(db)
    db.get_one(Task, task_id).kind = "standing_duty"
    shown = parse(as_person("admin").post(URL, data=OFF).text)
    assert f"/nhiem-vu/{task_id}" not in [link["href"] for link in shown.select("#doi tbody a")]


def test_removed_day_is_ordinary_and_stays_removed(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, on = as_person("admin"), date(2022, 5, 2)
    assert page(admin, f"{URL}/{on}").h1.get_text() == "Ngày 02/05/2022, thứ Hai"
    confirmed(admin, admin.post(f"{URL}/{on}/bo"))
    assert work_calendar(db).is_working(on)
    row = day(db, on)
    assert row is not None and row.edited  # so that loading the seeds leaves it alone
    assert on.isoformat() not in str(page(admin, f"{URL}?year=2022").select("tbody td:first-child"))
    assert admin.get(f"{URL}/{on}").status_code == 404
    assert db.scalars(select(Event.verb).where(Event.noun == "calendar_day")).all() == ["clear_calendar_day"]


def test_day_is_edited_in_place(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, on = as_person("admin"), date(2022, 5, 2)
    sent = fields(page(admin, f"{URL}/{on}"))
    changed = {**sent, "working": "off", "name": "Nghỉ bù 30/4", "source": "TB 2"}
    assert confirmed(admin, admin.post(f"{URL}/{on}", data=changed)).status_code == 302
    row = day(db, on)
    assert row is not None and (row.name, row.source) == ("Nghỉ bù 30/4", "TB 2")
    admin.post(f"{URL}/{on}", data=changed)
    assert notice(page, admin) == "Lịch đã đúng như vậy; không có gì để ghi."


SWAP = (date(2026, 12, 5), date(2026, 12, 7))  # a Saturday, a Monday


@pytest.mark.parametrize("side", ["worked", "off"])
def test_an_exchange_is_written_and_removed_whole(as_person: AsPerson, db: Session, side: str) -> None:
    admin, (saturday, monday) = as_person("admin"), SWAP
    of, other = (saturday, monday) if side == "worked" else (monday, saturday)
    add(admin, {"day": str(of), "other": str(other), "working": side, "name": ""})
    kept = [day(db, each) for each in SWAP]
    assert [(row.working, row.name) for row in kept if row] == [
        (True, "Làm bù cho ngày 07/12/2026"), (False, "Nghỉ hoán đổi (làm bù ngày 05/12/2026)"),
    ]  # fmt: skip
    form = parse(admin.get(f"{URL}/{saturday}").text)
    assert form.select_one("input[name=other]")["value"] == monday.isoformat()
    confirmed(admin, admin.post(f"{URL}/{of}/bo"))
    db.rollback()
    calendar = work_calendar(db)
    assert (calendar.is_working(saturday), calendar.is_working(monday)) == (False, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": ""}, ["Hãy ghi ngày, dạng ngày/tháng/năm."]),
        ({"day": "2022-02-30"}, ["Hãy ghi một ngày có thật, dạng ngày/tháng/năm."]),
        ({"day": "1999-01-01"}, ["Năm phải trong khoảng 2000 đến 2100."]),
        ({"name": ""}, ["Hãy nhập tên, ví dụ Giỗ Tổ Hùng Vương."]),
        ({"source": ""}, ["Hãy ghi căn cứ, ví dụ Thông báo 9441/TB-BNV."]),
        ({"working": "worked"}, ["Ngày 04/05/2022 vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù."]),
        ({"working": "maybe"}, ["Lựa chọn này không có trong danh sách; hãy chọn lại."]),
        (
            {"working": "worked", "day": "2022-05-07"},
            ["Hãy ghi ngày làm việc được nghỉ thay cho ngày làm bù này."],
        ),
        (
            {"working": "worked", "day": "2022-05-07", "other": "2022-05-08"},
            ["Ngày được nghỉ thay phải là một ngày từ thứ Hai đến thứ Sáu."],
        ),
        (
            {"other": "2022-05-05"},
            ["Chỉ hoán đổi một ngày từ thứ Hai đến thứ Sáu với một thứ Bảy hoặc Chủ nhật."],
        ),
        ({"name": "x" * 121}, ["Tối đa 120 ký tự."]),
    ],
)
def test_bad_input_has_its_sentence(as_person: AsPerson, changes: dict[str, str], said: list[str], db: Session) -> None:
    answer = as_person("admin").post(URL, data={**OFF, **changes})
    assert (answer.status_code, sentences(answer.text)) == (422, said)
    assert day(db, E_CABINET) is None


@pytest.mark.parametrize(
    "changes",
    ["", "rác", "2022-05-04\tnghỉ\t\t", "2022-05-07\tlàm bù\tLàm bù\tTB", "2022-05-04\tnghỉ\tx\ty\n" * 2],
)
def test_a_form_tampered_with_writes_nothing(as_person: AsPerson, page: Read, db: Session, changes: str) -> None:
    admin = as_person("admin")
    assert admin.post(SAVE, data={"changes": changes, "seen": "x"}).status_code == 302
    assert notice(page, admin).startswith("Chưa ghi gì")
    assert db.scalars(select(Event).where(Event.noun == "calendar_day")).all() == []


def test_only_administrators(as_person: AsPerson) -> None:
    for key in ("officer_vp", "monitor", "viewer"):
        assert [as_person(key).post(url).status_code for url in (URL, SAVE)] == [403, 403]
    assert as_person("admin").get(SAVE).status_code in {404, 405}


@pytest.mark.parametrize("text", ["2022-05-04", "hom-nay", "2022-02-30"])
def test_unknown_day_is_not_found(as_person: AsPerson, text: str) -> None:
    admin = as_person("admin")
    assert (admin.get(f"{URL}/{text}").status_code, admin.post(f"{URL}/{text}/bo").status_code) == (404, 404)


def test_recount_leaves_the_counts_right(as_person: AsPerson, app: Flask, db: Session) -> None:
    add(as_person("admin"), recount="yes")
    with app.app_context():
        assert {f.code: f.ok for f in full_check(db)}["tally"]
