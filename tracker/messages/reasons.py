"""Why a message waits, failed or was not sent: codes of our own, kept beside whatever the mail server said."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.words import zalo

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
LETTER_CLOSED = "letter_closed"
MAY_HAVE_GONE = "may_have_gone"
NO_ZALO = "no_zalo"
ASKED = "asked_more_time"
HELD = "held"
ANSWERED = "answered"
REPORTED = "reported"
NO_MAIL_SERVER = "no_mail_server"
INTERRUPTED = "interrupted"
UNWRITABLE = "unwritable"
MUTED = "muted"
NO_ADDRESS = "no_address"
MAIL_SIGN_IN = "mail_sign_in"
MAIL_NO_SIGN_IN = "mail_no_sign_in"
MAIL_NO_STARTTLS = "mail_no_starttls"
MAIL_NOT_TLS = "mail_not_tls"
MAIL_CERTIFICATE = "mail_certificate"
MAIL_SENDER = "mail_sender"
MAIL_UNANSWERED = "mail_unanswered"
MAIL_RETURNED = "mail_returned"
MAIL_DELAYED = "mail_delayed"
PACE = "pace"
CONTACT_WELL = "contact_well"
CALENDAR_ENTERED = "calendar_entered"

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
    MAY_HAVE_GONE: _l("bộ gửi dừng giữa chừng khi đang gửi qua Zalo; tin có thể đã đến, xin kiểm tra"),
    NO_ZALO: _l("không gửi được qua Zalo; đã chuyển sang thư điện tử"),
    ASKED: _l("cơ quan đã xin gia hạn và đang chờ quyết định"),
    HELD: _l("Văn phòng UBND tỉnh đang tạm ngừng nhắc việc này"),
    ANSWERED: _l("đã có người nhận xử lý hoặc đã có báo cáo; chưa nhắc lên cấp trên"),
    REPORTED: _l("đã có báo cáo của kỳ này"),
    LETTER_CLOSED: _l("công văn đã được gửi hoặc đã bỏ"),
    NO_MAIL_SERVER: _l("chưa cấu hình máy chủ thư"),
    INTERRUPTED: _l("bộ gửi dừng giữa chừng; sẽ gửi lại, cùng mã thư nên không thành thư mới"),
    NO_ADDRESS: _l("địa chỉ thư của người nhận không đúng dạng"),
    MUTED: _l("người nhận đã thôi nhận loại thư này"),
    MAIL_SIGN_IN: _l("máy chủ thư không nhận tên đăng nhập hoặc mật khẩu; hãy kiểm tra SMTP_USER, SMTP_PASSWORD"),
    MAIL_NO_SIGN_IN: _l("máy chủ thư không có cách đăng nhập nào dùng được; hãy kiểm tra SMTP_SECURITY, SMTP_USER"),
    MAIL_NO_STARTTLS: _l("máy chủ thư không mã hoá bằng STARTTLS; hãy kiểm tra SMTP_PORT, SMTP_SECURITY"),
    MAIL_NOT_TLS: _l("cổng này của máy chủ thư không dùng TLS; hãy kiểm tra SMTP_PORT, SMTP_SECURITY"),
    MAIL_CERTIFICATE: _l("không tin được chứng thư của máy chủ thư; hãy kiểm tra SMTP_HOST, SMTP_CA_FILE"),
    MAIL_SENDER: _l("máy chủ thư không nhận địa chỉ người gửi; hãy kiểm tra SMTP_FROM, SMTP_BOUNCES"),
    MAIL_UNANSWERED: _l("máy chủ thư nhận thư mà không trả lời; sẽ thử lại sau"),
    MAIL_RETURNED: _l("thư bị trả lại"),
    MAIL_DELAYED: _l("máy chủ thư báo chưa giao được, đang thử tiếp"),
    CONTACT_WELL: _l("các địa chỉ này đã nhận tin lại hoặc đã được sửa"),
    CALENDAR_ENTERED: _l("lịch của năm đã được nhập"),
    PACE: _l("chờ lượt để không gửi dồn vào một tên miền"),
    UNWRITABLE: _l("không soạn được nội dung; xem nhật ký máy chủ"),
}


def sentence(reason: str | None) -> str:
    """Return the reason in the reader's language; what is not a code of ours (the mail server's words) comes back as it is.

    A code may be followed by such words: "mail_sign_in: 535 Bad credentials".
    """
    if not reason:
        return ""
    if reason.startswith("zalo:"):
        return zalo.sentence(reason)
    code, colon, said = reason.partition(": ")
    if colon and code in SENTENCES:
        return f"{SENTENCES[code]} ({said})"
    codes = reason.split(",")
    if all(code in SENTENCES for code in codes):
        return "; ".join(str(SENTENCES[code]) for code in codes)
    return reason
