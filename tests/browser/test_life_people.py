"""People come and go and agencies change, in the browser: named, handed over, the agency renamed, the work goes on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browser.test_story import press, words
from tests.views.test_report_new import the_assignment
from tracker.queries.event_chain import first_broken

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
TabAs = Callable[[str], Any]
NEW_NAME = "Sở Khoa học và Chuyển đổi số"


def name_and_hand_over(head: Any, assignment_id: int, officer_id: int) -> None:
    """The head names the officer, then gives everything the officer holds to herself; the record can be printed."""
    head.goto(f"/phan-viec/{assignment_id}/nguoi-phu-trach")
    head.select_option("#responsible", label="Nguyễn Văn Tin")
    head.check('input[name="basis_kind"][value="proposal"]')
    press(head, "Ghi phân công")
    head.goto(f"/ban-giao/{officer_id}")
    assert "Đang giữ 1 phần việc." in words(head, "main")
    head.select_option("#to_all", label="Lê Thị Thông")
    head.fill("#reason", "Chuyển công tác.")
    head.check('input[name="basis_kind"][value="document"]')
    head.fill("#basis_number", "77/QĐ-STTTT")
    head.fill("#basis_on", "2023-11-14")
    press(head, "Bàn giao")
    record = words(head, "main")
    assert "BÊN GIAO" in record and "Nguyễn Văn Tin" in record and "Lê Thị Thông" in record


def rename_the_agency(admin: Any) -> None:
    """A dry run first; nothing has moved until it is carried out."""
    admin.goto("/quan-tri/sap-xep/moi")
    admin.locator('[name="kind"][value="rename"]').check()
    admin.fill("#took_effect_on", "2023-11-01")
    admin.fill("#legal_basis", "Nghị quyết 15/NQ-HĐND ngày 20/10/2023")
    admin.select_option("#olds-0", label="Sở Thông tin và Truyền thông")
    admin.fill("#heirs-0-name", NEW_NAME)
    admin.fill("#heirs-0-short_name", "Sở KH&CĐS")
    admin.select_option("#heirs-0-kind", "sở/ban/ngành")
    press(admin, "Lập phương án, xem chạy thử")
    assert "Chưa có gì thay đổi" in words(admin, "main")
    press(admin, "Thực hiện")


def test_people_and_agencies_change_and_the_work_goes_on(tab_as: TabAs, db: Session, people: dict[str, Any]) -> None:
    owed = the_assignment(db, "TB1802:2.a")
    assignment_id, address = owed.id, f"/nhiem-vu/{owed.task_id}"
    db.commit()  # what the browser writes is read anew afterwards
    name_and_hand_over(tab_as("head_stttt"), assignment_id, people["officer_stttt"].id)
    rename_the_agency(tab_as("admin"))

    officer = tab_as("officer_stttt")
    officer.goto(address)
    assert f"{NEW_NAME} (kế thừa Sở Thông tin và Truyền thông)" in words(officer, "aside")
    press(officer, "Cập nhật tiến độ", "link")
    officer.fill("#progress", "80")
    officer.fill("#done", "Đã trình dự thảo lần hai.")
    press(officer, "Ghi báo cáo")
    assert "đang thực hiện 80%" in words(officer, ".standing")
    officer.goto(f"{address}?on=2023-11-14")
    assert NEW_NAME not in words(officer, "aside")

    viewer = tab_as("viewer")
    viewer.goto(address)
    assert "Đã trình dự thảo lần hai." not in words(viewer, "main")
    db.commit()
    assert first_broken(db) is None
