"""Who answers for one assignment or for several: shape and meaning of the input."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from tracker.forms.clarity import BasisForm
from tracker.queries.person import HEAD, PARTS, RESPONSIBLE, Nameable

KEEP = "keep"
NOBODY = "nobody"


def person_choices(people: Sequence[Nameable]) -> list[SelectChoice]:
    """Return a select's choices for people, each with the position and, where several agencies are, the agency."""
    several = len({one.agency for one in people}) > 1
    return [
        SelectChoice(str(one.id), ", ".join(filter(None, (one.name, one.position, one.agency if several else None))))
        for one in people
    ]


class PeopleForm(BasisForm):
    """The two people of one assignment."""

    responsible = SelectField(_l("Người phụ trách"))
    head = SelectField(_l("Người đứng đầu chịu trách nhiệm"))

    def offer(self, people: Sequence[Nameable]) -> None:
        """Let everybody of the list be chosen, and nobody."""
        for part in (self.responsible, self.head):
            part.choices = [SelectChoice(NOBODY, _("Chưa nêu")), *person_choices(people)]

    def chosen(self) -> dict[str, int | None]:
        """Return by part the id of who is to be named, None for nobody, of a form that validated."""
        return {part: None if self[part].data == NOBODY else int(self[part].data) for part in PARTS}


class ManyForm(PeopleForm):
    """The same people for every assignment that is ticked; `pick` holds "assignment.last event seen" of each."""

    def __init__(self, picked: Sequence[str]) -> None:
        super().__init__()
        self.picked = _numbers(picked)

    def offer(self, people: Sequence[Nameable]) -> None:
        """Let everybody of the list be chosen, nobody, or whoever is named already."""
        super().offer(people)
        for part in (self.responsible, self.head):
            part.choices = [SelectChoice(KEEP, _("Giữ như đang có")), *part.choices]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask that a line is ticked and that something is to be done."""
        fine = bool(super().validate(extra_validators))
        if not self.picked:
            self.form_errors.append(_("Chưa chọn phần việc nào; hãy chọn ít nhất một dòng."))
        if self.responsible.data == self.head.data == KEEP:
            self.form_errors.append(_("Chưa chọn ai; hãy chọn người phụ trách hoặc người đứng đầu."))
        return fine and not self.form_errors

    def chosen(self) -> dict[str, int | None]:
        """Return by part who is to be named, without the parts that stay as they are."""
        return {
            part: None if self[part].data == NOBODY else int(self[part].data)
            for part in (RESPONSIBLE, HEAD)
            if self[part].data != KEEP
        }


def _numbers(picked: Sequence[str]) -> dict[int, int]:
    found = {}
    for value in picked:
        number, _dot, seen = value.partition(".")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (number, seen)):
            found[int(number)] = int(seen)
    return found
