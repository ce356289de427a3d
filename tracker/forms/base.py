"""The form all others derive from: what WTForms would say in English is said in our words."""

from secrets import token_urlsafe
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateField, FileField, HiddenField, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import Length

YEARS = range(1900, 2101)

OURS: dict[str, LazyString] = {
    "Not a valid choice.": _l("Lựa chọn này không có trong danh sách; hãy chọn lại."),
    "Invalid Choice: could not coerce.": _l("Lựa chọn này không có trong danh sách; hãy chọn lại."),
    "Not a valid date value.": _l("Hãy ghi một ngày có thật, dạng ngày/tháng/năm."),
    "Not a valid integer value.": _l("Hãy ghi một số nguyên."),
    "Not a valid time value.": _l("Hãy ghi giờ và phút, ví dụ 08:00."),
    "This field is required.": _l("Hãy nhập mục này."),
}


class _Sentences:
    def gettext(self, sentence: str) -> str:
        return str(OURS.get(sentence, sentence))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class Form(FlaskForm):
    """A form that speaks the person's language, also where WTForms has no translation."""

    once = HiddenField(default=lambda: token_urlsafe(16))  # what makes a form sent twice one: tracker.views.once

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Sentences:
            return _Sentences()

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """Give a file to a field that asks for one; a file where words belong is as good as nothing."""
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            files, words = sent.dicts
            asked = {field.name for field in form if isinstance(field, FileField)}
            wanted = MultiDict([(name, file) for name, file in files.items(multi=True) if name in asked])
            return CombinedMultiDict((wanted, words))


class SeenForm(Form):
    """`seen` is what the person was looking at, so that a second one in the meantime is noticed."""

    seen = HiddenField()

    def seen_number(self) -> int:
        """Return what the person had seen; -1, which nothing ever is, when it was tampered with or left out."""
        text = self.seen.raw_data[0] if self.seen.raw_data else ""  # `data` would be what the page begins with
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


class DayField(DateField):
    """A day of our time; nothing typed (blanks too) is no day, whatever other fields then ask for."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if any(value.strip() for value in valuelist):
            super().process_formdata(valuelist)
        else:
            self.data, self.raw_data = None, []

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        """A year of one digit too few or too many is a slip, and 9999-12-31 means "for ever" in the database."""
        if self.data is not None and self.data.year not in YEARS and not self.errors:
            raise ValidationError(str(_l("Năm phải trong khoảng 1900 đến 2100.")))


def trimmed(value: str | None) -> str | None:
    """Return the text without blanks around it."""
    return value.strip() if value else value


def squeezed(value: str | None) -> str | None:
    """Return the text on one line with single blanks."""
    return " ".join(value.split()) if value else None


def short(n: int) -> Length:
    """Return the validator of a text of `n` characters at most."""
    return Length(max=n, message=_l("Tối đa %(max)d ký tự."))
