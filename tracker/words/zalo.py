"""What Zalo's errors say in plain words, and what to do about them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules.zalo import Fate, fate_of

SAID: dict[str, LazyString] = {
    "not_linked": _l("Ba Rõ chưa được liên kết với Zalo; quản trị liên kết ở trang Quản trị, Zalo"),
    "key": _l("không giải mã được mã truy cập Zalo vì ZALO_KEY hoặc SECRET_KEY đã đổi; quản trị xin liên kết lại"),
    "relink": _l("Zalo không nhận mã làm mới nữa; quản trị xin liên kết lại ở trang Quản trị, Zalo"),
    "no_answer": _l("Zalo không trả lời; Ba Rõ sẽ thử lại"),
    "lost": _l("Zalo không trả lời sau khi nhận tin; có thể tin đã đi, xin kiểm tra trước khi gửi lại"),
    "http": _l("máy chủ Zalo đang trục trặc"),
    "template": _l("Zalo đổi trạng thái của mẫu tin nhắc việc"),
    "-32": _l("gọi Zalo quá nhanh trong một phút"),
    "-100": _l("Zalo gặp lỗi chưa rõ"),
    "-108": _l("số điện thoại không đúng"),
    "-110": _l("ứng dụng Zalo của người nhận quá cũ"),
    "-114": _l("người nhận không nhận được tin (tài khoản ngừng dùng, đã từ chối hoặc ứng dụng quá cũ)"),
    "-115": _l("hết hạn mức hoặc số dư gửi tin"),
    "-117": _l("ứng dụng không có quyền dùng mẫu tin này"),
    "-118": _l("số điện thoại này không có tài khoản Zalo"),
    "-119": _l("tài khoản Zalo này không nhận được tin"),
    "-125": _l("mã Official Account không đúng"),
    "-131": _l("mẫu tin chưa được Zalo duyệt"),
    "-133": _l("mẫu tin không gửi ban đêm (22:00 đến 06:00)"),
    "-135": _l("Official Account chưa được phép gửi tin: cần xác thực và mua gói"),
    "-1351": _l("Zalo chặn Official Account gửi tin"),
    "-136": _l("chưa nối Zalo Cloud Account"),
    "-137": _l("Zalo Cloud Account hết tiền"),
    "-139": _l("người nhận từ chối loại tin này"),
    "-140": _l("người nhận không thuộc diện nhận loại tin này"),
    "-141": _l("người nhận từ chối tin của Official Account"),
    "-144": _l("Official Account đã hết số tin được gửi trong ngày"),
    "-147": _l("mẫu tin đã hết số tin được gửi trong ngày"),
    "-211": _l("hết hạn mức của Official Account"),
    "-213": _l("người nhận chưa quan tâm Official Account"),
    "-217": _l("người nhận đã chặn Official Account"),
    "-221": _l("Official Account chưa được xác thực"),
    "-227": _l("tài khoản người nhận bị khoá hoặc ngừng dùng quá 45 ngày"),
    "-230": _l("người nhận không tương tác với Official Account trong 7 ngày"),
    "-234": _l("không gửi được ban đêm (22:00 đến 06:00)"),
    "-244": _l("người nhận hạn chế loại tin này"),
    "-320": _l("ứng dụng chưa nối Zalo Cloud Account"),
    "-321": _l("Zalo Cloud Account hết tiền"),
    "-1121": _l("một giá trị dài hơn mẫu tin cho phép"),
    "-1122": _l("thiếu một giá trị mà mẫu tin cần"),
    "-1124": _l("một giá trị không đúng dạng mà mẫu tin cần"),
}  # fmt: skip
OF_FATE: dict[Fate, LazyString] = {
    Fate.REFRESH: _l("mã truy cập Zalo không còn hiệu lực"),
    Fate.CONFIG: _l("cấu hình của ứng dụng, Official Account hoặc mẫu tin trên Zalo chưa đúng"),
    Fate.LATER: _l("Zalo chưa nhận tin; sẽ gửi lại"),
    Fate.RECIPIENT: _l("người nhận không nhận được tin Zalo"),
    Fate.PAYLOAD: _l("nội dung không khớp với mẫu tin"),
}


def sentence(reason: str) -> str:
    """Return what rules.zalo.reason wrote as words: ours, then the code and what Zalo said."""
    _prefix, code, said = reason.split(":", 2)
    number = code.lstrip("-").isdigit()
    ours = SAID.get(code) or (OF_FATE[fate_of(int(code))] if number else SAID["no_answer"])
    told = ", ".join(part for part in (_("mã %(code)s", code=code) if number else "", said) if part)
    return f"{ours} ({told})" if told else str(ours)


def consent_words(official_account: str) -> list[str]:
    """Return what a person agrees to, paragraph by paragraph; kept as it was shown. Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP."""
    return [
        _("Tôi đồng ý nhận nhắc việc qua Zalo ở số điện thoại tôi ghi dưới đây."),
        _(
            "Nội dung gửi: tên tôi, số việc quá hạn và sắp đến hạn, mã, tên ngắn và thời hạn của một việc, đường dẫn vào Ba Rõ. "
            "Không gửi nội dung nào khác của nhiệm vụ."
        ),
        _(
            "Bên gửi: Official Account số %(number)s của tỉnh. Để gửi được, số điện thoại của tôi và nội dung trên được chuyển "
            "cho Zalo.",
            number=official_account or "…",
        ),
        _(
            "Mục đích: chỉ để nhắc việc được giao. Số điện thoại chỉ dùng cho việc này, không hiện cho người dùng khác, không có "
            "trong dữ liệu mở, và được xoá khi tôi thôi nhận."
        ),
        _(
            "Thôi nhận: bấm “Thôi nhận qua Zalo” ở trang này bất cứ lúc nào, có hiệu lực ngay. Khi đó nhắc việc vẫn đến bằng thư "
            "điện tử; không đồng ý không ảnh hưởng gì đến công việc của tôi."
        ),
        _("Căn cứ: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 và Nghị định số 356/2025/NĐ-CP."),
    ]


EVENT: dict[str, LazyString] = {
    "follow": _l("một người quan tâm Official Account"),
    "unfollow": _l("một người thôi quan tâm Official Account"),
    "user_received_message": _l("một tin đã đến"),
    "user_submit_info": _l("một người chia sẻ thông tin"),
    "user_send_text": _l("một người nhắn tin cho Official Account (không lưu nội dung)"),
    "change_template_status": _l("trạng thái mẫu tin thay đổi"),
    "change_oa_daily_quota": _l("hạn mức trong ngày thay đổi"),
}
EFFECT: dict[str, LazyString] = {
    "follows": _l("gửi theo mã người quan tâm từ nay"),
    "follows_no_more": _l("gửi theo số điện thoại từ nay"),
    "delivered": _l("ghi vào tin đã gửi"),
    "delivered_after_all": _l("tin chưa rõ được ghi là đã gửi"),
    "recognised": _l("nhận ra người dùng"),
    "id_taken": _l("mã Zalo này đã ghi cho người khác"),
    "template": _l("xem dòng vướng mắc"),
    "quota": _l("xem hạn mức mới"),
}
