"""Who stands in while somebody is away: shape and meaning of the input."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker.forms.base import DayField, Form, trimmed
from tracker.forms.person import person_choices
from tracker.queries.person import Nameable

SHORT = Length(max=300, message=_l("Tối đa 300 ký tự."))


class ActingForm(Form):
    person = SelectField(_l("Người vắng mặt"), validators=[InputRequired(_l("Hãy chọn người vắng mặt."))])
    stand_in = SelectField(_l("Người thay"), validators=[InputRequired(_l("Hãy chọn người thay."))])
    from_on = DayField(
        _l("Vắng từ ngày"), validators=[DataRequired(_l("Hãy ghi ngày đầu vắng mặt, dạng ngày/tháng/năm."))]
    )
    until_on = DayField(
        _l("Đến hết ngày"), validators=[DataRequired(_l("Hãy ghi ngày cuối vắng mặt, dạng ngày/tháng/năm."))]
    )
    reason = StringField(_l("Lý do vắng mặt"), filters=[trimmed], validators=[Optional(), SHORT])
    basis = StringField(_l("Văn bản, giấy nghỉ phép"), filters=[trimmed], validators=[Optional(), SHORT])

    def offer(self, absent: Sequence[Nameable], people: Sequence[Nameable]) -> None:
        """Let whom the actor may answer for be away, and everybody of the agency stand in."""
        self.person.choices = [SelectChoice("", _("Chọn người")), *person_choices(absent)]
        self.stand_in.choices = [SelectChoice("", _("Chọn người")), *person_choices(people)]

    def days(self) -> tuple[date, date]:
        """Return the first and the last day, both included, of a form that validated."""
        assert self.from_on.data is not None and self.until_on.data is not None
        return self.from_on.data, self.until_on.data
