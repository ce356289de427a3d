"""The life of an assignment in words: who does what to it, drawn from the table of transitions."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules.transitions import TRANSITIONS, drawn
from tracker.words import WORK_STATE

VERB: dict[str, LazyString] = {
    "report": _l("báo cáo tiến độ"),
    "ask_approval": _l("trình lãnh đạo cơ quan duyệt kết quả"),
    "decline": _l("chưa duyệt, yêu cầu bổ sung"),
    "propose": _l("báo hoàn thành, kèm minh chứng"),
    "approve": _l("duyệt và gửi Văn phòng UBND tỉnh"),
    "recall": _l("rút lại kết quả đã gửi"),
    "confirm": _l("xác nhận kết quả"),
    "return": _l("trả lại kèm lý do"),
    "reopen": _l("mở lại kết quả đã xác nhận"),
    "pause": _l("cho tạm dừng"),
    "resume": _l("cho tiếp tục"),
    "drop": _l("kết luận không còn phù hợp"),
    "restore": _l("khôi phục"),
    "open_occurrence": _l("mở kỳ tiếp theo của việc định kỳ"),
    "merge": _l("gộp vào phần việc của đơn vị kế thừa"),
}
WHO: dict[str, LazyString] = {
    "agency": _l("cơ quan"),
    "head": _l("lãnh đạo cơ quan"),
    "office": _l("Văn phòng UBND tỉnh"),
    "system": _l("hệ thống"),
}


def lifecycle() -> Iterator[str]:
    """Return the lines of the page that draws every state and transition: a Mermaid diagram, then the same as a table."""
    yield "# " + _("Vòng đời của một phần việc")
    yield ""
    yield _("Trang này được sinh từ bảng chuyển trạng thái trong mã nguồn; ngoài bảng này không có thay đổi nào khác.")
    yield ""
    yield "```mermaid"
    yield from drawn(WORK_STATE, VERB)
    yield "```"
    yield ""
    yield "| {} | {} | {} | {} |".format(_("Đang ở"), _("Ai"), _("Làm gì"), _("Chuyển sang"))
    yield "|---|---|---|---|"
    for change in TRANSITIONS:
        sources = ", ".join(str(WORK_STATE[source.value]) for source in change.sources)
        yield f"| {sources} | {WHO[change.who]} | {VERB[change.verb]} | {WORK_STATE[change.target.value]} |"
