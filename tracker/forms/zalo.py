"""Consent to be told by Zalo, and linking with Zalo: shape and meaning of the input."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, StopValidation

from tracker.forms.base import Form, trimmed
from tracker.rules.zalo import phone


class ConsentForm(Form):
    phone = StringField(
        _l("Số điện thoại di động dùng Zalo"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy nhập số điện thoại."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    agree = BooleanField(
        _l("Tôi đã đọc và đồng ý"),
        validators=[InputRequired(_l("Hãy đánh dấu đồng ý; nếu không, Ba Rõ không gửi qua Zalo."))],
    )

    def validate_phone(self, field: Field) -> None:
        if phone(field.data or "") is None:
            raise StopValidation(str(_l("Hãy nhập số di động Việt Nam, ví dụ 0987 654 321.")))

    def number(self) -> str:
        """Return the number of a valid form as Zalo wants it."""
        return phone(self.phone.data or "") or ""


def _secret(label: object) -> PasswordField:
    return PasswordField(
        label,
        filters=[trimmed],
        validators=[
            Length(max=4000, message=_l("Chuỗi này dài tối đa 4000 ký tự.")),
            Regexp(r"\A[!-~]*\Z", message=_l("Chuỗi này chỉ gồm chữ không dấu, chữ số và ký hiệu, không có dấu cách.")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class LinkForm(Form):
    """Either the authorisation code with its verifier, or a refresh token."""

    code = _secret(_l("Mã uỷ quyền (authorization code)"))
    verifier = _secret(_l("Chuỗi kiểm tra (code verifier)"))
    refresh_token = _secret(_l("Hoặc: mã làm mới (refresh token)"))

    def validate_refresh_token(self, field: Field) -> None:
        if not field.data and not self.code.data:
            raise StopValidation(str(_l("Hãy dán mã uỷ quyền kèm chuỗi kiểm tra, hoặc dán mã làm mới.")))
        if field.data and self.code.data:
            raise StopValidation(str(_l("Chỉ dán một trong hai: mã uỷ quyền hoặc mã làm mới.")))

    def validate_verifier(self, field: Field) -> None:
        if self.code.data and not field.data:
            raise StopValidation(str(_l("Hãy dán chuỗi kiểm tra đi kèm mã uỷ quyền.")))


class IdentifyForm(Form):
    zalo_id = StringField(
        _l("Mã Zalo của người quan tâm"),
        filters=[trimmed],
        validators=[Optional(), Regexp(r"\A[0-9]{5,25}\Z", message=_l("Mã Zalo gồm 5 đến 25 chữ số."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
