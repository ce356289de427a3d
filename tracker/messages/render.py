"""The words of a message, written when it leaves: one folder of three templates per kind, in the recipient's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_translations
from flask_babel import gettext as _
from jinja2 import Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, words
from tracker.exports.ics import calendar
from tracker.language import LANGUAGES
from tracker.messages import mime
from tracker.messages.address import address
from tracker.messages.kinds import unsubscribe_address
from tracker.messages.sections import NO_LINKS, Links, events, sections
from tracker.messages.transport import Attachment, Words
from tracker.messages.zalo import digest_parameters
from tracker.models import CalendarDay
from tracker.queries.digest import Summary
from tracker.queries.message import Addressee
from tracker.queries.reminder_item import REPORT, Item
from tracker.rules.climb import Level
from tracker.words.days import dmy


@dataclass(frozen=True)
class DayOff:
    """A day between the date a document gives and the working day that counts; `name` is the holiday's, if it has one."""

    day: date
    name: str | None


def days_off(session: Session) -> dict[date, str]:
    """Return the named days off of the calendar: what explains why a last day moved."""
    rows = select(CalendarDay.day, CalendarDay.name).where(CalendarDay.working.is_(False))
    return dict(session.execute(rows).all())


def moved_over(item: Item, names: Mapping[date, str]) -> list[DayOff]:
    """Return the days from the last day as written up to the working day that counts; empty when it did not move."""
    days = (item.effective_on - item.due_on).days
    return [DayOff(day, names.get(day)) for day in (item.due_on + timedelta(n) for n in range(max(days, 0)))]


def reminder_digest(
    person: Addressee,
    items: Sequence[Item],
    day: date,
    names: Mapping[date, str],
    summary: Summary | None = None,
    unreachable: int = 0,
    as_of: datetime | None = None,
    links: Links = NO_LINKS,
) -> Words:
    """Return the digest of one person: what matters first, in the order of sections(); the days to come go along as a file.

    `names`: of the days off. `summary`: the lines of the dashboard. `unreachable`: how much work nobody can be told about.
    `links`: the addresses of this very message; without them (a preview) nobody can answer from it.
    """
    parts = sections(items)
    shown = [item for part in parts for item in (*part.full, *part.brief)]
    ahead = [item.days_left for item in items if item.kind != REPORT and not item.days_overdue]
    words = _write(
        "reminder_digest", person, sections=parts, first=shown[:3], day=day, summary=summary, unreachable=unreachable,
        own=any(item.level == Level.RESPONSIBLE for item in items), horizon=max(ahead, default=0), links=links,
        moved_over=lambda item: moved_over(item, names), as_of=as_of, what_to_do=_what_to_do,
        rows_address=lambda part: links.all_rows or address("tasks", **LISTED[part.code]),
        returned_address=address("tasks", agency=person.agency_id, role="lead", state="returned"),
    )  # fmt: skip
    return replace(
        words, attachments=_dates(person, items, as_of or clock.now()),
        template=_template(person, items, day, links.all_rows or address("tasks")),
    )  # fmt: skip


def _template(person: Addressee, items: Sequence[Item], day: date, where: str) -> dict[str, str]:
    """Return what a Zalo template says of the digest: no more of the work than its code, title, day and address."""
    late = sum(1 for item in items if item.days_overdue)
    first = min(items, key=lambda item: (item.kind == REPORT, item.effective_on), default=None)
    return digest_parameters(late, len(items) - late, first, day, where, person.name)


LISTED = {
    "late": {"timeliness": "open_overdue"}, "ahead": {"timeliness": "open_in_time"}, "reports": {},
    "above": {"timeliness": "open_overdue"},
}  # fmt: skip
"""What comes nearest in the list of tasks to a part of a digest that has no page of its own."""


def _what_to_do(item: Item) -> str:
    if item.level != Level.RESPONSIBLE:
        return _("Xem nhiệm vụ")
    return _("Gửi báo cáo tiến độ") if item.kind == REPORT else _("Cập nhật hoặc báo hoàn thành")


def _dates(person: Addressee, items: Sequence[Item], at: datetime) -> Sequence[Attachment]:
    """Return the days to come as a file for calendar programs, in the person's language; nothing when there are none."""
    with force_locale(_language(person)):
        found = events(items, at, mime.host(current_app.config), _about)
        if not found:
            return ()
        content = calendar(_("Ba Rõ: thời hạn trong thư nhắc việc"), found)
    return (Attachment("thoi-han.ics", "text/calendar; charset=utf-8; method=PUBLISH", content),)


def _about(item: Item) -> tuple[str, str, str]:
    """Return title, description and address of an item's day."""
    title = (
        _("Hạn báo cáo: %(title)s", title=item.title) if item.kind == REPORT else _("Hạn: %(title)s", title=item.title)
    )
    url = address("task", task_id=item.task_id)
    source = _("%(document)s, %(clause)s", document=item.document_name, clause=words.clause_label(item.clause_code))
    return title, "\n".join([source, _("Chủ trì: %(who)s", who=item.agency_name), url]), url


def notice(kind: str, person: Addressee, noun: str, row: Any) -> Words:
    """Return the message about one row, which its templates call by its noun (tracker.messages.notices)."""
    facts = {noun: row, "day": clock.today(), "unsubscribe": unsubscribe_address(kind, person.id)}
    return _write(kind, person, **facts)


def _write(kind: str, person: Addressee, as_of: datetime | None = None, **facts: Any) -> Words:
    moment = clock.local(as_of or clock.now())
    with force_locale(_language(person)):
        # Looked up once a mail, not once a sentence: a third of the time a mail takes.
        facts |= _speech(get_translations())
        facts.update(
            person=person, as_of=moment, address=address, words=words, on=dmy, weekday=words.weekday,
        )  # fmt: skip
        subject, text, html = (template.render(facts) for template in _templates(kind))
        if person.absent:
            text = "\n".join([*_on_behalf(person), "", text])
    return Words(" ".join(subject.split()), _tidy(text), html)


def _language(person: Addressee) -> str:
    return person.language if person.language in LANGUAGES else "vi"


def _speech(translations: Any) -> dict[str, Any]:
    """Return what the templates' _() and ngettext() call: the language bound, named values filled in, HTML escaped."""

    def spoken(context: Context, said: str, values: dict[str, Any]) -> str:
        return (Markup(said) if context.eval_ctx.autoescape else said) % values

    @pass_context
    def gettext(context: Context, text: str, /, **values: Any) -> str:
        return spoken(context, translations.gettext(text), values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, num: int, /, **values: Any) -> str:
        return spoken(context, translations.ngettext(one, many, num), {"num": num, **values})

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _templates(kind: str) -> list[Template]:
    names = (f"mail/{kind}/{part}" for part in ("subject.txt", "body.txt", "body.html"))
    return [current_app.jinja_env.get_template(name) for name in names]


def _tidy(text: str) -> str:
    """Return the text without spaces at line ends and with one empty line at most between paragraphs."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _on_behalf(person: Addressee) -> list[str]:
    """Return for whom a stand-in gets the message, a sentence each; the HTML says it at its head too (mail/_layout.html)."""
    return [
        _(
            "Ông/Bà nhận thư này thay mặt %(name)s, vắng mặt đến hết ngày %(day)s.",
            name=who.person,
            day=dmy(who.until_on),
        )
        for who in person.absent
    ]
