"""The whole working life of an assignment as each of its people lives it, from an order that names nobody to the confirmation."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.test_story import press, words
from tracker.models import FOREVER, AssignmentPeriod, Task
from tracker.queries.event_chain import first_broken

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
TabAs = Callable[[str], Any]
UNCLEAR = "KH2023:III.5.-2"
OTHER = "KH2023:III.2"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A PDF as a word processor would write it."""
    file = tmp_path / "Báo cáo kết quả.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return file


def clear_what_is_unclear(tab_as: TabAs, tasks: list[int]) -> None:
    """The standing body gives two tasks a lead at once, then a date, both as proposals."""
    tab = tab_as("standing")
    tab.goto("/chua-ro?document=KH2023")
    for task_id in tasks:
        tab.locator(f'input[name="task"][value^="{task_id}"]').check()
    press(tab, "Giao những việc đã chọn")
    tab.select_option("#to", label="Sở Thông tin và Truyền thông")
    tab.check('input[name="basis_kind"][value="proposal"]')
    press(tab, "Xem lại trước khi giao")
    press(tab, "Giao 2 nhiệm vụ")
    for task_id in tasks:
        tab.goto(f"/chua-ro/{task_id}?what=deadline")
        tab.fill("#due_on", "2023-12-29")
        tab.check('input[name="basis_kind"][value="proposal"]')
        press(tab, "Ghi")
        assert words(tab, "aside").count("đề xuất, chưa có văn bản giao") == 2


def name_who_answers(tab_as: TabAs, address: str) -> None:
    tab = tab_as("head_stttt")
    tab.goto(address)
    tab.locator("aside").get_by_role("link", name="nêu người").click()
    tab.select_option("#responsible", label="Nguyễn Văn Tin")
    tab.select_option("#head", label="Lê Thị Thông")
    tab.check('input[name="basis_kind"][value="document"]')
    tab.fill("#basis_number", "45/QĐ-STTTT")
    tab.fill("#basis_on", "2023-11-14")
    press(tab, "Ghi phân công")
    assert "Người phụ trách: Nguyễn Văn Tin theo 45/QĐ-STTTT" in words(tab, "aside")
    tab.goto("/cho-duyet")
    press(tab, "Duyệt trước khi gửi")


def give_a_direction(tab_as: TabAs, address: str) -> None:
    leader = tab_as("leader")
    leader.goto(address)
    press(leader, "Theo dõi")
    press(leader, "Cho ý kiến chỉ đạo", "link")
    leader.fill("#text", "Khẩn trương hoàn thành trước kỳ họp cuối năm.")
    leader.fill("#given_on", "2023-11-15")
    press(leader, "Gửi ý kiến chỉ đạo")
    officer = tab_as("officer_stttt")
    officer.goto(address)
    press(officer, "Đã tiếp nhận")
    officer.goto(address)
    assert "1 / 1 cơ quan đã tiếp nhận" in words(officer, "#chi-dao")


def meet_an_obstacle(tab_as: TabAs, address: str) -> None:
    """The officer reports and asks for help; the standing body passes it on; the Office decides; the officer closes it."""
    officer = tab_as("officer_stttt")
    officer.goto(address)
    press(officer, "Cập nhật tiến độ", "link")
    officer.fill("#progress", "40")
    officer.fill("#done", "Đã trình phương án.")
    officer.fill("#next_step", "Lấy ý kiến các cơ quan.")
    press(officer, "Ghi báo cáo")
    press(officer, "Nêu vướng mắc", "link")
    officer.fill("#text", "Chưa có kinh phí thuê hạ tầng.")
    officer.check('input[name="level"][value="standing_body"]')
    press(officer, "Gửi vướng mắc")
    standing = tab_as("standing")
    standing.goto("/vuong-mac")
    standing.get_by_role("link", name="Chưa có kinh phí thuê hạ tầng.").click()
    standing.fill('[name="opinion"]', "Vượt dự toán của Sở; đề nghị UBND tỉnh bổ sung.")
    press(standing, "Chuyển UBND tỉnh")
    office = tab_as("monitor")
    office.goto(address)
    assert "Đang chờ UBND tỉnh trả lời vướng mắc" in words(office, "main")
    office.goto("/vuong-mac")
    office.get_by_role("link", name="Chưa có kinh phí thuê hạ tầng.").click()
    office.fill('[name="decision"]', "Bổ sung 500 triệu đồng.")
    office.fill('[name="number"]', "2001/UBND-TH")
    office.fill('[name="signed_on"]', "2023-11-15")
    press(office, "Ghi quyết định")
    officer = tab_as("officer_stttt")
    officer.goto("/vuong-mac?state=answered")
    officer.get_by_role("link", name="Chưa có kinh phí thuê hạ tầng.").click()
    officer.fill('[name="note"]', "Đã nhận kinh phí.")
    press(officer, "Khép lại vướng mắc")


