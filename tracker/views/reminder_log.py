"""The log of messages: filtered, page by page, and as a table for a spreadsheet."""

from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker import clock
from tracker.exports.reminder_log import csv_of_log
from tracker.extensions import db
from tracker.messages import reasons
from tracker.models import Task, User
from tracker.queries import message_log as messages
from tracker.queries.message_log import PAGE, LogFilters
from tracker.queries.person_then import PeopleThen
from tracker.views.reminder import blueprint, readers_only
from tracker.views.typed import day_of, typed, typed_number, typed_one_of
from tracker.words import MESSAGE_KIND, MESSAGE_STATE
from tracker.words.urging import CHANNEL


@blueprint.get("/nhac-viec/nhat-ky")
def log() -> str:
    readers_only()
    session, filters = db.session(), _filters()
    found = messages.page(session, filters, typed_number("before"))
    rows, more = found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None
    people = PeopleThen(session, {row.recipient_id for row in rows})
    then = {row.id: people.at(row.recipient_id, row.sent_at or row.created_at) for row in rows}
    agencies, documents = messages.choices(session)
    return render_template(
        "reminder/log.html", rows=rows, told=messages.told(session, [row.id for row in rows]), then=then, filters=filters,
        agencies=agencies, documents=documents, person=_person(filters), task=_task(filters), kept=_kept(filters),
        later=more and url_for("reminder.log", **_kept(filters), before=more), first_page="before" not in request.args,
        why=reasons.sentence, tasks_shown=messages.TASKS_SHOWN,
    )  # fmt: skip


@blueprint.get("/nhac-viec/nhat-ky.csv")
def log_file() -> Response:
    readers_only()
    return csv_answer(
        csv_of_log(db.session(), _filters(), reasons.sentence), f"nhat-ky-nhac-viec-{clock.today().isoformat()}.csv"
    )


def csv_answer(text: str, name: str) -> Response:
    """Return the table as a file to keep."""
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(text, mimetype="text/csv", headers=headers)


def _filters() -> LogFilters:
    """What the log is narrowed to; what cannot be is said and left out."""
    first, last = _day("from"), _day("until")
    if first and last and last < first:
        flash(_("Ngày đầu đang sau ngày cuối; đã đổi chỗ hai ngày."), "info")
        first, last = last, first
    return LogFilters(
        agency_id=typed_number("agency"), person_id=typed_number("person"), task_id=_task_id(),
        document_id=typed_number("document"), kind=typed_one_of("kind", MESSAGE_KIND), channel=typed_one_of("channel", CHANNEL),
        state=typed_one_of("state", MESSAGE_STATE), from_on=first, until_on=last,
    )  # fmt: skip


def _day(name: str) -> date | None:
    text = typed(name)
    day = day_of(text)
    if text and day is None:
        flash(_("“%(text)s” không phải là ngày; ngày này không được dùng để lọc.", text=text[:40]), "error")
    return day


def _task_id() -> int | None:
    """The task by its code, as people write it, or by its number, as our own addresses do."""
    text = typed("task")
    if not text or (text.isascii() and text.isdigit()):
        return typed_number("task")
    found = db.session.scalar(select(Task.id).where(Task.code == text))
    if found is None:
        flash(_("Không có nhiệm vụ mang mã “%(text)s”; mã có dạng TB1802:6.b.", text=text[:40]), "error")
    return found


def _task(filters: LogFilters) -> Task | None:
    return db.session.get(Task, filters.task_id) if filters.task_id else None


def _person(filters: LogFilters) -> User | None:
    return db.session.get(User, filters.person_id) if filters.person_id else None


def _kept(filters: LogFilters) -> dict[str, Any]:
    """The filters as they stand in an address; what narrows nothing is left out."""
    said = {
        "agency": filters.agency_id, "person": filters.person_id, "task": filters.task_id, "document": filters.document_id,
        "kind": filters.kind, "channel": filters.channel, "state": filters.state, "from": filters.from_on,
        "until": filters.until_on,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}
