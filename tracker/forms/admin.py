"""What the administrator types about accounts and agencies: shape and meaning of the input."""

import re
from collections.abc import Iterable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Optional, Regexp, StopValidation

from tracker.forms.base import DayField, Form, short, squeezed, trimmed
from tracker.models import Role
from tracker.words import USER_ROLE


class AccountForm(Form):
    """An account as it can be changed. `seen` is the version the administrator was looking at."""

    seen = HiddenField()
    name = StringField(
        _l("Họ và tên"), filters=[squeezed], validators=[DataRequired(_l("Hãy nhập họ và tên.")), short(120)]
    )
    position = StringField(_l("Chức vụ"), filters=[squeezed], validators=[Optional(), short(120)])
    role = SelectField(_l("Vai trò"), validators=[DataRequired(_l("Hãy chọn vai trò."))])
    agency_id = SelectField(_l("Cơ quan"), coerce=int)
    is_contact = BooleanField(_l("Là đầu mối của cơ quan: nhận nhắc việc khi phần việc chưa có người phụ trách"))

    def __init__(self, agencies: Iterable[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [SelectChoice(role.value, str(USER_ROLE[role])) for role in Role]
        self.agency_id.choices = [SelectChoice(id, name) for id, name in ((0, _("Không thuộc cơ quan nào")), *agencies)]

    def validate_agency_id(self, field: Field) -> None:
        if self.role.data in {Role.OFFICER, Role.AGENCY_HEAD} and not field.data:
            raise StopValidation(_("Chuyên viên và lãnh đạo cơ quan phải thuộc một cơ quan; hãy chọn cơ quan."))

    def validate_is_contact(self, field: Field) -> None:
        if field.data and not self.agency_id.data:
            raise StopValidation(_("Đầu mối phải thuộc một cơ quan; hãy chọn cơ quan hoặc bỏ dấu chọn này."))

    def facts(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {
            "name": self.name.data, "position": self.position.data or None, "role": self.role.data,
            "agency_id": self.agency_id.data or None, "is_contact": self.is_contact.data,
        }  # fmt: skip


class NewAccountForm(AccountForm):
    email = StringField(
        _l("Thư điện tử công vụ"), filters=[squeezed], validators=[DataRequired(_l("Hãy nhập thư điện tử công vụ."))]
    )

    def validate_email(self, field: Field) -> None:
        try:
            if not field.data.isascii():  # no mail server of ours takes such an address, and it may pose as another
                raise EmailNotValidError
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError as error:
            raise StopValidation(
                _("“%(text)s” không phải địa chỉ thư; ví dụ đúng: ten@tinh.gov.vn.", text=field.data[:80])
            ) from error


class AgencyForm(Form):
    """An agency as it can be changed; its name stays as the documents wrote it."""

    seen = HiddenField()
    short_name = StringField(
        _l("Tên ngắn"), filters=[squeezed], validators=[DataRequired(_l("Hãy nhập tên ngắn.")), short(60)]
    )
    aliases = TextAreaField(_l("Tên gọi khác"), filters=[trimmed], validators=[Optional(), short(2000)])
    official_code = StringField(_l("Mã chính thức"), filters=[squeezed], validators=[Optional(), short(60)])
    valid_from = DayField(_l("Hoạt động từ ngày"), validators=[Optional()])
    valid_to = DayField(_l("Thôi hoạt động từ ngày"), validators=[Optional()])
    note = TextAreaField(_l("Ghi chú"), filters=[trimmed], validators=[Optional(), short(4000)])
    needs_head_approval = BooleanField(_l("Kết quả qua lãnh đạo cơ quan duyệt trước khi gửi Văn phòng UBND tỉnh"))

    def validate_valid_to(self, field: Field) -> None:
        if field.data and self.valid_from.data and field.data <= self.valid_from.data:
            raise StopValidation(_("Ngày thôi hoạt động phải sau ngày bắt đầu hoạt động."))

    def facts(self) -> dict[str, Any]:
        """Return the columns; aliases as a list, one a line, none twice."""
        names = [squeezed(line) for line in (self.aliases.data or "").splitlines()]
        return {
            "short_name": self.short_name.data, "aliases": list(dict.fromkeys(name for name in names if name)),
            "official_code": self.official_code.data or None, "note": self.note.data or None,
            "valid_from": self.valid_from.data, "valid_to": self.valid_to.data,
            "needs_head_approval": self.needs_head_approval.data,
        }  # fmt: skip


class NewAgencyForm(AgencyForm):
    name = StringField(
        _l("Tên đầy đủ"), filters=[squeezed], validators=[DataRequired(_l("Hãy nhập tên đầy đủ.")), short(200)]
    )
    code = StringField(
        _l("Mã trong Ba Rõ"),
        filters=[squeezed],
        validators=[
            DataRequired(_l("Hãy nhập mã, ví dụ so-khcn.")),
            Regexp(
                re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z"),
                message=_l("Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ so-khcn."),
            ),
            short(60),
        ],
    )
    kind = SelectField(_l("Loại cơ quan"), validators=[DataRequired(_l("Hãy chọn loại cơ quan."))])
    level = SelectField(_l("Cấp"), validators=[DataRequired(_l("Hãy chọn cấp."))])
    source_basis = StringField(
        _l("Văn bản thành lập"), filters=[squeezed],
        validators=[DataRequired(_l("Hãy ghi số, ký hiệu văn bản thành lập.")), short(300)],
    )  # fmt: skip

    def __init__(self, kinds: Iterable[str], levels: Iterable[str]) -> None:
        super().__init__()
        self.kind.choices = [SelectChoice(kind, kind.replace("/", ", ")) for kind in kinds]
        self.level.choices = [SelectChoice(level, level) for level in levels]

    def facts(self) -> dict[str, Any]:
        """Return every column of a new agency."""
        own = {key: self[key].data for key in ("name", "code", "kind", "level", "source_basis")}
        return {**super().facts(), **own}
