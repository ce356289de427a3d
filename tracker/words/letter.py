"""The words of a letter of urging: its states, and why work drops out of a draft."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATE: dict[str, LazyString] = {
    "draft": _l("dự thảo"),
    "sent": _l("đã gửi"),
    "dropped": _l("đã bỏ"),
}
SETTLED: dict[str, LazyString] = {
    "done": _l("đã hoàn thành"),
    "awaiting_confirmation": _l("đã báo kết quả, chờ xác nhận"),
    "paused": _l("đang tạm dừng"),
    "withdrawn": _l("không còn phù hợp"),
    "extended": _l("đã gia hạn"),
    "moved": _l("đã chuyển sang cơ quan khác"),
}
