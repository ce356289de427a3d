"""An occurrence of a recurring duty in which nothing came up."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from tracker.forms.base import Form, trimmed


class SkipForm(Form):
    reason = TextAreaField(
        _l("Vì sao kỳ này không phát sinh"), filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi lý do, để về sau ai xem cũng hiểu vì sao kỳ này không có kết quả.")),
            Length(max=1000, message=_l("Tối đa 1.000 ký tự.")),
        ],
    )  # fmt: skip
