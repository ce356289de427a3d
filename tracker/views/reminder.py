"""Nhắc việc: what goes out next and to whom, what went out, what did not and why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import message as fate
from tracker.errors import Refused
from tracker.extensions import db
from tracker.messages import reasons
from tracker.messages.draft import Draft, Drafts
from tracker.messages.outbox import REMINDER_DIGEST
from tracker.models import Message
from tracker.queries import message as messages
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.message import Addressee
from tracker.queries.reminder import Item
from tracker.rules import office_hours
from tracker.rules.ladder import DEFAULT_POLICY
from tracker.views.loaders import fits
from tracker.views.typed import typed_number
from tracker.words import MESSAGE_STATE

blueprint = Blueprint("reminder", __name__)

PAGE = 50
PEOPLE_SHOWN = 20
ITEMS_SHOWN = 10


@dataclass(frozen=True)
class Upcoming:
    """The next day's reminders, as far as one page shows them; the figures are of all of them."""

    day: date
    people: int
    assignments: int
    unreachable: int
    letters: list[tuple[Addressee, list[Item], int]]  # a person, the first items, how many there are
    nobody: list[tuple[str, list[Item], int]]  # an agency, the first items, how many there are


@blueprint.get("/nhac-viec")
def index() -> str:
    _require(permissions.may_see_reminders(current_user))
    state = request.args.get("state", "")
    state = state if state in MESSAGE_STATE else ""
    rows = messages.log(db.session(), state or None, typed_number("before"), PAGE + 1)
    return render_template(
        "reminder/index.html", upcoming=_upcoming(), rows=rows[:PAGE], state=state, policy=DEFAULT_POLICY, hours=office_hours,
        next_before=rows[PAGE - 1].id if len(rows) > PAGE else None, why=reasons.sentence, runs=messages.job_runs(db.session()),
        configured=bool(current_app.config["SMTP_HOST"]), waiting=messages.waiting_count(db.session()),
    )  # fmt: skip


@blueprint.get("/nhac-viec/tin/<int:message_id>")
def show(message_id: int) -> str:
    _require(permissions.may_see_reminders(current_user))
    message = _load(message_id)
    readable = _readable(message)
    draft = _preview(message) if readable else None
    return render_template(
        "reminder/message.html", message=message, draft=draft, readable=readable, why=reasons.sentence
    )


@blueprint.post("/nhac-viec/tin/<int:message_id>/gui-lai")
def resend(message_id: int) -> Response:
    _require(permissions.may_resend(current_user))
    _load(message_id)
    try:
        fate.resend(db.session(), current_user, message_id)
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(_("Đã đưa tin vào hàng chờ gửi lại."), "success")
    return redirect(url_for("reminder.show", message_id=message_id))


def _require(allowed: bool) -> None:
    if not allowed:
        abort(403)


def _load(message_id: int) -> Message:
    found = db.session.get(Message, message_id) if fits(message_id) else None
    if found is None:
        abort(404)
    return found


def _readable(message: Message) -> bool:
    """A message about a result repeats the agency's report and the Office's reason: it is for those who may read these."""
    return message.kind == REMINDER_DIGEST or permissions.may_read_reports(current_user, ())


def _preview(message: Message) -> Draft | None:
    """Return what a waiting message would say if it left now; what has gone out is shown as it went."""
    if message.state not in {"queued", "claimed", "failed"} or message.body:
        return None
    return Drafts(db.session(), [message]).of(message)


def _upcoming() -> Upcoming:
    calendar = work_calendar(db.session())
    day = office_hours.next_planning_day(clock.local(clock.now()), calendar)
    plan = reminder.plan(db.session(), day)
    told, untold = list(plan.by_recipient.items())[:PEOPLE_SHOWN], list(plan.unreachable.values())[:PEOPLE_SHOWN]
    shown = [dues[:ITEMS_SHOWN] for dues in (*(dues for _person, dues in told), *untold)]
    items = reminder.items(db.session(), {due.assignment_id for dues in shown for due in dues}, day)
    people = messages.addressees(db.session(), [person for person, _dues in told])

    def first(dues: list[Any]) -> list[Item]:
        return [items[due.assignment_id] for due in dues[:ITEMS_SHOWN]]

    return Upcoming(
        day, len(plan.by_recipient), len({due.assignment_id for due in plan.due()}), sum(map(len, plan.unreachable.values())),
        [(people[person], first(dues), len(dues)) for person, dues in told],
        [(first(dues)[0].agency_name, first(dues), len(dues)) for dues in untold],
    )  # fmt: skip
