"""The wording of a deadline → the day it means, how exactly it says so, and the rule that read it.

The wording itself is always kept: "chậm nhất trong tháng 04/2022" is 30/04/2022, counted to 04/05/2022 because of the
holidays (Bộ luật Dân sự 2015, Điều 148 khoản 5). What cannot be read stays unclear; nothing is guessed, nothing raises.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from tracker.rules.counted_days import find_counted, names_only_length
from tracker.rules.deadline_rules import RULES, UNREADABLE, Found, Precision
from tracker.rules.fixed_dates import Setting, find_exact, find_wide
from tracker.rules.recurrences import find_recurrence, is_periodic
from tracker.rules.workdays import WorkCalendar

__all__ = ["RULES", "DeadlineReading", "Precision", "read_deadline"]

_URGENT = re.compile(r"khẩn trương|nhanh chóng|sớm|ngay|kịp thời|cấp bách|hỏa tốc|khẩn")
_WORD_URGENT = re.compile(rf"(?<!\w)(?:{_URGENT.pattern})(?!\w)")
# A date that belongs to a document, not to the work: "số 59/KH-UBND ngày 25/4/2022", "ngày 20/9/2021 của Tỉnh ủy".
_DATE = r"ngày \d{1,2}(?:[/.\-]| tháng )\d{1,2}(?:[/.\-]| năm )\d{4}"
_CITATION = re.compile(
    rf"(?:số )?\d+(?:/\d{{4}})?[/\-](?!năm|tháng|quý|lần|ngày)[a-zđ][^\s,;]*(?: {_DATE})?"
    rf"|(?<!trước )(?<!đến )(?<!hết )(?<!nhất )(?<!là ){_DATE} (?=của (?!năm))"
)
_EVERY = re.compile(r"(?<!khách )(?<!ngân )(?<!bán )(?<!mặt )hàng(?= (?:ngày|tuần|tháng|quý|năm|kỳ)(?! ?\d))")
_OUTLOOK = re.compile(r"(?:định hướng|tầm nhìn)(?: đến)?(?: hết)? (?:năm )?\d{4}")
_OPEN_ENDED = re.compile(r"(?:và|,) ?(?:các|những) (?:năm|giai đoạn|quý|tháng) (?:tiếp theo|kế tiếp|sau)|trở đi|về sau")
_STANDING = re.compile(r"thường xuyên|liên tục")
_PLAN = re.compile(r"theo (?:đúng )?(?:kế hoạch|lộ trình|tiến độ|chương trình|quy định|hướng dẫn|chỉ đạo)")
_EVENT = re.compile(
    r"sau khi|(?:^|ngay |trước |từ )khi |khi có|kết thúc (?:đợt|phong trào|chương trình|kế hoạch)|kể từ"
)
_REQUEST = re.compile(r"đột xuất|theo yêu cầu|khi được yêu cầu")
_TO_BE_DONE = re.compile(r"hoàn thành|trước|chậm nhất|đến hết|trong (?:năm|tháng|quý)")


@dataclass(frozen=True)
class DeadlineReading:
    """What a wording says. `due_on` is the last day named, `effective_on` the working day it counts to.

    `rule` is a key of RULES; `recurrence` an RFC 5545 RRULE or None; `urgency` the words of haste, which are no date.
    """

    wording: str
    due_on: date | None
    effective_on: date | None
    precision: Precision
    rule: str
    recurrence: str | None
    urgency: str | None


def read_deadline(
    wording: str | None,
    calendar: WorkCalendar,
    *,
    default_year: int | None = None,
    before_is_exclusive: bool = True,
    received_on: date | None = None,
) -> DeadlineReading:
    """Read one wording, in any case, with composed or decomposed letters.

    `default_year` completes a wording that names no year; `before_is_exclusive` leaves D out of "trước ngày D";
    `received_on` starts the count of "kể từ ngày nhận". A day that does not exist (31/02/2023) gives rule "unreadable".
    """
    text = _plain(wording or "")
    found = _find(text, Setting(default_year, before_is_exclusive), calendar, received_on)
    urgency = ", ".join(dict.fromkeys(_WORD_URGENT.findall(text))) or None
    if urgency and found is UNREADABLE and not _digits(text):
        found = Found("urgency_only", Precision.NONE)
    return DeadlineReading(
        wording=wording or "",
        due_on=found.due_on,
        effective_on=calendar.on_or_after(found.due_on) if found.due_on else None,
        precision=found.precision,
        rule=found.rule,
        recurrence=found.recurrence,
        urgency=urgency,
    )


def _plain(wording: str) -> str:
    """Return the wording in one form: NFC, lower case, single spaces, one spelling of quý, kỳ, hằng and the dash."""
    text = unicodedata.normalize("NFC", wording).lower()
    for other, usual in (("quí", "quý"), ("định kì", "định kỳ"), ("–", "-"), ("—", "-")):
        text = text.replace(other, usual)
    return _EVERY.sub("hằng", " ".join(text.split()))


def _find(text: str, setting: Setting, calendar: WorkCalendar, received_on: date | None) -> Found:
    if not text:
        return Found("no_wording", Precision.NONE)
    counted = find_counted(text, calendar, received_on)
    if counted:
        return counted
    text = _OUTLOOK.sub(" ", _CITATION.sub(" ", text)).strip()
    if _PLAN.match(text) and not _TO_BE_DONE.search(text):
        return Found("according_to_plan", Precision.RELATIVE)
    return (
        _recurring(text, setting)
        or (Found("open_ended", Precision.STANDING) if _OPEN_ENDED.search(text) else None)
        or find_exact(text, setting)
        or _without_clock(text)
        or find_wide(text, setting)
        or _waiting(text)
        or UNREADABLE
    )


def _recurring(text: str, setting: Setting) -> Found | None:
    """Return the recurrence, to the end of the years it is limited to ("hằng năm, giai đoạn 2021-2025")."""
    recurrence = find_recurrence(text, setting.before_is_exclusive)
    if recurrence is None:
        return None
    rule, day_named = recurrence
    limit = find_exact(text, Setting()) or find_wide(text, Setting())
    if limit is not None and limit.due_on is not None:
        rule += f";UNTIL={limit.due_on:%Y%m%d}"
    return Found("recurring_day" if day_named else "recurring_period", Precision.RECURRING, recurrence=rule)


def _without_clock(text: str) -> Found | None:
    if is_periodic(text):
        return Found("recurring_without_interval", Precision.RECURRING)
    return Found("standing_duty", Precision.STANDING) if _STANDING.search(text) else None


def _waiting(text: str) -> Found | None:
    """Return what the work waits for: an event, another document, a request. None when it waits for nothing."""
    for pattern, rule in ((_EVENT, "after_event"), (_PLAN, "according_to_plan"), (_REQUEST, "on_request")):
        if pattern.search(text):
            return Found(rule, Precision.RELATIVE)
    return Found("counted_from_event", Precision.RELATIVE) if names_only_length(text) else None


def _digits(text: str) -> bool:
    return any(character.isdigit() for character in text)
