"""What the administrator types about the working calendar: one day, a table of days, a year as proposed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms.base import DayField, Form, short, squeezed
from tracker.rules.calendar_table import LONGEST_NAME, LONGEST_SOURCE, YEARS, Change, replaced_day, swapped
from tracker.rules.plain_text import plain
from tracker.words.days import dmy

LONGEST_TABLE = 64 * 1024


class CalendarDayForm(Form):
    """One day, and the day it is exchanged with: a weekend is worked only for a weekday off."""

    day = DateField(_l("Ngày"), validators=[InputRequired(_l("Hãy ghi ngày, dạng ngày/tháng/năm."))])
    working = RadioField(
        _l("Ngày này"),
        choices=[
            SelectChoice("off", _l("Nghỉ: lễ, tết hoặc nghỉ bù")),
            SelectChoice("worked", _l("Làm bù: thứ Bảy, Chủ nhật đi làm")),
        ],
        default="off",
        validators=[DataRequired(_l("Hãy chọn nghỉ hay làm bù."))],
    )
    other = DayField(_l("Hoán đổi với ngày"), validators=[Optional()])
    name = StringField(_l("Tên ngày"), filters=[squeezed], validators=[short(LONGEST_NAME)])
    source = StringField(
        _l("Căn cứ"), filters=[squeezed],
        validators=[DataRequired(_l("Hãy ghi căn cứ, ví dụ Thông báo 9441/TB-BNV.")), short(LONGEST_SOURCE)],
    )  # fmt: skip

    def validate_day(self, field: Field) -> None:
        if isinstance(field.data, date) and field.data.year not in YEARS:
            raise StopValidation(_("Năm phải trong khoảng 2000 đến 2100."))

    def validate_name(self, field: Field) -> None:
        if not field.data and self.working.data == "off" and self.other.data is None:
            raise StopValidation(_("Hãy nhập tên, ví dụ Giỗ Tổ Hùng Vương."))

    def ask_of(self, day: date) -> bool:
        """Return whether what was typed fits the day; else the fields have their sentences."""
        worked, other = self.working.data == "worked", self.other.data
        wrong = ""
        if worked and day.weekday() < 5:
            self.working.errors = [
                _("Ngày %(day)s vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù.", day=dmy(day))
            ]
        elif other is None:
            wrong = _("Hãy ghi ngày làm việc được nghỉ thay cho ngày làm bù này.") if worked else ""
        elif worked and other.weekday() >= 5:
            wrong = _("Ngày được nghỉ thay phải là một ngày từ thứ Hai đến thứ Sáu.")
        elif not worked and (other.weekday() < 5 or day.weekday() >= 5):
            wrong = _("Chỉ hoán đổi một ngày từ thứ Hai đến thứ Sáu với một thứ Bảy hoặc Chủ nhật.")
        self.other.errors = [*self.other.errors, wrong] if wrong else self.other.errors
        return not self.working.errors and not wrong

    def changes(self, day: date) -> list[Change]:
        """Return the day, and the one it is exchanged with, of a form that fits."""
        source, name = self.source.data or "", self.name.data or ""
        if self.working.data == "worked":
            assert self.other.data is not None
            return swapped(day, self.other.data, source)
        if self.other.data is not None:
            return swapped(self.other.data, day, source, name)
        return [Change(day, False, name, source)]

    def show(self, working: bool, name: str) -> None:
        """Fill in what the columns of the day do not say as such."""
        self.working.data = "worked" if working else "off"
        self.other.data = replaced_day(name) if working else None

    def chosen_day(self) -> date:
        """Return the day of a form that was found valid."""
        assert self.day.data is not None
        return self.day.data


class CalendarTableForm(Form):
    """A table of days, pasted or in a file; `overwrite`: also days that people edited."""

    table = TextAreaField(_l("Bảng các ngày"), validators=[short(LONGEST_TABLE)])
    file = FileField(_l("Hoặc chọn tập tin CSV, TSV"))
    overwrite = BooleanField(_l("Ghi đè cả những ngày đã có người sửa"))

    def validate_file(self, field: Field) -> None:
        """Put the file's text where a pasted one would be, so that it need not be sent again."""
        sent = field.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            if not (self.table.data or "").strip():
                raise StopValidation(_("Hãy dán bảng hoặc chọn một tập tin."))
            return
        content = sent.stream.read(LONGEST_TABLE + 1)
        if len(content) > LONGEST_TABLE or getattr(sent.stream, "size", 0) > LONGEST_TABLE:
            raise StopValidation(
                _("Tập tin lớn hơn %(n)s KB; lịch một năm chỉ có vài chục dòng.", n=LONGEST_TABLE // 1024)
            )
        self.table.data = _decoded(content)


def _decoded(content: bytes) -> str:
    """Return the text of a CSV file as spreadsheets write it. Raises StopValidation for anything else."""
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise StopValidation(_("Tập tin này không phải văn bản. Trong Excel, hãy lưu thành “CSV UTF-8” rồi chọn lại."))
    return plain(text)


class _Ticks(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CalendarProposalForm(Form):
    """The days of a proposal that are right, and the document that says so."""

    days = _Ticks(_l("Những ngày đúng với thông báo"))
    source = StringField(
        _l("Căn cứ"), filters=[squeezed],
        validators=[DataRequired(_l("Hãy ghi số, ký hiệu thông báo nghỉ lễ, tết của năm.")), short(LONGEST_SOURCE)],
    )  # fmt: skip

    def __init__(self, days: Sequence[date], ticked: Sequence[date], **values: Any) -> None:
        super().__init__(**values)
        self.days.choices = [SelectChoice(day.isoformat(), dmy(day)) for day in days]
        if not self.is_submitted():
            self.days.data = [day.isoformat() for day in ticked]

    def validate_days(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(_("Hãy đánh dấu ít nhất một ngày."))
