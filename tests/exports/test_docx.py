"""The parts of an administrative document, read back from the file: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from datetime import date
from io import BytesIO
from typing import Any

import docx as reader
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracker.exports import docx
from tracker.exports.docx import Column, Letterhead

HEAD = Letterhead("", ("ỦY BAN NHÂN DÂN", "TỈNH BÌNH ĐỊNH"), "UBND-KSTT", "Bình Định")
# The order in which Word wants these parts (ISO/IEC 29500-1): in another one it offers to repair the file.
ORDERS = {
    "w:pPr": ("pStyle", "keepNext", "keepLines", "pBdr", "spacing", "ind", "jc", "rPr", "sectPr"),
    "w:tblPr": ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"),
    "w:sectPr": ("headerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"),
    "w:tcPr": ("tcW", "vAlign"),
}


@pytest.fixture
def written() -> Any:
    """A letter with every part, as another program reads it."""
    paper = docx.blank("Tiêu đề", "UBND tỉnh")
    docx.letterhead(paper, HEAD, None, None, 2022, "đôn đốc")
    docx.addressed(paper, ["Sở Công Thương."])
    docx.paragraph(paper, "Nội dung.")
    docx.table(paper, [Column("TT", 1, True), Column("Nhiệm vụ", 15)], [["1", "Việc một\ndòng hai"], ["2", "Việc hai"]])
    docx.signature(paper, ["Như trên", "Lưu: VT"], ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"], "Nguyễn Văn A")
    docx.annex(paper, "Danh mục nhiệm vụ", "(Kèm theo)", wide=True)
    docx.table(paper, [Column("TT", 2)], [["1"]])
    return reader.Document(BytesIO(docx.saved(paper)))


def texts(cell: Any) -> list[str]:
    return [paragraph.text for paragraph in cell.paragraphs]


def test_pages_are_a4_with_the_margins_of_the_decree(written: Any) -> None:
    first, second = written.sections
    assert [round(side.cm, 1) for side in (first.page_width, first.page_height)] == [21.0, 29.7]
    assert [round(edge.mm) for edge in (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)] == [
        20, 20, 30, 20,
    ]  # fmt: skip
    assert (second.orientation, round(second.page_width.cm, 1)) == (WD_ORIENT.LANDSCAPE, 29.7)


def test_every_letter_is_times_new_roman(written: Any) -> None:
    normal = written.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert normal.font.size == Pt(14)
    assert {run.font.name for paragraph in written.paragraphs for run in paragraph.runs} == {None}


def test_the_number_of_a_page_stands_in_the_top_margin_from_the_second_on(written: Any) -> None:
    for section in written.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml and section.header.paragraphs[0].alignment == docx.CENTRE
        assert [paragraph.text for paragraph in section.first_page_header.paragraphs] in ([], [""])
    assert written.sections[1]._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_the_head(written: Any) -> None:
    (issuer, country), (number, place) = [row.cells for row in written.tables[0].rows]
    assert texts(issuer) == ["ỦY BAN NHÂN DÂN", "TỈNH BÌNH ĐỊNH", ""]
    assert texts(country) == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""]
    assert texts(number) == [f"Số:{' ' * 12}/UBND-KSTT".replace(" ", docx.BLANK), "V/v đôn đốc"]
    assert " ".join(texts(place)[0].split()) == "Bình Định, ngày tháng năm 2022"
    sizes = [paragraph.runs[0].font.size for paragraph in (*issuer.paragraphs[:2], *country.paragraphs[:2])]
    assert sizes == [Pt(13), Pt(13), Pt(13), Pt(14)]
    assert all(paragraph.runs[0].bold for paragraph in (*issuer.paragraphs[:2], *country.paragraphs[:2]))
    assert place.paragraphs[0].runs[0].italic and not number.paragraphs[0].runs[0].bold


def test_the_lines_of_the_head_are_as_long_as_the_decree_wants(written: Any) -> None:
    own, country = written.tables[0].rows[0].cells
    for cell, low, high in (
        (country, 6.1, 6.4),
        (own, 1.3, 2.3),
    ):  # as long as the motto; a third to a half of the name
        form = cell.paragraphs[-1].paragraph_format
        assert low <= (cell.width - form.left_indent - form.right_indent) / Cm(1) <= high
        assert cell.paragraphs[-1]._p.pPr.find(qn("w:pBdr")) is not None


def test_the_text_is_justified_and_indented(written: Any) -> None:
    [body] = [paragraph for paragraph in written.paragraphs if paragraph.text == "Nội dung."]
    form = body.paragraph_format
    assert (form.alignment, form.space_after, form.line_spacing) == (docx.JUSTIFIED, Pt(6), 1.15)
    assert (round(form.first_line_indent.cm, 2), body.runs[0].font.size) == (1.27, Pt(14))


def test_a_table_repeats_its_headings_and_tears_no_row(written: Any) -> None:
    table = written.tables[1]
    assert [texts(cell) for row in table.rows for cell in row.cells] == [
        ["TT"], ["Nhiệm vụ"], ["1"], ["Việc một", "dòng hai"], ["2"], ["Việc hai"],
    ]  # fmt: skip
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_the_end(written: Any) -> None:
    [(left, right)] = [row.cells for row in written.tables[2].rows]
    assert texts(left) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert [paragraph.runs[0].font.size for paragraph in left.paragraphs] == [Pt(12), Pt(11), Pt(11)]
    assert [text for text in texts(right) if text] == ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Nguyễn Văn A"]
    assert texts(right).index("Nguyễn Văn A") == 6  # room for the signature
    annex = [paragraph.text for paragraph in written.paragraphs][-3:]
    assert annex == ["Phụ lục", "DANH MỤC NHIỆM VỤ", "(Kèm theo)"]


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 1, 5), "Bình Định, ngày 05 tháng 01 năm 2026", "05/01/2026"),
        (date(2026, 2, 28), "Bình Định, ngày 28 tháng 02 năm 2026", "28/02/2026"),
        (date(2026, 3, 9), "Bình Định, ngày 09 tháng 3 năm 2026", "09/3/2026"),
        (date(2026, 12, 10), "Bình Định, ngày 10 tháng 12 năm 2026", "10/12/2026"),
    ],
    ids=["January", "February", "March", "December"],
)
def test_noughts_before_days_below_ten_and_the_first_two_months(day: date, long: str, short: str) -> None:
    assert (docx.dateline("Bình Định", day, 2026), docx.short_date(day)) == (long, short)


def test_numbers_below_ten_have_a_nought() -> None:
    assert [docx.numbered(number, "X") for number in ("5/UBND-X", "15/UBND-X", "1234/UBND-X")] == [
        "Số: 05/UBND-X", "Số: 15/UBND-X", "Số: 1234/UBND-X",
    ]  # fmt: skip
    assert [docx.counted(number) for number in (1, 12)] == ["01", "12"]


def test_several_addressees_stand_below_each_other() -> None:
    paper = docx.blank("", "")
    docx.addressed(paper, ["Sở Công Thương", "Sở Tài chính"])
    assert [paragraph.text for paragraph in paper.paragraphs] == ["Kính gửi:", "- Sở Công Thương;", "- Sở Tài chính."]


def test_what_no_file_may_hold_is_left_out_and_letters_are_composed() -> None:
    paper = docx.blank("", "")
    docx.paragraph(paper, "Vie\u0323\u0302c\x00\x0b\ufffe <&> xong")
    docx.table(paper, [Column("A", 3)], [["\x1f1"]])
    again = reader.Document(BytesIO(docx.saved(paper)))
    assert again.paragraphs[0].text == "Việc <&> xong" and again.tables[0].rows[1].cells[0].text == "1"


@pytest.mark.parametrize("name", ORDERS)
def test_the_parts_stand_in_the_order_word_wants(written: Any, name: str) -> None:
    found = list(written.element.iter(qn(name)))
    assert found, name
    for part in found:
        children = [child.tag.rpartition("}")[2] for child in part]
        assert set(children) <= set(ORDERS[name]), children
        assert children == sorted(children, key=ORDERS[name].index), children
