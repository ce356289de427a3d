"""The words on screen for the codes in the database: one place, so that page, mail and export say the same."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import force_locale, format_decimal, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.words.extension import EXTENSION_STATE as EXTENSION_STATE
from tracker.words.extension import extension_waits as extension_waits
from tracker.words.message import CONTACT_STATE as CONTACT_STATE
from tracker.words.message import MESSAGE_KIND as MESSAGE_KIND
from tracker.words.message import MESSAGE_STATE as MESSAGE_STATE
from tracker.words.message import why_dead as why_dead

TIMELINESS: dict[str, LazyString] = {
    "done_on_time": _l("Hoàn thành đúng hạn"),
    "done_late": _l("Hoàn thành quá hạn"),
    "open_in_time": _l("Đang thực hiện, trong hạn"),
    "open_overdue": _l("Đang thực hiện, quá hạn"),
    "no_deadline": _l("Không hạn"),
}
WORK_STATE: dict[str, LazyString] = {
    "not_started": _l("chưa triển khai"),
    "in_progress": _l("đang thực hiện"),
    "awaiting_confirmation": _l("chờ xác nhận"),
    "returned": _l("trả lại"),
    "done": _l("hoàn thành"),
    "paused": _l("tạm dừng"),
    "withdrawn": _l("không còn phù hợp"),
}
TASK_KIND: dict[str, LazyString] = {
    "task": _l("nhiệm vụ"),
    "solution": _l("giải pháp"),
    "standing_duty": _l("việc thường xuyên"),
}
ASSIGNMENT_ROLE: dict[str, LazyString] = {"lead": _l("chủ trì"), "coordinate": _l("phối hợp")}
PERSON_PART: dict[str, LazyString] = {"responsible": _l("người phụ trách"), "head": _l("người đứng đầu")}
BASIS_KIND: dict[str, LazyString] = {
    "document": _l("theo văn bản"),
    "proposal": _l("đề xuất, chưa có văn bản giao"),
}
USER_ROLE: dict[str, LazyString] = {
    "officer": _l("Chuyên viên cơ quan"),
    "agency_head": _l("Lãnh đạo cơ quan"),
    "monitor": _l("Văn phòng UBND tỉnh"),
    "standing_body": _l("Cơ quan thường trực"),
    "leader": _l("Lãnh đạo UBND tỉnh"),
    "viewer": _l("Người xem"),
    "administrator": lazy_pgettext("vai trò", "Quản trị"),
}
SYSTEM_STATE: dict[str, LazyString] = {
    "planned": _l("có trong kế hoạch"),
    "building": _l("đang xây dựng"),
    "operating": _l("đang vận hành"),
    "unknown": _l("chưa rõ"),
}
OBSTACLE_LEVEL: dict[str, LazyString] = {
    "standing_body": _l("cơ quan thường trực"),
    "province": _l("UBND tỉnh"),
}
OBSTACLE_STATE: dict[str, LazyString] = {
    "waiting": _l("đang chờ trả lời"),
    "answered": _l("đã được trả lời"),
    "closed": _l("đã khép lại"),
}
WEEKDAYS = (_l("thứ Hai"), _l("thứ Ba"), _l("thứ Tư"), _l("thứ Năm"), _l("thứ Sáu"), _l("thứ Bảy"), _l("Chủ nhật"))
FILE_TYPE: dict[str, LazyString] = {
    "docx": _l("văn bản Word"),
    "xlsx": _l("bảng tính Excel"),
    "pdf": _l("tập tin PDF"),
    "png": _l("ảnh PNG"),
    "jpeg": _l("ảnh JPEG"),
}
# What the Office may do to work, by the verbs of tracker.rules.transitions: its name, and in a mail what was done and what follows.
SUSPENSION: dict[str, LazyString] = {
    "pause": _l("Tạm dừng"),
    "resume": _l("Cho tiếp tục"),
    "drop": _l("Không còn phù hợp, thôi theo dõi"),
    "restore": _l("Khôi phục để làm tiếp"),
    "reopen": _l("Mở lại kết quả đã xác nhận"),
}
SUSPENSION_TOLD: dict[str, LazyString] = {
    "pause": _l("Văn phòng UBND tỉnh tạm dừng phần việc của %(agency)s."),
    "resume": _l("Văn phòng UBND tỉnh cho tiếp tục phần việc của %(agency)s."),
    "drop": _l("Văn phòng UBND tỉnh ghi nhận phần việc của %(agency)s không còn phù hợp và thôi theo dõi."),
    "restore": _l("Văn phòng UBND tỉnh khôi phục phần việc của %(agency)s."),
    "reopen": _l("Văn phòng UBND tỉnh mở lại kết quả đã xác nhận của %(agency)s."),
}
SUSPENSION_MEANS: dict[str, LazyString] = {
    "pause": _l("Trong lúc tạm dừng, cơ quan không phải báo cáo và không bị nhắc. Thời hạn đã giao giữ nguyên."),
    "resume": _l("Việc trở lại đang thực hiện; thời hạn đã giao giữ nguyên, nhắc việc trở lại như trước."),
    "drop": _l("Việc không còn tính vào số việc phải làm và không nhắc nữa; mọi báo cáo trước đó vẫn được giữ."),
    "restore": _l("Việc trở lại đang thực hiện với thời hạn đã giao; nhắc việc trở lại như trước."),
    "reopen": _l(
        "Việc được tính là chưa hoàn thành và thời hạn tiếp tục chạy như trước. Xin bổ sung rồi gửi lại kết quả."
    ),
}
PRECISION: dict[str, LazyString] = {
    "day": _l("ngày"),
    "month": _l("tháng"),
    "quarter": _l("quý"),
    "half_year": _l("nửa năm"),
    "year": _l("năm"),
    "period": _l("giai đoạn"),
    "recurring": _l("định kỳ"),
    "relative": _l("theo sự kiện"),
    "standing": _l("thường xuyên"),
    "none": _l("không có ngày"),
}

TASK_SORT: dict[str, LazyString] = {
    "due": _l("theo hạn, việc đang mở trước"),
    "updated": _l("mới cập nhật trước"),
    "document": _l("theo thứ tự văn bản"),
}
CLARITY: dict[str, LazyString] = {
    "person": _l("chưa rõ người"),
    "work": _l("chưa rõ việc"),
    "time": _l("chưa rõ thời gian"),
    "responsible": _l("chưa nêu người phụ trách"),
    "head": _l("chưa nêu người đứng đầu"),
    "product": _l("chưa nêu sản phẩm"),
    "authority": _l("chưa rõ thẩm quyền"),
}
SIX: dict[str, LazyString] = {
    "person": _l("người phụ trách"),
    "work": _l("việc"),
    "time": _l("thời gian"),
    "responsibility": _l("trách nhiệm"),
    "product": _l("sản phẩm"),
    "authority": _l("thẩm quyền"),
}
# What the six rõ ask to be named beyond the three.
UNNAMED = {part: SIX[part] for part in ("person", "product", "authority")} | {"responsibility": _l("người đứng đầu")}
# Who may decide, as one chooses it where a task says nothing of it; anything else may be typed.
AUTHORITIES = (
    _l("Ban Thường vụ Tỉnh ủy"), _l("HĐND tỉnh"), _l("UBND tỉnh"), _l("Chủ tịch UBND tỉnh"), _l("Giám đốc sở"),
    _l("Chủ tịch UBND cấp huyện"), _l("Chủ tịch UBND cấp xã"),
)  # fmt: skip
# How the date was read, by the codes of tracker/rules/deadline_rules.py; the law behind each stands there.
DEADLINE_RULE: dict[str, LazyString] = {
    "no_wording": _l("Văn bản không nêu thời hạn."),
    "unreadable": _l("Lời văn về thời hạn chưa đọc được thành ngày."),
    "year_missing": _l("Lời văn nêu ngày, tháng nhưng không nêu năm."),
    "urgency_only": _l("Văn bản chỉ yêu cầu khẩn trương, không nêu ngày."),
    "before_day_exclusive": _l("“Trước ngày” được hiểu là hết ngày liền trước."),
    "before_day_inclusive": _l("“Trước ngày” được hiểu là tính cả ngày ấy."),
    "before_period_exclusive": _l("“Trước” tháng, quý hoặc năm được hiểu là hết ngày liền trước kỳ ấy."),
    "before_period_inclusive": _l("“Trước” tháng, quý hoặc năm được hiểu là đến hết kỳ ấy."),
    "until_day_inclusive": _l("“Đến ngày” tính hết ngày được nêu."),
    "no_later_than_day": _l("“Chậm nhất” tính hết ngày được nêu."),
    "named_day": _l("Văn bản nêu rõ ngày; tính hết ngày ấy."),
    "assigned_day": _l("Ngày do người làm rõ nhiệm vụ nêu theo căn cứ đã ghi; tính hết ngày ấy."),
    "granted_day": _l("Ngày gia hạn theo văn bản đã ghi; tính hết ngày ấy. Hạn gốc vẫn được giữ."),
    "month_first_day": _l("“Đầu tháng” là ngày đầu tiên của tháng."),
    "month_middle": _l("“Giữa tháng” là ngày thứ 15 của tháng."),
    "month_last_day": _l("Nêu đến tháng thì tính hết ngày cuối cùng của tháng."),
    "quarter_last_day": _l("Nêu đến quý thì tính hết ngày cuối cùng của quý."),
    "half_year_last_day": _l("Nêu đến nửa năm thì tính hết ngày cuối cùng của nửa năm ấy."),
    "year_first_day": _l("“Đầu năm” là ngày đầu tiên của tháng một."),
    "year_middle": _l("“Giữa năm” là ngày cuối cùng của tháng sáu."),
    "year_last_day": _l("Nêu đến năm thì tính hết ngày cuối cùng của năm."),
    "period_last_day": _l("Nêu một giai đoạn thì tính hết ngày cuối cùng của giai đoạn."),
    "days_from_start": _l("Tính theo số ngày kể từ ngày bắt đầu; ngày bắt đầu không tính."),
    "working_days_from_start": _l("Tính theo số ngày làm việc kể từ ngày bắt đầu; ngày bắt đầu không tính."),
    "weeks_from_start": _l("Tính theo số tuần kể từ ngày bắt đầu."),
    "months_from_start": _l("Tính theo số tháng kể từ ngày bắt đầu."),
    "years_from_start": _l("Tính theo số năm kể từ ngày bắt đầu."),
    "counted_from_event": _l("Tính từ một sự kiện; chỉ có ngày khi sự kiện đã xảy ra."),
    "after_event": _l("Thực hiện sau một sự kiện; chỉ có ngày khi sự kiện đã xảy ra."),
    "according_to_plan": _l("Thực hiện theo một kế hoạch khác; văn bản này không nêu ngày."),
    "on_request": _l("Thực hiện khi được yêu cầu; văn bản không nêu ngày."),
    "recurring_day": _l("Lặp lại vào ngày đã nêu của mỗi kỳ."),
    "recurring_period": _l("Lặp lại theo kỳ đã nêu."),
    "recurring_without_interval": _l("“Định kỳ” nhưng không nêu bao lâu một lần."),
    "standing_duty": _l("Việc thường xuyên, không có hạn hoàn thành."),
    "open_ended": _l("Kéo dài về sau, không nêu ngày kết thúc."),
}


def authorities() -> list[str]:
    """Return who may decide, in the documents' language whoever chooses: it is kept in the database."""
    with force_locale("vi"):
        return [str(name) for name in AUTHORITIES]


