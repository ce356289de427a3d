"""/lich/<secret>.ics: what calendar programs read, and what they no longer may."""

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tests.views.test_task_show import the_task
from tracker import clock
from tracker.actions.standing import move_assignment
from tracker.models import Agency, Assignment, CalendarFeed, Star, TaskPeriod, User

DAY = date(2022, 5, 5)
pytestmark = pytest.mark.config(REHEARSAL_DAY=DAY)


@pytest.fixture
def made(as_person: Any) -> Any:
    """made("officer_vp", "agency"): the path of a new feed of that person."""

    def make(key: str, scope: str = "person") -> str:
        answer = as_person(key).post(f"/tai-khoan/lich/{scope}")
        assert answer.status_code == 201
        found = re.search(r'<code id="address">http://[^/]+(/lich/[\w-]{43}\.ics)</code>', answer.text)
        assert found, answer.text
        return found[1]

    return make


def events(app: Flask, path: str) -> dict[str, icalendar.Event]:
    answer = app.test_client().get(path)  # a program that nobody signed in
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    [parsed] = icalendar.Calendar.from_ical(answer.data, multiple=True)
    assert [part.errors for part in parsed.walk() if part.errors] == []
    assert "VTIMEZONE" not in answer.text or not parsed.walk("VEVENT")
    return {str(event["UID"]): event for event in parsed.walk("VEVENT")}


def name_responsible(db: Session, person: Person, code: str = "TB1802:6.b") -> Assignment:
    owed = the_assignment(db, code)
    owed.responsible_id = person.id
    db.commit()
    return owed


def test_what_a_person_answers_for(app: Flask, db: Session, people: dict[str, Person], made: Any) -> None:
    owed = name_responsible(db, people["officer_vp"])
    period = current(db, owed)
    [(uid, event)] = events(app, made("officer_vp")).items()
    assert uid == f"assignment-{owed.id}@127.0.0.1"
    assert (event.decoded("DTSTART"), event["DTSTART"].params["VALUE"]) == (period.effective_on, "DATE")
    assert event.decoded("DTEND") == period.effective_on + timedelta(days=1)
    assert str(event["SUMMARY"]) == f"Hạn: {owed.task.short_title}"
    url = f"http://127.0.0.1:8000/nhiem-vu/{owed.task_id}"
    said = str(event["DESCRIPTION"]).split("\n")
    assert said[1:] == [
        "Chủ trì: Văn phòng UBND tỉnh", "Người phụ trách: Trần Thị Vân", "Hạn 30/04/2022 là ngày nghỉ nên tính đến 04/05/2022",
        "Trạng thái: chưa triển khai", url,
    ]  # fmt: skip
    assert said[0].startswith(owed.task.document.short_name)
    assert (str(event["URL"]), str(event["TRANSP"])) == (url, "TRANSPARENT")


def test_a_moved_day_keeps_its_name_and_raises_its_number(
    app: Flask, db: Session, people: dict[str, Person], made: Any
) -> None:
    owed, path = name_responsible(db, people["officer_vp"]), made("officer_vp")
    numbers = []
    for later in (date(2022, 6, 1), date(2022, 7, 1)):
        numbers.append(events(app, path)[f"assignment-{owed.id}@127.0.0.1"]["SEQUENCE"])
        move_assignment(db, current(db, owed), effective_on=later, due_on=later, slips=1, original_on=date(2022, 5, 4))
        db.commit()
    [event] = events(app, path).values()
    assert numbers[0] < numbers[1] < event["SEQUENCE"]
    assert event.decoded("DTSTART") == date(2022, 7, 1)
    assert "Hạn gốc: 04/05/2022 (đã gia hạn 1 lần)" in str(event["DESCRIPTION"])


def test_done_work_is_shown_so_for_thirty_days(app: Flask, db: Session, people: dict[str, Person], made: Any) -> None:
    owed, path = name_responsible(db, people["officer_vp"]), made("officer_vp")
    period = move_assignment(db, current(db, owed), state="done", clock="done_on_time", result_on=date(2022, 5, 4))
    db.commit()
    [event] = events(app, path).values()
    assert str(event["SUMMARY"]).startswith("Đã hoàn thành: ")
    period.valid_from = DAY - timedelta(days=31)
    db.commit()
    assert events(app, path) == {}


@pytest.mark.parametrize(
    ("state", "days", "shown"),
    [
        ("in_progress", -900, True),
        ("awaiting_confirmation", -200, True),
        ("done", -200, False),
        ("done", -170, True),
        ("in_progress", 730, True),
        ("in_progress", 731, False),
        ("withdrawn", 10, False),
    ],
)
def test_the_window(
    app: Flask, db: Session, people: dict[str, Person], made: Any, state: str, days: int, shown: bool
) -> None:
    owed, on = name_responsible(db, people["officer_vp"]), DAY + timedelta(days=days)
    given = DAY if state in {"done", "awaiting_confirmation"} else None
    move_assignment(db, current(db, owed), state=state, effective_on=on, due_on=on, result_on=given)
    db.commit()
    assert bool(events(app, made("officer_vp"))) == shown


