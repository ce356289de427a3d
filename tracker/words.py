"""The words on screen for the codes in the database: one place, so that page, mail and export say the same."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

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
    "administrator": _l("Quản trị"),
}
SYSTEM_STATE: dict[str, LazyString] = {
    "planned": _l("có trong kế hoạch"),
    "building": _l("đang xây dựng"),
    "operating": _l("đang vận hành"),
    "unknown": _l("chưa rõ"),
}
MESSAGE_STATE: dict[str, LazyString] = {
    "queued": _l("chờ gửi"),
    "claimed": _l("đang gửi"),
    "sent": _l("đã gửi"),
    "failed": _l("không gửi được"),
    "cancelled": _l("không gửi nữa"),
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


def reminder_step(code: str) -> str:
    """Return what a step of the ladder means, for a sentence in a mail or a table."""

    if code.startswith("before_"):
        return _("còn %(n)s ngày làm việc", n=code.removeprefix("before_"))
    if code == "due":
        return _("đến hạn hôm nay")
    return _("nhắc quá hạn lần %(n)s", n=code.removeprefix("overdue_"))


def clause_label(code: str) -> str:
    """Return the code of a clause as one says it: "III.5.-2" → "III.5, gạch đầu dòng 2", "MD.2" → "mở đầu, đoạn 2"."""
    parts = code.split(".")
    ends = {"MD": _("mở đầu"), "KT": _("kết thúc")}
    if parts[0] in ends:
        return ", ".join([ends[parts[0]], *(_("đoạn %(n)s", n=part.lstrip("-+")) for part in parts[1:])])
    plain = ".".join(part for part in parts if part[:1] not in {"-", "+"} and not part.startswith("fn"))
    bullets = [_("gạch đầu dòng %(n)s", n=part[1:]) for part in parts if part.startswith("-")]
    inner = [_("ý %(n)s", n=part[1:]) for part in parts if part.startswith("+")]
    notes = [_("chú thích %(n)s", n=part[2:]) for part in parts if part.startswith("fn")]
    return ", ".join([*([plain] if plain else []), *bullets, *inner, *notes])
