"""One item of a list of systems: who builds it by when, and how far it is."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from tracker.actions.task_item import STATES
from tracker.forms.base import DayField, SeenForm
from tracker.forms.clarity import BasisForm
from tracker.words import WORK_STATE


class ItemLeadForm(BasisForm):
    agency = SelectField(_l("Cơ quan chủ trì"))
    due_on = DayField(_l("Thời hạn"), validators=[Optional()])


class ItemStateForm(SeenForm):
    state = SelectField(
        _l("Tình trạng"),
        choices=[(state.value, WORK_STATE[state.value]) for state in STATES],
        validators=[InputRequired(_l("Hãy chọn tình trạng của hạng mục."))],
    )
    result_on = DayField(
        _l("Ngày có kết quả"), validators=[Optional()], description=_l("Chỉ ghi khi hạng mục đã hoàn thành.")
    )
