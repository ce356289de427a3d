"""Signing in and the person's own password: shape and meaning of the input."""

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, StopValidation

from tracker.forms.base import Form
from tracker.rules.passwords import LONGEST, Weakness, weakness

WEAK: dict[Weakness, LazyString] = {
    Weakness.SHORT: _l("Mật khẩu cần ít nhất 14 ký tự; hoặc một câu dài từ 20 ký tự."),
    Weakness.LONG: _l("Mật khẩu dài tối đa 200 ký tự."),
    Weakness.PLAIN: _l(
        "Mật khẩu dưới 20 ký tự cần đủ chữ thường, chữ hoa, chữ số và ký tự khác (như dấu cách, dấu chấm)."
    ),
    Weakness.REPETITIVE: _l("Mật khẩu lặp lại quá ít ký tự khác nhau; hãy chọn câu khác."),
    Weakness.PERSONAL: _l("Mật khẩu không được chứa họ tên hoặc thư điện tử của bạn."),
}


def own_address(address: str | None) -> str | None:
    """Return the address when it leads to a page of this site (a path and what follows it), else None."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    if any(character.isspace() or not character.isprintable() for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


class SignInForm(Form):
    email = StringField(
        _l("Thư điện tử công vụ"),
        filters=[lambda value: value.strip().lower() if value else value],
        validators=[
            DataRequired(_l("Hãy nhập thư điện tử công vụ.")),
            Length(max=254, message=_l("Thư điện tử dài tối đa 254 ký tự.")),
        ],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        validators=[
            InputRequired(_l("Hãy nhập mật khẩu.")),
            Length(max=LONGEST, message=_l("Mật khẩu dài tối đa 200 ký tự.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(Form):
    """`name` and `email` of the person are given, because a password must not contain them."""

    current = PasswordField(
        _l("Mật khẩu đang dùng"),
        validators=[
            InputRequired(_l("Hãy nhập mật khẩu đang dùng.")),
            Length(max=LONGEST, message=_l("Mật khẩu dài tối đa 200 ký tự.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("Mật khẩu mới"),
        validators=[InputRequired(_l("Hãy nhập mật khẩu mới."))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        validators=[
            InputRequired(_l("Hãy nhập lại mật khẩu mới.")),
            EqualTo("new", _l("Hai lần nhập mật khẩu mới không giống nhau.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, name: str, email: str) -> None:
        super().__init__()
        self._name, self._email = name, email

    def validate_new(self, field: Field) -> None:
        found = weakness(field.data, self._name, self._email)
        if found is not None:
            raise StopValidation(str(WEAK[found]))
        if field.data == self.current.data:
            raise StopValidation(str(_l("Mật khẩu mới phải khác mật khẩu đang dùng.")))
