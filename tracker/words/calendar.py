"""What is wrong with a row of a calendar table, and on what a proposed day rests, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules.calendar_table import LONGEST_NAME, LONGEST_SOURCE, MOST_ROWS, Fault, What
from tracker.rules.public_holidays import Standing

PROPOSED: dict[Standing, LazyString] = {
    Standing.LAW: _l("Bộ luật Lao động, Điều 112"),
    Standing.IN_LIEU: _l("Nghỉ bù theo Bộ luật Lao động, Điều 111"),
    Standing.ARRANGED: _l("Đề xuất, cần văn bản"),
    Standing.UNVERIFIED: _l("Chưa kiểm chứng: chỉ đánh dấu khi có văn bản quy định"),
}


def fault(found: Fault) -> str:
    """Return why the row cannot be taken and what to write instead."""
    text = found.text[:80]
    said = {
        What.COLUMNS: _("thiếu cột; mỗi dòng gồm ngày, nghỉ hoặc làm bù, tên, căn cứ"),
        What.DAY: _("“%(text)s” không phải ngày có thật; ví dụ đúng: 02/09/2027", text=text),
        What.YEAR: _("“%(text)s” ngoài các năm 2000 đến 2100", text=text),
        What.KIND: _("“%(text)s” không phải “nghỉ”, “làm bù” hay “bỏ”", text=text),
        What.NAME: _("thiếu tên ngày"),
        What.SOURCE: _("thiếu căn cứ"),
        What.LONG: _(
            "tên dài quá %(name)s hoặc căn cứ dài quá %(source)s ký tự", name=LONGEST_NAME, source=LONGEST_SOURCE
        ),
        What.WEEKDAY: _("%(text)s vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù", text=text),
        What.TWICE: _("ngày này đã ghi ở dòng %(text)s", text=text),
        What.FOR_NONE: _("tên ngày làm bù phải nêu ngày được nghỉ thay, ví dụ “Làm bù cho ngày 02/01/2026”"),
        What.FOR_WORKED: _("ngày được nghỉ thay %(text)s không phải ngày nghỉ từ thứ Hai đến thứ Sáu", text=text),
        What.MANY: _("nhiều hơn %(n)s dòng; các dòng từ đây chưa đọc", n=MOST_ROWS),
    }
    return _("Dòng %(line)s: %(why)s.", line=found.line, why=said[found.what])
