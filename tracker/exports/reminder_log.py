"""What people were told, as tables for a spreadsheet: the log of messages, and what was done to urge a task or a person."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker import clock, words
from tracker.exports.table import csv_text, iso
from tracker.queries import message_log
from tracker.queries import reminder_timeline as timeline
from tracker.queries.message_log import LogFilters, Told
from tracker.queries.person_then import PeopleThen
from tracker.queries.reminder_line import Line, lines
from tracker.queries.reminder_timeline import Scope
from tracker.words import urging

AT_ONCE = 500
Said = Callable[[str | None], str]
"""How the reason of a message is said (messages.reasons)."""


def csv_of_log(session: Session, filters: LogFilters, why: Said) -> str:
    """Return the filtered messages as CSV, one row for each task a message speaks of; message_log.MOST rows at most."""
    heading = [
        _("Lập lúc"), _("Gửi lúc"), _("Đến lúc"), _("Người nhận"), _("Chức vụ"), _("Cơ quan của người nhận"), _("Kênh"),
        _("Địa chỉ"), _("Loại tin"), _("Tiêu đề"), _("Nhiệm vụ"), _("Mã nhiệm vụ"), _("Cơ quan chủ trì"), _("Hạn tính"),
        _("Mốc nhắc"), _("Nhắc với tư cách"), _("Tình trạng"), _("Lý do"), _("Mã tin"),
    ]  # fmt: skip
    return csv_text(heading, _first(_log_rows(session, filters, why), message_log.MOST))


def _log_rows(session: Session, filters: LogFilters, why: Said) -> Iterator[list[str]]:
    before: int | None = None
    while True:
        found = message_log.page(session, filters, before, AT_ONCE)
        page = found[:AT_ONCE]
        told = message_log.told(session, [row.id for row in page])
        people = PeopleThen(session, {row.recipient_id for row in page})
        for row in page:
            for task in told.get(row.id) or (None,):
                yield _log_cells(row, people, task, why)
        if len(found) <= AT_ONCE:
            return
        before = page[-1].id


def _log_cells(row: Any, people: PeopleThen, task: Told | None, why: Said) -> list[str]:
    person = people.at(row.recipient_id, row.sent_at or row.created_at)
    return [
        moment(row.created_at), moment(row.sent_at), moment(row.delivered_at), person.name, person.position or "",
        person.agency or "", urging.channel(row.channel), row.address or row.email, str(words.MESSAGE_KIND.get(row.kind, row.kind)),
        row.subject or "", *_task_cells(task), str(words.MESSAGE_STATE.get(row.state, row.state)), why(row.reason),
        row.provider_id or "",
    ]  # fmt: skip


def _task_cells(task: Told | None) -> list[str]:
    if task is None:
        return [""] * 6
    return [
        task.title, task.code, task.agency or "", task.effective_on.isoformat(), urging.step(task.step),
        urging.level(task.level),
    ]  # fmt: skip


def csv_of_timeline(session: Session, scope: Scope, with_addresses: bool, why: Said) -> str:
    """Return what was done to urge, as CSV, the newest first; timeline.MOST rows at most."""
    heading = [
        _("Ngày"), _("Lúc"), _("Việc đã làm"), _("Nhiệm vụ"), _("Mã nhiệm vụ"), _("Cơ quan"), _("Hạn tính"), _("Người"),
        _("Chức vụ"), _("Cơ quan của người ấy"), _("Kênh"), _("Địa chỉ"), _("Tình trạng"), _("Lý do"), _("Đến lúc"), _("Mã tin"),
    ]  # fmt: skip
    places = timeline.places(session, scope, limit=timeline.MOST)[: timeline.MOST]
    return csv_text(heading, (_line_cells(line, with_addresses, why) for line in lines(session, places)))


def _line_cells(line: Line, with_addresses: bool, why: Said) -> list[str]:
    person, sent = line.person, line.message_kind is not None
    return [
        iso(line.day), moment(line.at), urging.sentence(line), line.task_title or "", line.task_code or "", line.agency or "",
        iso(line.effective_on), person.name if person else "", (person and person.position) or "",
        (person and person.agency) or "", urging.channel(line.channel) if sent else "",
        (line.address or "") if with_addresses else "",
        str(words.MESSAGE_STATE.get(line.state or "", "")) if sent else "", why(line.reason) if sent else "",
        moment(line.delivered_at), line.provider_id or "",
    ]  # fmt: skip


def _first(rows: Iterable[Sequence[str]], count: int) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number == count:
            return
        yield row


def moment(at: datetime | None) -> str:
    """Return the moment as on a clock in Viet Nam, so that a spreadsheet sorts it."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else ""
