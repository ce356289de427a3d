"""The letter (công văn đôn đốc) that urges one agency about its overdue work, as the Office is to sign it.

Its words are fixed, its facts are those of queries.letter.contents: the page and the paper never disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from docx.shared import Pt
from flask_babel import force_locale

from tracker import clock
from tracker.exports import docx
from tracker.exports.docx import Column, Letterhead, counted, short_date
from tracker.models import UrgeLetter
from tracker.queries.letter import Contents, Order
from tracker.queries.letter_work import Reported, Urged
from tracker.words import basis, clause_label

IN_THE_BODY = 12  # more tasks than this stand in an annex
SUBJECT = "đôn đốc thực hiện các nhiệm vụ được giao đã quá hạn"
SUBORDINATE = frozenset({"sở/ban/ngành", "đơn vị trực thuộc", "UBND huyện", "UBND xã"})  # of the others it asks
LONGEST = 320  # characters of what an agency reported: the letter reminds of it, the tracker keeps it whole
TITLES = (
    "TT", "Nhiệm vụ (điều khoản, văn bản giao)", "Thời hạn", "Số ngày quá hạn", "Số lần đã nhắc",
    "Tình hình, kết quả báo cáo gần nhất", "Người phụ trách",
)  # fmt: skip
NARROW, WIDE = (0.9, 4.2, 2.3, 1.45, 1.45, 3.6, 2.1), (1.0, 7.5, 2.8, 1.9, 1.9, 6.4, 3.2)
CENTRED = frozenset({0, 2, 3, 4})


def office(config: Mapping[str, Any]) -> tuple[Letterhead, list[str]]:
    """Return the head of the Office's letters and as what they are signed, as the province has configured them."""
    issuer = tuple(part.strip() for part in config["LETTER_ISSUER"].split("/"))
    head = Letterhead("", issuer, config["LETTER_SYMBOL"], config["LETTER_PLACE"])
    return head, [part.strip() for part in config["LETTER_SIGNER"].split("/")]


@dataclass(frozen=True)
class Text:
    """The words of the letter: what stands before the table and what after it."""

    subject: str
    before: list[str]
    after: list[str]


def text_of(letter: UrgeLetter, said: Contents) -> Text:
    """Return the words of the letter, for the page that shows what is going to be signed."""
    apart = len(said.urged) > IN_THE_BODY
    return Text(SUBJECT, _reasons(letter.agency.name, said, apart), _wanted(letter, said))


def urge_letter(letter: UrgeLetter, said: Contents, head: Letterhead, signer: Sequence[str]) -> bytes:
    """Return the .docx. Number and date are blank until the sending is recorded; with more than IN_THE_BODY tasks their table
    is an annex on a page that lies on its side."""
    with force_locale("vi"):
        document = docx.blank(f"V/v {SUBJECT}", " ".join(head.issuer))
        docx.letterhead(document, head, letter.number, letter.sent_on, said.day.year, SUBJECT)
        docx.addressed(document, [f"{letter.agency.name}."])
        apart = len(said.urged) > IN_THE_BODY
        text = text_of(letter, said)
        for part in text.before:
            docx.paragraph(document, part)
        if not apart:
            _table(document, said.urged, NARROW)
            _as_of(document, said).paragraph_format.space_before = Pt(6)
        for part in text.after:
            written = docx.paragraph(document, part)
        written.paragraph_format.keep_with_next = True
        unit = head.symbol.rpartition("-")[2]
        recipients = ["Như trên", "CT, các PCT UBND tỉnh (để báo cáo)", f"Lưu: VT, {unit}"]
        docx.signature(document, recipients, signer)
        if apart:
            _annex(document, letter, said, head)
        return docx.saved(document)


def _reasons(agency: str, said: Contents, apart: bool) -> list[str]:
    number = counted(len(said.urged))
    texts = [
        f"Thực hiện công tác theo dõi, đôn đốc việc thực hiện các nhiệm vụ được cấp có thẩm quyền giao; qua rà soát, tính đến "
        f"ngày {short_date(said.day)}, {agency} còn {number} nhiệm vụ chủ trì đã quá thời hạn nhưng chưa hoàn thành, được giao "
        "tại:"
    ]
    orders = [_called(order) for order in said.orders]
    texts += [f"- {name}{'.' if place == len(orders) else ';'}" for place, name in enumerate(orders, 1)]
    reminded = _reminded([work.reminders for work in said.urged])
    detail = "Danh mục nhiệm vụ tại Phụ lục kèm theo." if apart else "Cụ thể như sau:"
    return [*texts, reminded + detail]


def _reminded(times: Sequence[int]) -> str:
    """Return how often the tracker has reminded of the tasks, "" when never."""
    most = max(times, default=0)
    if not most:
        return ""
    if len(times) == 1:
        told = f"Nhiệm vụ này đã được nhắc {counted(most)} lần qua hệ thống theo dõi nhiệm vụ"
    else:
        told = (
            "Các nhiệm vụ này đã được nhắc qua hệ thống theo dõi nhiệm vụ (nhiệm vụ được nhắc nhiều nhất là "
            f"{counted(most)} lần)"
        )
    return f"{told} nhưng đến nay chưa có kết quả hoàn thành. "


