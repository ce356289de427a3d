"""What a person reads when something goes wrong: what happened and what to press."""

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from tracker.errors import TrackerError
from tracker.extensions import db

Answer = tuple[str, int, dict[str, str]]


def prepare(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(TrackerError, _refusal)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def _sentence(code: int | None) -> tuple[str, str]:
    known = {
        403: (
            _("Bạn không có quyền làm việc này"),
            _("Việc này thuộc vai trò khác. Nếu cần, hãy liên hệ quản trị của tỉnh."),
        ),
        404: (_("Không tìm thấy trang"), _("Địa chỉ không đúng, hoặc nội dung này không dành cho tài khoản của bạn.")),
        405: (
            _("Thao tác không hợp lệ"),
            _("Trang này không nhận thao tác vừa gửi. Hãy quay lại và bấm nút trên trang."),
        ),
        413: (_("Nội dung gửi quá lớn"), _too_large()),
    }
    other = (_("Yêu cầu không xử lý được"), _("Hãy quay lại trang trước và thử lại."))
    return known.get(code or 0, other)


def _too_large() -> str:
    """The body was not read to its end, so what was typed is not here to be shown again."""
    if request.max_content_length == current_app.config["MAX_CONTENT_LENGTH"]:
        return _("Hãy rút gọn nội dung rồi gửi lại.")
    return _(
        "Các tập tin cộng lại vượt xa mức nhận, nên máy chủ dừng nhận giữa chừng và chưa ghi gì, kể cả phần chữ đã nhập. "
        "Hãy quay lại trang trước, chọn ít tập tin hơn hoặc tập tin nhẹ hơn rồi gửi lại."
    )


def _page(code: int, title: str, text: str) -> tuple[str, int]:
    db.session.rollback()
    return render_template("error.html", title=title, text=text), code


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, *_sentence(error.code))


def _csrf(error: CSRFError) -> tuple[str, int]:
    return _page(
        400, _("Phiên làm việc đã hết hạn"), _("Hãy quay lại, tải lại trang rồi gửi lần nữa; nội dung chưa được ghi.")
    )


def _refusal(error: TrackerError) -> tuple[str, int]:
    return _page(409, _("Chưa thực hiện được"), error.sentence)


def _unavailable(error: OperationalError) -> Answer:
    """The database is down, full, read-only or too busy: no fault of the program's, and it passes."""
    current_app.logger.error("the database does not take this: %s", error.orig)
    title = _("Cơ sở dữ liệu chưa trả lời được")
    text = _("Nội dung vừa gửi chưa được ghi. Hãy thử lại sau ít phút; nếu vẫn vậy, xin báo quản trị của tỉnh.")
    return _bare_page(503, title, text)


def _unexpected(error: Exception) -> Answer:
    current_app.logger.exception("unexpected error")
    title = _("Có lỗi ngoài dự kiến")
    text = _("Hệ thống đã ghi lại lỗi; chưa có gì bị thay đổi. Hãy thử lại sau ít phút.")
    return _bare_page(500, title, text)


def _bare_page(code: int, title: str, text: str) -> Answer:
    """Return the page; without a database, whose heading names the person, only its sentences."""
    try:
        return *_page(code, title, text), {"Retry-After": "60"}
    except Exception as error:
        current_app.logger.error("no page for the error: %s", error)
        return f"{title}. {text}", code, {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "60"}
