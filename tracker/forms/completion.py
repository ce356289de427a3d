"""What an agency says when its work is done, and what its head and the Office answer: shape and meaning of the input."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, FileInput, ListWidget

from tracker.actions.evidence import KeptFile, not_written
from tracker.forms.base import DayField, Form, SeenForm, trimmed
from tracker.rules.file_types import TYPES, FileType, Wrong, name_of, recognised, safe_name
from tracker.words import FILE_TYPE, file_size

LONG = Length(max=4000, message=_l("Tối đa 4.000 ký tự; hãy rút gọn."))
SHORT = Length(max=200, message=_l("Tối đa 200 ký tự."))
MOST_FILES = 5
ENDINGS = ",".join(ending for kind in TYPES.values() for ending in kind.endings)


@dataclass(frozen=True)
class GoodFile:
    """A file that can be taken: its content, its safe name and its type as told by the content."""

    content: IO[bytes]
    name: str
    kind: FileType


class SelectMultipleCheckboxField(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CompletionForm(SeenForm):
    """`limit` is how many bytes one file may have; `kept` are the files an earlier try has brought already, by token."""

    result_on = DayField(
        _l("Ngày có kết quả"),
        validators=[DataRequired(_l("Hãy ghi ngày của văn bản hoặc sản phẩm kết quả, dạng ngày/tháng/năm."))],
    )
    result_document = StringField(_l("Số, ký hiệu văn bản kết quả"), filters=[trimmed], validators=[SHORT])
    issuer = StringField(_l("Cơ quan ban hành"), filters=[trimmed], validators=[Optional(), SHORT])
    title = StringField(
        _l("Trích yếu"), filters=[trimmed],
        validators=[Optional(), Length(max=500, message=_l("Tối đa 500 ký tự; hãy rút gọn."))],
    )  # fmt: skip
    secret = BooleanField(_l("Văn bản mật: chỉ ghi số, ký hiệu"))
    kept = SelectMultipleCheckboxField(_l("Tập tin đã nhận ở lần gửi trước"), validate_choice=False)
    files = MultipleFileField(_l("Tập tin minh chứng"), widget=FileInput(multiple=True))
    done = TextAreaField(
        _l("Kết quả đạt được"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi ngắn gọn kết quả đạt được.")), LONG],
    )

    def __init__(self, limit: int, kept: Mapping[str, KeptFile], **values: Any) -> None:
        super().__init__(**values)
        self._limit, self._kept = limit, kept
        self.good: list[GoodFile] = []
        self.kept.choices = [_choice(token, file) for token, file in kept.items()]

    def kept_files(self) -> list[KeptFile]:
        """Return the files of an earlier try that are still wanted."""
        return [self._kept[token] for token in self.kept.data or () if token in self._kept]

    def offer_again(self, files: Mapping[str, KeptFile]) -> None:
        """Show the form with the files it has brought, ticked, so that they need not be chosen and sent again."""
        self.kept.choices = [_choice(token, file) for token, file in files.items()]
        self.kept.data = list(files)

    def validate_result_document(self, field: Field) -> None:
        if self.secret.data and not field.data:
            raise StopValidation(_("Văn bản mật cần số, ký hiệu."))

    def validate_title(self, field: Field) -> None:
        if self.secret.data and field.data:
            raise StopValidation(_("Văn bản mật không ghi trích yếu; hãy bỏ nội dung này."))

    def validate_kept(self, field: Field) -> None:
        if set(field.data or ()) - set(self._kept):
            raise StopValidation(_("Một tập tin của lần gửi trước không còn trên máy chủ; hãy chọn lại tập tin."))

    def validate_files(self, field: Field) -> None:
        brought: list[FileStorage] = field.data or []
        wanted = len(brought) + len(self.kept_files())
        if self.secret.data and wanted:
            raise StopValidation(_("Văn bản mật không gửi lên hệ thống này; hãy bỏ các tập tin, chỉ ghi số, ký hiệu."))
        sentences = [sentence for file in brought if (sentence := self._look(file))]
        if wanted > MOST_FILES:
            sentences.append(_("Tối đa %(n)s tập tin; hãy gộp hoặc bỏ bớt.", n=MOST_FILES))
        if not (wanted or self.result_document.data or sentences):
            sentences.append(_("Hãy kèm ít nhất một tập tin, hoặc ghi số, ký hiệu văn bản kết quả ở trên."))
        if sentences:
            raise StopValidation(" ".join(sentences))

    def _look(self, file: FileStorage) -> str | None:
        """Keep the file among the good ones, or return what is wrong with it."""
        called = safe_name(file.filename or "") or _("tập tin không tên")
        size = getattr(file.stream, "size", 0)
        if size > self._limit:
            return _(
                "“%(name)s” nặng %(size)s, quá mức %(limit)s một tập tin.", name=called, size=file_size(size),
                limit=file_size(self._limit),
            )  # fmt: skip
        if getattr(file.stream, "lost", False) or file.stream.seek(0, 2) < size:
            return not_written()
        kind = recognised(file.stream)
        if isinstance(kind, Wrong):
            return _why_not(kind, called)
        name = name_of(file.filename or "", kind)
        if name is None:
            return _(
                "Tên “%(name)s” không khớp với nội dung, là %(kind)s; hãy gửi đúng tập tin hoặc sửa đuôi tên.",
                name=called, kind=FILE_TYPE[kind.code],
            )  # fmt: skip
        self.good.append(GoodFile(file.stream, name, kind))
        return None

    def said(self) -> tuple[date, str | None, str]:
        """Return the result's date, the number of its document or None, and what was achieved, of a form that validated."""
        if self.result_on.data is None:
            raise ValueError("asked before the form validated")
        return self.result_on.data, self.result_document.data or None, self.done.data or ""


def _choice(token: str, file: KeptFile) -> Any:
    return SelectChoice(token, f"{file.name} ({file_size(file.size)})")


def _why_not(wrong: Wrong, name: str) -> str:
    sentences = {
        Wrong.EMPTY: _("“%(name)s” không có nội dung.", name=name),
        Wrong.MACROS: _("“%(name)s” chứa macro nên không nhận; hãy lưu lại dạng .docx hoặc .xlsx.", name=name),
        Wrong.OLD_OFFICE: _(
            "“%(name)s” là dạng Word, Excel cũ hoặc có đặt mật khẩu; hãy bỏ mật khẩu và lưu lại dạng .docx, .xlsx hoặc PDF.",
            name=name,
        ),
        Wrong.BROKEN: _("“%(name)s” bị hỏng, không mở được; hãy lưu lại rồi gửi.", name=name),
        Wrong.UNKNOWN: _("“%(name)s” không phải Word (.docx), Excel (.xlsx), PDF hoặc ảnh (PNG, JPEG).", name=name),
    }
    return sentences[wrong]


class ReturnForm(Form):
    reason = TextAreaField(
        _l("Lý do trả lại"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi lý do để cơ quan biết cần làm lại điều gì.")), LONG],
    )


class DeclineForm(Form):
    reason = TextAreaField(
        _l("Lý do không duyệt"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi lý do để người báo biết cần làm lại điều gì.")), LONG],
    )
