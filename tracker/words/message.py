"""What a message is, how it stands, and whether an address takes any."""

import re

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules.mail_status import NO_MAILBOX as NO_MAILBOX_CODES
from tracker.rules.mail_status import POLICY, status

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
CODE = re.compile(r"(?<!\d)5\d\d(?!\d)")
NOTHING_SAID, NO_MAILBOX = (0, 0), (1, 1)
ASK = _l("Hỏi lại người nhận rồi sửa địa chỉ.")
# By what an enhanced status code is about (RFC 3463): why, and what to do.
WHY: dict[tuple[int, int], tuple[LazyString, LazyString]] = {
    NO_MAILBOX: (_l("không có hộp thư này"), ASK),
    (1, 2): (_l("không có tên miền này"), _l("Kiểm tra phần sau dấu @ rồi sửa địa chỉ.")),
    (1, 3): (_l("địa chỉ viết sai"), ASK),
    (1, 6): (_l("hộp thư đã chuyển đi nơi khác"), ASK),
    (1, 10): (_l("tên miền này không nhận thư"), _l("Kiểm tra phần sau dấu @ rồi sửa địa chỉ.")),
    (2, 1): (_l("hộp thư đã ngừng hoạt động"), ASK),
    (2, 2): (_l("hộp thư đầy"), _l("Đề nghị người nhận dọn hộp thư, rồi thử lại.")),
    (4, 1): (_l("nơi nhận không có hộp thư này"), ASK),
    (4, 4): (_l("không tìm được máy chủ của tên miền này"), _l("Kiểm tra phần sau dấu @ rồi sửa địa chỉ.")),
}
WHY_BY_SUBJECT: dict[int, tuple[LazyString, LazyString]] = {
    1: (_l("địa chỉ không dùng được"), ASK),
    2: (_l("hộp thư không nhận thư"), ASK),
    4: (_l("nhiều lần không giao được"), _l("Đợi máy chủ bên nhận hoạt động lại, rồi thử lại.")),
    7: (
        _l("máy chủ bên nhận không cho phép"),
        _l("Đề nghị bên quản lý máy chủ thư của người nhận cho phép, rồi thử lại."),
    ),
}


def why_dead(reason: str | None) -> tuple[str, str]:
    """Return why an address takes nothing and what to do about it, of what a mail server said; empty when it said nothing that
    can be read."""
    given, code = status(reason or ""), CODE.search(reason or "")
    about = given.about if given and given.kind in {4, 5} else NOTHING_SAID
    if about not in WHY and about[0] not in WHY_BY_SUBJECT:
        about = (
            NO_MAILBOX if code and int(code.group()) in NO_MAILBOX_CODES and not POLICY.search(reason or "") else about
        )
    why, what = WHY.get(about) or WHY_BY_SUBJECT.get(about[0]) or ("", "")
    return str(why), str(what)
