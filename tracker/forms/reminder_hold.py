"""Holding the reminders of an assignment: shape and meaning of the input."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from tracker.forms.base import DayField, Form, trimmed


class ReminderHoldForm(Form):
    until_on = DayField(
        _l("Tạm ngừng nhắc đến hết ngày"),
        validators=[DataRequired(_l("Hãy ghi ngày cuối tạm ngừng, dạng ngày/tháng/năm."))],
    )
    reason = TextAreaField(
        _l("Lý do"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi lý do để cơ quan và người xem sau biết vì sao.")),
            Length(max=1000, message=_l("Tối đa 1.000 ký tự; hãy rút gọn.")),
        ],
    )

    def said(self) -> tuple[date, str]:
        """Return the last day and the reason, of a form that validated."""
        if self.until_on.data is None:
            raise ValueError("asked before the form validated")
        return self.until_on.data, self.reason.data or ""