def test_an_agency_sees_its_lead_and_its_coordinating_work(
    app: Flask, db: Session, people: dict[str, Person], made: Any
) -> None:
    owed = the_assignment(db)
    held = current(db, owed)
    held.role = "coordinate"
    db.commit()
    shown = events(app, made("officer_vp", "agency"))
    assert str(shown[f"assignment-{owed.id}@127.0.0.1"]["SUMMARY"]).startswith("Hạn (phối hợp): ")
    others = db.scalars(select(Assignment.id).where(Assignment.agency_id != owed.agency_id))
    assert not {f"assignment-{number}@127.0.0.1" for number in others} & shown.keys()


def test_a_leader_what_is_followed_the_office_everything(
    app: Flask, db: Session, people: dict[str, Person], made: Any
) -> None:
    task = the_task(db)
    path = made("leader")
    assert events(app, path) == {}
    db.add(Star(task_id=task.id, user_id=people["leader"].id, starred_at=clock.now()))
    db.commit()
    assert list(events(app, path)) == [f"task-{task.id}@127.0.0.1"]
    dated = select(TaskPeriod.task_id).where(TaskPeriod.effective_on.between(date(2021, 1, 1), DAY + timedelta(730)))
    assert events(app, made("monitor")).keys() == {f"task-{number}@127.0.0.1" for number in db.scalars(dated)}


def test_headers_and_not_modified(app: Flask, db: Session, people: dict[str, Person], made: Any) -> None:
    name_responsible(db, people["officer_vp"])
    client, path = app.test_client(), made("officer_vp")
    first = client.get(path)
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"old"'}).status_code == 200
    assert client.head(path).headers["ETag"] == first.headers["ETag"]
    assert client.post(path).status_code == 405


def test_the_last_reading_is_kept(app: Flask, db: Session, made: Any) -> None:
    path = made("officer_vp")
    feed = db.scalars(select(CalendarFeed)).one()
    assert feed.read_at is None
    events(app, path)
    db.refresh(feed)
    assert feed.read_at is not None and clock.now() - feed.read_at < timedelta(minutes=10)


def closed(app: Flask, count_queries: Any, path: str) -> tuple[int, str, int]:
    with count_queries(app) as statements:
        answer = app.test_client().get(path)
    return answer.status_code, answer.text.replace(path, ""), len(statements)


def test_unknown_and_revoked_look_alike(app: Flask, as_person: Any, made: Any, count_queries: Any) -> None:
    path = made("officer_vp")
    as_person("officer_vp").post("/tai-khoan/lich/person/thu-hoi")
    unknown = closed(app, count_queries, f"/lich/{'x' * 43}.ics")
    assert unknown[0] == 404
    assert closed(app, count_queries, path) == unknown
    for strange in ("a", "%00", "x" * 3000, "%F0%9F%98%80", "%ED%A0%80"):
        assert closed(app, count_queries, f"/lich/{strange}.ics")[0] == 404


def test_a_new_address_stops_the_old_one(app: Flask, made: Any) -> None:
    old, new = made("officer_vp"), made("officer_vp")
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(new).status_code == 200


@pytest.mark.parametrize(
    ("changes", "own", "of_agency"),
    [
        ({"active": False}, 404, 404),
        ({"role": "viewer"}, 404, 404),
        ({"role": "administrator"}, 404, 404),
        ({"agency_id": None}, 404, 404),
        ({"agency_id": "other"}, 200, 404),
        ({"role": "monitor"}, 200, 404),
    ],
)
def test_lost_rights_end_the_feed(
    app: Flask, db: Session, people: dict[str, Person], made: Any, changes: dict[str, Any], own: int, of_agency: int
) -> None:
    owed = name_responsible(db, people["officer_vp"])
    paths = made("officer_vp"), made("officer_vp", "agency")
    user = db.get_one(User, people["officer_vp"].id)
    other = db.scalars(select(Agency.id).where(Agency.id != user.agency_id).order_by(Agency.id)).first()
    for name, value in changes.items():
        setattr(user, name, other if value == "other" else value)
    db.commit()
    assert tuple(app.test_client().get(path).status_code for path in paths) == (own, of_agency)
    if own == 200:
        assert f"assignment-{owed.id}@127.0.0.1" not in events(app, paths[0])


def test_the_same_statements_whatever_there_is(
    app: Flask, db: Session, people: dict[str, Person], made: Any, count_queries: Any
) -> None:
    path, counted = made("officer_vp"), []
    events(app, path)  # the first reading is written down
    for code in (None, "TB1802:6.b", "TB1802:6.a"):
        if code:
            owed = db.scalars(select(Assignment).where(Assignment.agency_id == the_assignment(db).agency_id)).all()
            for one in owed[: 1 if code == "TB1802:6.b" else 3]:
                one.responsible_id = people["officer_vp"].id
            db.commit()
        with count_queries(app) as statements:
            events(app, path)
        counted.append(len(statements))
    assert counted == [counted[0]] * 3 and counted[0] <= 6


def test_the_language_is_the_persons(app: Flask, db: Session, people: dict[str, Person], made: Any) -> None:
    name_responsible(db, people["officer_vp"])
    db.get_one(User, people["officer_vp"].id).language = "en"
    path = made("officer_vp")
    [event] = events(app, path).values()
    assert "chưa triển khai" not in str(event["DESCRIPTION"])


def test_only_a_hash_is_kept(db: Session, made: Any) -> None:
    secret = made("officer_vp").removeprefix("/lich/").removesuffix(".ics")
    feed = db.scalars(select(CalendarFeed)).one()
    assert secret not in str(vars(feed)) and len(feed.secret_hash) == 64
