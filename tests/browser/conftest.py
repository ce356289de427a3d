"""What the browser's tests share: one database, a report that waits, a letter that waits, a tab without scripts."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import people as everybody
from tests.evidence import PDF, file
from tests.pages import parse
from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker.jobs import reminders
from tracker.models import Extension, Handover, Message, Obstacle, ProgressReport
from tracker.queries.person import last_named

# What a browser shows does not depend on the database behind it; the other tests ask both.
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def proposal(app: Flask, db: Session, as_person: Any) -> int:
    """The id of a report that waits for the Office, on E-Cabinet."""
    owed = the_assignment(db)
    said = {"seen": current(db, owed).id, "result_on": "2022-05-05", "result_document": "45/BC-VP", "done": "Đã xong."}
    assert as_person("officer_vp").post(f"/phan-viec/{owed.id}/hoan-thanh", data=said).status_code == 302
    return db.scalars(sa.select(ProgressReport.id)).one()


@pytest.fixture
def asked_head(db: Session, as_person: Any) -> int:
    """The id of a result with a file and a number that waits for the agency's head, who had declined the one before."""
    db.commit()  # what others wrote meanwhile is read anew
    owed = the_assignment(db, "TB1802:2.d#1")
    owed.agency.needs_head_approval = True
    db.commit()
    for again in (True, False):
        said = {
            "seen": current(db, owed).id, "result_on": "2022-05-05", "result_document": "46/BC-STTTT", "done": "Đã xong.",
            "title": "Kết quả thực hiện", "files": file(PDF, "Báo cáo kết quả thực hiện nhiệm vụ chuyển đổi số năm 2022.pdf"),
        }  # fmt: skip
        assert as_person("officer_stttt").post(f"/phan-viec/{owed.id}/hoan-thanh", data=said).status_code == 302
        asked = db.scalars(sa.select(sa.func.max(ProgressReport.id))).one()
        if again:
            answer = as_person("head_stttt").post(f"/bao-cao/{asked}/khong-duyet", data={"reason": "Thiếu phụ lục."})
            assert answer.status_code == 302
    return asked


@pytest.fixture
def letter(app: Flask, db: Session, proposal: int) -> int:
    """The id of the first message of the log: the Office is asked to confirm."""
    with app.app_context():
        reminders.draw_up()
    return db.scalars(sa.select(sa.func.min(Message.id))).one()


@pytest.fixture
def obstacle(db: Session, as_person: Any) -> int:
    """The id of an obstacle that waits for the standing body; another lies before the province."""
    owed = the_assignment(db, "TB1802:2.a")
    said = {"seen": current(db, owed).id, "text": "Chưa có định mức kinh phí.", "why": "Ngoài dự toán của ngành."}
    for level in ("province", "standing_body"):
        answer = as_person("officer_stttt").post(f"/phan-viec/{owed.id}/vuong-mac", data={**said, "level": level})
        assert answer.status_code == 302
    return db.scalars(sa.select(sa.func.max(Obstacle.id))).one()


@pytest.fixture
def request_for_time(db: Session, as_person: Any) -> int:
    """The id of a request for more time that waits; the one before it was granted."""
    owed = the_assignment(db, "TB1802:2.d#2")
    for until in ("2023-12-30", "2024-03-29"):
        said = {"seen": current(db, owed).id, "proposed_on": until, "reason": "Chờ thẩm định dự toán của Sở Tài chính."}
        assert as_person("officer_stttt").post(f"/phan-viec/{owed.id}/gia-han", data=said).status_code == 302
        asked = db.scalars(sa.select(sa.func.max(Extension.id))).one()
        if until == "2023-12-30":
            given = {"granted_on": until, "decision_document": "1234/UBND-VX"}
            assert as_person("monitor").post(f"/gia-han/{asked}/dong-y", data=given).status_code == 302
    return asked


@pytest.fixture
def handover(db: Session, people: dict[str, Person], as_person: Any) -> int:
    """The id of a record: the officer gave a part to the head, who is stood in for today; the officer holds another part."""
    officer, head = people["officer_stttt"].id, people["head_stttt"].id
    owed = [the_assignment(db, code) for code in ("TB1802:2.a", "TB1802:2.d#2")]
    client, basis = as_person("head_stttt"), {"basis_kind": "proposal"}
    for part in owed:
        said = {**basis, "seen": 0, "responsible": officer, "head": "nobody"}
        assert client.post(f"/phan-viec/{part.id}/nguoi-phu-trach", data=said).status_code == 302
    form = parse(client.get(f"/ban-giao/{officer}").text)
    said = {**basis, "seen": form.find(attrs={"name": "seen"})["value"], "to_all": head, "reason": "nghỉ hưu",
            f"responsible_{owed[0].id}": "all", f"responsible_{owed[1].id}": "nobody"}  # fmt: skip
    assert client.post(f"/ban-giao/{officer}", data=said).status_code == 302
    said = {**basis, "seen": last_named(db, [owed[1].id])[owed[1].id], "responsible": officer, "head": head}
    assert client.post(f"/phan-viec/{owed[1].id}/nguoi-phu-trach", data=said).status_code == 302
    said = {
        "person": head,
        "stand_in": officer,
        "from_on": "2023-11-15",
        "until_on": "2023-11-20",
        "reason": "nghỉ phép",
    }
    agency = owed[0].agency_id
    assert client.post(f"/co-quan/{agency}/nguoi-thay", data=said).status_code == 302
    return db.scalars(sa.select(Handover.id)).one()


@pytest.fixture
def still_tab_as(
    app: Flask, browser: Any, live_server: str, people: dict[str, Person]
) -> Iterator[Callable[[str], Any]]:
    """still_tab_as("monitor"): a tab that runs no scripts, signed in as that person."""
    with closing(browser.new_context(base_url=live_server, locale="vi-VN", java_script_enabled=False)) as context:
        opened = context.new_page()

        def become(key: str) -> Any:
            value = everybody.session_cookie(app, people[key])
            context.clear_cookies()
            context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": live_server}])
            return opened

        yield become
