"""Sending by Zalo: the two ways, what goes on the wire, and what is said of every error Zalo documents."""

import unicodedata
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests import zalo as world
from tests.jobs.world import at
from tests.zalo import FOLLOWER, PHONE, VALUES, WORDS, envelope, settings
from tests.zalo_protocol import LENGTHS
from tests.zalo_stand_in import DROP, GARBLE, HTTP_500, HTTP_504, ZaloStandIn
from tracker import clock
from tracker.messages import reasons
from tracker.messages.transport import NeedsPerson, NeverDeliverable, TryLater, Uncertain, Unreachable, Words
from tracker.messages.zalo import connected, digest_parameters
from tracker.rules.zalo import FATES, RATE, UNTIL_TOMORROW, Fate, wait

pytestmark = pytest.mark.unseeded


@pytest.fixture
def engine(app: Flask, zalo: ZaloStandIn) -> Engine:
    """The database of an application that is linked with the stand-in."""
    engine = world.point_at(app, zalo)
    world.link(engine, zalo)
    return engine


def send(zalo: ZaloStandIn, engine: Engine, address: str = PHONE, words: Words = WORDS) -> str:
    with connected(settings(zalo), engine) as server:
        return server.send(envelope(address), words)


def test_by_telephone(zalo: ZaloStandIn, engine: Engine) -> None:
    said = send(zalo, engine)
    [message] = zalo.received
    assert (message.to, message.values, message.tracking_id, message.id) == (
        PHONE, VALUES, "reminder_digest.1.20231115013000", said,
    )  # fmt: skip
    path, headers = zalo.headers[-1]
    assert path == "/message/template" and headers["access_token"] in zalo.access
    assert "Authorization" not in headers and headers["Content-Type"] == "application/json"


