"""What an agency says about its assignment, and what the Office answers: shape and meaning of the input."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

LONG = Length(max=4000, message=_l("Tối đa 4.000 ký tự; hãy rút gọn."))


def _trim(value: str | None) -> str | None:
    return value.strip() if value else value


class SeenForm(FlaskForm):
    """Every form remembers which state of the assignment the person was looking at."""

    seen = HiddenField(validators=[InputRequired()])

    def seen_period(self) -> int:
        """Return the id of the period the page was built from; 0, which is never in force, when it was tampered with."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


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
        filters=[_trim],
        validators=[InputRequired(_l("Hãy ghi ngắn gọn việc đã làm trong kỳ.")), LONG],
    )
    difficulty = TextAreaField(_l("Khó khăn, vướng mắc (nếu có)"), filters=[_trim], validators=[Optional(), LONG])

    def said(self) -> tuple[int, str, str | None]:
        """Return percent, what was done, and the difficulty or None, of a form that validated."""
        return self.progress.data or 0, self.done.data or "", self.difficulty.data or None


class CompletionForm(SeenForm):
    result_on = DateField(
        _l("Ngày có kết quả"),
        validators=[InputRequired(_l("Hãy ghi ngày của văn bản hoặc sản phẩm kết quả, dạng ngày/tháng/năm."))],
    )
    result_document = StringField(
        _l("Số, ký hiệu văn bản kết quả"),
        filters=[_trim],
        validators=[
            InputRequired(_l("Hãy ghi số, ký hiệu văn bản chứng minh kết quả, ví dụ 125/BC-STTTT.")),
            Length(max=200, message=_l("Tối đa 200 ký tự.")),
        ],
    )
    done = TextAreaField(
        _l("Kết quả đạt được"),
        filters=[_trim],
        validators=[InputRequired(_l("Hãy ghi ngắn gọn kết quả đạt được.")), LONG],
    )

    def said(self) -> tuple[date, str, str]:
        """Return the result's date, its document and what was achieved, of a form that validated."""
        if self.result_on.data is None:
            raise ValueError("asked before the form validated")
        return self.result_on.data, self.result_document.data or "", self.done.data or ""


class ReturnForm(FlaskForm):
    reason = TextAreaField(
        _l("Lý do trả lại"),
        filters=[_trim],
        validators=[InputRequired(_l("Hãy ghi lý do để cơ quan biết cần làm lại điều gì.")), LONG],
    )
