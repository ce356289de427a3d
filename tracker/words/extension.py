"""What is said of requests for more time, by their codes in the database."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.words.days import dmy

EXTENSION_STATE: dict[str, LazyString] = {
    "waiting": _l("chờ quyết định"),
    "granted": _l("đồng ý"),
    "refused": _l("không đồng ý"),
    "withdrawn": _l("cơ quan đã rút"),
    "lapsed": _l("hết hiệu lực khi có kết quả hoặc khi việc khép lại"),
}


def extension_waits(asked_on: date, proposed_on: date, late: bool, who: str | None = None) -> str:
    """Return that a request for more time waits, for a page or a reminder: both say it alike."""
    said = {"who": who or _("Cơ quan"), "day": dmy(proposed_on), "asked": dmy(asked_on)}
    if late:
        return _("%(who)s đã xin gia hạn đến %(day)s (ngày %(asked)s, xin sau hạn), chưa có quyết định.", **said)
    return _("%(who)s đã xin gia hạn đến %(day)s (ngày %(asked)s), chưa có quyết định.", **said)
