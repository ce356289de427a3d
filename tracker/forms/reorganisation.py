"""A reorganisation as it is typed: who gives way to whom, from when, on what basis; and who takes which piece of work."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as Rows
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, StopValidation

from tracker.actions.reorganisation import Heir
from tracker.forms.base import DayField, Form, short, trimmed
from tracker.queries.reorganisation_outcome import Choices, Outcome
from tracker.words.reorganisation import KIND, KIND_HINT

ROWS_AT_MOST = 12
Offered = Iterable[tuple[int, str]]


class RowList(FieldList):  # type: ignore[type-arg]
    """Rows by their numbers; "²" or five thousand digits, which int() refuses, number none."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0]
            if name.startswith(f"{prefix}-") and number.isascii() and number.isdigit() and len(number) < 4:
                yield int(number)


class HeirRow(Rows):
    """One successor: chosen from the register, or new with its names and kind."""

    agency_id = SelectField(_l("Cơ quan đã có trong danh bạ"), coerce=int, default=0)
    name = StringField(_l("Hoặc tên cơ quan mới"), filters=[trimmed], validators=[short(200)])
    short_name = StringField(_l("Tên ngắn của cơ quan mới"), filters=[trimmed], validators=[short(60)])
    kind = SelectField(_l("Loại của cơ quan mới"), default="")
    scope = StringField(_l("Nhận phần việc nào"), filters=[trimmed], validators=[short(300)])

    def validate_name(self, field: Field) -> None:
        if self.agency_id.data and field.data:
            raise StopValidation(str(_l("Hãy chọn một cơ quan đã có, hoặc ghi tên cơ quan mới, không làm cả hai.")))

    def validate_short_name(self, field: Field) -> None:
        if self.name.data and not field.data:
            raise StopValidation(str(_l("Hãy nhập tên ngắn của cơ quan mới.")))

    def validate_kind(self, field: Field) -> None:
        if self.name.data and not field.data:
            raise StopValidation(str(_l("Hãy chọn loại của cơ quan mới.")))

    def heir(self) -> Heir | None:
        """Return the successor, None for a row left empty."""
        if self.agency_id.data:
            return Heir(agency_id=self.agency_id.data, scope=self.scope.data or None)
        if not self.name.data:
            return None
        return Heir(None, self.name.data, self.short_name.data, self.kind.data, self.scope.data or None)


class ReorganisationForm(Form):
    kind = RadioField(
        _l("Hình thức"),
        validators=[InputRequired(_l("Hãy chọn hình thức sắp xếp."))],
    )
    took_effect_on = DayField(_l("Có hiệu lực từ ngày"), validators=[InputRequired(_l("Hãy ghi ngày có hiệu lực."))])
    legal_basis = StringField(
        _l("Căn cứ pháp lý"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi số, ký hiệu và ngày của văn bản.")), short(500)],
    )
    note = TextAreaField(_l("Ghi chú"), filters=[trimmed], validators=[short(2000)])
    olds = RowList(SelectField(_l("Cơ quan cũ"), coerce=int, default=0), min_entries=2, max_entries=ROWS_AT_MOST)
    heirs = RowList(FormField(HeirRow), min_entries=2, max_entries=ROWS_AT_MOST)

    def __init__(self, agencies: Offered, kinds: Iterable[str], **values: Any) -> None:
        super().__init__(**values)
        self.offered = [SelectChoice(0, "–"), *(SelectChoice(id, name) for id, name in agencies)]
        self.kinds = [SelectChoice("", "–"), *(SelectChoice(kind, kind.replace("/", ", ")) for kind in kinds)]
        self.kind.choices = [SelectChoice(code, f"{label}: {KIND_HINT[code]}") for code, label in KIND.items()]
        self._offer()

    def add_rows(self) -> None:
        """Make room for one more on each side."""
        for rows in (self.olds, self.heirs):
            if len(rows) < ROWS_AT_MOST:
                rows.append_entry()
        self._offer()

    def old_ids(self) -> list[int]:
        """Return the predecessors, none twice."""
        return list(dict.fromkeys(field.data for field in self.olds if field.data))

    def day(self) -> date:
        """Return the day of a form that was found valid."""
        assert self.took_effect_on.data is not None
        return self.took_effect_on.data

    def followers(self) -> list[Heir]:
        """Return the successors in the order they were typed."""
        return [heir for row in self.heirs if (heir := row.form.heir()) is not None]

    def validate_olds(self, field: Field) -> None:
        if not self.old_ids():
            raise StopValidation(str(_l("Hãy chọn ít nhất một cơ quan cũ.")))

    def _offer(self) -> None:
        for field in self.olds:
            field.choices = self.offered
        for row in self.heirs:
            row.form.agency_id.choices = self.offered
            row.form.kind.choices = self.kinds


class ApplyForm(Form):
    """What stands under the dry run; the choices are named after what they are about: work-12, person-3, all-7."""

    seen = HiddenField()


SAME, STAYS = "", "0"


def read_choices(typed: Mapping[str, str], found: Outcome) -> Choices:
    """Return the choices for everything that has one: its own, else the one for all of its old agency.

    What names no successor of that agency counts as not chosen.
    """
    common = {old: _number(typed.get(f"all-{old}", "")) for old in found.options}
    work = {
        each.assignment_id: _chosen(typed.get(f"work-{each.assignment_id}", SAME), common[each.from_id])
        for each in found.work
        if has_choice(found, each.from_id)
    }
    people = {
        each.user_id: _chosen(typed.get(f"person-{each.user_id}", SAME), common.get(each.from_id))
        for each in found.people
        if f"person-{each.user_id}" in typed
    }
    return Choices(
        {id: to for id, to in work.items() if to != UNSAID}, {id: to for id, to in people.items() if to != UNSAID}
    )


UNSAID = -1


def has_choice(found: Outcome, agency_id: int) -> bool:
    """Return whether the work of the agency can go to more than one place."""
    return len(found.options[agency_id]) + found.goes_on > 1


def _chosen(text: str, common: int | None) -> int | None:
    own = _number(text)
    said = common if own is None else own
    return UNSAID if said is None else said or None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
