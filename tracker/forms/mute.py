"""Which optional kinds of message a person wants: one box to tick for each."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField

from tracker.forms.base import Form
from tracker.messages.kinds import OPTIONAL

LABELS: dict[str, tuple[LazyString, LazyString]] = {
    "result_confirmed": (
        _l("Kết quả đã được xác nhận"),
        _l("Khi Văn phòng UBND tỉnh xác nhận kết quả của phần việc tôi phụ trách."),
    ),
    "extension_granted": (
        _l("Đồng ý gia hạn"),
        _l("Khi yêu cầu gia hạn được đồng ý. Không đồng ý gia hạn thì vẫn luôn có thư, vì thời hạn cũ còn hiệu lực."),
    ),
}


class MuteForm(Form):
    def wanted(self) -> list[str]:
        """Return the kinds that are ticked."""
        return [kind for kind in OPTIONAL if self[kind].data]


for _kind in OPTIONAL:
    setattr(MuteForm, _kind, BooleanField(LABELS[_kind][0], description=LABELS[_kind][1]))


def mute_form(given_up: Collection[str]) -> MuteForm:
    """Return the form, ticked where the person gets the kind now."""
    return MuteForm(data={kind: kind not in given_up for kind in OPTIONAL})
