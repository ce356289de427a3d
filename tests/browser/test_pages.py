"""Every page at the width of a telephone and of a desk, light and dark: no fault axe can find, nothing to scroll sideways."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.answers import answers
from tests.browser.conftest import sqlite_only
from tests.browser.letters import letters
from tests.views.test_report_new import the_assignment
from tracker import clock
from tracker.actions import direction as directing
from tracker.actions.reorganisation import plan_parts
from tracker.actions.star import star
from tracker.actions.succession import apply
from tracker.messages.kinds import unsubscribe_address
from tracker.models import (
    Agency,
    Assignment,
    Document,
    Handover,
    Message,
    Occurrence,
    ProgressReport,
    Reminder,
    ReminderSkip,
    ReportingRule,
    Task,
    TaskItem,
    User,
)
from tracker.queries.reorganisation_outcome import outcome
from tracker.rules.reorganisation import Part

pytestmark = [sqlite_only, pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))]
NO_PAGES = {
    "reminder.log_file",
    "reminder.of_task_file",
    "reminder.of_person_file",
    "reminder.letter",
    "static",
    "feed.read",
    "evidence.show",
    "health.index",
    "task.export",
    "letter.download",
}
WIDTHS = (360, 1280)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a finger must hit, unless it is a word in a sentence; a box to tick is pressed with its label.
LOW = """[...document.querySelectorAll("a, button, select, summary, textarea, input")]
  .filter((e) => !["hidden", "checkbox", "radio"].includes(e.type))
  .filter((e) => e.checkVisibility() && getComputedStyle(e).display !== "inline" && !e.classList.contains("skip"))
  .filter((e) => e.getBoundingClientRect().height < 43.5)
  .map((e) => `${e.tagName} ${e.className} ${(e.innerText || e.name).slice(0, 40)} ${e.getBoundingClientRect().height}`)"""


@pytest.fixture
def addresses(
    app: Flask, db: Session, proposal: int, letter: int, asked_head: int, obstacle: int, request_for_time: int,
    handover: int,
) -> dict[str, tuple[str, list[str]]]:  # fmt: skip
    """By endpoint: who goes there, and where."""
    task = db.scalars(select(Task.id).where(Task.code == "TB1802:6.b")).one()
    unclear = db.scalars(select(Task.id).where(Task.code == "KH2023:III.5.-2")).one()
    collective = db.scalars(select(Task.id).where(Task.code == "TB1802:7#1")).one()
    item = db.scalars(select(TaskItem.id).limit(1)).one()
    agency = db.scalars(select(Agency.id).where(Agency.name == "Sở Thông tin và Truyền thông")).one()
    user = db.scalars(select(User.id).limit(1)).one()
    owed = the_assignment(db).id
    return {
        "overview.index": ("officer_stttt", ["/", "/?on=2022-05-05"]),
        "task.index": ("viewer", ["/nhiem-vu?q=chu+ky+so", "/nhiem-vu?q=khong+co"]),
        "task.show": ("officer_vp", [f"/nhiem-vu/{task}", f"/nhiem-vu/{collective}"]),
        **_directions(db, task, collective),
        "document.index": ("viewer", ["/van-ban"]),
        "document.show": ("monitor", ["/van-ban/TB1802", "/van-ban/CT"]),
        "indicator.index": ("viewer", ["/chi-tieu?group=chung"]),
        **_systems(item),
        **_people(db, agency, handover),
        **_unclear(unclear, collective),
        **(answers(app, db) | letters(db)),
        **_reminding(db, letter, task),
        "report.new": ("officer_stttt", [f"/phan-viec/{the_assignment(db, 'TB1802:2.a').id}/tien-do"]),
        **_results(db, proposal, asked_head),
        **_extensions(the_assignment(db, "TB1802:4").id, request_for_time),
        **_obstacles(the_assignment(db, "TB1802:2.a").id, obstacle),
        **_periods(db, owed),
        **_administration(agency, user),
        **_reorganisations(db),
        "zalo_consent.show": ("viewer", ["/tai-khoan/zalo"]),
        **_own_pages(app, db, owed, user),
        "account.sign_in": ("", ["/dang-nhap"]),
        "error": ("viewer", ["/khong-co", f"/phan-viec/{owed}/tien-do"]),
    }


def _own_pages(app: Flask, db: Session, owed: int, user: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "account.password": ("viewer", ["/mat-khau"]),
        "feed.index": ("officer_stttt", ["/tai-khoan/lich"]),
        "digest.show": ("officer_vp", [_digest(db, owed)]),
        "mute.index": ("officer_stttt", ["/tai-khoan/thu"]),
        "mute.unsubscribe": ("officer_stttt", [_unsubscribing(app, user)]),
    }


def _digest(db: Session, assignment_id: int) -> str:
    person, day = db.scalars(select(User.id).where(User.email == "chuyenvien.vp@tinh.gov.vn")).one(), date(2023, 11, 15)
    message = Message(kind="reminder_digest", recipient_id=person, day=day, key="a digest", state="sent",
                      not_before=clock.now(), created_at=clock.now())  # fmt: skip
    db.add(message)
    db.flush()
    db.add(Reminder(assignment_id=assignment_id, effective_on=date(2022, 5, 4), step="overdue_9", recipient_id=person,
                    message_id=message.id, day=day))  # fmt: skip
    db.commit()
    return f"/thu-nhac/{message.id}"


def _unsubscribing(app: Flask, person_id: int) -> str:
    with app.app_context():
        return urlsplit(unsubscribe_address("result_confirmed", person_id) or "").path


def _systems(item: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "system.index": ("viewer", ["/he-thong?q=LGSP"]),
        "system.show": ("standing", ["/he-thong/1"]),
        "system.assign": ("standing", [f"/he-thong/hang-muc/{item}/giao"]),
        "system.report": ("standing", [f"/he-thong/hang-muc/{item}/tinh-trang"]),
    }


def _unclear(unclear: int, collective: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "clarity.index": ("standing", ["/chua-ro?document=TB01"]),
        "clarity.show": ("standing", [f"/chua-ro/{unclear}?what={what}" for what in ("lead", "deadline", "authority")]),
        "clarity.assign": ("monitor", [f"/chua-ro/giao?what=lead&task={unclear}&task={collective}"]),
    }


def _reminding(db: Session, letter: int, task: int) -> dict[str, tuple[str, list[str]]]:
    """The pages of reminders: a failed message and an uncertain one, and what was kept back."""
    owed, told = the_assignment(db, "TB1802:6.b"), db.get_one(Message, letter)
    common = {"assignment_id": owed.id, "effective_on": date(2022, 5, 4), "day": date(2023, 11, 14)}
    db.add(ReminderSkip(step="overdue_3", level="head", reason="answered", until_on=date(2023, 11, 17), **common))
    db.add(Reminder(step="overdue_2", level="responsible", recipient_id=told.recipient_id, message_id=letter, **common))
    for state in ("failed", "uncertain"):
        db.add(
            Message(kind="reminder_digest", recipient_id=told.recipient_id, day=told.day, key=state, facts={}, state=state,
                    reason="no_address", channel="zalo", not_before=told.not_before, created_at=told.created_at)
        )  # fmt: skip
    db.commit()
    unsure = db.scalars(select(Message.id).where(Message.state == "uncertain")).one()
    person = f"/nhac-viec/nguoi/{told.recipient_id}"
    return {
        "reminder.index": ("monitor", ["/nhac-viec", "/nhac-viec?on=2023-11-20", "/nhac-viec?on=2023-11-19"]),
        "reminder.planned": ("monitor", [f"/nhac-viec/lan-toi/{told.recipient_id}"]),
        "reminder.today": ("monitor", ["/nhac-viec/hom-nay"]),
        "reminder.log": (
            "monitor",
            ["/nhac-viec/nhat-ky", f"/nhac-viec/nhat-ky?task={task}&person={told.recipient_id}"],
        ),
        "reminder.troubled": ("monitor", ["/nhac-viec/khong-gui-duoc", "/nhac-viec/khong-gui-duoc?state=failed"]),
        "reminder.of_task": ("monitor", [f"/nhiem-vu/{task}/nhac-viec", f"/nhiem-vu/{task}/nhac-viec?in=1"]),
        "reminder.of_person": ("monitor", [person]),
        "reminder.show": ("monitor", [f"/nhac-viec/tin/{letter}", f"/nhac-viec/tin/{unsure}"]),
    }


def _directions(db: Session, task: int, collective: int) -> dict[str, tuple[str, list[str]]]:
    """Two directions of a leader who follows the task, and what has happened to it."""
    db.commit()  # what was read before may be older than what the fixtures wrote
    leader = db.scalars(select(User).where(User.role == "leader")).one()
    star(db, leader, task)
    given = [
        directing.give(
            db, leader, db.get_one(Task, number), "Xong trước kỳ họp.", date(2023, 11, 8), None, "152/TB-UBND"
        )
        for number in (task, collective)
    ]
    db.commit()
    return {
        "history.index": ("monitor", [f"/nhiem-vu/{task}/dien-bien", f"/nhiem-vu/{task}/dien-bien?kind=reminders"]),
        "direction.index": ("officer_vp", ["/chi-dao", "/chi-dao?view=all"]),
        "direction.give": ("leader", [f"/nhiem-vu/{task}/chi-dao", f"/nhiem-vu/{task}", "/nhiem-vu", "/chi-dao"]),
        "direction.show": ("officer_vp", [f"/chi-dao/{direction.id}" for direction in given]),
    }


def _results(db: Session, proposal: int, asked_head: int) -> dict[str, tuple[str, list[str]]]:
    waiting = db.get_one(ProgressReport, asked_head)
    return {
        "completion.propose": (
            "officer_stttt",
            [f"/phan-viec/{owed}/hoan-thanh" for owed in (the_assignment(db, "TB1802:2.a").id, waiting.assignment_id)],
        ),
        "completion.queue": ("monitor", ["/cho-xac-nhan", "/cho-xac-nhan?timeliness=in_time"]),
        "completion.decide": ("monitor", [f"/bao-cao/{proposal}/quyet-dinh"]),
        "approval.queue": ("head_stttt", ["/cho-duyet"]),
        "approval.decide": ("head_stttt", [f"/bao-cao/{asked_head}/duyet", f"/nhiem-vu/{waiting.task_id}"]),
        "suspension.new": ("monitor", [f"/phan-viec/{waiting.assignment_id}/trang-thai"]),
    }


def _extensions(owed: int, request: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "extension.ask": ("officer_sct", [f"/phan-viec/{owed}/gia-han"]),
        "extension.queue": ("monitor", ["/gia-han", "/gia-han?state=decided"]),
        "extension.show": ("monitor", [f"/gia-han/{request}", f"/gia-han/{request - 1}"]),
    }


def _obstacles(owed: int, obstacle: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "obstacle.new": ("officer_stttt", [f"/phan-viec/{owed}/vuong-mac"]),
        "obstacle.show": ("standing", [f"/vuong-mac/{obstacle}"]),
        "obstacle.index": ("standing", ["/vuong-mac?level=&state=open", "/vuong-mac?state=closed"]),
        "obstacle.gathered": ("monitor", ["/vuong-mac/tong-hop", "/vuong-mac/tong-hop?period=month"]),
    }


def _periods(db: Session, assignment_id: int) -> dict[str, tuple[str, list[str]]]:
    """A document that is reported on every month, and a duty that came round once more."""
    owed = db.get_one(Assignment, assignment_id)
    document, day = db.get_one(Document, owed.task.document_id), date(2023, 11, 20)
    db.add(ReportingRule(document_id=document.id, every="month", grace=3, valid_from=date(2023, 9, 1)))
    again = Occurrence(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, starts_on=date(2023, 10, 21), due_on=day,
        effective_on=day, opened_on=date(2023, 10, 21),
    )  # fmt: skip
    db.add(again)
    db.commit()
    return {
        "reporting.index": (
            "officer_stttt",
            ["/ky-bao-cao", f"/ky-bao-cao?document={document.code}", "/ky-bao-cao?document=CT"],
        ),
        "reporting.rule": ("monitor", [f"/van-ban/{document.code}/ky-bao-cao"]),
        "occurrence.skip": ("monitor", [f"/ky-viec/{again.id}/khong-phat-sinh"]),
    }


def _reorganisations(db: Session) -> dict[str, tuple[str, list[str]]]:
    """A split that waits for its choices, and a merger carried out."""
    codes = ("so-tttt", "so-khcn", "so-cong-thuong", "so-khdt", "so-tai-chinh")
    media, science, culture, investment, finance = (
        db.scalars(select(Agency.id).where(Agency.code == code)).one() for code in codes
    )
    actor = db.scalars(select(User).where(User.role == "administrator")).one()
    split = [Part(media, science, "chuyển đổi số"), Part(media, culture, "báo chí, xuất bản")]
    waiting = plan_parts(db, actor, "split", date(2023, 3, 1), "Nghị quyết 190/2025/QH15", None, split)
    done = plan_parts(
        db, actor, "merge", date(2023, 3, 1), "Nghị quyết 190/2025/QH15", None, [Part(investment, finance)]
    )
    apply(db, actor, done, outcome(db, done).seen)
    db.commit()
    return {
        "admin.reorganisations_list": ("admin", ["/quan-tri/sap-xep"]),
        "admin.new_reorganisation": ("admin", ["/quan-tri/sap-xep/moi"]),
        "admin.reorganisation": ("admin", [f"/quan-tri/sap-xep/{plan.id}" for plan in (waiting, done)]),
    }


def _people(db: Session, agency: int, handover: int) -> dict[str, tuple[str, list[str]]]:
    officer = db.scalars(select(Handover.person_id).where(Handover.id == handover)).one()
    return {
        "agency.index": ("viewer", ["/co-quan"]),
        "agency.show": ("monitor", [f"/co-quan/{agency}"]),
        "person.name": ("head_stttt", [f"/phan-viec/{the_assignment(db, 'TB1802:2.a').id}/nguoi-phu-trach"]),
        "person.assign": ("head_stttt", [f"/co-quan/{agency}/phan-cong", f"/co-quan/{agency}/phan-cong?show=all"]),
        "acting.index": ("head_stttt", [f"/co-quan/{agency}/nguoi-thay"]),
        "handover.show": ("head_stttt", [f"/ban-giao/{officer}"]),
        "handover.record": ("head_stttt", [f"/ban-giao/bien-ban/{handover}"]),
    }


def _administration(agency: int, user: int) -> dict[str, tuple[str, list[str]]]:
    return {
        "admin.index": ("admin", ["/quan-tri"]),
        "admin.accounts": ("admin", ["/quan-tri/tai-khoan"]),
        "admin.new_account": ("admin", ["/quan-tri/tai-khoan/moi"]),
        "admin.account": ("admin", [f"/quan-tri/tai-khoan/{user}"]),
        "admin.deactivate": ("admin", [f"/quan-tri/tai-khoan/{user}/ngung"]),
        "admin.agency_list": ("admin", ["/quan-tri/co-quan"]),
        "admin.new_agency": ("admin", ["/quan-tri/co-quan/moi"]),
        "admin.agency": ("admin", [f"/quan-tri/co-quan/{agency}"]),
        "admin.events": ("admin", ["/quan-tri/nhat-ky"]),
        "contact.index": ("admin", ["/quan-tri/lien-he"]),
        "admin.zalo": ("admin", ["/quan-tri/zalo"]),
        "admin.zalo_template": ("admin", ["/quan-tri/zalo/mau"]),
        "admin.settings": ("admin", ["/quan-tri/thong-so"]),
        "admin.reminder_policy": ("admin", ["/quan-tri/nhac-viec"]),
        "admin.document_policy": ("admin", ["/quan-tri/nhac-viec/van-ban/1"]),
        "admin.leaders": ("admin", ["/quan-tri/lanh-dao-phu-trach"]),
        "admin.calendar": ("admin", ["/quan-tri/lich"]),
        "admin.edit_day": ("admin", ["/quan-tri/lich/2023-01-02"]),
        "admin.import_calendar": ("admin", ["/quan-tri/lich/nhap"]),
        "admin.propose_calendar": ("admin", ["/quan-tri/lich/de-xuat?year=2029"]),
    }


@pytest.fixture
def faults(tab: Any, tab_as: Any, addresses: dict[str, tuple[str, list[str]]]) -> list[str]:
    """What is wrong on any page: light on a telephone and dark on a desk."""
    found: list[str] = []
    for who, places in addresses.values():
        tab_as(who) if who else tab.context.clear_cookies()
        for place in places:
            tab.goto(place)
            assert tab.title(), place
            for width, scheme in zip(WIDTHS, ("light", "dark"), strict=True):
                tab.set_viewport_size({"width": width, "height": 800})
                tab.emulate_media(color_scheme=scheme)
                found += [f"{place} at {width}, {scheme}: {fault}" for fault in _look(tab, width)]
    return found


def _look(tab: Any, width: int) -> list[str]:
    seen = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
    faults = [f"{fault['id']}, {fault['nodes'][0]['html'][:120]}" for fault in seen]
    sideways = tab.evaluate(SIDEWAYS)
    faults += [f"{sideways} px to scroll sideways"] if sideways > 0 else []
    faults += [f"lower than 44 px: {low}" for low in tab.evaluate(LOW)] if width == WIDTHS[0] else []
    return faults


def test_every_page_is_looked_at(app: Flask, addresses: dict[str, tuple[str, list[str]]]) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES
    assert pages - set(addresses) == set(), "Say in `addresses` where the new pages stand, and who goes there."


def test_pages_have_no_fault(faults: list[str]) -> None:
    assert faults == []


def test_the_longest_document_needs_no_scrolling_sideways(tab_as: Any) -> None:
    tab = tab_as("viewer")
    for code in ("KH2023", "NQ05", "TB01"):
        tab.goto(f"/van-ban/{code}")
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 800})
            assert tab.evaluate(SIDEWAYS) == 0, (code, width)
