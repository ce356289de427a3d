"""The story of a result: files handed in, one of them refused, the head approves, the Office confirms with one press."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import evidence
from tests.browser.conftest import sqlite_only
from tests.browser.test_story import press, words
from tests.views.test_report_new import current, the_assignment

pytestmark = [sqlite_only, pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))]
TabAs = Callable[[str], Any]


@pytest.fixture
def papers(app: Flask, tmp_path: Path) -> list[Path]:
    """A report that can be taken, and a program that cannot."""
    app.config["EVIDENCE"] = tmp_path / "evidence"
    app.config["EVIDENCE"].mkdir()
    files = {"Báo cáo kết quả.pdf": evidence.PDF, "chay.exe": b"MZ" + b"\x00" * 100}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in files]


def hand_in(officer: Any, papers: list[Path]) -> None:
    press(officer, "Báo hoàn thành", "link")
    officer.fill("#result_on", "2023-11-10")
    officer.fill("#done", "Đã hoàn thành.")
    officer.set_input_files("#files", papers)
    press(officer, "Trình lãnh đạo duyệt")
    assert "“chay.exe” không phải Word (.docx)" in words(officer, "main")
    assert "Báo cáo kết quả.pdf (1 KB)" in words(officer, "main")  # need not be chosen again
    press(officer, "Trình lãnh đạo duyệt")
    assert "Đã trình lãnh đạo cơ quan duyệt" in words(officer, "main")
    assert "chờ lãnh đạo cơ quan duyệt" in words(officer, "#ket-qua")


def tell(tab_as: TabAs, address: str, papers: list[Path]) -> None:
    officer = tab_as("officer_stttt")
    officer.goto(address)
    hand_in(officer, papers)

    head = tab_as("head_stttt")
    head.goto("/cho-duyet")
    with head.expect_navigation():
        head.locator("main table a").click()
    with head.expect_download() as download:
        head.locator("main dl").get_by_role("link", name="Báo cáo kết quả.pdf").click()
    assert Path(download.value.path()).read_bytes() == evidence.PDF
    assert download.value.suggested_filename == "Báo cáo kết quả.pdf"
    press(head, "Duyệt và gửi Văn phòng UBND tỉnh")
    assert "chờ xác nhận" in words(head, ".standing")

    office = tab_as("monitor")
    office.goto("/cho-xac-nhan")
    office.locator("main").get_by_role("link", name="Chọn tất cả trong trang").click()
    office.wait_for_selector("input[name=report]:checked")
    press(office, "Xác nhận các kết quả đã chọn")
    assert "Đã xác nhận 1 kết quả." in words(office, "main")
    office.goto(address)
    assert "lãnh đạo duyệt" in words(office, "#ket-qua") and "xác nhận" in words(office, "#ket-qua")


@pytest.mark.parametrize("tab_fixture", ["tab_as", "still_tab_as"], ids=["with scripts", "without scripts"])
def test_from_files_to_confirmation(
    tab_fixture: str, request: pytest.FixtureRequest, db: Session, papers: list[Path]
) -> None:
    owed = the_assignment(db, "TB1802:2.a")
    owed.agency.needs_head_approval = True
    db.commit()
    tell(request.getfixturevalue(tab_fixture), f"/nhiem-vu/{owed.task_id}", papers)
    db.rollback()
    assert current(db, owed).state == "done"


def test_a_file_too_large_is_told_before_it_travels(
    tab_as: TabAs, db: Session, papers: list[Path], tmp_path: Path
) -> None:
    owed = the_assignment(db, "TB1802:2.a")
    heavy = tmp_path / "nang.pdf"
    heavy.write_bytes(evidence.PDF)
    with heavy.open("ab") as file:
        file.truncate(21 * 1024 * 1024)
    db.commit()
    officer = tab_as("officer_stttt")
    officer.goto(f"/phan-viec/{owed.id}/hoan-thanh")
    officer.fill("#done", "Đã hoàn thành.")
    officer.set_input_files("#files", heavy)
    officer.get_by_role("button", name="Gửi kết quả để xác nhận").click()
    assert (
        officer.evaluate("document.querySelector('#files').validationMessage")
        == "Tập tin “nang.pdf” nặng quá mức cho phép."
    )
    assert officer.input_value("#done") == "Đã hoàn thành."  # nothing was sent, the page has not changed
    officer.set_input_files("#files", papers[0])
    officer.fill("#result_on", "2023-11-10")
    press(officer, "Gửi kết quả để xác nhận")
    assert "Đã gửi kết quả" in words(officer, "main")
