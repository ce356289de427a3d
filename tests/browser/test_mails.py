"""Every mail in a real browser, at the width of a telephone and of a desk, on light and dark screens."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.conftest import sqlite_only
from tests.browser.test_pages import LOW, SIDEWAYS, WIDTHS
from tests.messages.test_digest_words import SUMMARY, item, report
from tracker.messages import render
from tracker.messages.draft import Drafts
from tracker.messages.sections import own_links
from tracker.models import Message
from tracker.queries.digest import Summary, Waiting
from tracker.queries.message import Addressee
from tracker.rules.climb import Level

pytestmark = [sqlite_only, pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))]
LONG = (
    "Triển khai, nhân rộng phòng họp không giấy E-Cabinet đến các sở, ban, ngành và Ủy ban nhân dân cấp huyện, cấp xã"
)


@pytest.fixture
def letters(
    app: Flask,
    db: Session,
    proposal: int,
    letter: int,
    asked_head: int,
    obstacle: int,
    request_for_time: int,
    handover: int,
) -> Mapping[str, str]:
    """By name the HTML of every mail that waits after a busy day, and of digests short and long, of every role."""
    db.commit()
    with app.app_context():
        waiting = list(db.scalars(select(Message).order_by(Message.id)))
        drafts = Drafts(db, waiting)
        found = {message.kind: words.html for message in waiting if (words := drafts.of(message).words)}
        found |= {f"digest of {role}": _digest(role) for role in ("officer", "agency_head", "monitor", "leader")}
    return found


def _digest(role: str) -> str:
    day = date(2022, 11, 22)
    person = Addressee(7, "Công Tằng Tôn Nữ Thị Vân", "van@tinh.gov.vn", None, role, True, "vi", 1, "Sở Công Thương")
    level = {"agency_head": Level.HEAD, "monitor": Level.MONITOR, "leader": Level.LEADER}.get(role, Level.RESPONSIBLE)
    many = 70 if role == "officer" else 18
    items = [item(n, n, title=LONG, clause_text=LONG * 4, level=level) for n in range(1, many)]
    items += [item(100, left=3), report(101, 2)] if role in {"officer", "agency_head"} else []
    above = Summary(
        None, SUMMARY.agency, waiting=(Waiting("completion", 12), Waiting("extension", 1), Waiting("obstacle", 2))
    )
    summary = SUMMARY if role in {"officer", "agency_head"} else above
    holidays = {day - timedelta(n): "Nghỉ bù" for n in range(3)}
    return render.reminder_digest(person, items, day, holidays, summary, 3, links=own_links(5)).html


def test_every_mail_can_be_read_and_pressed_on_a_telephone(browser: Any, letters: Mapping[str, str]) -> None:
    assert len(letters) >= 12, sorted(letters)
    wrong = []
    with browser.new_context(locale="vi-VN") as context:
        tab = context.new_page()
        for name, html in letters.items():
            tab.set_content(html)
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 800})
                for scheme in ("light", "dark"):
                    tab.emulate_media(color_scheme=scheme)
                    seen = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
                    faults = [f"{fault['id']}, {fault['nodes'][0]['html'][:120]}" for fault in seen]
                    faults += [f"lower than 44 px: {low}" for low in tab.evaluate(LOW)]
                    faults += ["scrolls sideways"] if tab.evaluate(SIDEWAYS) > 0 else []
                    wrong += [f"{name} at {width}, {scheme}: {fault}" for fault in faults]
    assert wrong == []


def test_a_dark_screen_is_dark(browser: Any, letters: Mapping[str, str]) -> None:
    with browser.new_context(color_scheme="dark") as context:
        tab = context.new_page()
        tab.set_content(letters["digest of officer"])
        grounds = tab.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
    assert grounds == ["rgb(23, 22, 20)", "rgb(241, 239, 234)"]
