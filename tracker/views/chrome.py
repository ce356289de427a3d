"""What every template may call: addresses of static files, the navigation, the words, the predicates."""

import hashlib
from dataclasses import dataclass
from functools import cache

from flask import Flask, request, url_for
from flask_babel import format_date, pgettext
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock, permissions, words
from tracker.config import ROOT
from tracker.language import LANGUAGES, chosen
from tracker.views import queues
from tracker.views.as_of import as_of_sentence
from tracker.words import events

FRESH = ROOT / "static"
PLACE_OF = {
    **dict.fromkeys(("report", "suspension", "history", "person", "occurrence", "acknowledgement"), "task"),
    **dict.fromkeys(("reminder_hold", "letter"), "reminder"), **dict.fromkeys(("contact", "zalo"), "admin"),
}  # fmt: skip
"""Where in the menu the pages of nouns without a place of their own belong."""


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    current: bool


def prepare(app: Flask) -> None:
    """Register the globals and filters."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset, navigation=navigation, as_of_sentence=as_of_sentence, words=words, may=permissions, today=clock.today,
        languages=LANGUAGES, current_language=chosen, event_sentence=events.sentence,
    )  # fmt: skip
    app.jinja_env.filters.update(day=lambda d: format_date(d, "dd/MM/yyyy") if d else "", moment=_moment)


def asset(path: str) -> str:
    """Return the address of a static file with the hash of its content, so that browsers may keep it for a year."""
    return _address(path, request.script_root)


@cache
def _address(path: str, root: str) -> str:
    digest = hashlib.sha256((FRESH / path).read_bytes()).hexdigest()
    return url_for("static", filename=path, v=digest[:12])


def _moment(value: object) -> str:
    return clock.local(value).strftime("%H:%M %d/%m/%Y") if value else ""  # type: ignore[arg-type]


def navigation() -> list[NavigationItem]:
    """Return the places the person may go, the present one marked."""
    places = [
        (_("Tổng quan"), "overview"), (pgettext("số nhiều", "Nhiệm vụ"), "task"),
        (pgettext("số nhiều", "Văn bản"), "document"), (pgettext("số nhiều", "Chỉ tiêu"), "indicator"),
        (_("Hệ thống"), "system"), (pgettext("số nhiều", "Cơ quan"), "agency"), (_("Chưa rõ"), "clarity"),
    ]  # fmt: skip
    if permissions.may_see_reminders(current_user):
        places.append((_("Nhắc việc"), "reminder"))
    if permissions.may_administer(current_user):
        places.append((_("Quản trị"), "admin"))
    here = PLACE_OF.get(request.blueprint or "", request.blueprint)
    items = [NavigationItem(label, url_for(f"{noun}.index"), noun == here) for label, noun in places]
    waiting = queues.first_address()
    if waiting:
        items.insert(1, NavigationItem(_("Chờ xử lý"), waiting, here in queues.BLUEPRINTS))
    return items
