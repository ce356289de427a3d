"""The life of an assignment and of what stops it, in words: who does what, drawn from the two tables of steps."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules import obstacle
from tracker.rules.transitions import TRANSITIONS, drawn
from tracker.words import OBSTACLE_LEVEL, OBSTACLE_STATE, WORK_STATE

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
    "skip_occurrence": _l("ghi kỳ này không phát sinh, chuyển sang kỳ sau"),
    "merge": _l("gộp vào phần việc của cơ quan kế thừa"),
}
OBSTACLE_VERB: dict[str, LazyString] = {
    "raise": _l("nêu vướng mắc"),
    "answer": _l("trả lời"),
    "escalate": _l("chuyển lên vì vượt thẩm quyền"),
    "decide": _l("quyết định bằng văn bản"),
    "ask_again": _l("đề nghị trả lời lại"),
    "close": _l("khép lại, nêu đã tháo gỡ thế nào"),
    "settle": _l("khép lại khi cơ quan không có ý kiến thêm"),
    "lapse": _l("tự khép lại vì phần việc đã khép lại"),
}
WHO: dict[str, LazyString] = {
    "agency": _l("cơ quan"),
    "head": _l("lãnh đạo cơ quan"),
    "office": _l("Văn phòng UBND tỉnh"),
    "system": _l("hệ thống"),
}


def lifecycle() -> Iterator[str]:
    """Return the lines of the page that draws every state and step: for each table a Mermaid diagram, then the same in rows."""
    yield "# " + _("Vòng đời của một phần việc")
    yield ""
    yield _("Trang này được sinh từ hai bảng trong mã nguồn; ngoài hai bảng này không có thay đổi nào khác.")
    yield ""
    yield from _diagram(drawn(WORK_STATE, VERB))
    yield from _head()
    for change in TRANSITIONS:
        sources = ", ".join(str(WORK_STATE[source.value]) for source in change.sources)
        yield _row(sources, WHO[change.who], VERB[change.verb], WORK_STATE[change.target.value])
    yield ""
    yield "## " + _("Vòng đời của một vướng mắc")
    yield ""
    yield _("Mỗi cấp có thời hạn trả lời riêng; thời hạn của phần việc vẫn tính như cũ.")
    yield ""
    yield from _diagram(obstacle.drawn(OBSTACLE_LEVEL, OBSTACLE_STATE, OBSTACLE_VERB))
    yield from _head()
    for step in obstacle.STEPS:
        yield from _rows_of(step)


def _rows_of(step: obstacle.Step) -> Iterator[str]:
    """Yield a row for each (who, target) of the step, with everywhere it may be taken from."""
    rows: dict[tuple[str, str], list[str]] = {}
    for level, state in step.sources:
        who = str(OBSTACLE_LEVEL[level.value] if step.who == "level" else WHO[step.who])
        target = _place(obstacle.after(step.verb, level))
        rows.setdefault((who, target), []).append(_place((level, state)))
    for (who, target), sources in rows.items():
        yield _row("; ".join(sources), who, OBSTACLE_VERB[step.verb], target)


def _diagram(lines: Iterator[str]) -> Iterator[str]:
    yield "```mermaid"
    yield from lines
    yield "```"
    yield ""


def _head() -> Iterator[str]:
    yield _row(_("Đang ở"), _("Ai"), _("Làm gì"), _("Chuyển sang"))
    yield "|---|---|---|---|"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _place(place: obstacle.Place) -> str:
    level, state = place
    if state is obstacle.State.CLOSED:
        return str(OBSTACLE_STATE[state.value])
    return f"{OBSTACLE_LEVEL[level.value]}, {OBSTACLE_STATE[state.value]}"
