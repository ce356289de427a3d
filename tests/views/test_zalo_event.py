"""/zalo/su-kien: what Zalo tells us, signed, taken once, in whatever order it comes."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import zalo as world
from tests.people import Person
from tests.zalo import FOLLOWER, PHONE, consented
from tests.zalo_protocol import APP_ID, OA_ID, TEMPLATE
from tests.zalo_stand_in import ZaloStandIn, delivery, mac
from tracker import clock
from tracker.models import Message, ZaloEvent, ZaloLink

URL = "/zalo/su-kien"
pytestmark = pytest.mark.config(WTF_CSRF_ENABLED=True)  # Zalo knows no token of ours


@pytest.fixture(autouse=True)
def configured(app: Flask, zalo: ZaloStandIn) -> None:
    world.link(world.point_at(app, zalo), zalo)


def stamp(ago: timedelta = timedelta()) -> str:
    return str(int((clock.now() - ago).timestamp() * 1000))


def event(name: str, ago: timedelta = timedelta(), **facts: Any) -> dict[str, Any]:
    return {"event_name": name, "oa_id": OA_ID, "app_id": APP_ID, "timestamp": stamp(ago), **facts}


def follow(name: str = "follow", ago: timedelta = timedelta(), who: str = FOLLOWER) -> dict[str, Any]:
    return event(name, ago, follower={"id": who}, user_id_by_app="552172779717587730", source="oa_profile")


def tell(client: FlaskClient, told: Any, owner: str = APP_ID, **headers: str) -> int:
    body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    timestamp = told.get("timestamp", "") if isinstance(told, dict) else ""
    signed = {"X-ZEvent-Signature": f"mac={mac(body, timestamp, owner)}", **headers}
    return client.post(URL, data=body, content_type="application/json", headers=signed).status_code


def kept(db: Session) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(ZaloEvent)) or 0


def link_of(db: Session, person: Person) -> ZaloLink:
    db.rollback()
    return db.get_one(ZaloLink, person.id)


@pytest.fixture
def follower(db: Session, people: dict[str, Person]) -> Person:
    """A person who agreed, and whose Zalo id is known."""
    person = people["officer_sct"]
    db.add(consented(person.id, zalo_id=FOLLOWER))
    db.commit()
    return person


def test_follow_and_unfollow(client: FlaskClient, db: Session, follower: Person) -> None:
    assert tell(client, follow(ago=timedelta(minutes=2))) == 200
    assert link_of(db, follower).follows
    assert tell(client, follow("unfollow")) == 200
    assert not link_of(db, follower).follows and link_of(db, follower).consented_at is not None


def test_told_in_another_order(client: FlaskClient, db: Session, follower: Person) -> None:
    tell(client, follow("unfollow"))
    tell(client, follow(ago=timedelta(minutes=2)))
    assert not link_of(db, follower).follows and kept(db) == 2


def test_repeat_changes_nothing(client: FlaskClient, db: Session, follower: Person) -> None:
    first = follow(ago=timedelta(minutes=5))
    tell(client, first)
    tell(client, follow("unfollow", ago=timedelta(minutes=1)))
    assert tell(client, {**first, "num_retry": 2}) == 200
    assert not link_of(db, follower).follows and kept(db) == 2


def test_time_that_lies_ahead_counts_as_now(client: FlaskClient, db: Session, follower: Person) -> None:
    tell(client, follow(ago=-timedelta(days=900)))
    tell(client, follow("unfollow"))
    assert not link_of(db, follower).follows


def test_unknown_person_is_kept_without_effect(client: FlaskClient, db: Session, follower: Person) -> None:
    assert tell(client, follow(who="111111111111")) == 200
    assert db.scalars(select(ZaloEvent.effect)).all() == [None] and not link_of(db, follower).follows


@pytest.mark.parametrize("owner", [APP_ID, OA_ID])
def test_signed_with_either_id(client: FlaskClient, db: Session, owner: str) -> None:
    assert tell(client, follow(), owner) == 200
    facts = db.scalars(select(ZaloEvent.facts)).one()
    assert facts == {"signed_with": "app_id" if owner == APP_ID else "oa_id"}


def test_time_that_no_text_can_hold_is_refused_like_a_wrong_signature(client: FlaskClient, db: Session) -> None:
    """Half a letter is valid JSON and no UTF-8: whoever has no secret gets the same answer for it as for any other forgery."""
    body = b'{"event_name": "follow", "timestamp": "\\ud800"}'
    answer = client.post(URL, data=body, headers={"X-ZEvent-Signature": "mac=" + "0" * 64})
    assert answer.status_code == 403 and kept(db) == 0


@pytest.mark.parametrize(
    "signature", ["", "mac=", "mac=" + "0" * 64, "x" * 5000, "mac=đ", "Bearer x", f"mac={mac(b'{}', '1')}"]
)
def test_wrong_signature_is_refused_and_nothing_written(client: FlaskClient, db: Session, signature: str) -> None:
    header = signature.encode().decode("latin-1")
    assert tell(client, follow(), **{"X-ZEvent-Signature": header}) == 403
    assert kept(db) == 0


def test_changed_body_is_refused(client: FlaskClient, db: Session) -> None:
    told = follow()
    signature = f"mac={mac(json.dumps(told).encode(), told['timestamp'])}"
    assert tell(client, {**told, "event_name": "unfollow"}, **{"X-ZEvent-Signature": signature}) == 403
    assert kept(db) == 0


def test_old_event_is_refused(client: FlaskClient, db: Session) -> None:
    assert tell(client, follow(ago=timedelta(days=8))) == 403
    assert tell(client, {**follow(), "timestamp": "yesterday"}) == 403
    assert kept(db) == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 60000, b'{"event_name": 1}', b'{"event_name": ""}']
)
def test_what_is_no_event_is_refused(client: FlaskClient, db: Session, body: bytes) -> None:
    assert tell(client, body) == 400 and kept(db) == 0


def test_large_body_is_refused(client: FlaskClient, db: Session) -> None:
    assert tell(client, follow(who="1" * 70000)) == 413 and kept(db) == 0


def test_not_configured_is_not_there(client: FlaskClient, app: Flask) -> None:
    app.config["ZALO_OA_SECRET"] = ""
    assert tell(client, follow()) == 404
    assert client.get(URL).status_code in {404, 405}


def test_odd_values_are_no_error(client: FlaskClient, db: Session) -> None:
    for told in (
        event("follow"), event("follow", follower=None), event("follow", follower={"id": ["x"]}),
        event("user_received_message", message="x"), event("user_submit_info", info={"phone": {"a": 1}}, sender={"id": "5"}),
        event("x\x00y" * 90, sender={"id": "\x00"}), event("change_template_status", status="x", template_id=2**70),
        event("user_received_message", message={"msg_id": 2**70, "tracking_id": "a.9999999999.20231115013000"}),
    ):  # fmt: skip
        assert tell(client, told) == 200, told


def message(db: Session, person: Person, **facts: Any) -> Message:
    row = Message(
        **{"kind": "reminder_digest", "channel": "zalo", "recipient_id": person.id, "day": clock.today(), "key": "k",
           "state": "sent", "not_before": clock.now(), "created_at": clock.now(), "provider_id": "abc", **facts}
    )  # fmt: skip
    db.add(row)
    db.commit()
    return row


def arrived(msg_id: str, tracking_id: str = "", ago: timedelta = timedelta()) -> dict[str, Any]:
    said = {"delivery_time": stamp(ago), "msg_id": msg_id, "tracking_id": tracking_id}
    return {"sender": {"id": OA_ID}, "recipient": {"id": PHONE}, "event_name": "user_received_message", "message": said,
            "app_id": APP_ID, "timestamp": stamp()}  # fmt: skip


def test_delivery_is_written_on_the_message(client: FlaskClient, db: Session, follower: Person) -> None:
    row = message(db, follower)
    assert tell(client, arrived("abc", ago=timedelta(minutes=3)), **{"X-ZEvent-Server": "ZNS"}) == 200
    db.refresh(row)
    assert row.delivered_at is not None and timedelta(minutes=2) < clock.now() - row.delivered_at < timedelta(minutes=4)
    assert PHONE not in str(db.scalars(select(ZaloEvent.facts)).all())


def test_delivery_settles_a_message_that_may_have_gone_out(client: FlaskClient, db: Session, follower: Person) -> None:
    row = message(db, follower, state="uncertain", provider_id=None, reason="zalo:lost:")
    identity = f"reminder_digest.{row.id}.{row.created_at:%Y%m%d%H%M%S}"
    assert tell(client, arrived("new", identity.replace(str(row.id), str(row.id + 1), 1))) == 200
    db.refresh(row)
    assert row.state == "uncertain"
    assert tell(client, arrived("newer", identity)) == 200
    db.refresh(row)
    assert (row.state, row.reason, row.provider_id) == ("sent", None, "newer") and row.sent_at is not None


def test_mail_is_not_taken_for_a_zalo_message(client: FlaskClient, db: Session, follower: Person) -> None:
    row = message(db, follower, channel="email")
    tell(client, arrived("abc"))
    db.refresh(row)
    assert row.delivered_at is None


def submitted(phone: str = PHONE, who: str = FOLLOWER) -> dict[str, Any]:
    return event(
        "user_submit_info", sender={"id": who}, recipient={"id": OA_ID}, info={"name": "Tên Riêng", "phone": phone}
    )


def test_person_who_gives_zalo_the_same_number_is_recognised(
    client: FlaskClient, db: Session, people: dict[str, Person]
) -> None:
    person = people["officer_sct"]
    db.add(consented(person.id))
    db.commit()
    tell(client, follow(ago=timedelta(minutes=1)))
    assert tell(client, submitted("0987654321")) == 200
    link = link_of(db, person)
    assert (link.zalo_id, link.follows) == (FOLLOWER, True)
    assert "Tên Riêng" not in str([row.facts for row in db.scalars(select(ZaloEvent))])


def test_nobody_is_recognised_by_a_shared_or_withdrawn_number(
    client: FlaskClient, db: Session, people: dict[str, Person]
) -> None:
    db.add_all([consented(people["officer_sct"].id), consented(people["monitor"].id)])
    db.add(consented(people["viewer"].id, phone="84912345678", withdrawn_at=clock.now()))
    db.commit()
    tell(client, submitted())
    tell(client, submitted("84912345678"))
    tell(client, submitted("not a number"))
    db.rollback()
    assert set(db.scalars(select(ZaloLink.zalo_id))) == {None}


def test_an_id_belongs_to_one_person(
    client: FlaskClient, db: Session, follower: Person, people: dict[str, Person]
) -> None:
    db.add(consented(people["monitor"].id, phone="84912345678"))
    db.commit()
    assert tell(client, submitted("84912345678")) == 200
    assert link_of(db, people["monitor"]).zalo_id is None and link_of(db, follower).zalo_id == FOLLOWER


@pytest.mark.parametrize(
    ("status", "template", "noted"), [("DISABLE", TEMPLATE, True), ("ENABLE", TEMPLATE, False), ("DISABLE", "1", False)]
)
def test_change_of_the_template_is_trouble(
    client: FlaskClient, app: Flask, zalo: ZaloStandIn, status: str, template: str, noted: bool
) -> None:
    told = event("change_template_status", template_id=template, reason="Mẫu tin bị lặp",
                 status={"prev_status": "ENABLE", "new_status": status})  # fmt: skip
    assert tell(client, told) == 200
    trouble = world.token(world.point_at(app, zalo)).trouble
    assert (trouble == "zalo:template:DISABLE Mẫu tin bị lặp") == noted and (trouble is None) != noted


def test_quota_is_kept_for_the_administrator(client: FlaskClient, db: Session) -> None:
    told = {"event_name": "change_oa_daily_quota", "app_id": APP_ID, "oaId": OA_ID, "timestamp": stamp(),
            "quota": {"prev_value": 1000, "new_value": 500}}  # fmt: skip
    assert tell(client, told) == 200
    row = db.scalars(select(ZaloEvent)).one()
    assert (row.effect, row.facts["prev_value"], row.facts["new_value"]) == ("quota", "1000", "500")


def test_what_people_write_is_not_kept(client: FlaskClient, db: Session) -> None:
    told = event("user_send_text", sender={"id": FOLLOWER}, message={"text": "chuyện riêng", "msg_id": "m1"})
    assert tell(client, told) == 200
    row = db.scalars(select(ZaloEvent)).one()
    assert "chuyện riêng" not in f"{row.key} {row.facts} {row.subject}" and row.effect is None


def test_event_of_another_account_has_no_effect(client: FlaskClient, db: Session, follower: Person) -> None:
    assert tell(client, {**follow(), "oa_id": "1"}) == 200
    assert not link_of(db, follower).follows


def test_delivery_as_the_stand_in_tells_it(
    live_server: str, app: Flask, zalo: ZaloStandIn, db: Session, follower: Person
) -> None:
    row = message(db, follower, provider_id=None)
    zalo.received.append(zalo._take({"phone": PHONE, "template_data": {}, "tracking_id": "x"}, True))
    row.provider_id = zalo.received[-1].id
    db.commit()
    assert zalo.deliver(live_server + URL, delivery(zalo.received[-1])) == 200
    db.refresh(row)
    assert row.delivered_at is not None
