"""What a leader directs, and what an agency answers when it takes the direction in."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from tracker.forms.base import DayField, Form, trimmed


class DirectionForm(Form):
    text = TextAreaField(
        _l("Ý kiến chỉ đạo"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi ý kiến chỉ đạo.")),
            Length(max=4000, message=_l("Tối đa 4.000 ký tự; hãy rút gọn.")),
        ],
    )
    given_on = DayField(_l("Ngày chỉ đạo"), validators=[DataRequired(_l("Hãy ghi ngày chỉ đạo, dạng ngày/tháng/năm."))])
    answer_by = DayField(_l("Cần xong hoặc trả lời chậm nhất ngày"), validators=[Optional()])
    document = StringField(
        _l("Số, ký hiệu văn bản"),
        filters=[trimmed],
        validators=[Optional(), Length(max=200, message=_l("Tối đa 200 ký tự."))],
    )

    def said(self) -> tuple[str, date, date | None, str | None]:
        """Return the text, its date, the wanted day and the paper's number, of a form that validated."""
        if self.given_on.data is None:
            raise ValueError("asked before the form validated")
        return self.text.data or "", self.given_on.data, self.answer_by.data, self.document.data or None


class AcknowledgeForm(Form):
    answer = TextAreaField(
        _l("Trả lời ngắn"),
        filters=[trimmed],
        validators=[Optional(), Length(max=1000, message=_l("Tối đa 1.000 ký tự; hãy rút gọn."))],
    )
