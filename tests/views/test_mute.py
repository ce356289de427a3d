"""What mails a person does without: chosen on a page, or by one press in the mail, without signing in and without a token."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import Person
from tracker.messages.kinds import OPTIONAL, unsubscribe_address, unsubscribed
from tracker.messages.notices import NOTICES
from tracker.models import Event, Mute

PAGE = "/tai-khoan/thu"


@pytest.fixture
def link(app: Flask, people: dict[str, Person]) -> Callable[..., str]:
    """link("officer_sct"): the address in the mail, without the host."""

    def make(who: str = "officer_sct", kind: str = "result_confirmed") -> str:
        with app.app_context():
            return (unsubscribe_address(kind, people[who].id) or "").removeprefix(app.config["BASE_URL"])

    return make


@pytest.fixture
def kept(db: Session) -> Iterator[Callable[[], list[tuple[int, str]]]]:
    def read() -> list[tuple[int, str]]:
        db.rollback()
        return [(row.user_id, row.kind) for row in db.scalars(select(Mute).order_by(Mute.user_id, Mute.kind))]

    yield read


def verbs(db: Session) -> list[tuple[str, str | None]]:
    found = db.execute(select(Event.verb, Event.facts).where(Event.verb.like("%mute_kind")).order_by(Event.id))
    return [(verb, facts.get("via")) for verb, facts in found]


def test_only_messages_that_ask_for_nothing_are_optional(app: Flask) -> None:
    duties = {
        "reminder_digest", "result_returned", "approval_declined", "direction_given", "person_named", "work_received",
        "extension_decided", "extension_asked", "result_proposed", "approval_asked", "obstacle_raised", "obstacle_escalated",
        "obstacle_answered", "state_changed", "acting_appointed",
    }  # fmt: skip
    assert set(OPTIONAL) == {"result_confirmed", "extension_granted"} and set(OPTIONAL) <= set(NOTICES)
    with app.app_context():
        assert [kind for kind in duties if unsubscribe_address(kind, 1)] == []


def test_everything_is_ticked_until_somebody_chooses(
    as_person: Any, people: dict[str, Person], kept: Any, db: Session, page: Any
) -> None:
    client, who = as_person("officer_sct"), people["officer_sct"].id
    assert len(page(client, PAGE).select("input[type=checkbox][checked]")) == len(OPTIONAL)
    assert client.post(PAGE, data={"extension_granted": "y"}).status_code == 302
    assert kept() == [(who, "result_confirmed")] and verbs(db) == [("mute_kind", "page")]
    assert [box["name"] for box in page(client, PAGE).select("input[checked]")] == ["extension_granted"]
    client.post(PAGE, data={"extension_granted": "y"})
    assert verbs(db) == [("mute_kind", "page")], "nothing changed the second time"
    client.post(PAGE, data=dict.fromkeys(OPTIONAL, "y"))
    assert kept() == [] and verbs(db)[1:] == [("unmute_kind", None)]


def test_one_press_of_a_mail_program_is_enough(
    client: FlaskClient, link: Any, kept: Any, people: dict[str, Person], db: Session
) -> None:
    for _again in range(2):
        answer = client.post(link(), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "Bạn không còn nhận loại thư này" in answer.text
    assert kept() == [(people["officer_sct"].id, "result_confirmed")] and verbs(db) == [("mute_kind", "mail")]


@pytest.mark.config(WTF_CSRF_ENABLED=True)
def test_the_press_needs_no_token_of_a_form_and_the_page_does(
    app: Flask, link: Any, kept: Any, as_person: Any, people: dict[str, Person]
) -> None:
    assert app.test_client().post(link(), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert kept() == [(people["officer_sct"].id, "result_confirmed")]
    as_person("officer_sct").post(PAGE, data=dict.fromkeys(OPTIONAL, "y"))
    assert kept() == [(people["officer_sct"].id, "result_confirmed")]


def test_looking_changes_nothing(client: FlaskClient, link: Any, kept: Any) -> None:
    shown = checked(parse(client.get(link()).text), link())
    assert kept() == [] and shown.find("form", method="post") and "Kết quả đã được xác nhận" in shown.text
    client.post(link())
    again = parse(client.get(link()).text)
    assert "đã thôi nhận loại thư này từ trước" in again.text and not again.find("main").find("form", method="post")


def test_whoever_is_signed_in_gives_up_the_mails_addressee_not_himself(
    as_person: Any, link: Any, kept: Any, people: dict[str, Person]
) -> None:
    as_person("monitor").post(link("officer_sct"))
    assert kept() == [(people["officer_sct"].id, "result_confirmed")]


@pytest.mark.parametrize("spoilt", ["khong-phai", "x" * 5000, "W10.abc", "%00", "%20", "WyJyZW1pbmRlcl9kaWdlc3QiLDFd"])
def test_what_is_no_address_of_ours_leads_nowhere(client: FlaskClient, kept: Any, spoilt: str) -> None:
    for call in (client.get, client.post):
        assert call(f"/thoi-nhan/{spoilt}").status_code == 404
    assert kept() == []


def test_an_address_is_of_one_person_and_one_kind(app: Flask, client: FlaskClient, link: Any, kept: Any) -> None:
    token = link().rpartition("/")[2]
    payload, signature = token.rsplit(".", 1)
    other = link("monitor").rpartition("/")[2].rsplit(".", 1)[0]
    assert other != payload and client.post(f"/thoi-nhan/{other}.{signature}").status_code == 404
    with app.app_context():
        kind, _person = unsubscribed(token) or ("", 0)
        assert kind == "result_confirmed"
    assert kept() == []
