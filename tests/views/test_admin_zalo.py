"""/quan-tri/zalo: linking, trouble, a test to oneself, the template."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import zalo as world
from tests.people import Person
from tests.views.test_admin_account import sentences
from tests.zalo import FOLLOWER, PHONE, consented, settings
from tests.zalo_protocol import CODE, FIRST_REFRESH, LENGTHS, VERIFIER
from tests.zalo_stand_in import ZaloStandIn
from tracker import clock
from tracker.extensions import db as ours
from tracker.jobs.zalo import keep_tokens
from tracker.messages.sealing import unseal
from tracker.models import Event, ZaloEvent, ZaloLink, ZaloToken

URL = "/quan-tri/zalo"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]


@pytest.fixture
def engine(app: Flask, zalo: ZaloStandIn) -> Engine:
    return world.point_at(app, zalo)


def notices(page: BeautifulSoup) -> str:
    return " ".join(notice.get_text(" ", strip=True) for notice in page.select(".notice"))


def test_off_until_configured(as_person: AsPerson, page: Read, app: Flask) -> None:
    shown = page(as_person("admin"), URL)
    assert "Kênh Zalo đang tắt" in notices(shown) and shown.select("main form") == []
    with app.app_context():
        assert keep_tokens() == "not linked"


@pytest.mark.parametrize("given", [{"code": CODE, "verifier": VERIFIER}, {"refresh_token": FIRST_REFRESH}])
def test_link(
    as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn, db: Session, given: dict[str, str]
) -> None:
    admin = as_person("admin")
    assert "Chưa liên kết" in notices(page(admin, URL))
    assert admin.post(URL, data=given).headers["Location"] == URL
    row = world.token(engine)
    assert unseal(settings(zalo), row.refresh_token) == zalo.refresh_token
    assert "Đang gửi được" in notices(page(admin, URL))
    [event] = db.scalars(select(Event).where(Event.noun == "zalo")).all()
    assert (event.verb, event.facts) == ("link_zalo", {})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Hãy dán mã uỷ quyền kèm chuỗi kiểm tra, hoặc dán mã làm mới."),
        ({"code": CODE}, "Hãy dán chuỗi kiểm tra đi kèm mã uỷ quyền."),
        ({"code": CODE, "verifier": "x", "refresh_token": "y"}, "Chỉ dán một trong hai: mã uỷ quyền hoặc mã làm mới."),
        ({"refresh_token": "x" * 4001}, "Chuỗi này dài tối đa 4000 ký tự."),
        ({"refresh_token": "có dấu"}, "Chuỗi này chỉ gồm chữ không dấu, chữ số và ký hiệu, không có dấu cách."),
    ],
)
def test_bad_input_has_its_sentence(
    as_person: AsPerson, engine: Engine, zalo: ZaloStandIn, given: dict[str, str], said: str
) -> None:
    answer = as_person("admin").post(URL, data=given)
    assert (answer.status_code, sentences(answer.text)) == (422, [said]) and zalo.asked == 0


def test_what_zalo_does_not_take_is_said(as_person: AsPerson, engine: Engine, db: Session) -> None:
    answer = as_person("admin").post(URL, data={"refresh_token": "da-dung-roi"})
    assert answer.status_code == 422 and "Invalid refresh token" in sentences(answer.text)[0]
    assert "da-dung-roi" not in answer.text and db.get(ZaloToken, 1) is None


def test_linking_again_ends_the_trouble(as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn) -> None:
    world.link(engine, zalo, trouble="zalo:relink:-14014 Invalid", trouble_at=clock.now())
    admin = as_person("admin")
    assert "xin liên kết lại" in notices(page(admin, URL)) and "Đang không gửi được" in notices(page(admin, URL))
    admin.post(URL, data={"code": CODE, "verifier": VERIFIER})
    assert world.token(engine).trouble is None and "Đang gửi được" in notices(page(admin, URL))


def test_unlink(as_person: AsPerson, engine: Engine, zalo: ZaloStandIn, db: Session) -> None:
    world.link(engine, zalo)
    admin = as_person("admin")
    admin.post(f"{URL}/thoi")
    assert db.get(ZaloToken, 1) is None
    assert admin.post(f"{URL}/thoi").status_code == 302
    assert db.scalars(select(Event.verb).where(Event.noun == "zalo")).all() == ["unlink_zalo"]


def test_trouble_seen_to(as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn) -> None:
    world.link(engine, zalo, trouble="zalo:-137:no money", trouble_at=clock.now())
    admin = as_person("admin")
    assert "Zalo Cloud Account hết tiền (mã -137, no money)" in notices(page(admin, URL))
    admin.post(f"{URL}/da-xu-ly")
    assert world.token(engine).trouble is None
    admin.post(f"{URL}/da-xu-ly")
    assert "Không còn vướng mắc nào với Zalo." in notices(page(admin, URL))


def test_test_message_to_oneself(
    as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn, db: Session, people: dict[str, Person]
) -> None:
    world.link(engine, zalo)
    admin = as_person("admin")
    admin.post(f"{URL}/gui-thu")
    assert "bạn đã đồng ý nhận qua Zalo" in notices(page(admin, URL)) and zalo.received == []
    db.add(consented(people["admin"].id))
    db.commit()
    admin.post(f"{URL}/gui-thu")
    assert "Zalo đã nhận tin thử" in notices(page(admin, URL))
    [message] = zalo.to(PHONE)
    assert message.values["nguoi_nhan"] == people["admin"].name and message.tracking_id.startswith("test.")
    zalo.refuse("*", -118)
    admin.post(f"{URL}/gui-thu")
    assert "không có tài khoản Zalo" in notices(page(admin, URL))
    world.change_token(engine, trouble="zalo:-137:", trouble_at=clock.now())
    assert "Đang không gửi được" in notices(page(admin, URL))
    admin.post(f"{URL}/gui-thu")
    assert "Đang gửi được" in notices(page(admin, URL)) and world.token(engine).trouble is None


def test_template_is_shown_and_its_lengths_kept(
    as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn
) -> None:
    admin = as_person("admin")
    assert "chưa được liên kết" in notices(page(admin, f"{URL}/mau"))
    world.link(engine, zalo)
    shown = page(admin, f"{URL}/mau").get_text(" ", strip=True)
    assert "800 đồng theo số điện thoại, 560 đồng theo mã người quan tâm" in shown and "còn 500 trong 500 tin" in shown
    assert "ten_viec: tối đa 80 ký tự" in shown
    assert world.token(engine).limits == LENGTHS


def test_zalo_away_is_a_sentence(as_person: AsPerson, page: Read, engine: Engine, zalo: ZaloStandIn) -> None:
    world.link(engine, zalo)
    zalo.stop()
    assert "Zalo không trả lời" in notices(page(as_person("admin"), f"{URL}/mau"))
    answer = as_person("admin").post(URL, data={"refresh_token": "x"})
    assert answer.status_code == 422 and "Zalo không trả lời" in sentences(answer.text)[0]


def test_administrator_names_who_follows(
    as_person: AsPerson, page: Read, engine: Engine, db: Session, people: dict[str, Person]
) -> None:
    officer, monitor = people["officer_sct"].id, people["monitor"].id
    db.add_all([consented(officer), consented(monitor, phone="84912345678")])
    db.add(
        ZaloEvent(key="k", name="follow", subject=FOLLOWER, happened_at=clock.now(), received_at=clock.now(), facts={})
    )
    db.commit()
    admin = as_person("admin")
    admin.post(f"{URL}/nguoi/{officer}", data={"zalo_id": FOLLOWER})
    link = db.get_one(ZaloLink, officer, populate_existing=True)
    assert (link.zalo_id, link.follows) == (FOLLOWER, True)
    page(admin, URL)
    for number, zalo_id, said in (
        (monitor, FOLLOWER, "Mã Zalo này đã ghi cho người khác."), (monitor, "abc", "Mã Zalo gồm 5 đến 25 chữ số."),
        (people["viewer"].id, "12345", "Người này chưa đồng ý nhận nhắc việc qua Zalo."),
    ):  # fmt: skip
        admin.post(f"{URL}/nguoi/{number}", data={"zalo_id": zalo_id})
        assert said in notices(page(admin, URL))
    admin.post(f"{URL}/nguoi/{officer}", data={"zalo_id": ""})
    assert db.get_one(ZaloLink, officer, populate_existing=True).follows is False
    assert admin.post(f"{URL}/nguoi/{2**63}", data={"zalo_id": ""}).status_code == 404


def test_job_refreshes_twice_a_day_and_forgets(app: Flask, engine: Engine, zalo: ZaloStandIn, db: Session) -> None:
    world.link(engine, zalo)
    old, new = (clock.now() - timedelta(days=days) for days in (91, 89))
    db.add_all([ZaloEvent(key=str(at), name="follow", happened_at=at, received_at=at, facts={}) for at in (old, new)])
    db.commit()
    with app.app_context():
        assert keep_tokens() == "fresh"
        world.change_token(engine, refreshed_at=clock.now() - timedelta(hours=12))
        assert keep_tokens() == "refreshed" and zalo.refreshes == 1
        world.change_token(engine, refreshed_at=clock.now() - timedelta(hours=12))
        zalo.refuse_tokens_with = {"error": -14014, "error_name": "Invalid refresh token."}
        assert keep_tokens().startswith("error: zalo:relink:")
        ours.session.rollback()
    db.rollback()
    assert db.scalars(select(ZaloEvent.received_at)).all() == [new]
