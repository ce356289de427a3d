"""How often a document is reported on: shape and meaning of the input."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from tracker.forms.base import SeenForm
from tracker.rules.report_periods import EVERY
from tracker.words import periods

LONGEST_GRACE = 20
NONE = "none"


class ReportingRuleForm(SeenForm):
    every = RadioField(
        _l("Kỳ báo cáo"),
        choices=[*((every, periods.EVERY[every]) for every in EVERY), (NONE, _l("không yêu cầu báo cáo theo kỳ"))],
        validators=[InputRequired(_l("Hãy chọn kỳ báo cáo."))],
    )  # fmt: skip
    grace = IntegerField(
        _l("Nhận báo cáo đúng kỳ đến hết ngày làm việc thứ mấy sau kỳ"),
        validators=[
            InputRequired(_l("Hãy ghi số ngày làm việc, từ 0 đến 20.")),
            NumberRange(0, LONGEST_GRACE, _l("Số ngày làm việc nằm trong khoảng 0 đến 20.")),
        ],
        description=_l("Ví dụ 3: kỳ tháng 10/2023 nhận đến hết ngày 03/11/2023. Ghi 0 thì nhận đến hết ngày cuối kỳ."),
    )

    def wanted(self) -> dict[str, Any]:
        """Return every (None: no reports) and grace of a form that validated."""
        return {"every": None if self.every.data == NONE else self.every.data, "grace": self.grace.data}
