"""The letter itself, read back from the file: its words, the table, blanks before it is signed, an annex when it is long."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import docx as reader
import pytest
from docx.enum.section import WD_ORIENT
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from tests.actions.letter_world import MAY, Office, office
from tracker import clock
from tracker.actions import extension, report
from tracker.actions import letter as writing
from tracker.actions.standing import current_assignment
from tracker.exports import urge_letter as paper
from tracker.exports.docx import BLANK
from tracker.models import UrgeLetter
from tracker.queries import letter as letters

pytestmark = pytest.mark.unseeded


@pytest.fixture(autouse=True)
def in_may(app: Flask) -> Iterator[None]:
    with clock.on_day(MAY):
        yield


@pytest.fixture
def at_work(context: Session) -> Office:
    return office(context())


def read(app: Flask, at_work: Office, letter: UrgeLetter) -> Any:
    at_work.session.flush()
    said = letters.contents(at_work.session, letter)
    return reader.Document(BytesIO(paper.urge_letter(letter, said, *paper.office(app.config))))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_its_words(app: Flask, at_work: Office) -> None:
    at_work.remind(0, "overdue_1", "overdue_2")
    document = read(app, at_work, at_work.draft())
    said = texts(document)
    assert said[0] == "Kính gửi: Sở Công Thương."
    assert said[1].startswith("Thực hiện công tác theo dõi, đôn đốc") and said[1].endswith(
        "tính đến ngày 16/5/2022, Sở Công Thương còn 03 nhiệm vụ chủ trì đã quá thời hạn nhưng chưa hoàn thành, được giao tại:"
    )
    assert said[2] == "- Thông báo “Kết luận” của UBND tỉnh (sau đây gọi tắt là TB 18/02/2022)."
    assert "nhiệm vụ được nhắc nhiều nhất là 02 lần" in said[3] and said[3].endswith("Cụ thể như sau:")
    assert said[4].startswith("(Số liệu tính đến ") and said[4].endswith(
        "ngày 16/5/2022 trên hệ thống theo dõi nhiệm vụ)"
    )
    assert "UBND tỉnh yêu cầu Sở Công Thương:" in said[5] and "chậm nhất ngày 25/5/2022" in said[7]
    assert said[-1].endswith("xem xét, chỉ đạo./.") and document.paragraphs[-1].paragraph_format.keep_with_next


def test_it_is_not_numbered_before_it_is_signed(app: Flask, at_work: Office) -> None:
    letter = at_work.draft()
    (_issuer, _country), (number, place) = [row.cells for row in read(app, at_work, letter).tables[0].rows]
    assert number.text == f"Số:{BLANK * 12}/UBND-KSTT\nV/v đôn đốc thực hiện các nhiệm vụ được giao đã quá hạn"
    assert place.text == f"Bình Định, ngày{BLANK * 6} tháng{BLANK * 6} năm 2022"
    writing.record_sent(at_work.session, at_work.monitor, letter, "7/UBND-VX", MAY, "Võ Gia Nghĩa")
    head = read(app, at_work, letter).tables[0].rows[1].cells
    assert [cell.paragraphs[0].text for cell in head] == ["Số: 07/UBND-VX", "Bình Định, ngày 16 tháng 5 năm 2022"]


def test_the_table_says_where_each_task_stands(app: Flask, at_work: Office) -> None:
    session, (first, second, third) = at_work.session, at_work.owed
    person = first.responsible
    seen = current_assignment(session, first.id).id
    report.report_progress(session, person, first, seen, 40, "Đã chọn nhà thầu", "thiếu vốn đối ứng")
    extension.ask(
        session, person, third, current_assignment(session, third.id).id, "Chờ thẩm định", date(2022, 6, 1), None
    )
    second.basis_kind = "proposal"
    at_work.remind(0, "overdue_1")
    found = rows(read(app, at_work, at_work.draft()).tables[1])
    assert found[0] == list(paper.TITLES)
    assert found[1] == [
        "1", "Sàn thương mại điện tử\n(điều khoản 6.1, TB 18/02/2022)", "31/3/2022", "46", "1",
        "Ngày 16/5/2022 báo cáo đạt 40%. Đã chọn nhà thầu. Vướng mắc: thiếu vốn đối ứng.", "An Văn\nTrưởng phòng",
    ]  # fmt: skip
    assert found[2][1].endswith("; cơ quan chủ trì theo đề xuất, chưa có văn bản giao)")
    assert found[2][4:] == ["0", "Chưa có báo cáo.", "Chưa nêu"]
    assert found[3][5] == "Chưa có báo cáo.\nĐang đề nghị gia hạn đến ngày 01/6/2022."


def test_extended_work_shows_both_dates(app: Flask, at_work: Office) -> None:
    period = current_assignment(at_work.session, at_work.numbers[0])
    period.original_on, period.slips = period.effective_on, 1
    period.due_on, period.effective_on = date(2022, 4, 30), date(2022, 5, 4)
    limit = rows(read(app, at_work, at_work.draft(0)).tables[1])[1][2:4]
    assert limit == ["30/4/2022\n(hạn tính 04/5/2022)\n(hạn gốc 31/3/2022, đã gia hạn 01 lần)", "12"]


def test_it_is_signed_by_order_of_the_chairman_and_filed(app: Flask, at_work: Office) -> None:
    left, right = read(app, at_work, at_work.draft()).tables[-1].rows[0].cells
    assert left.text.splitlines() == [
        "Nơi nhận:", "- Như trên;", "- CT, các PCT UBND tỉnh (để báo cáo);", "- Lưu: VT, KSTT.",
    ]  # fmt: skip
    assert right.text.split("\n")[:2] == ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]


@pytest.mark.config(
    LETTER_ISSUER="ỦY BAN NHÂN DÂN / TỈNH GIA LAI", LETTER_SYMBOL="VP-TH", LETTER_PLACE="Gia Lai",
    LETTER_SIGNER="KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG",
)  # fmt: skip
def test_the_province_configures_its_head(app: Flask, at_work: Office) -> None:
    document = read(app, at_work, at_work.draft())
    issuer, number = (row.cells[0].text for row in document.tables[0].rows)
    assert issuer.split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"] and "/VP-TH\n" in number
    left, right = document.tables[-1].rows[0].cells
    assert "- Lưu: VT, TH." in left.text and right.text.startswith("KT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG")


def test_a_body_that_is_no_subordinate_is_asked_and_not_ordered(app: Flask, at_work: Office) -> None:
    at_work.world.trade.kind = "đảng"
    assert any("UBND tỉnh đề nghị Sở Công Thương:" in text for text in texts(read(app, at_work, at_work.draft())))


@pytest.mark.parametrize(("tasks", "apart"), [(12, False), (13, True)], ids=["twelve", "thirteen"])
def test_a_long_table_becomes_an_annex(app: Flask, at_work: Office, tasks: int, apart: bool) -> None:
    world = at_work.world
    more = [world.task(world.trade, date(2022, 4, 1) + timedelta(n)) for n in range(tasks - 3)]
    letter = writing.draft(at_work.session, world.trade.id, [*at_work.numbers, *(owed.id for owed in more)])
    document = read(app, at_work, letter)
    assert [section.orientation for section in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE][
        : 1 + apart
    ]
    assert any(text.endswith("Danh mục nhiệm vụ tại Phụ lục kèm theo.") for text in texts(document)) is apart
    table = document.tables[-1 if apart else 1]
    assert [row[0] for row in rows(table)] == ["TT", *map(str, range(1, tasks + 1))]
    width = sum(cell.width.cm for cell in table.rows[0].cells)
    assert width == pytest.approx(24.7 if apart else 16.0, abs=0.1)
    if apart:
        assert "DANH MỤC NHIỆM VỤ QUÁ HẠN CỦA SỞ CÔNG THƯƠNG" in texts(document)


def test_it_is_vietnamese_whoever_asks_for_it(app: Flask, at_work: Office) -> None:
    world = at_work.world
    owed = world.task(world.trade, date(2022, 4, 1), clause="III.5.-2")
    letter = writing.draft(at_work.session, world.trade.id, [owed.id])
    with force_locale("en"):
        assert "điều khoản III.5, gạch đầu dòng 2" in rows(read(app, at_work, letter).tables[1])[1][1]


def test_what_an_agency_wrote_at_length_is_cut(app: Flask, at_work: Office) -> None:
    first = at_work.owed[0]
    seen = current_assignment(at_work.session, first.id).id
    report.report_progress(at_work.session, first.responsible, first, seen, 10, "Rất dài. " * 200, None)
    said = rows(read(app, at_work, at_work.draft(0)).tables[1])[1][5]
    assert len(said) <= paper.LONGEST and said.endswith("…")
