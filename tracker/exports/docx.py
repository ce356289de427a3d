"""The parts of an administrative document as Nghị định 30/2020/NĐ-CP, Phụ lục I lays it out, on python-docx.

What is written here is Vietnamese whoever asks for it: the paper goes to a Vietnamese agency. Sizes are points, widths cm.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tracker.rules.plain_text import plain

FONT = "Times New Roman"
A4 = (21.0, 29.7)
TOP, BOTTOM, LEFT, RIGHT, HEADER = 2.0, 2.0, 3.0, 2.0, 1.0
TEXT_WIDTH = A4[0] - LEFT - RIGHT
WIDE = A4[1] - LEFT - RIGHT  # of the text on a page that lies on its side
INDENT = 1.27
BLANK = "\u00a0"  # a space that stays as wide as it is written
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
MOTTO_WIDTH = 6.23  # of the words in bold Times New Roman of 14 points: the line below is as long (mục 1)
COUNTRY_COLUMN = 9.8
CAPITAL = 0.62  # the mean width of a bold capital, in its own size
LINE = 0.4  # of the agency's name: a third to a half (mục 2)
CENTRE, LEFT_EDGE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_AFTER_BORDER = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:rPr",
)


@dataclass(frozen=True)
class Letterhead:
    """Who issues: the body above it (empty: none), its own name a line each, its symbol (UBND-KSTT), the place it writes from."""

    superior: str
    issuer: tuple[str, ...]
    symbol: str
    place: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and width, and whether its cells are centred."""

    title: str
    width: float
    centred: bool = False


def blank(title: str, author: str) -> Document:
    """Return an empty document of A4 pages with the page's number in the middle of the top margin from the second page on."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = title, author, "", "vi-VN"
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    for kind in ("w:eastAsia", "w:cs"):
        normal.element.rPr.rFonts.set(qn(kind), FONT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    section = document.sections[0]
    _shape(section)
    _number_pages(section)
    return document


def _shape(section: Section, wide: bool = False) -> None:
    width, height = reversed(A4) if wide else A4
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.top_margin, section.bottom_margin = Cm(TOP), Cm(BOTTOM)
    section.left_margin, section.right_margin, section.header_distance = Cm(LEFT), Cm(RIGHT), Cm(HEADER)


def _number_pages(section: Section) -> None:
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    run = number.add_run()
    for kind, text in (("begin", None), (None, " PAGE "), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def letterhead(
    document: Document, head: Letterhead, number: str | None, on: date | None, year: int, subject: str = ""
) -> None:
    """Write the top of the first page: who issues, the country and its motto, number and date (both blank until they are
    given), and of a letter what it is about."""
    own = TEXT_WIDTH - COUNTRY_COLUMN
    left, right = _columns(document, (own, COUNTRY_COLUMN), rows=2)[0]
    for position, (text, bold) in enumerate([(head.superior, False), *((line, True) for line in head.issuer)]):
        if text:
            _line(left, text, 13, bold=bold, first=position == 0 or (not head.superior and position == 1))
    _rule(left, own, max(map(len, head.issuer)) * CAPITAL * 13 / 72 * 2.54 * LINE)
    _line(right, COUNTRY, 13, bold=True, first=True)
    _line(right, MOTTO, 14, bold=True)
    _rule(right, COUNTRY_COLUMN, MOTTO_WIDTH)
    left, right = document.tables[-1].rows[1].cells
    _line(left, numbered(number, head.symbol), 13, first=True)
    _line(right, dateline(head.place, on, year), 14, italic=True, first=True)
    if subject:
        _line(left, f"V/v {subject}", 13).paragraph_format.space_before = Pt(6)


def numbered(number: str | None, symbol: str) -> str:
    """Return the line of the number: below ten with a nought before it, blank before it is given (mục 3)."""
    if not number:
        return f"Số:{BLANK * 12}/{symbol}"
    digits, slash, rest = number.partition("/")
    return f"Số: {digits.zfill(2)}{slash}{rest}"


def dateline(place: str, on: date | None, year: int) -> str:
    """Return place and date: a nought before days below 10 and months below 3 (mục 4); without a day both stay blank."""
    if on is None:
        return f"{place}, ngày{BLANK * 6} tháng{BLANK * 6} năm {year}"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{place}, ngày {on.day:02d} tháng {month} năm {on.year}"


def short_date(on: date) -> str:
    """Return a date inside a sentence by the same rule: 05/02/2022, 15/6/2022."""
    return f"{on.day:02d}/{on.month:02d}/{on.year}" if on.month < 3 else f"{on.day:02d}/{on.month}/{on.year}"


def counted(number: int) -> str:
    """Return a number of things as administration writes it: 05, 12."""
    return f"{number:02d}"


def addressed(document: Document, names: Sequence[str]) -> None:
    """Write "Kính gửi": one addressee on the same line, several below it."""
    alone = len(names) == 1
    first = paragraph(document, f"Kính gửi: {names[0]}" if alone else "Kính gửi:", indent=False, align=CENTRE)
    first.paragraph_format.space_before = first.paragraph_format.space_after = Pt(12)
    for position, name in enumerate(() if alone else names):
        end = "." if position == len(names) - 1 else ";"
        paragraph(document, f"- {name}{end}", align=LEFT_EDGE).paragraph_format.left_indent = Cm(4)


def paragraph(
    document: Document, text: str, *, indent: bool = True, align: Any = JUSTIFIED, bold: bool = False, italic: bool = False,
    size: float = 14,
) -> Paragraph:  # fmt: skip
    """Write a paragraph of the text: justified, first line indented, 6 points to the next (mục 6)."""
    written = document.add_paragraph()
    _write(written, text, size, bold=bold, italic=italic)
    form = written.paragraph_format
    form.alignment, form.space_before, form.space_after, form.line_spacing = align, Pt(0), Pt(6), 1.15
    form.first_line_indent = Cm(INDENT) if indent else None
    return written


def table(document: Document, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float = 12) -> Table:
    """Write a table: its headings stand again on every page, and no row is torn between two. A line feed in a cell begins a
    new paragraph there."""
    made: Table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _mark(made.rows[0], "w:tblHeader")
    for column, cell in zip(columns, made.rows[0].cells, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _line(cell, column.title, size, bold=True, first=True)
    for row in rows:
        for column, cell, text in zip(columns, made.add_row().cells, row, strict=True):  # type: ignore[no-untyped-call]
            for position, part in enumerate(text.split("\n")):
                _line(cell, part, size, first=position == 0, align=CENTRE if column.centred else LEFT_EDGE)
    for place, column in enumerate(columns):
        made.columns[place].width = Cm(column.width)
        for cell in made.columns[place].cells:
            cell.width = Cm(column.width)
    for written in made.rows:
        _mark(written, "w:cantSplit")
    return made


def signature(document: Document, recipients: Sequence[str], signer: Sequence[str], name: str = "") -> None:
    """Write the end: to whom it goes on the left, who signs on the right with room for the signature (mục 7, 9)."""
    left, right = _columns(document, (7.0, TEXT_WIDTH - 7.0))[0]
    _line(left, "Nơi nhận:", 12, bold=True, italic=True, first=True, align=LEFT_EDGE)
    for position, text in enumerate(recipients):
        end = "." if position == len(recipients) - 1 else ";"
        _line(left, f"- {text}{end}", 11, align=LEFT_EDGE)
    for position, text in enumerate([*signer, "", "", "", "", name]):
        _line(right, text, 14, bold=True, first=position == 0)
    _mark(document.tables[-1].rows[0], "w:cantSplit")


def annex(document: Document, title: str, belongs_to: str, wide: bool = False) -> None:
    """Begin an annex on a page of its own, numbered from 1 anew; `wide` lays the page on its side."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.paragraphs[-1].paragraph_format.space_after = Pt(0)
    _shape(section, wide)
    count = OxmlElement("w:pgNumType")
    count.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(count, "w:cols", "w:titlePg", "w:docGrid")
    for text, bold, italic in (("Phụ lục", True, False), (title.upper(), True, False), (belongs_to, False, True)):
        written = paragraph(document, text, indent=False, align=CENTRE, bold=bold, italic=italic)
        written.paragraph_format.keep_with_next = True


