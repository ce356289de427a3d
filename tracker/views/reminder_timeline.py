"""What was done to urge one task or one person: to read, to print as proof, and as a table; and its part of a task's page."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.exports.reminder_log import csv_of_timeline
from tracker.extensions import db
from tracker.messages import reasons
from tracker.models import Agency, Assignment, Task, User
from tracker.queries import reminder_next as ahead
from tracker.queries import reminder_timeline as timeline
from tracker.queries import task_facts
from tracker.queries.reminder_line import lines
from tracker.queries.reminder_timeline import MOST, PAGE, Place, Scope
from tracker.views.loaders import fits, load_task
from tracker.views.opened_task import Opened
from tracker.views.reminder import blueprint
from tracker.views.reminder_log import csv_answer
from tracker.words import urging


@blueprint.get("/nhiem-vu/<int:task_id>/nhac-viec")
def of_task(task_id: int) -> str:
    task = load_task(task_id)
    scope = _scope_of(task)
    page = _page(scope, "reminder.of_task", {"task_id": task.id})
    return render_template(
        "reminder/of_task.html", task=task_facts.heading(db.session(), task.id), scope=scope,
        agency=_only_agency(scope), **page,
    )  # fmt: skip


@blueprint.get("/nhiem-vu/<int:task_id>/nhac-viec.csv")
def of_task_file(task_id: int) -> Response:
    task = load_task(task_id)
    return _file(_scope_of(task), f"nhac-viec-nhiem-vu-{task.id}-{clock.today().isoformat()}.csv")


@blueprint.get("/nhac-viec/nguoi/<int:user_id>")
def of_person(user_id: int) -> str:
    person = _load_person(user_id)
    page = _page(Scope(person_id=person.id), "reminder.of_person", {"user_id": person.id})
    return render_template("reminder/of_person.html", person=person, **page)


@blueprint.get("/nhac-viec/nguoi/<int:user_id>.csv")
def of_person_file(user_id: int) -> Response:
    person = _load_person(user_id)
    return _file(Scope(person_id=person.id), f"nhac-viec-nguoi-{person.id}-{clock.today().isoformat()}.csv")


def _load_person(user_id: int) -> User:
    person = db.session.get(User, user_id) if fits(user_id) else None
    if person is None or not permissions.may_see_urging_of(current_user, user_id):
        abort(404 if permissions.may_see_reminders(current_user) else 403)
    return person


def _scope_of(task: Task) -> Scope:
    """Whose part of the task the person may read: an agency only its own."""
    if permissions.may_see_reminders(current_user):
        return Scope(task_id=task.id)
    own = _own_part(task.id)
    if own is None:
        abort(403)
    return Scope(task_id=task.id, agency_ids=(own,))


def _own_part(task_id: int) -> int | None:
    agencies = set(db.session.scalars(select(Assignment.agency_id).where(Assignment.task_id == task_id)))
    return permissions.agency_of(current_user) if permissions.may_see_urging(current_user, agencies) else None


def _only_agency(scope: Scope) -> Agency | None:
    return db.session.get(Agency, next(iter(scope.agency_ids))) if scope.agency_ids else None


def _page(scope: Scope, endpoint: str, address: Mapping[str, Any]) -> dict[str, Any]:
    """One page of lines; with `in` (to be printed) all of them."""
    whole = request.args.get("in") == "1"
    limit = MOST if whole else PAGE
    found = timeline.places(db.session(), scope, None if whole else _place(), limit)
    shown = found[:limit]
    more = found[limit - 1] if len(found) > limit else None
    told = lines(db.session(), shown)
    return {
        "lines": told, "groups": _gathered(told, scope.person_id is not None),
        "sentence": urging.sentence, "channel": urging.channel, "via": urging.VIA,
        "why": reasons.sentence, "whole": whole, "cut": whole and more is not None, "most": MOST, "now": clock.now(),
        "first_url": url_for(endpoint, **address), "file_url": url_for(f"{endpoint}_file", **address),
        "printed_url": f"{url_for(endpoint, **address)}?in=1", "first_page": "before" not in request.args,
        "later": None if whole or more is None else url_for(endpoint, before=str(more), **address),
        "reads_log": permissions.may_see_reminders(current_user),
    }  # fmt: skip


def _gathered(told: Sequence[Any], by_message: bool) -> list[list[Any]]:
    """The lines with neighbours put together: what one mail said to a person; what many were told of a task the same day."""

    def key(place: int) -> tuple[Any, ...]:
        line = told[place]
        if line.kind != "told":
            return (place,)
        said = (line.message_id,) if by_message else (urging.sentence(line), line.effective_on)
        return (line.day, *said)

    return [[told[place] for place in places] for _key, places in groupby(range(len(told)), key)]


def _place() -> Place | None:
    text = request.args.get("before", "")
    try:
        return Place.read(text) if text else None
    except ValueError:
        flash(_("Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."), "error")
        return None


def _file(scope: Scope, name: str) -> Response:
    text = csv_of_timeline(db.session(), scope, permissions.may_see_reminders(current_user), reasons.sentence)
    return csv_answer(text, name)


def on_task_page(opened: Opened) -> dict[str, Any]:
    """When the task was last urged and when it will be next, for those who may read its log; today only."""
    agencies = {share.agency_id for share in opened.shares}
    if not opened.is_today or not permissions.may_see_urging(current_user, agencies):
        return {"urging": None}
    own = None if permissions.may_see_reminders(current_user) else permissions.agency_of(current_user)
    scope = Scope(task_id=opened.task_id, agency_ids=None if own is None else (own,))
    leads = [
        share.assignment_id for share in opened.shares if share.role == "lead" and own in {None, share.agency_id}
    ]  # fmt: skip
    return {
        "urging": {
            "last": timeline.last_told(db.session(), scope),
            "next": ahead.next_reminder(db.session(), leads, opened.day),
        }
    }
