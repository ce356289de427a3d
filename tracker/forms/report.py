"""What an agency says about its assignment, and what the Office answers: shape and meaning of the input."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from tracker.forms.base import DayField, Form, SeenForm, trimmed

LONG = Length(max=4000, message=_l("Tối đa 4.000 ký tự; hãy rút gọn."))


class ReportForm(SeenForm):
    progress = IntegerField(
        _l("Tiến độ (%)"),
        validators=[
            InputRequired(_l("Hãy ghi tiến độ bằng số phần trăm, từ 0 đến 100.")),
            NumberRange(0, 100, _l("Tiến độ nằm trong khoảng 0 đến 100.")),
        ],
    )
    done = TextAreaField(
        _l("Đã làm được gì"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi ngắn gọn việc đã làm trong kỳ.")), LONG],
    )
    difficulty = TextAreaField(_l("Khó khăn, vướng mắc (nếu có)"), filters=[trimmed], validators=[Optional(), LONG])

    def said(self) -> tuple[int, str, str | None]:
        """Return percent, what was done, and the difficulty or None, of a form that validated."""
        return self.progress.data or 0, self.done.data or "", self.difficulty.data or None


class CompletionForm(SeenForm):
    result_on = DayField(
        _l("Ngày có kết quả"),
        validators=[DataRequired(_l("Hãy ghi ngày của văn bản hoặc sản phẩm kết quả, dạng ngày/tháng/năm."))],
    )
    result_document = StringField(
        _l("Số, ký hiệu văn bản kết quả"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi số, ký hiệu văn bản chứng minh kết quả, ví dụ 125/BC-STTTT.")),
            Length(max=200, message=_l("Tối đa 200 ký tự.")),
        ],
    )
    done = TextAreaField(
        _l("Kết quả đạt được"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi ngắn gọn kết quả đạt được.")), LONG],
    )

    def said(self) -> tuple[date, str, str]:
        """Return the result's date, its document and what was achieved, of a form that validated."""
        if self.result_on.data is None:
            raise ValueError("asked before the form validated")
        return self.result_on.data, self.result_document.data or "", self.done.data or ""


class ReturnForm(Form):
    reason = TextAreaField(
        _l("Lý do trả lại"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi lý do để cơ quan biết cần làm lại điều gì.")), LONG],
    )
