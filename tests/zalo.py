"""What the tests of Zalo share: settings that point at the stand-in, and a pair of tokens in the database."""

from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import zalo_protocol as protocol
from tests import zalo_stand_in as stand_in
from tracker import clock
from tracker.extensions import db
from tracker.messages.transport import Envelope, Words
from tracker.messages.zalo_tokens import columns, next_pair
from tracker.models import ZaloLink, ZaloToken

PHONE, FOLLOWER = "84987654321", "24684588352919792"
VALUES = {
    "nguoi_nhan": "Nguyễn Văn Tin", "so_qua_han": "3", "so_sap_den": "2", "ma_viec": "TB1802:6.b",
    "ten_viec": "Nền tảng chia sẻ dữ liệu", "han": "30/04/2022", "duong_dan": "https://baro.vn/nhiem-vu/1",
}  # fmt: skip
WORDS = Words("Nhắc việc", "…", "…", template=VALUES)


def settings(zalo: stand_in.ZaloStandIn) -> dict[str, str]:
    return {
        "ZALO_APP_ID": protocol.APP_ID, "ZALO_APP_SECRET": protocol.APP_SECRET, "ZALO_OA_ID": protocol.OA_ID,
        "ZALO_OA_SECRET": protocol.OA_SECRET, "ZALO_TEMPLATE_REMINDER": protocol.TEMPLATE, "ZALO_KEY": "",
        "ZALO_API_URL": zalo.address, "SECRET_KEY": "x" * 32,
    }  # fmt: skip


def point_at(app: Flask, zalo: stand_in.ZaloStandIn) -> Engine:
    """Configure the application to speak to the stand-in; return its engine."""
    app.config.update(settings(zalo))
    with app.app_context():
        return db.engine


def link(engine: Engine, zalo: stand_in.ZaloStandIn, **changes: Any) -> None:
    """Put a fresh pair into the database, as linking does."""
    pair = columns(settings(zalo), next_pair(settings(zalo), zalo.refresh_token))
    zalo.refreshes = 0
    zalo.tokens_asked.clear()
    with Session(engine) as session, session.begin():
        session.add(ZaloToken(id=1, **{**pair, **changes}))


def token(engine: Engine) -> ZaloToken:
    with Session(engine, expire_on_commit=False) as session:
        return session.get_one(ZaloToken, 1)


def change_token(engine: Engine, **values: Any) -> None:
    with Session(engine) as session, session.begin():
        row = session.get_one(ZaloToken, 1)
        for name, value in values.items():
            setattr(row, name, value)


def envelope(address: str = PHONE, identity: str = "reminder_digest.1.20231115013000") -> Envelope:
    return Envelope(address, identity, clock.local(clock.now()))


def consented(user_id: int, **facts: Any) -> ZaloLink:
    return ZaloLink(
        **{
            "user_id": user_id,
            "phone": PHONE,
            "consented_at": clock.now(),
            "updated_at": clock.now(),
            "consent_words": "…",
            **facts,
        }
    )
