"""The Zalo channel in a browser: the administrator links it, agrees, sends a test, and sees that it arrived."""

from typing import Any

import pytest
from flask import Flask

from tests import zalo as world
from tests.browser.conftest import sqlite_only
from tests.browser.test_pages import WIDTHS, _look
from tests.zalo_protocol import CODE, VERIFIER
from tests.zalo_stand_in import ZaloStandIn

pytestmark = sqlite_only


@pytest.fixture
def channel(app: Flask, zalo: ZaloStandIn, live_server: str) -> ZaloStandIn:
    world.point_at(app, zalo)
    zalo.webhook = f"{live_server}/zalo/su-kien"
    return zalo


def faults(tab: Any) -> list[str]:
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            found += [f"{tab.url} at {width}, {scheme}: {fault}" for fault in _look(tab, width)]
    return found


def test_from_linking_to_arrival(tab_as: Any, channel: ZaloStandIn) -> None:
    tab = tab_as("admin")
    tab.goto("/quan-tri/zalo")
    found = faults(tab)
    tab.get_by_label("Mã uỷ quyền").fill(CODE)
    tab.get_by_label("Chuỗi kiểm tra").fill(VERIFIER)
    tab.get_by_role("button", name="Liên kết với Zalo").click()
    tab.get_by_role("link", name="Xem mẫu tin và hạn mức").click()
    found += faults(tab)
    tab.goto("/tai-khoan/zalo")
    tab.get_by_role("button", name="Nhận qua Zalo").click()
    found += faults(tab)
    tab.get_by_label("Số điện thoại").fill("0987 654 321")
    tab.get_by_label("Tôi đã đọc và đồng ý").check()
    tab.get_by_role("button", name="Nhận qua Zalo").click()
    found += faults(tab)
    tab.goto("/quan-tri/zalo")
    tab.get_by_role("button", name="Gửi thử cho tôi").click()
    tab.get_by_text("Zalo đã nhận tin thử gửi cho bạn.").wait_for()
    for _ in range(20):  # Zalo tells of it a moment later
        tab.reload()
        if tab.get_by_text("một tin đã đến").count():
            break
        tab.wait_for_timeout(250)
    tab.get_by_text("một tin đã đến").wait_for()
    found += faults(tab)
    assert found == [] and len(channel.received) == 1
