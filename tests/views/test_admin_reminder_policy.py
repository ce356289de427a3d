"""/quan-tri/nhac-viec: the rules of reminders in words, their form with its example, and every version there was."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_admin_account import fields, sentences
from tracker import clock
from tracker.forms.reminder_policy import FAULT
from tracker.models import FOREVER, Document, Event, ReminderPolicy
from tracker.queries.reminder_policy import policies
from tracker.rules.reminder_policy import DEFAULT, FAULTS, as_rules

URL = "/quan-tri/nhac-viec"
TODAY = date(2022, 4, 20)
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]
MONTH_END = "2022-04-30"


@pytest.fixture(autouse=True)
def in_april(app: Flask) -> Any:
    with clock.on_day(TODAY):
        yield


def save(client: FlaskClient, page: Read, url: str = URL, **typed: str | None) -> Any:
    """Send the form as the page shows it, with some fields typed over; None leaves a field out, as an empty box does."""
    sent: dict[str, Any] = {**fields(page(client, url)), **typed}
    return client.post(url, data={name: value for name, value in sent.items() if value is not None})


def rows(db: Session) -> list[ReminderPolicy]:
    return list(
        db.scalars(select(ReminderPolicy).order_by(ReminderPolicy.id).execution_options(populate_existing=True))
    )


def a_document(db: Session, code: str = "TB1802") -> Document:
    return db.scalars(select(Document).where(Document.code == code)).one()


def terms(shown: BeautifulSoup, nth: int = 0) -> dict[str, str]:
    found = shown.select("dl.terms")[nth]
    return {dt.get_text(strip=True): " ".join(dd.get_text(" ", strip=True).split())
            for dt, dd in zip(found.select("dt"), found.select("dd"), strict=True)}  # fmt: skip


def test_the_policy_in_words(as_person: AsPerson, page: Read) -> None:
    shown = page(as_person("admin"), URL)
    lines = terms(shown)
    assert lines["Nhắc người phụ trách"] == "trước 7, 3, 1 ngày làm việc và đúng ngày hạn"
    assert lines["Khi quá hạn"] == "nhắc ngày làm việc đầu tiên sau hạn, rồi cứ 7 ngày một lần"
    assert lines["Báo lên cấp trên"] == (
        "lãnh đạo cơ quan từ lần nhắc quá hạn thứ 3 chưa được trả lời; "
        "Văn phòng UBND tỉnh từ lần nhắc quá hạn thứ 5 chưa được trả lời; "
        "lãnh đạo UBND tỉnh phụ trách từ lần nhắc quá hạn thứ 5 chưa được trả lời"
    )
    assert lines["Giờ nhắc"] == "lập lúc 08:00, gửi từ 07:30 đến 20:30 các ngày làm việc"
    assert "đang dùng quy tắc mặc định" in shown.get_text()


def test_the_form_as_it_stands_changes_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    answer = save(as_person("admin"), page)
    assert answer.status_code == 302
    assert rows(db) == []
    assert db.scalars(select(Event).where(Event.noun == "reminder_policy")).all() == []


def test_a_change_holds_from_today_on_and_is_told(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    answer = save(
        admin, page, before="5; 2", on_the_day=None, every="10", head_after="2", monitor_after="", leader_after="4", grace="3",
        rest="4", rests="1", letter=None, reports_before="", channel_leader="zalo", digest_at="09:15", send_from="09:00",
        send_until="17:00", note="Theo ý kiến chỉ đạo",
    )  # fmt: skip
    assert answer.headers["Location"] == URL
    assert policies(db, date(2022, 4, 19)).province == DEFAULT
    rules = as_rules(policies(db, TODAY).province)
    assert rules["ladder"] == {"before": [5, 2], "on_the_day": False, "every": 10}
    assert rules["climb"] == [["head", 2], ["leader", 4]]
    assert (rules["grace"], rules["rest"], rules["rests"], rules["letter"]) == (3, 4, 1, False)
    assert rules["reports"] == {"before": [], "on_the_day": True, "every": 7}
    assert (rules["channels"]["leader"], rules["channels"]["head"]) == ("zalo", "email")
    assert rules["hours"] == {"digest_at": "09:15", "send_from": "09:00", "send_until": "17:00"}
    event = db.scalars(select(Event).where(Event.verb == "set_reminder_policy")).one()
    assert (event.facts["before"], event.facts["after"], event.facts["note"]) == (
        as_rules(DEFAULT), rules, "Theo ý kiến chỉ đạo",
    )  # fmt: skip
    said = page(admin, URL).select_one("aside ul.time").get_text(" ", strip=True)
    assert "Đặng Thị Quản: Theo ý kiến chỉ đạo" in said
    assert "Chờ trước mỗi cấp: 2 ngày làm việc → 3 ngày làm việc" in said
    assert "đổi quy tắc nhắc việc" in page(admin, "/quan-tri").get_text()


def test_two_changes_of_a_day_and_one_of_the_next(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    save(admin, page, grace="3")
    save(admin, page, grace="4")
    assert policies(db, TODAY).province.grace == 4
    with clock.on_day(date(2022, 4, 21)):
        save(admin, page, grace="5")
    assert [(row.valid_from, row.valid_to, row.rules["grace"]) for row in rows(db) if row.rules] == [
        (TODAY, TODAY, 3), (TODAY, date(2022, 4, 21), 4), (date(2022, 4, 21), FOREVER, 5),
    ]  # fmt: skip
    days = (date(2022, 4, 19), TODAY, date(2022, 4, 21))
    assert [policies(db, day).province.grace for day in days] == [2, 4, 5]
    history = page(admin, URL).select("aside ul.time > li")
    assert [("thay ngay trong ngày" in line.get_text()) for line in history] == [False, False, True]


def test_midnight_in_viet_nam_is_when_a_day_begins(as_person: AsPerson, page: Read, db: Session) -> None:
    with clock.on_day(date(2022, 4, 22)):
        save(as_person("admin"), page, grace="3")
    assert [row.valid_from for row in rows(db)] == [date(2022, 4, 22)]


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "before_many": ({"before": "1,2,3,4,5,6,7"}, "before"), "before_far": ({"before": "61"}, "before"),
    "before_twice": ({"before": "3, 3"}, "before"), "every": ({"every": "91"}, "every"),
    "climb_order": ({"monitor_after": "2"}, "monitor_after"), "climb_after": ({"leader_after": "101"}, "leader_after"),
    "grace": ({"grace": "-1"}, "grace"), "rest": ({"rest": "0"}, "rest"), "rests": ({"rests": str(2**63)}, "rests"),
    "reports_before_many": ({"reports_before": "7 6 5 4 3 2 1"}, "reports_before"),
    "reports_before_far": ({"reports_before": "999999"}, "reports_before"),
    "reports_before_twice": ({"reports_before": "2,2"}, "reports_before"),
    "reports_every": ({"reports_every": "-7"}, "reports_every"),
    "reports_climb_order": ({"reports_leader_after": "1"}, "reports_leader_after"),
    "reports_climb_after": ({"reports_head_after": "0"}, "reports_head_after"),
    "hours_order": ({"send_until": "07:30", "digest_at": "07:30"}, "send_until"),
    "hours_night": ({"send_from": "05:59"}, "send_from"), "digest_outside": ({"digest_at": "20:31"}, "digest_at"),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_each_fault_has_its_sentence_at_its_field(as_person: AsPerson, page: Read, db: Session, code: str) -> None:
    typed, name = WRONG[code]
    answer = save(as_person("admin"), page, **typed)
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.text, "html.parser")
    said = shown.select_one(f"#{name}-error")
    assert said is not None and said.get_text() == str(FAULT[code.removeprefix("reports_")][1])
    assert {field: shown.select_one(f"#{field}")["value"] for field in typed} == typed, "what was typed stays"
    assert len(shown.select("p.error")) == 1
    assert rows(db) == []


def test_the_faults_above_are_all_but_that_of_the_select() -> None:
    assert set(WRONG) | {"channel"} == set(FAULTS)


@pytest.mark.parametrize(
    "typed",
    [
        {"before": "bảy"}, {"before": "0"}, {"before": "-3"}, {"before": "1.5"}, {"before": "９"}, {"before": "9" * 5000},
        {"every": ""}, {"every": "x"}, {"every": "9" * 5000}, {"head_after": "ba"}, {"grace": "2,5"}, {"rest": "\x00"},
        {"channel_head": "sms"}, {"channel_responsible": ""}, {"digest_at": "25:00"}, {"digest_at": ""}, {"send_from": "8"},
        {"send_until": "07:30\x00x"}, {"example_on": "31/02/2022"}, {"example_on": "9999-12-31"}, {"note": "x" * 501},
    ],
    ids=lambda typed: "-".join(f"{name}={value[:6].strip(chr(0))}" for name, value in typed.items()),
)  # fmt: skip
def test_rubbish_has_a_sentence(as_person: AsPerson, page: Read, db: Session, typed: dict[str, str]) -> None:
    answer = save(as_person("admin"), page, **typed)
    assert answer.status_code == 422
    assert sentences(answer.text, URL)
    assert rows(db) == []


def test_the_example_is_of_what_is_typed_and_saves_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    answer = save(as_person("admin"), page, example_on=MONTH_END, before="2", head_after="1", **{"try": "1"})
    assert answer.status_code == 200
    shown = BeautifulSoup(answer.text, "html.parser")
    assert "Ví dụ theo quy tắc đang nhập" in shown.get_text()
    example = terms(shown, 1)
    assert example["Người phụ trách"].startswith(
        "28/04/2022 (trước 2 ngày làm việc) ; 04/05/2022 (đúng ngày hạn) ; 05/05/2022 (quá hạn, mốc thứ 1)"
    )
    assert example["Lãnh đạo cơ quan"].startswith("09/05/2022")
    assert example["Lãnh đạo UBND tỉnh phụ trách"].startswith("08/06/2022")
    assert "tính đến 04/05/2022" in shown.get_text()
    assert rows(db) == []


def test_who_was_overtaken_is_told_and_keeps_what_he_typed(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    sent = {**fields(page(admin, URL)), "grace": "9", "once": "a" * 22}
    save(admin, page, grace="3")
    answer = admin.post(URL, data=sent)
    assert answer.status_code == 409
    assert "vừa được người khác sửa" in answer.text
    again = fields(BeautifulSoup(answer.text, "html.parser"))
    assert (again["grace"], policies(db, TODAY).province.grace) == ("9", 3)
    assert admin.post(URL, data={**again, "once": "b" * 22}).status_code == 302
    assert policies(db, TODAY).province.grace == 9


@pytest.mark.parametrize("seen", ["", "-1", "x", str(2**63), "1 OR 1"], ids=repr)
def test_a_tampered_form_is_a_lost_race(as_person: AsPerson, page: Read, db: Session, seen: str) -> None:
    assert save(as_person("admin"), page, seen=seen, grace="3").status_code == 409
    assert rows(db) == []


def test_a_document_has_its_own_rules_and_gives_them_up(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, document = as_person("admin"), a_document(db)
    own = f"{URL}/van-ban/{document.id}"
    shown = page(admin, own)
    assert "theo quy tắc chung của tỉnh" in shown.get_text()
    assert shown.select_one("#digest_at") is None
    assert save(admin, page, own, before="10", every="3").status_code == 302
    assert policies(db, TODAY).of(document.id).ladder.before == (10,)
    assert policies(db, TODAY).province == DEFAULT
    assert "quy tắc riêng" in page(admin, URL).select_one("aside li").get_text()
    form = page(admin, own).select_one(f"form[action='{own}/bo']")
    sent = {tag["name"]: tag["value"] for tag in form.select("input")}
    assert admin.post(f"{own}/bo", data=sent).status_code == 302
    assert policies(db, TODAY).documents == {}
    shown = page(admin, own)
    assert shown.select_one(f"form[action='{own}/bo']") is None
    first, second = (line.get_text(" ", strip=True) for line in shown.select("aside ul.time > li"))
    assert "thôi quy tắc riêng" in first and "trước 10 ngày làm việc và đúng ngày hạn → trước 7, 3, 1" in first
    assert "trước 7, 3, 1 ngày làm việc và đúng ngày hạn → trước 10 ngày làm việc và đúng ngày hạn" in second
    verbs = db.scalars(select(Event).where(Event.noun == "reminder_policy").order_by(Event.id)).all()
    assert [(event.facts["code"], event.facts["after"] is None) for event in verbs] == [
        ("TB1802", False),
        ("TB1802", True),
    ]


def test_giving_up_what_was_changed_meanwhile_is_refused(as_person: AsPerson, page: Read, db: Session) -> None:
    admin, document = as_person("admin"), a_document(db)
    own = f"{URL}/van-ban/{document.id}"
    save(admin, page, own, every="3")
    answer = admin.post(f"{own}/bo", data={"seen": "0"}, follow_redirects=True)
    assert "vừa được người khác sửa" in answer.text
    assert policies(db, TODAY).of(document.id).ladder.overdue_every_days == 3


@pytest.mark.parametrize("number", ["999999", str(2**63)])
def test_a_document_that_does_not_exist(as_person: AsPerson, number: str) -> None:
    admin = as_person("admin")
    assert admin.get(f"{URL}/van-ban/{number}").status_code == 404
    assert admin.post(f"{URL}/van-ban/{number}/bo").status_code == 404
