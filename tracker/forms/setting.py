"""The numbers a province chooses for itself: one whole-number field for each, within its bounds."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker.forms.base import Form
from tracker.queries.setting import CHOICES


class SettingForm(Form):
    pass


for _name, _choice in CHOICES.items():
    _between = _l("Hãy ghi một số nguyên từ %(low)s đến %(high)s.", low=_choice.low, high=_choice.high)
    _field = IntegerField(
        _choice.label, description=_choice.hint,
        validators=[InputRequired(_between), NumberRange(_choice.low, _choice.high, _between)],
    )  # fmt: skip
    setattr(SettingForm, _name, _field)


def setting_form(present: Mapping[str, int]) -> SettingForm:
    """Return the form, filled with what holds now."""
    return SettingForm(data=dict(present))
