"""Giving everything over, in one form: a receiver for all, and another one line by line where it is needed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from tracker.forms.base import trimmed
from tracker.forms.clarity import BasisForm
from tracker.forms.person import NOBODY, person_choices
from tracker.queries.handover import Held
from tracker.queries.person import Nameable

AS_ALL = "all"


class HandoverForm(BasisForm):
    to_all = SelectField(_l("Người nhận bàn giao"), validators=[InputRequired(_l("Hãy chọn người nhận bàn giao."))])
    contact = SelectField(_l("Đầu mối mới của cơ quan"), default="")  # asked only of a contact
    reason = TextAreaField(
        _l("Lý do bàn giao"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Hãy ghi lý do, ví dụ “nghỉ hưu”, “chuyển công tác”.")),
            Length(max=1000, message=_l("Tối đa 1.000 ký tự.")),
        ],
    )

    def chosen(self, items: Sequence[Held]) -> dict[str, int | None]:
        """Return by the key of a line the id of its receiver, None for nobody yet, of a form that validated."""
        found = {}
        for item in items:
            wanted = self[item.key].data
            receiver = self.to_all.data if wanted == AS_ALL else wanted
            found[item.key] = None if receiver == NOBODY else int(receiver)
        return found

    def chosen_contact(self) -> int | None:
        """Return the id of the new contact, None when it stays as it is."""
        return int(self.contact.data) if self.contact.data else None


def handover_form(
    items: Sequence[Held], people: dict[int, Sequence[Nameable]], home: Sequence[Nameable], **facts: Any
) -> HandoverForm:
    """Return the form with a line for each part held; `people` are by agency who may take its work, `home` the colleagues."""
    lines = {item.key: SelectField(_("Người nhận"), default=AS_ALL) for item in items}
    form: HandoverForm = type("HandoverFormOfLines", (HandoverForm,), lines)(**facts)
    everybody = {one.id: one for group in (home, *people.values()) for one in group}
    form.to_all.choices = [
        SelectChoice("", _("Chọn người")), *person_choices(list(everybody.values())), SelectChoice(NOBODY, _("Để trống")),
    ]  # fmt: skip
    form.contact.choices = [SelectChoice("", _("Chưa đổi")), *person_choices(home)]
    for item in items:
        own, line = person_choices(people.get(item.agency_id, [])), form[item.key]
        assert isinstance(line, SelectField)
        line.choices = [SelectChoice(AS_ALL, _("Như chọn chung")), *own, SelectChoice(NOBODY, _("Để trống"))]
    return form
