"""Asking for more time, and answering: shape and meaning of the input."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker.forms.base import DayField, Form, SeenForm, trimmed
from tracker.forms.report import LONG

SHORT = Length(max=200, message=_l("Tối đa 200 ký tự."))
NEEDS_PAPER = DataRequired(_l("Hãy ghi số, ký hiệu văn bản đồng ý gia hạn, ví dụ 1234/UBND-VX."))
NEEDS_REASON = DataRequired(_l("Hãy ghi lý do không đồng ý, để cơ quan biết phải làm gì."))


class AskForm(SeenForm):
    proposed_on = DayField(
        _l("Xin gia hạn đến ngày"),
        validators=[DataRequired(_l("Hãy ghi ngày xin gia hạn đến, dạng ngày/tháng/năm."))],
    )
    reason = TextAreaField(
        _l("Lý do"), filters=[trimmed], validators=[DataRequired(_l("Hãy ghi vì sao cần thêm thời gian.")), LONG]
    )
    request_document = StringField(_l("Số, ký hiệu văn bản đề nghị"), filters=[trimmed], validators=[Optional(), SHORT])

    def said(self) -> tuple[str, date, str | None]:
        """Return the reason, the day and the number of the agency's letter or None, of a form that validated."""
        if self.proposed_on.data is None:
            raise ValueError("asked before the form validated")
        return self.reason.data or "", self.proposed_on.data, self.request_document.data or None


class DecisionForm(Form):
    """One form with two buttons: what each of them needs is asked for by the two forms below."""

    granted_on = DayField(_l("Gia hạn đến ngày"))
    decision_document = StringField(_l("Số, ký hiệu văn bản quyết định"), filters=[trimmed], validators=[SHORT])
    reason = TextAreaField(_l("Ý kiến"), filters=[trimmed], validators=[LONG])


class GrantForm(DecisionForm):
    granted_on = DayField(
        _l("Gia hạn đến ngày"),
        validators=[DataRequired(_l("Hãy ghi ngày gia hạn đến, dạng ngày/tháng/năm."))],
    )
    decision_document = StringField(
        _l("Số, ký hiệu văn bản quyết định"), filters=[trimmed], validators=[NEEDS_PAPER, SHORT]
    )

    def said(self) -> tuple[date, str, str | None]:
        """Return the new last day, the number of the paper and the remark or None, of a form that validated."""
        if self.granted_on.data is None:
            raise ValueError("asked before the form validated")
        return self.granted_on.data, self.decision_document.data or "", self.reason.data or None


class RefuseForm(DecisionForm):
    reason = TextAreaField(_l("Ý kiến"), filters=[trimmed], validators=[NEEDS_REASON, LONG])

    def said(self) -> tuple[str, str | None]:
        """Return the reason and the number of the paper or None, of a form that validated."""
        return self.reason.data or "", self.decision_document.data or None


class GrantTogetherForm(GrantForm):
    """The same, for every request that is ticked."""

    chosen = SelectMultipleField(
        _l("Các yêu cầu"), coerce=int, choices=[], validate_choice=False,
        validators=[InputRequired(_l("Hãy chọn ít nhất một yêu cầu."))],
    )  # fmt: skip