def unnamed(parts: Iterable[str]) -> str:
    """Return what the six rõ ask to be named beyond the three, of the codes of rules.clarity.six_clear, as said in a row."""
    return ", ".join(str(UNNAMED[part]) for part in parts if part in UNNAMED)


def basis(kind: str | None, text: str | None) -> str:
    """Return on what something a person named rests: a document, or a proposal; empty when the order itself names it."""
    if kind == "proposal":
        return str(BASIS_KIND["proposal"])
    return _("theo %(document)s", document=text) if kind and text else ""


def file_size(size: int) -> str:
    """Return a number of bytes as people say it: "340 KB", "1,2 MB"."""
    if size < 1024 * 1024:
        return _("%(n)s KB", n=max(1, round(size / 1024)))
    return _("%(n)s MB", n=format_decimal(round(size / 1024 / 1024, 1)))


def clause_label(code: str) -> str:
    """Return the code of a clause as one says it: "III.5.-2" → "III.5, gạch đầu dòng 2", "MD.2" → "mở đầu, đoạn 2"."""
    parts = code.split(".")
    if parts[0] in {"MD", "KT"}:
        end = _("mở đầu") if parts[0] == "MD" else _("kết thúc")
        return ", ".join([end, *(_("đoạn %(n)s", n=part.lstrip("-+")) for part in parts[1:])])
    plain = ".".join(part for part in parts if part[:1] not in {"-", "+"} and not part.startswith("fn"))
    bullets = [_("gạch đầu dòng %(n)s", n=part[1:]) for part in parts if part.startswith("-")]
    inner = [_("ý %(n)s", n=part[1:]) for part in parts if part.startswith("+")]
    notes = [_("chú thích %(n)s", n=part[2:]) for part in parts if part.startswith("fn")]
    return ", ".join([*([plain] if plain else []), *bullets, *inner, *notes])