def saved(document: Document) -> bytes:
    """Return the file."""
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _columns(document: Document, widths: Sequence[float], rows: int = 1) -> list[tuple[_Cell, ...]]:
    """Return the cells of a table without lines and margins, which holds what stands side by side."""
    made = document.add_table(rows=rows, cols=len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    made._tblPr.insert_element_before(margins, "w:tblLook")
    for place, width in enumerate(widths):
        made.columns[place].width = Cm(width)
        for cell in made.columns[place].cells:
            cell.width = Cm(width)
    return [row.cells for row in made.rows]


def _line(
    cell: _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False, first: bool = False, align: Any = CENTRE
) -> Paragraph:  # fmt: skip
    """Write a paragraph into a cell; the first one is there already."""
    written: Paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    _write(written, text, size, bold=bold, italic=italic)
    form = written.paragraph_format
    form.alignment, form.space_before, form.space_after, form.line_spacing = align, Pt(0), Pt(0), 1.0
    return written


def _write(written: Paragraph, text: str, size: float, *, bold: bool, italic: bool) -> None:
    run = written.add_run(unicodedata.normalize("NFC", plain(text)))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _rule(cell: _Cell, width: float, length: float) -> None:
    """Draw a line of that length in the middle of the cell: the upper edge of an empty, narrow paragraph."""
    drawn = _line(cell, "", 2)
    form = drawn.paragraph_format
    form.left_indent = form.right_indent = Cm(max(width - length, 0) / 2)
    form.space_before, form.line_spacing_rule, form.line_spacing = Pt(4), WD_LINE_SPACING.EXACTLY, Pt(8)
    borders, edge = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    drawn._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDER)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
