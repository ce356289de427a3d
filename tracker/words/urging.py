"""What was done to urge, in one sentence a line: the same on the page, on paper and in the file."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker import words
from tracker.rules.ladder import ABOUT_REPORT
from tracker.words.days import dmy
from tracker.words.events import capital
from tracker.words.reminder_policy import LEVEL
from tracker.words.reminder_policy import step as step_of_ladder

SKIP_REASON: dict[str, LazyString] = {
    "finished": _l("việc đã hoàn thành"),
    "withdrawn": _l("việc không còn phù hợp, thôi theo dõi"),
    "awaiting": _l("kết quả đang chờ xác nhận"),
    "paused": _l("việc đang tạm dừng"),
    "asked_more_time": _l("đề nghị gia hạn đang chờ quyết định"),
    "held": _l("Văn phòng UBND tỉnh tạm ngừng nhắc"),
    "answered": _l("đã có người báo đang xử lý hoặc đã báo cáo, nên chưa báo lên cấp trên"),
    "nobody": _l("không có người nhận"),
}
CHANNEL: dict[str, LazyString | str] = {"email": _l("thư điện tử"), "zalo": "Zalo"}
VIA: dict[str, LazyString] = {"mail": _l("bấm từ thư"), "page": _l("bấm trên trang")}


def sentence(line: Any) -> str:
    """Return what a line of a timeline of reminders (queries.reminder_line) says, without who and by which channel."""
    return str(_SAID[line.kind](line))


def _told(line: Any) -> str:
    return _("Nhắc %(level)s: %(step)s", level=level(line.level), step=step(line.step))


def _skipped(line: Any) -> str:
    said = _(
        "Không nhắc %(level)s (%(step)s): %(reason)s", level=level(line.level), step=step(line.step),
        reason=skip_reason(line.reason),
    )  # fmt: skip
    return _("%(said)s, đến hết %(day)s", said=said, day=dmy(line.until_on)) if line.until_on else said


def _acknowledged(line: Any) -> str:
    if line.until_on is None:
        return _("Trả lời “đã nhận, đang xử lý”; ghi nhận, không hoãn báo cấp trên nữa")
    return _("Trả lời “đã nhận, đang xử lý”; hoãn báo cấp trên đến hết %(day)s", day=dmy(line.until_on))


def _drafted(line: Any) -> str:
    return _("Dự thảo công văn đôn đốc %(agency)s", agency=line.agency)


def _letter_sent(line: Any) -> str:
    said = _("Gửi công văn đôn đốc số %(number)s đến %(agency)s", number=line.letter_number, agency=line.agency)
    return _("%(said)s, đề nghị trả lời đến hết %(day)s", said=said, day=dmy(line.until_on)) if line.until_on else said


def level(code: str | None) -> str:
    """Return as what somebody is told; an unknown level is given back as it is."""
    return str(LEVEL.get(code or "", code or ""))


def skip_reason(code: str) -> str:
    """Return why somebody was not told (rules.inhibition); an unknown reason is given back as it is."""
    return str(SKIP_REASON.get(code, code))


def step(code: str) -> str:
    """Return the name of a step of the ladder, of a deadline or of a report."""
    if code.startswith(ABOUT_REPORT):
        return _("gửi báo cáo, %(step)s", step=step_of_ladder(code.removeprefix(ABOUT_REPORT)))
    return step_of_ladder(code)


def channel(code: str | None) -> str:
    """Return the channel as it is said; an unknown one is given back as it is."""
    return str(CHANNEL.get(code or "", code or ""))


_SAID = {
    "told": _told,
    "notice": lambda line: line.subject or capital(str(words.MESSAGE_KIND.get(line.message_kind, line.message_kind))),
    "skipped": _skipped,
    "acknowledged": _acknowledged,
    "held": lambda line: _("Tạm ngừng nhắc đến hết %(day)s: %(reason)s", day=dmy(line.until_on), reason=line.reason),
    "hold_ended": lambda line: _("Cho nhắc trở lại, trước ngày đã định %(day)s", day=dmy(line.until_on)),
    "letter_drafted": _drafted,
    "letter_sent": _letter_sent,
}  # fmt: skip
