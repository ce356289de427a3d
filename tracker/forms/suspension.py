"""What the Office says when it holds, drops or opens work again: shape and meaning of the input."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from tracker.forms.base import SeenForm, trimmed
from tracker.words import SUSPENSION


class SuspensionForm(SeenForm):
    """`verbs` are the ones the present state allows."""

    verb = RadioField(_l("Việc cần làm"), validators=[DataRequired(_l("Hãy chọn một việc."))])
    reason = TextAreaField(
        _l("Lý do"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi lý do để cơ quan biết vì sao.")),
            Length(max=2000, message=_l("Tối đa 2.000 ký tự; hãy rút gọn.")),
        ],
    )
    basis = StringField(
        _l("Căn cứ: số, ký hiệu văn bản"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi số, ký hiệu văn bản làm căn cứ, ví dụ 512/UBND-KSTT.")),
            Length(max=300, message=_l("Tối đa 300 ký tự.")),
        ],
    )

    def __init__(self, verbs: Sequence[str], **values: Any) -> None:
        super().__init__(**values)
        self.offer(verbs)

    def offer(self, verbs: Sequence[str]) -> None:
        """Let these be chosen from."""
        self.verb.choices = [SelectChoice(verb, str(SUSPENSION[verb])) for verb in verbs]

    def said(self) -> tuple[str, str, str]:
        """Return the verb, the reason and the basis, of a form that validated."""
        return str(self.verb.data), self.reason.data or "", self.basis.data or ""
