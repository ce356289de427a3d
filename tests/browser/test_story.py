"""The story the product is for: an officer reports and proposes, the Office returns or confirms, the state changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import sqlite_only
from tests.views.test_report_new import current, the_assignment

pytestmark = [sqlite_only, pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))]
TabAs = Callable[[str], Any]


def words(tab: Any, selector: str) -> str:
    return " ".join(tab.inner_text(selector).split())


def press(tab: Any, name: str, role: str = "button") -> None:
    """Press what bears the name, in the page itself, and wait for the page that answers."""
    with tab.expect_navigation():
        tab.locator("main").get_by_role(role, name=name, exact=True).click()


def tell(tab_as: TabAs, address: str) -> None:
    """Tell the story as both see it, from the first report to the confirmation."""
    officer = tab_as("officer_vp")
    officer.goto(address)
    assert "Quá hạn" in words(officer, ".standing") and "chưa triển khai" in words(officer, ".standing")
    press(officer, "Cập nhật tiến độ", "link")
    officer.fill("#progress", "140")
    press(officer, "Ghi báo cáo")
    assert "Tiến độ nằm trong khoảng 0 đến 100." in words(officer, "main")
    officer.fill("#progress", "60")
    officer.fill("#done", "Đã trang bị 6 phòng họp.")
    press(officer, "Ghi báo cáo")
    assert "Đã ghi báo cáo tiến độ 60%." in words(officer, "main")
    assert "đang thực hiện 60%" in words(officer, ".standing")
    propose(officer, "45/BC-VP")
    assert "chờ xác nhận" in words(officer, ".standing")

    office = tab_as("monitor")
    office.goto("/cho-xac-nhan")
    assert "45/BC-VP" in words(office, "main table")
    office.goto(address)
    press(office, "Trả lại", "link")
    office.fill("#reason", "Thiếu biên bản nghiệm thu.")
    press(office, "Trả lại")
    assert "trả lại" in words(office, ".standing") and "Quá hạn" in words(office, ".standing")

    officer = tab_as("officer_vp")
    officer.goto(address)
    assert "Lý do: Thiếu biên bản nghiệm thu." in words(officer, "ol.time")
    propose(officer, "46/BC-VP")

    office = tab_as("monitor")
    office.goto(address)
    press(office, "Xác nhận", "link")
    press(office, "Xác nhận đã hoàn thành")
    assert "Hoàn thành quá hạn" in words(office, ".standing") and "Đã xác nhận kết quả." in words(office, "main")


def propose(officer: Any, number: str) -> None:
    press(officer, "Báo hoàn thành", "link")
    officer.fill("#result_on", "2022-05-12")
    officer.fill("#result_document", number)
    officer.fill("#done", "E-Cabinet vận hành toàn tỉnh.")
    press(officer, "Gửi kết quả để xác nhận")


@pytest.mark.parametrize("tab_fixture", ["tab_as", "still_tab_as"], ids=["with scripts", "without scripts"])
def test_from_report_to_confirmation(tab_fixture: str, request: pytest.FixtureRequest, db: Session) -> None:
    owed = the_assignment(db)
    address = f"/nhiem-vu/{owed.task_id}"
    db.commit()  # what the browser writes is read anew afterwards
    tell(request.getfixturevalue(tab_fixture), address)
    assert (current(db, owed).state, current(db, owed).clock) == ("done", "done_late")
