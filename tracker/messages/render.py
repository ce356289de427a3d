"""The words of a message, written when it leaves: one folder of three templates per kind, in the recipient's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from tracker.language import LANGUAGES
from tracker.messages.address import address
from tracker.messages.transport import Words
from tracker.models import CalendarDay
from tracker.queries.message import Addressee
from tracker.queries.reminder_item import Item
from tracker.queries.standing import Counts
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
    counts: Counts | None = None,
    unreachable: int = 0,
    as_of: datetime | None = None,
) -> Words:
    """Return the digest of one person: overdue first, then by date. `counts` is the agency's line of the dashboard."""
    late = sorted((item for item in items if item.days_overdue), key=lambda item: (item.effective_on, item.task_id))
    ahead = sorted(
        (item for item in items if not item.days_overdue), key=lambda item: (item.effective_on, item.task_id)
    )
    return _write(
        "reminder_digest", person, late=late, ahead=ahead, items=late + ahead, day=day, counts=counts,
        unreachable=unreachable, moved_over=lambda item: moved_over(item, names), as_of=as_of,
    )  # fmt: skip


def notice(kind: str, person: Addressee, noun: str, row: Any) -> Words:
    """Return the message about one row, which its templates call by its noun (tracker.messages.notices)."""
    return _write(kind, person, **{noun: row}, day=clock.today())


def _write(kind: str, person: Addressee, as_of: datetime | None = None, **facts: Any) -> Words:
    language = person.language if person.language in LANGUAGES else "vi"
    moment = clock.local(as_of or clock.now())
    with force_locale(language):
        # Looked up once a mail, not once a sentence: a third of the time a mail takes.
        facts |= _speech(get_translations())
        facts.update(
            person=person, as_of=moment, address=address, words=words, on=dmy, weekday=words.weekday,
        )  # fmt: skip
        subject, text, html = (template.render(facts) for template in _templates(kind))
        if person.absent:
            text = "\n".join([*_on_behalf(person), "", text])
    return Words(" ".join(subject.split()), _tidy(text), html)


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
            "Ông/bà nhận thư này thay mặt %(name)s, vắng mặt đến hết ngày %(day)s.",
            name=who.person,
            day=dmy(who.until_on),
        )
        for who in person.absent
    ]
