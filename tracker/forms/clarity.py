"""Clearing what a document left open: shape and meaning of the input. Every form asks on what basis."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tracker import clock
from tracker.actions.clarity import Basis
from tracker.forms.base import DayField, SeenForm, trimmed
from tracker.rules.occurrences import EVERY, Recurrence, recurrence
from tracker.words import periods


class BasisForm(SeenForm):
    """On what the assignment rests: a document with its number and date, or a proposal."""

    basis_kind = RadioField(
        _l("Căn cứ giao"),
        choices=[("document", _l("Theo văn bản giao")), ("proposal", _l("Đề xuất, chưa có văn bản giao"))],
        validators=[InputRequired(_l("Hãy chọn căn cứ: theo văn bản giao, hay mới là đề xuất."))],
        description=_l("Khi mới là đề xuất, mọi nơi nhắc đến đều ghi rõ “đề xuất, chưa có văn bản giao”."),
    )
    basis_number = StringField(
        _l("Số, ký hiệu văn bản giao"),
        filters=[trimmed],
        validators=[Length(max=120, message=_l("Tối đa 120 ký tự."))],
        description=_l("Ví dụ 1234/UBND-VX. Bỏ trống khi mới là đề xuất."),
    )
    basis_on = DayField(_l("Ngày văn bản giao"))

    def validate_basis_number(self, field: Field) -> None:
        if self.basis_kind.data == "document" and not field.data:
            raise ValidationError(
                str(_l("Hãy ghi số, ký hiệu văn bản giao; nếu chưa có, chọn “Đề xuất, chưa có văn bản giao”."))
            )

    def validate_basis_on(self, field: Field) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(str(_l("Ngày văn bản giao chưa tới; hãy kiểm tra lại.")))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask for the document's date, which no validator of an empty field would."""
        fine = bool(super().validate(extra_validators))
        if self.basis_kind.data == "document" and self.basis_on.data is None and not self.basis_on.errors:
            self.basis_on.errors = [str(_l("Hãy ghi ngày của văn bản giao."))]
            return False
        return fine

    def basis(self) -> Basis:
        """Return the basis; of a document its number and date, e.g. "1234/UBND-VX, 12/03/2023"."""
        if self.basis_kind.data == "proposal" or self.basis_on.data is None:
            return Basis("proposal")
        return Basis("document", f"{self.basis_number.data}, {self.basis_on.data:%d/%m/%Y}")


class LeadForm(BasisForm):
    to = SelectField(
        _l("Cơ quan chủ trì"), validators=[InputRequired(_l("Hãy chọn cơ quan hoặc nhóm cơ quan chủ trì."))]
    )


class PersonForm(BasisForm):
    person = SelectField(_l("Người phụ trách"), validators=[InputRequired(_l("Hãy chọn người phụ trách."))])


class DeadlineForm(BasisForm):
    every = SelectField(
        _l("Lặp lại"), default="", choices=[("", _l("không, chỉ một lần")), *((every, periods.EVERY[every]) for every in EVERY)],
        description=_l("Việc định kỳ: mỗi kỳ có một kết quả riêng, kỳ trước không bị ghi đè."),
    )  # fmt: skip
    due_on = DayField(
        _l("Thời hạn"),
        description=_l(
            "Ngày cuối cùng phải xong; nếu là ngày nghỉ, hệ thống tính đến ngày làm việc kế tiếp. Việc lặp lại: ghi một ngày "
            "đến hạn làm mẫu (ngày 20 thì kỳ nào cũng đến hạn ngày 20), hoặc bỏ trống để tính ngày cuối kỳ."
        ),
    )
    wording = StringField(
        _l("Nguyên văn thời hạn trong văn bản giao"), filters=[trimmed],
        validators=[Optional(), Length(max=300, message=_l("Tối đa 300 ký tự."))],
    )  # fmt: skip

    def validate_due_on(self, field: Field) -> None:
        if field.data is None and not self.every.data and not field.errors:
            raise ValidationError(str(_l("Hãy ghi ngày cuối cùng phải xong, dạng ngày/tháng/năm.")))

    def recurrence(self) -> Recurrence | None:
        """Return how the time comes back, None when it does not; only of a form that was found valid."""
        return recurrence(self.every.data, self.due_on.data) if self.every.data else None

    def last_day(self) -> date:
        """Return the day; only a form that was found valid, of a time that does not come back, has one."""
        assert self.due_on.data is not None
        return self.due_on.data


class AuthorityForm(BasisForm):
    authority = StringField(
        _l("Cấp quyết định"), filters=[trimmed], render_kw={"list": "authorities", "autocomplete": "off"},
        description=_l("Ai có thẩm quyền quyết định những gì nhiệm vụ cần, ví dụ “UBND tỉnh”, “Giám đốc Sở Tài chính”."),
        validators=[
            DataRequired(_l("Hãy ghi cấp quyết định, ví dụ “Chủ tịch UBND tỉnh”.")),
            Length(max=200, message=_l("Tối đa 200 ký tự.")),
        ],
    )  # fmt: skip


class DeliverableForm(BasisForm):
    deliverable = TextAreaField(
        _l("Sản phẩm của nhiệm vụ"), filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi sản phẩm: xong việc thì có gì trong tay, ví dụ “Quyết định ban hành quy chế”.")),
            Length(max=1000, message=_l("Tối đa 1.000 ký tự.")),
        ],
    )  # fmt: skip
