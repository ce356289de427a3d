"""Nhắc việc: what the next run tells to whom and why, what it keeps back, and for whom there is nobody."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, flash, render_template
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock, permissions
from tracker.extensions import db
from tracker.messages import channels
from tracker.models import Agency
from tracker.queries import message as messages
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.message_log import choices
from tracker.queries.reminder import Due, Plan, Skip
from tracker.queries.reminder_policy import policies
from tracker.queries.reminder_today import trouble_count
from tracker.queries.reminder_why import Why, explained
from tracker.queries.zalo import chosen
from tracker.rules import office_hours
from tracker.rules.reminder_policy import ZALO, Hours
from tracker.views.loaders import fits
from tracker.views.typed import day_of, typed, typed_number
from tracker.words import urging
from tracker.words.reminder_policy import described

blueprint = Blueprint("reminder", __name__)

PEOPLE_SHOWN = 20
ITEMS_SHOWN = 10


@dataclass(frozen=True)
class Group:
    """Some lines of the plan under one heading; `count` is of all of them."""

    of: Any
    lines: list[Why]
    count: int


@blueprint.get("/nhac-viec")
def index() -> str:
    readers_only()
    session, agency_id = db.session(), typed_number("agency")
    rules = policies(session, clock.today())
    day, calendar = _day(rules.province.hours), work_calendar(session)
    plan = _of_agency(reminder.plan(session, day), agency_id)
    return render_template(
        "reminder/index.html", day=day, agency_id=agency_id, agencies=choices(session)[0], figures=_figures(plan),
        working=calendar.is_working(day), working_next=calendar.shift(day, 1), policy=described(rules.province),
        documents_apart=len(rules.documents), runs=messages.job_runs(session),
        configured=bool(current_app.config["SMTP_HOST"]), by_zalo=_by_zalo(plan, plan.by_recipient), **_groups(plan), **SAID,
    )  # fmt: skip


@blueprint.get("/nhac-viec/lan-toi/<int:user_id>")
def planned(user_id: int) -> str:
    """Everything the run of a day tells one person."""
    if not permissions.may_see_urging_of(current_user, user_id):
        abort(403)
    session = db.session()
    person = messages.addressees(session, [user_id]).get(user_id) if fits(user_id) else None
    if person is None:
        abort(404)
    day = _day(policies(session, clock.today()).province.hours)
    plan = reminder.plan(session, day)
    dues = plan.by_recipient.get(user_id, [])
    return render_template(
        "reminder/planned.html", person=person, day=day, lines=explained(session, day, dues),
        by_zalo=_by_zalo(plan, [user_id]), **SAID,
    )  # fmt: skip


SAID = {"level": urging.level, "step": urging.step, "skip_reason": urging.skip_reason, "channel": urging.channel}


@blueprint.app_template_global("printed_at")
def printed_at() -> str:
    """When a page is printed: it is drawn for it."""
    return f"{clock.local(clock.now()):%H:%M %d/%m/%Y}"


@blueprint.app_template_global("reminder_tabs")
def tabs() -> dict[str, int | bool]:
    """What the tabs over the pages of reminders count, and whether the letters are among them: macros know no reader."""
    return {"troubled": trouble_count(db.session()), "letters": permissions.may_read_letters(current_user)}


def readers_only() -> None:
    """Abort with 403 for whoever may not read the message log."""
    if not permissions.may_see_reminders(current_user):
        abort(403)


def _day(hours: Hours) -> date:
    """Return the day asked for; without one, or with one that is none, that of the next run."""
    text = typed("on")
    next_run = office_hours.next_planning_day(clock.local(clock.now()), work_calendar(db.session()), hours)
    day = day_of(text)
    if text and day is None:
        flash(_("“%(text)s” không phải là ngày; đang hiển thị lần nhắc tới.", text=text[:40]), "error")
    return day or next_run


def _by_zalo(plan: Plan, people: Collection[int]) -> Collection[int]:
    """Return who of the people the run would tell by Zalo, by the rule the run goes by; the others get a mail."""
    configured = channels.is_configured(ZALO, current_app.config)
    return chosen(db.session(), plan.wants_zalo & set(people), people, configured)


def _of_agency(plan: Plan, agency_id: int | None) -> Plan:
    """Return the part of the plan that is about the work of one agency; None is all of it."""
    if agency_id is None:
        return plan
    by_recipient = {
        person: own for person, dues in plan.by_recipient.items() if (own := _own(dues, agency_id))
    }  # fmt: skip
    return Plan(
        plan.day, by_recipient, {number: dues for number, dues in plan.unreachable.items() if number == agency_id},
        _own(plan.skipped, agency_id), {number: dues for number, dues in plan.letters.items() if number == agency_id},
        plan.wants_zalo, plan.examined,
    )  # fmt: skip


def _own(lines: Sequence[Any], agency_id: int) -> list[Any]:
    return [line for line in lines if line.agency_id == agency_id]


def _figures(plan: Plan) -> dict[str, Any]:
    return {
        "people": len(plan.by_recipient), "told": sum(map(len, plan.by_recipient.values())),
        "levels": Counter(due.level.value for dues in plan.by_recipient.values() for due in dues),
        "skipped": len(plan.skipped), "unreachable": sum(map(len, plan.unreachable.values())),
        "letters": len(plan.letters), "examined": plan.examined,
    }  # fmt: skip


def _groups(plan: Plan) -> dict[str, list[Group]]:
    """What of the plan one page shows: the first people, agencies and reasons, and of each the first lines."""
    by_reason: dict[str, list[Skip]] = {}
    for skip in plan.skipped:
        by_reason.setdefault(skip.reason.value, []).append(skip)
    parts: dict[str, Mapping[Any, Sequence[Due | Skip]]] = {
        "people": plan.by_recipient, "reasons": by_reason, "nobody": plan.unreachable, "letters": plan.letters,
    }  # fmt: skip
    first = {name: list(groups.items())[:PEOPLE_SHOWN] for name, groups in parts.items()}
    shown = [line for groups in first.values() for _of, lines in groups for line in lines[:ITEMS_SHOWN]]
    why = {id(one.line): one for one in explained(db.session(), plan.day, shown)}
    told = messages.addressees(db.session(), plan.by_recipient.keys() & {of for of, _lines in first["people"]})
    names = _names({of for name in ("nobody", "letters") for of, _lines in first[name]})
    called: dict[str, Mapping[Any, Any]] = {"people": told, "nobody": names, "letters": names, "reasons": {}}
    return {
        name: [
            Group(called[name].get(of, of), [why[id(line)] for line in lines[:ITEMS_SHOWN]], len(lines))
            for of, lines in groups
        ]
        for name, groups in first.items()
    }


def _names(agency_ids: set[int]) -> dict[int, str]:
    rows = db.session.query(Agency.id, Agency.name).where(Agency.id.in_(agency_ids))
    return {row[0]: row[1] for row in rows}
