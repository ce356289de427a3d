"""/tai-khoan/zalo: agreeing to be told by Zalo, with the words agreed to, and withdrawing by one press."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import zalo as world
from tests.people import Person
from tests.views.test_admin_account import sentences
from tests.zalo import PHONE
from tests.zalo_stand_in import ZaloStandIn
from tracker import clock
from tracker.models import Contact, Event, ZaloLink

URL = "/tai-khoan/zalo"
AGREED = {"phone": "0987 654.321", "agree": "y"}
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]


@pytest.fixture(autouse=True)
def configured(app: Flask, zalo: ZaloStandIn) -> None:
    world.link(world.point_at(app, zalo), zalo)


def link_of(db: Session, person: Person) -> ZaloLink | None:
    db.rollback()
    return db.get(ZaloLink, person.id)


def test_consent_is_kept_with_its_words(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    client = as_person("officer_sct")
    shown = page(client, URL).get_text()
    assert client.post(URL, data=AGREED).headers["Location"] == URL
    link = link_of(db, people["officer_sct"])
    assert link is not None and link.phone == PHONE and link.withdrawn_at is None
    lines = str(link.consent_words).splitlines()
    assert len(lines) == 6 and all(line in shown for line in lines)
    assert "91/2025/QH15" in lines[-1] and "356/2025/NĐ-CP" in lines[-1]
    assert all(line in page(client, URL).get_text() for line in lines)


def test_log_names_no_number(as_person: AsPerson, db: Session) -> None:
    client = as_person("officer_sct")
    client.post(URL, data=AGREED)
    client.post(f"{URL}/thoi")
    events = db.scalars(select(Event).where(Event.verb.like("%_zalo")).order_by(Event.id)).all()
    assert [(event.verb, event.facts) for event in events] == [("consent_zalo", {}), ("withdraw_zalo", {})]


def test_withdrawal_erases_the_number_and_keeps_the_proof(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    client = as_person("officer_sct")
    client.post(URL, data=AGREED)
    assert client.post(f"{URL}/thoi").headers["Location"] == URL
    link = link_of(db, people["officer_sct"])
    assert link is not None and link.withdrawn_at is not None and link.consented_at is not None and link.consent_words
    assert (link.phone, link.zalo_id, link.follows) == (None, None, False)
    assert "Bạn đã thôi nhận qua Zalo" in page(client, URL).get_text()
    assert client.post(f"{URL}/thoi").status_code == 409


def test_agreeing_again_begins_afresh(as_person: AsPerson, db: Session, people: dict[str, Person]) -> None:
    client, person = as_person("officer_sct"), people["officer_sct"]
    client.post(URL, data=AGREED)
    db.add(Contact(user_id=person.id, channel="zalo", address=PHONE, state="refused", since=clock.now()))
    db.commit()
    client.post(f"{URL}/thoi")
    client.post(URL, data=AGREED)
    link = link_of(db, person)
    assert link is not None and link.withdrawn_at is None and db.get(Contact, (person.id, "zalo")) is None


def test_another_number_is_another_zalo(as_person: AsPerson, db: Session, people: dict[str, Person]) -> None:
    client, person = as_person("officer_sct"), people["officer_sct"]
    client.post(URL, data=AGREED)
    link = link_of(db, person)
    assert link is not None
    link.zalo_id, link.follows = "24684588352919792", True
    db.commit()
    client.post(URL, data=AGREED)
    assert (again := link_of(db, person)) is not None and again.follows
    client.post(URL, data={**AGREED, "phone": "0912345678"})
    other = link_of(db, person)
    assert other is not None and (other.phone, other.zalo_id, other.follows) == ("84912345678", None, False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": ""}, "Hãy nhập số điện thoại."),
        ({"phone": "12345"}, "Hãy nhập số di động Việt Nam, ví dụ 0987 654 321."),
        ({"phone": "0256 3822 123"}, "Hãy nhập số di động Việt Nam, ví dụ 0987 654 321."),
        ({"phone": "0" * 90000}, "Hãy nhập số di động Việt Nam, ví dụ 0987 654 321."),
        ({"phone": "098765432\x001"}, None),
        ({"agree": ""}, "Hãy đánh dấu đồng ý; nếu không, Ba Rõ không gửi qua Zalo."),
    ],
)
def test_bad_input_has_its_sentence(
    as_person: AsPerson, db: Session, people: dict[str, Person], changes: dict[str, str], said: str | None
) -> None:
    answer = as_person("officer_sct").post(URL, data={k: v for k, v in {**AGREED, **changes}.items() if v})
    if said is None:  # what cannot be seen is no part of the number
        assert answer.status_code == 302
        return
    assert (answer.status_code, sentences(answer.text)) == (422, [said])
    assert link_of(db, people["officer_sct"]) is None


def test_channel_that_is_off_asks_nobody(as_person: AsPerson, page: Read, app: Flask) -> None:
    app.config["ZALO_APP_ID"] = ""
    client = as_person("officer_sct")
    shown = page(client, URL)
    assert "Tỉnh chưa gửi nhắc việc qua Zalo" in shown.get_text() and shown.select_one("input[name=phone]") is None
    assert client.post(URL, data=AGREED).status_code == 409


def test_consent_can_be_withdrawn_when_the_channel_is_off(as_person: AsPerson, app: Flask, page: Read) -> None:
    client = as_person("officer_sct")
    client.post(URL, data=AGREED)
    app.config["ZALO_APP_ID"] = ""
    assert "Thôi nhận qua Zalo" in page(client, URL).get_text()
    assert client.post(f"{URL}/thoi").status_code == 302
