"""/tai-khoan/lich: a person makes, makes anew and revokes the calendar address."""

from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import CalendarFeed, Event

URL = "/tai-khoan/lich"


def verbs(db: Session) -> list[tuple[str, Any]]:
    told = db.scalars(select(Event).where(Event.noun == "calendar_feed").order_by(Event.id))
    return [(event.verb, event.facts) for event in told]


def headings(shown: Any) -> list[str]:
    return [heading.get_text() for heading in shown.select("h2")]


@pytest.mark.parametrize(
    ("key", "offered"),
    [
        ("officer_vp", ["Lịch của tôi", "Lịch của cơ quan"]),
        ("head_stttt", ["Lịch của tôi", "Lịch của cơ quan"]),
        ("monitor", ["Lịch của tôi"]),
        ("standing", ["Lịch của tôi"]),
        ("leader", ["Lịch của tôi"]),
        ("viewer", []),
        ("admin", []),
    ],
)
def test_what_each_role_is_offered(as_person: Any, page: Any, key: str, offered: list[str]) -> None:
    person = as_person(key)
    shown = page(person, URL)
    assert headings(shown) == ([*offered, "Cách thêm vào lịch"] if offered else [])
    for scope, heading in (("person", "Lịch của tôi"), ("agency", "Lịch của cơ quan")):
        assert person.post(f"{URL}/{scope}").status_code == (201 if heading in offered else 403)


def test_made_shown_once_made_anew_revoked(as_person: Any, page: Any, db: Session) -> None:
    officer = as_person("officer_vp")
    first = officer.post(f"{URL}/person")
    assert first.headers["Cache-Control"] == "no-store"
    assert "/lich/" not in page(officer, URL).main.get_text()
    assert "chưa lần nào" in page(officer, URL).main.get_text()
    assert officer.post(f"{URL}/person").status_code == 201
    answer = officer.post(f"{URL}/person/thu-hoi")
    assert (answer.status_code, answer.location) == (302, URL)
    assert "Đã thu hồi địa chỉ lịch" in page(officer, URL).select_one(".notice").get_text()
    officer.post(f"{URL}/person/thu-hoi")
    assert page(officer, URL).select_one(".notice").get_text() == (
        "Địa chỉ lịch này không còn; có thể bạn vừa thu hồi ở cửa sổ khác."
    )
    assert verbs(db) == [
        ("make_calendar_feed", {"scope": "person", "replaced": False}),
        ("make_calendar_feed", {"scope": "person", "replaced": True}),
        ("revoke_calendar_feed", {"scope": "person"}),
    ]
    assert [feed.revoked_at is None for feed in db.scalars(select(CalendarFeed))] == [False, False]


def test_the_log_names_it_in_words(as_person: Any, page: Any) -> None:
    as_person("officer_vp").post(f"{URL}/person")
    assert "tạo địa chỉ lịch riêng" in page(as_person("admin"), "/quan-tri/nhat-ky").main.get_text()


@pytest.mark.parametrize("scope", ["province", "PERSON", "x" * 500])
def test_no_other_kind(as_person: Any, scope: str) -> None:
    officer = as_person("officer_vp")
    assert [officer.post(f"{URL}/{scope}{act}").status_code for act in ("", "/thu-hoi")] == [404, 404]
    assert officer.get(f"{URL}/person").status_code == 405


def test_two_windows_leave_one_address(app: Flask, as_person: Any, db: Session) -> None:
    together, codes = Barrier(2), []

    def press(client: Any) -> None:
        together.wait()
        codes.append(client.post(f"{URL}/person").status_code)

    threads = [Thread(target=press, args=[as_person("officer_vp")]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [201, 201]
    live = db.scalars(select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None))).all()
    assert len(live) == 1
    assert len(db.scalars(select(CalendarFeed)).all()) == 2