def test_to_a_follower_by_id(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.followers.add(FOLLOWER)
    said = send(zalo, engine, f"zalo:{FOLLOWER}")
    [message] = zalo.received
    assert (message.to, message.tracking_id, message.id) == (FOLLOWER, "", said)
    assert zalo.headers[-1][0] == "/v3.0/oa/message/template"


def test_number_is_written_as_zalo_wants_it(zalo: ZaloStandIn, engine: Engine) -> None:
    send(zalo, engine, "0987 654 321")
    assert zalo.received[0].to == PHONE


def test_no_number_is_not_even_asked(zalo: ZaloStandIn, engine: Engine) -> None:
    with pytest.raises(NeverDeliverable) as refused:
        send(zalo, engine, "0281234567")
    assert refused.value.address_fault and zalo.asked == 1  # the tokens of the fixture


def test_letters_are_composed_and_values_cut(zalo: ZaloStandIn, engine: Engine) -> None:
    title = unicodedata.normalize("NFD", "Hoàn thiện nền tảng tích hợp, chia sẻ dữ liệu dùng chung của tỉnh")
    send(zalo, engine, words=Words("", "", "", template={**VALUES, "ten_viec": title}))
    assert zalo.received[0].values["ten_viec"] == "Hoàn thiện nền tảng tích hợp,…"
    world.change_token(engine, limits=LENGTHS)
    send(zalo, engine, words=Words("", "", "", template={**VALUES, "ten_viec": title, "thua": "x"}))
    assert zalo.received[1].values["ten_viec"] == unicodedata.normalize("NFC", title)


def test_a_repeat_carries_the_same_tracking_id(zalo: ZaloStandIn, engine: Engine) -> None:
    assert send(zalo, engine) != send(zalo, engine)
    assert len({message.tracking_id for message in zalo.received}) == 1


RAISED = {
    Fate.REFRESH: NeedsPerson, Fate.CONFIG: NeedsPerson, Fate.LATER: TryLater, Fate.RECIPIENT: NeverDeliverable,
    Fate.PAYLOAD: NeverDeliverable,
}  # fmt: skip


@pytest.mark.parametrize("fate", list(Fate))
def test_every_documented_error(zalo: ZaloStandIn, engine: Engine, fate: Fate) -> None:
    """Refresh and once more; an administrator's turn; later; this person; this message: each raises its own."""
    with at("2023-11-15 22:30"):
        for code in (code for code in FATES if FATES[code] == fate):
            world.change_token(engine, access_expires_at=clock.now() + timedelta(hours=20), trouble=None)
            zalo.refreshes, noted = 0, fate in {Fate.REFRESH, Fate.CONFIG, Fate.PAYLOAD} or code in UNTIL_TOMORROW
            zalo.refuse("*", *[code] * (2 if fate == Fate.REFRESH else 1))
            with pytest.raises(RAISED[fate]) as refused:
                send(zalo, engine)
            if isinstance(refused.value, TryLater):
                assert refused.value.after == wait(code, clock.local(clock.now())), code
            if isinstance(refused.value, NeverDeliverable):
                assert refused.value.address_fault == (fate == Fate.RECIPIENT), code
            assert (world.token(engine).trouble == str(refused.value)) == noted, code
            said = reasons.sentence(str(refused.value))
            assert f"mã {code}" in said and not said.startswith("zalo:")
            assert zalo.refreshes == (1 if fate == Fate.REFRESH else 0), code
    assert zalo.received == []


@pytest.mark.parametrize("code", [code for code, fate in FATES.items() if fate == Fate.REFRESH])
def test_spent_access_token_is_refreshed_and_the_message_goes(zalo: ZaloStandIn, engine: Engine, code: int) -> None:
    zalo.refuse("*", code)
    send(zalo, engine)
    assert len(zalo.received) == 1 and zalo.refreshes == 1 and world.token(engine).trouble is None


def test_unknown_code_is_tried_later_and_named(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.refuse("*", -4711)
    with pytest.raises(TryLater, match="-4711") as refused:
        send(zalo, engine)
    assert refused.value.after is None and "mã -4711" in reasons.sentence(str(refused.value))


@pytest.mark.parametrize("fate", [DROP, GARBLE, HTTP_504])
def test_no_answer_after_the_message_was_handed_over(zalo: ZaloStandIn, engine: Engine, fate: int) -> None:
    zalo.refuse("*", fate)
    with pytest.raises(Uncertain) as lost:
        send(zalo, engine)
    assert "có thể tin đã đi" in reasons.sentence(str(lost.value))


def test_server_in_trouble_is_asked_again(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.refuse("*", HTTP_500)
    with pytest.raises(TryLater, match="HTTP 500"):
        send(zalo, engine)
    assert zalo.received == []


def test_zalo_out_of_reach(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.stop()
    with pytest.raises(Unreachable):
        send(zalo, engine)


def test_without_answers_not_everybody_becomes_uncertain(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.refuse("*", *[DROP] * 10)
    outcomes = []
    with at("2023-11-15 09:00") as now:
        world.change_token(engine, access_expires_at=clock.now() + timedelta(hours=20))
        with connected(settings(zalo), engine) as server:
            for _ in range(5):
                with pytest.raises((Uncertain, Unreachable)) as lost:
                    server.send(envelope(), WORDS)
                outcomes.append(type(lost.value))
            now.shift(timedelta(minutes=16))
            with pytest.raises(Uncertain):
                server.send(envelope(), WORDS)
            assert outcomes == [Uncertain, Uncertain, Unreachable, Unreachable, Unreachable]
            zalo._next.clear()
            now.shift(timedelta(minutes=16))
            server.send(envelope(), WORDS)
    assert world.token(engine).trouble is None


def test_money_gone_stops_everybody_until_it_is_back(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.refuse("*", -137)
    with at("2023-11-15 09:00") as now:
        world.change_token(engine, access_expires_at=clock.now() + timedelta(hours=20))
        for _ in range(3):
            with pytest.raises(NeedsPerson, match="-137"):
                send(zalo, engine)
        assert zalo.asked == 2  # the tokens of the fixture, and one message; the others were not even tried
        now.shift(timedelta(minutes=16))
        send(zalo, engine)
    assert world.token(engine).trouble is None


def test_wrong_message_stops_nobody_else(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.refuse("*", -1121)
    with pytest.raises(NeverDeliverable):
        send(zalo, engine)
    send(zalo, engine)
    assert (world.token(engine).trouble or "").startswith("zalo:-1121:")  # stays until an administrator has looked


def test_used_up_minute_is_kept(zalo: ZaloStandIn, engine: Engine) -> None:
    zalo.remain = 0
    with connected(settings(zalo), engine) as server:
        server.send(envelope(), WORDS)
        with pytest.raises(TryLater, match=str(RATE)) as full:
            server.send(envelope(), WORDS)
        assert full.value.after is not None and timedelta() < full.value.after <= timedelta(minutes=1)
    assert len(zalo.received) == 1


def test_connection_that_was_closed_in_between_loses_nothing(zalo: ZaloStandIn, engine: Engine) -> None:
    with connected(settings(zalo), engine) as server:
        for _ in range(3):
            server.send(envelope(), WORDS)
            zalo.hang_up()
    assert len(zalo.received) == 3


def test_parameters_of_a_reminder() -> None:
    first = SimpleNamespace(task_code="TB1802:6.b", title="Nền tảng tích hợp", effective_on=date(2022, 5, 4))
    found = digest_parameters(3, 2, first, date(2022, 5, 6), "https://baro.vn/nhiem-vu", "Nguyễn Văn Tin")
    assert found == {
        "nguoi_nhan": "Nguyễn Văn Tin", "so_qua_han": "3", "so_sap_den": "2", "ma_viec": "TB1802:6.b",
        "ten_viec": "Nền tảng tích hợp", "han": "04/05/2022", "duong_dan": "https://baro.vn/nhiem-vu",
    }  # fmt: skip
    assert set(found) == set(LENGTHS)