def get_more_time(tab_as: TabAs, address: str) -> None:
    officer = tab_as("officer_stttt")
    officer.goto(address)
    press(officer, "Xin gia hạn", "link")
    officer.fill("#proposed_on", "2024-01-31")
    officer.fill("#reason", "Chờ bàn giao hạ tầng thuê.")
    press(officer, "Gửi yêu cầu gia hạn")
    officer.goto(address)
    assert "đã xin gia hạn đến 31/01/2024" in words(officer, "main")
    office = tab_as("monitor")
    office.goto("/gia-han")
    office.locator("main table").get_by_role("link").first.click()
    office.fill("#granted_on", "2024-01-31")
    office.fill("#decision_document", "2002/UBND-VX")
    press(office, "Đồng ý gia hạn")
    office.goto(address)
    assert "29/12/2023" in words(office, "aside") and "31/01/2024" in words(office, "aside")
    assert "Đã gia hạn 1 lần" in words(office, "aside")


def finish(tab_as: TabAs, address: str, file: Path) -> None:
    """The officer hands the result in with a file; the head approves; the Office returns it; once more, and it is confirmed."""
    for number, answer in (("46/BC-STTTT", "Trả lại"), ("47/BC-STTTT", "Xác nhận")):
        officer = tab_as("officer_stttt")
        officer.goto(address)
        press(officer, "Báo hoàn thành", "link")
        officer.fill("#result_on", "2023-11-15")
        officer.fill("#result_document", number)
        officer.set_input_files('input[type="file"]', file)
        officer.fill("#done", "Đã vận hành.")
        press(officer, "Trình lãnh đạo duyệt")
        head = tab_as("head_stttt")
        head.goto("/cho-duyet")
        head.locator("main table").get_by_role("link").first.click()
        press(head, "Duyệt và gửi Văn phòng UBND tỉnh")
        office = tab_as("monitor")
        if answer == "Trả lại":
            office.goto(address)
            press(office, "Trả lại", "link")
            office.fill("#reason", "Thiếu biên bản nghiệm thu.")
            press(office, "Trả lại")
            office.goto(address)
            assert "trả lại" in words(office, ".standing")
            continue
        office.goto("/cho-xac-nhan")
        assert number in words(office, "main table")
        office.locator('main table input[type="checkbox"]').first.check()
        press(office, "Xác nhận các kết quả đã chọn")
    office.goto(address)
    assert "Hoàn thành đúng hạn" in words(office, ".standing")


@pytest.mark.parametrize(
    ("database_url", "tab_fixture"),
    [("postgresql", "tab_as"), ("sqlite", "still_tab_as")],
    ids=["postgresql, with scripts", "sqlite, without scripts"],
    indirect=["database_url"],
)
def test_from_an_order_that_names_nobody_to_the_confirmation(
    tab_fixture: str, request: pytest.FixtureRequest, db: Session, report: Path
) -> None:
    tab_as = request.getfixturevalue(tab_fixture)
    tasks = list(db.scalars(select(Task.id).where(Task.code.in_((UNCLEAR, OTHER))).order_by(Task.code)))
    address = f"/nhiem-vu/{tasks[1]}"
    db.commit()  # what the browser writes is read anew afterwards
    clear_what_is_unclear(tab_as, tasks)
    name_who_answers(tab_as, address)
    give_a_direction(tab_as, address)
    meet_an_obstacle(tab_as, address)
    get_more_time(tab_as, address)
    finish(tab_as, address, report)
    told = _history(tab_as("monitor"), address)
    for sentence in ("xin gia hạn đến 31/01/2024", "nêu vướng mắc", "Thiếu biên bản nghiệm thu.", "ý kiến chỉ đạo"):
        assert sentence in told
    now = db.scalars(
        select(AssignmentPeriod).where(AssignmentPeriod.task_id == tasks[1], AssignmentPeriod.valid_to == FOREVER)
    ).one()
    assert (now.state, now.clock, now.slips) == ("done", "done_on_time", 1)
    assert first_broken(db) is None


def _history(tab: Any, address: str) -> str:
    tab.goto(f"{address}/dien-bien")
    return words(tab, "main")