def _called(order: Order) -> str:
    """Return what an official sentence calls the document: by number and date, else by its title, and its short name."""
    if order.number:
        dated = f" ngày {short_date(order.issued_on)}" if order.issued_on else ""
        name = f"{order.kind} số {order.number}{dated} của {order.issuer}"
    else:
        name = f"{order.kind} “{order.title}” của {order.issuer}"
    return f"{name} (sau đây gọi tắt là {order.short_name})"


def _wanted(letter: UrgeLetter, said: Contents) -> list[str]:
    agency = letter.agency.name
    asks = "yêu cầu" if letter.agency.kind in SUBORDINATE else "đề nghị"
    until = f"chậm nhất ngày {short_date(letter.answer_by)}" if letter.answer_by else "ngay khi nhận được Công văn này"
    return [
        f"Để bảo đảm tiến độ thực hiện các nhiệm vụ được giao, UBND tỉnh {asks} {agency}:",
        "1. Tập trung chỉ đạo, thực hiện ngay các nhiệm vụ đã quá hạn nêu trên; phân công rõ người, rõ việc, rõ thời gian hoàn "
        "thành của từng nhiệm vụ.",
        f"2. Báo cáo UBND tỉnh (qua Văn phòng UBND tỉnh) {until}, trong đó nêu rõ kết quả thực hiện từng nhiệm vụ, nguyên nhân "
        "chậm, trách nhiệm của tập thể, cá nhân có liên quan và thời hạn cam kết hoàn thành; đồng thời cập nhật kết quả, minh "
        "chứng trên hệ thống theo dõi nhiệm vụ.",
        "3. Đối với nhiệm vụ có khó khăn, vướng mắc, báo cáo rõ nội dung vướng mắc, giải pháp đề xuất và cấp có thẩm quyền giải "
        "quyết; trường hợp cần điều chỉnh thời hạn, có văn bản đề nghị gia hạn, nêu rõ lý do và thời hạn đề nghị.",
        f"Văn phòng UBND tỉnh theo dõi, tổng hợp tình hình thực hiện của {agency}, báo cáo Chủ tịch UBND tỉnh xem xét, chỉ "
        "đạo./.",
    ]  # fmt: skip


def _annex(document: Any, letter: UrgeLetter, said: Contents, head: Letterhead) -> None:
    number = letter.number or f"{docx.BLANK * 8}/{head.symbol}"
    dated = docx.dateline("", letter.sent_on, said.day.year).removeprefix(", ")
    issuer = "UBND tỉnh"
    docx.annex(
        document, f"Danh mục nhiệm vụ quá hạn của {letter.agency.name}",
        f"(Kèm theo Công văn số {number} {dated} của {issuer})", wide=True,
    )  # fmt: skip
    _table(document, said.urged, WIDE)
    _as_of(document, said).paragraph_format.space_before = Pt(6)


def _table(document: Any, urged: Sequence[Urged], widths: Sequence[float]) -> None:
    columns = [
        Column(title, width, place in CENTRED) for place, (title, width) in enumerate(zip(TITLES, widths, strict=True))
    ]
    docx.table(document, columns, [_row(place, work) for place, work in enumerate(urged, 1)], size=11)


def _row(place: int, work: Urged) -> list[str]:
    given = _given(work)
    source = f"điều khoản {clause_label(work.clause_code)}, {work.document_name}"
    person = f"{work.responsible}\n{work.position}" if work.position else work.responsible
    return [
        str(place), f"{work.title}\n({source}{given})", _limit(work),
        str(work.days_overdue), str(work.reminders), _reported(work), person or "Chưa nêu",
    ]  # fmt: skip


def _given(work: Urged) -> str:
    if work.proposed:
        return "; cơ quan chủ trì theo đề xuất, chưa có văn bản giao"
    said = basis(work.basis_kind, work.basis)
    return f"; giao chủ trì {said}" if said else ""


def _limit(work: Urged) -> str:
    last_day = work.due_on or work.effective_on
    lines = [short_date(last_day)] if last_day else []
    if work.effective_on and work.effective_on != last_day:
        lines.append(f"(hạn tính {short_date(work.effective_on)})")
    if work.slips and work.original_on:
        lines.append(f"(hạn gốc {short_date(work.original_on)}, đã gia hạn {counted(work.slips)} lần)")
    return "\n".join(lines)


def _reported(work: Urged) -> str:
    lines = [_said(work.reported)]
    if work.asked:
        lines.append(f"Đang đề nghị gia hạn đến ngày {short_date(work.asked.proposed_on)}.")
    return "\n".join(lines)


def _said(report: Reported | None) -> str:
    if report is None:
        return "Chưa có báo cáo."
    if report.returned:
        return shorten(
            f"Kết quả báo cáo ngày {short_date(report.on)} đã bị trả lại: {report.returned}", LONGEST, placeholder="…"
        )
    parts = [f"Ngày {short_date(report.on)} báo cáo đạt {report.progress}%."]
    parts += [_sentence(report.done)] if report.done else []
    parts += [f"Vướng mắc: {_sentence(report.difficulty)}"] if report.difficulty else []
    return shorten(" ".join(parts), LONGEST, placeholder="…")


def _sentence(text: str) -> str:
    return text if text[-1:] in ".!?…" else f"{text}."


def _as_of(document: Any, said: Contents) -> Any:
    read = f"{clock.local(said.moment):%H giờ %M phút }" if said.moment else ""
    text = f"(Số liệu tính đến {read}ngày {short_date(said.day)} trên hệ thống theo dõi nhiệm vụ)"
    return docx.paragraph(document, text, italic=True, size=12)
