"""A private calendar feed in words: each due date as an all-day event, with where it is ordered and who owes it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock, words
from tracker.exports.ics import Event, calendar
from tracker.models import CalendarFeed, Role
from tracker.permissions import agency_of
from tracker.queries.feed import AGENCY, Entry
from tracker.rules.timeliness import WorkState
from tracker.words.days import dmy

REFRESH_HOURS = 6


def feed_file(feed: CalendarFeed, entries: Sequence[Entry], base_url: str, address: Callable[[int], str]) -> bytes:
    """Return the feed as an .ics file in the language in force; `address` gives the page of a task by its id."""
    host = urlsplit(base_url).hostname or "baro"
    events = [_event(entry, host, address(entry.task_id)) for entry in entries]
    return calendar(feed_name(feed), events, refresh_hours=REFRESH_HOURS)


def feed_name(feed: CalendarFeed) -> str:
    """Return what a calendar program calls it."""
    if feed.scope == AGENCY:
        return _("Ba Rõ: %(agency)s", agency=feed.user.agency.short_name)
    if feed.user.role == Role.LEADER:
        return _("Ba Rõ: nhiệm vụ tôi theo dõi")
    return _("Ba Rõ: việc của tôi") if agency_of(feed.user) else _("Ba Rõ: thời hạn toàn tỉnh")


def _event(entry: Entry, host: str, url: str) -> Event:
    return Event(
        uid=f"{entry.noun}-{entry.noun_id}@{host}", day=entry.effective_on, title=_title(entry),
        description=_description(entry, url), url=url, changed_at=clock.day_start(entry.since), sequence=entry.version,
    )  # fmt: skip


def _title(entry: Entry) -> str:
    if entry.state == WorkState.DONE:
        return _("Đã hoàn thành: %(title)s", title=entry.title)
    if entry.role == "coordinate":
        return _("Hạn (phối hợp): %(title)s", title=entry.title)
    return _("Hạn: %(title)s", title=entry.title)


def _description(entry: Entry, url: str) -> str:
    """Return the lines; the address once more as the last, because some programs show no other."""
    lines = [f"{_document(entry)}, {words.clause_label(entry.clause_code)}"]
    if entry.agency is None:
        lines.append(_("Chưa rõ cơ quan chủ trì"))
    else:
        lead = entry.role == "lead"
        lines.append(
            _("Chủ trì: %(who)s", who=entry.agency) if lead else _("Phối hợp: %(who)s", who=entry.agency)
        )  # fmt: skip
    if entry.responsible:
        lines.append(_("Người phụ trách: %(who)s", who=entry.responsible))
    lines += _days(entry)
    lines.append(_("Trạng thái: %(state)s", state=words.WORK_STATE[entry.state]))
    return "\n".join([*lines, url])


def _document(entry: Entry) -> str:
    if entry.document_number is None or entry.document_number in entry.document_name:
        return entry.document_name
    return f"{entry.document_name} ({entry.document_number})"


def _days(entry: Entry) -> list[str]:
    """Return the day that was set when another one counts, and the day before the first extension."""
    lines = []
    if entry.due_on is not None and entry.due_on != entry.effective_on:
        counted = dmy(entry.effective_on)
        lines.append(_("Hạn %(day)s là ngày nghỉ nên tính đến %(counted)s", day=dmy(entry.due_on), counted=counted))
    if entry.slips and entry.original_on is not None:
        told = ngettext(
            "Hạn gốc: %(day)s (đã gia hạn %(num)d lần)", "Hạn gốc: %(day)s (đã gia hạn %(num)d lần)", entry.slips,
            day=dmy(entry.original_on),
        )  # fmt: skip
        lines.append(told)
    return lines
