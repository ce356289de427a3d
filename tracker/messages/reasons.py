"""Why a message waits, failed or was not sent: codes of our own, kept beside whatever the mail server said."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MERGED = "merged"
INACTIVE = "inactive"
REASSIGNED = "reassigned"
ABSENT = "absent"
ACTING_ENDED = "acting_ended"
SETTLED = "settled"
DEADLINE_MOVED = "deadline_moved"
DECIDED = "decided"
EXTENSION_SETTLED = "extension_settled"
ACKNOWLEDGED = "acknowledged"
NO_MAIL_SERVER = "no_mail_server"
INTERRUPTED = "interrupted"
UNWRITABLE = "unwritable"
NO_ADDRESS = "no_address"

SENTENCES: dict[str, LazyString] = {
    MERGED: _l("đã gộp vào bản nhắc của ngày sau, để mỗi người chỉ nhận một thư một ngày"),
    INACTIVE: _l("tài khoản người nhận không còn hoạt động"),
    REASSIGNED: _l("người nhận không còn phụ trách"),
    ABSENT: _l("người nhận đang vắng mặt; đã chuyển cho người thay"),
    ACTING_ENDED: _l("việc thay đã kết thúc"),
    SETTLED: _l("việc đã xong, đang chờ xác nhận, tạm dừng hoặc không còn phù hợp"),
    DEADLINE_MOVED: _l("thời hạn đã thay đổi"),
    DECIDED: _l("kết quả đã có quyết định khác"),
    EXTENSION_SETTLED: _l("yêu cầu gia hạn đã được quyết định hoặc đã rút"),
    ACKNOWLEDGED: _l("cơ quan đã tiếp nhận ý kiến chỉ đạo"),
    NO_MAIL_SERVER: _l("chưa cấu hình máy chủ thư"),
    INTERRUPTED: _l("bộ gửi dừng giữa chừng; sẽ gửi lại, cùng mã thư nên không thành thư mới"),
    NO_ADDRESS: _l("địa chỉ thư của người nhận không đúng dạng"),
    UNWRITABLE: _l("không soạn được nội dung; xem nhật ký máy chủ"),
}


def sentence(reason: str | None) -> str:
    """Return the reason in the reader's language; what is not a code of ours (the mail server's words) comes back as it is."""
    if not reason:
        return ""
    codes = reason.split(",")
    if all(code in SENTENCES for code in codes):
        return "; ".join(str(SENTENCES[code]) for code in codes)
    return reason
