"""What a message is, how it stands, and whether an address takes any."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MESSAGE_STATE: dict[str, LazyString] = {
    "queued": _l("chờ gửi"),
    "claimed": _l("đang gửi"),
    "sent": _l("đã gửi"),
    "failed": _l("không gửi được"),
    "cancelled": _l("không gửi nữa"),
    "uncertain": _l("chưa rõ đã đến"),
}
MESSAGE_KIND: dict[str, LazyString] = {
    "reminder_digest": _l("nhắc việc"),
    "result_proposed": _l("đề nghị xác nhận"),
    "result_confirmed": _l("đã xác nhận kết quả"),
    "result_returned": _l("trả lại kết quả"),
    "person_named": _l("phân công người phụ trách"),
    "work_received": _l("nhận bàn giao"),
    "acting_appointed": _l("cử người thay"),
    "approval_asked": _l("trình lãnh đạo cơ quan duyệt"),
    "approval_declined": _l("lãnh đạo cơ quan không duyệt"),
    "state_changed": _l("tạm dừng, tiếp tục hoặc thôi theo dõi"),
    "extension_asked": _l("xin gia hạn"),
    "extension_decided": _l("quyết định gia hạn"),
    "extension_granted": _l("đồng ý gia hạn"),
    "obstacle_raised": _l("nêu vướng mắc"),
    "obstacle_escalated": _l("chuyển vướng mắc vượt thẩm quyền"),
    "obstacle_answered": _l("trả lời vướng mắc"),
    "direction_given": _l("ý kiến chỉ đạo"),
    "contact_unwell": _l("địa chỉ không nhận tin"),
    "letter_drafted": _l("dự thảo công văn đôn đốc"),
    "calendar_missing": _l("chưa nhập lịch năm"),
}
CONTACT_STATE: dict[str, LazyString] = {
    "refused": _l("máy chủ không nhận"),
    "bounced": _l("thư bị trả lại"),
    "blocked": _l("người nhận chặn tin"),
}
