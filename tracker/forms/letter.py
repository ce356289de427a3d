"""What the Office writes about a letter of urging: what it speaks of, that it was sent, why it is given up."""

import re
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from tracker.forms.base import DayField, Form, trimmed

# 1234/UBND-KGVX, 05/VP-KSTT: number, stroke, symbol (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục 3).
NUMBER = re.compile(r"[0-9]{1,6}[a-z]?/[A-ZĐ][A-ZĐa-zđ0-9&.]*(-[A-ZĐ][A-ZĐa-zđ0-9&.]*)*\Z")
SHORT = Length(max=200, message=_l("Tối đa 200 ký tự."))
LONG = Length(max=2000, message=_l("Tối đa 2.000 ký tự; hãy rút gọn."))
MOST = 500  # assignments on one page


class LetterForm(Form):
    """`shown` are the assignments that could be chosen when the page was made, `chosen` those ticked."""

    answer_by = DayField(
        _l("Cơ quan báo cáo chậm nhất ngày"),
        validators=[DataRequired(_l("Hãy ghi ngày cơ quan phải báo cáo, dạng ngày/tháng/năm."))],
    )
    chosen = SelectMultipleField(_l("Nhiệm vụ trong công văn"), coerce=int, choices=[], validate_choice=False)
    shown = HiddenField()

    def shown_numbers(self) -> set[int]:
        """Return the ids the page had shown; none when it was tampered with."""
        parts = (self.shown.data or "").split(",")[:MOST]
        return {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10}

    def said(self) -> tuple[set[int], date]:
        """Return what is chosen and the day, of a form that validated."""
        if self.answer_by.data is None:
            raise ValueError("asked before the form validated")
        return set(self.chosen.data or []), self.answer_by.data


class SendForm(Form):
    number = StringField(
        _l("Số, ký hiệu công văn"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi số, ký hiệu, ví dụ 1234/UBND-KSTT.")), Length(max=60, message=_l("Tối đa 60 ký tự.")),
            Regexp(NUMBER, message=_l("Số, ký hiệu có dạng 1234/UBND-KSTT: số, gạch chéo, ký hiệu, không có dấu cách.")),
        ],
    )  # fmt: skip
    sent_on = DayField(
        _l("Ngày công văn"), validators=[DataRequired(_l("Hãy ghi ngày công văn, dạng ngày/tháng/năm."))]
    )
    signer = StringField(
        _l("Người ký"), filters=[trimmed], validators=[DataRequired(_l("Hãy ghi họ tên, chức vụ người ký.")), SHORT]
    )

    def said(self) -> tuple[str, date, str]:
        """Return number, date and signer of a form that validated."""
        if self.sent_on.data is None:
            raise ValueError("asked before the form validated")
        return self.number.data or "", self.sent_on.data, self.signer.data or ""


class DropForm(Form):
    reason = TextAreaField(
        _l("Lý do bỏ dự thảo"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi vì sao không gửi công văn này.")), LONG],
    )
