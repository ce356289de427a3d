"""Which leader is in charge of which agency: one choice a line, and the decision they all rest on."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional

from tracker.forms.base import Form, trimmed


class LeadersForm(Form):
    """`sent` are the values of the request: leader-<agency> what is chosen, seen-<agency> what the page showed."""

    basis = StringField(
        _l("Căn cứ của những dòng thay đổi"), filters=[trimmed],
        validators=[Optional(), Length(max=300, message=_l("Tối đa %(max)d ký tự."))],
    )  # fmt: skip

    def __init__(self, sent: Mapping[str, str], agencies: Collection[int], leaders: Collection[int]) -> None:
        super().__init__()
        self.chosen = _numbers(sent, "leader-")
        self.seen = _numbers(sent, "seen-")
        self._agencies, self._leaders = set(agencies), set(leaders)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask that the agencies and leaders exist, and that something is sent at all."""
        fine = bool(super().validate(extra_validators))
        if not self.chosen:
            self.form_errors.append(_("Chưa gửi dòng nào; hãy chọn lãnh đạo ở ít nhất một dòng."))
        changed = self.changed()
        if not set(changed) <= self._agencies or not set(changed.values()) - {None} <= self._leaders:
            self.form_errors.append(_("Cơ quan hoặc lãnh đạo này không có trong danh sách; hãy chọn lại."))
        return fine and not self.form_errors

    def changed(self) -> dict[int, int | None]:
        """Return by agency who is to be in charge, where that is not what the page showed."""
        return {agency: leader for agency, leader in self.chosen.items() if leader != self.seen.get(agency)}


def _numbers(sent: Mapping[str, str], prefix: str) -> dict[int, int | None]:
    """Return by agency the number sent, None for nobody; -1, which nobody is, for what is no number."""
    found: dict[int, int | None] = {}
    for name, value in sent.items():
        agency = name.removeprefix(prefix)
        if name.startswith(prefix) and _is_id(agency):
            found[int(agency)] = (int(value) if _is_id(value) else -1) if value else None
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
