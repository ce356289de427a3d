"""What an agency says stops it, and what those able to decide answer: shape and meaning of the input."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from tracker.forms.base import DayField, SeenForm, trimmed
from tracker.forms.report import LONG


class ObstacleForm(SeenForm):
    text = TextAreaField(
        _l("Khó khăn, vướng mắc"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi vướng mắc là gì và đang cản trở phần việc ra sao.")), LONG],
    )
    proposal = TextAreaField(_l("Kiến nghị, đề xuất"), filters=[trimmed], validators=[Optional(), LONG])
    level = RadioField(
        _l("Gửi cấp nào trả lời"),
        choices=[
            ("standing_body", _l("Cơ quan thường trực")),
            ("province", _l("UBND tỉnh, vì vượt thẩm quyền của cơ quan thường trực")),
        ],
        default="standing_body",
    )
    why = TextAreaField(_l("Vì sao vượt thẩm quyền"), filters=[trimmed], validators=[LONG])

    def validate_why(self, field: TextAreaField) -> None:
        if self.level.data == "province" and not field.data:
            raise ValidationError(
                str(_l("Gửi thẳng UBND tỉnh thì hãy ghi vì sao vượt thẩm quyền cơ quan thường trực."))
            )

    def said(self) -> tuple[str, str | None, str, str | None]:
        """Return the obstacle, the proposal or None, the level, and why it is the province's (None below), once validated."""
        why = self.why.data or None if self.level.data == "province" else None
        return self.text.data or "", self.proposal.data or None, self.level.data, why


class StepForm(SeenForm):
    """A step taken with one text, in a field that each form names for itself: several stand on one page."""

    words = "text"

    def said(self) -> tuple[str]:
        """Return the text, of a form that validated."""
        return (self[self.words].data or "",)


class AnswerForm(StepForm):
    words = "answer"
    answer = TextAreaField(
        _l("Nội dung trả lời"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi nội dung trả lời để cơ quan thực hiện.")), LONG],
    )


class EscalateForm(StepForm):
    words = "opinion"
    opinion = TextAreaField(
        _l("Ý kiến của cơ quan thường trực"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi vì sao vượt thẩm quyền và đề xuất với UBND tỉnh.")), LONG],
    )


class DecisionForm(SeenForm):
    decision = TextAreaField(
        _l("Nội dung quyết định"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi UBND tỉnh quyết định thế nào.")), LONG],
    )
    number = StringField(
        _l("Số, ký hiệu văn bản"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi số, ký hiệu văn bản, ví dụ 512/UBND-KGVX.")),
            Length(max=100, message=_l("Tối đa 100 ký tự.")),
        ],
    )
    signed_on = DayField(
        _l("Ngày văn bản"), validators=[DataRequired(_l("Hãy ghi ngày ký văn bản, dạng ngày/tháng/năm."))]
    )

    def said(self) -> tuple[str, str, date]:
        """Return the decision, its document's number and date, of a form that validated."""
        if self.signed_on.data is None:
            raise ValueError("asked before the form validated")
        return self.decision.data or "", self.number.data or "", self.signed_on.data


class AskAgainForm(StepForm):
    words = "reason"
    reason = TextAreaField(
        _l("Vì sao cần trả lời lại"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi điều gì trong trả lời chưa tháo gỡ được vướng mắc.")), LONG],
    )


class CloseForm(StepForm):
    words = "note"
    note = TextAreaField(
        _l("Vướng mắc được tháo gỡ thế nào"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi ngắn gọn vướng mắc được tháo gỡ thế nào, để lưu hồ sơ.")), LONG],
    )