_REFERENCE = re.compile(
    r"(?<![\w./-])(?:((?:\w+\.)+-\d+(?:\.\+\d+)?)|([A-Z][A-Z0-9]+)(?::(\w(?:[\w.+-]*\w)?))?)(?![\w/-])"
)


def plain(text: str | None, names: Mapping[str, str]) -> str:
    """Return a remark of the register with its references said as people say them: "KH2023:III.5.-2" → "KH 2023, III.5,
    gạch đầu dòng 2". `names` gives the short name of a document by its code; what it does not know stays as it is.
    """

    def said(match: re.Match[str]) -> str:
        if match[1]:
            return clause_label(match[1])
        name, clause = names.get(match[2]), match[3]
        if name is None:
            return match[0]
        return f"{name}, {clause_label(clause)}" if clause else name

    return _REFERENCE.sub(said, text or "")


CHANGED: dict[str, LazyString] = {
    "state": _l("Trạng thái: từ “%(before)s” sang “%(now)s”"),
    "progress": _l("Tiến độ: từ %(before)s%% sang %(now)s%%"),
    "result_on": _l("Ngày có kết quả: từ %(before)s sang %(now)s"),
    "due_on": _l("Thời hạn: từ %(before)s sang %(now)s"),
    "effective_on": _l("Hạn tính: từ %(before)s sang %(now)s"),
    "agency": _l("Cơ quan: từ %(before)s sang %(now)s"),
}


def changed(name: str, before: object, now: object) -> str:
    """Return what is different now in a part of an assignment, by its name in the database."""

    def said(value: object) -> str:
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return str(WORK_STATE.get(str(value), value)) if value is not None else _("chưa có")

    return str(CHANGED[name]) % {"before": said(before), "now": said(now)}


def weekday(day: date) -> str:
    """Return the day of the week inside a sentence: "thứ Bảy", "Chủ nhật"."""
    return str(WEEKDAYS[day.weekday()])
