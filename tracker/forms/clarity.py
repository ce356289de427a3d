"""Clearing what a document left open: shape and meaning of the input. Every form asks on what basis."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tracker import clock
from tracker.actions.clarity import Basis
from tracker.forms.base import DayField, SeenForm, trimmed


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
    due_on = DayField(
        _l("Thời hạn"), validators=[InputRequired(_l("Hãy ghi ngày cuối cùng phải xong, dạng ngày/tháng/năm."))],
        description=_l("Ngày cuối cùng phải xong. Nếu rơi vào ngày nghỉ, hệ thống tính đến ngày làm việc kế tiếp."),
    )  # fmt: skip
    wording = StringField(
        _l("Nguyên văn thời hạn trong văn bản giao"), filters=[trimmed],
        validators=[Optional(), Length(max=300, message=_l("Tối đa 300 ký tự."))],
    )  # fmt: skip

    def last_day(self) -> date:
        """Return the day; only a form that was found valid has one."""
        assert self.due_on.data is not None
        return self.due_on.data


class DeliverableForm(BasisForm):
    deliverable = TextAreaField(
        _l("Sản phẩm của nhiệm vụ"), filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi sản phẩm: xong việc thì có gì trong tay, ví dụ “Quyết định ban hành quy chế”.")),
            Length(max=1000, message=_l("Tối đa 1.000 ký tự.")),
        ],
    )  # fmt: skip
