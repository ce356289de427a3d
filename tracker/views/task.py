"""The list of tasks, and the page of one."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.exports.task import csv_of_tasks
from tracker.extensions import db
from tracker.forms.task import TaskFilterForm
from tracker.queries import discrepancy, task_facts
from tracker.queries.choices import TaskChoices, task_choices
from tracker.queries.clarity import six_of
from tracker.queries.clarity_past import given_on, three_on
from tracker.queries.history import history, last_report_on
from tracker.queries.star import followed_by
from tracker.queries.task import COUNTED_UP_TO, TaskFilters, TaskPage, count_tasks, task_page
from tracker.rules.deadline_rules import RULES
from tracker.rules.timeliness import UNDER_WAY, WorkState
from tracker.views import (
    acknowledgement,
    completion,
    direction,
    extension,
    obstacle,
    occurrence,
    person,
    reminder_hold,
    reminder_timeline,
    reporting,
    sighting,
    star,
)
from tracker.views.as_of import past, requested_day
from tracker.views.document import clause_url
from tracker.views.loaders import fits, reads_reports_of
from tracker.views.opened_task import Opened
from tracker.views.quotation import quote
from tracker.views.typed import typed_number

blueprint = Blueprint("task", __name__)


@blueprint.get("/nhiem-vu")
def index() -> str:
    day, session = requested_day(), db.session()
    choices = _choices()
    form = TaskFilterForm(request.args, choices, _leader_id())
    for sentence in form.sentences:
        flash(sentence, "error")
    page = _page(form.filters, day)
    return render_template(
        "task/index.html", form=form, choices=choices, rows=page.rows, total=count_tasks(session, form.filters, day),
        mine=_mine(page, day), day=day, on=past(day), earlier=page.before and _address(form, day, before=page.before),
        later=page.after and _address(form, day, after=page.after), whole=COUNTED_UP_TO,
    )  # fmt: skip


def _leader_id() -> int | None:
    return current_user.id if permissions.may_direct(current_user) else None


def _mine(page: TaskPage, day: date) -> set[int] | None:
    """The tasks of the page that the leader follows; None for whoever cannot follow any, and on a past day."""
    leader_id = _leader_id()
    if leader_id is None or past(day):
        return None
    return followed_by(db.session(), leader_id, [row.task_id for row in page.rows])


def _choices() -> TaskChoices:
    asked = {name: typed_number(name) for name in ("agency", "person")}
    known = {f"{name}_id": number for name, number in asked.items() if number is not None}
    return task_choices(db.session(), document=request.args.get("document"), **known)


def _page(filters: TaskFilters, day: date) -> TaskPage:
    after, before = request.args.get("after", ""), request.args.get("before", "")
    try:
        return task_page(db.session(), filters, day, after, before)
    except ValueError:
        flash(_("Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."), "error")
        return task_page(db.session(), filters, day)


def _address(form: TaskFilterForm, day: date, **place: str) -> str:
    values: dict[str, Any] = {**form.address(), **place, "on": past(day)}
    return url_for("task.index", **values)


@blueprint.get("/nhiem-vu.csv")
def export() -> Response:
    day = requested_day()
    form = TaskFilterForm(request.args, _choices(), _leader_id())
    name = f"nhiem-vu-{day.isoformat()}.csv"
    return Response(
        csv_of_tasks(db.session(), form.filters, day),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@blueprint.get("/nhiem-vu/<int:task_id>")
def show(task_id: int) -> str:
    day, session = requested_day(), db.session()
    task, calendar = task_facts.heading(session, task_id, day) if fits(task_id) else None, task_facts.calendar(session)
    if task is None:
        abort(404)
    shares = task_facts.shares(session, task_id, day, calendar.work)
    limits, given = task_facts.deadlines(session, task_id, day), given_on(session, task, day)
    may_read = reads_reports_of({share.agency_id for share in shares})
    opened = Opened(task_id, day, calendar.work, shares, may_read)
    return render_template(
        "task/show.html", task=task, standing=task_facts.standing_of(session, task_id, day, calendar.work), day=day,
        on=past(day), shares=shares, limits=limits, calendar=calendar, laws=RULES,
        history=history(session, task_id, day, with_reports=may_read), reported_on=last_report_on(session, task_id, day),
        items=task_facts.items(session, task_id), systems=task_facts.systems(session, task_id),
        themes=task_facts.themes(session, task_id), disagreements=discrepancy.of_clause(session, task.clause_id),
        quoted=quote(task.text, task.excerpt, [limit.wording for limit in limits if limit.wording]),
        reading=clause_url(task.document_code, task.clause_code),
        progress=_progress(shares, may_read), six=six_of(task), given=given,
        clarity=three_on(task, given, shares, limits, day), may_read=may_read,
        reportable=_reportable(shares, day), waiting=_waiting(task_id, day), **_parts(opened),
    )  # fmt: skip


# What other nouns say on the page of a task: each gives its own facts for its own template.
PARTS: tuple[Callable[[Opened], dict[str, Any]], ...] = (
    star.on_task_page,
    completion.on_task_page,
    direction.on_task_page,
    extension.on_task_page,
    obstacle.on_task_page,
    reporting.on_task_page,
    occurrence.on_task_page,
    sighting.on_task_page,
    person.on_task_page,
    acknowledgement.on_task_page,
    reminder_hold.on_task_page,
    reminder_timeline.on_task_page,
)


def _parts(opened: Opened) -> dict[str, Any]:
    return {name: value for part in PARTS for name, value in part(opened).items()}


def _progress(shares: Sequence[task_facts.Share], may_read: bool) -> int:
    """The percent of the only lead, for those who may read what it reports."""
    leads = [share for share in shares if share.role == "lead"]
    under_way = may_read and len(leads) == 1 and leads[0].standing.state != WorkState.DONE
    return leads[0].progress if under_way else 0


def _reportable(shares: Sequence[task_facts.Share], day: date) -> list[task_facts.Share]:
    """The parts the person may report on, today only: the same predicate the reporting pages ask."""
    if past(day):
        return []
    return [
        share
        for share in shares
        if share.standing.state in UNDER_WAY and permissions.may_report(current_user, share.agency_id)
    ]


def _waiting(task_id: int, day: date) -> dict[int, int]:
    """The results the person may decide on, by assignment, today only."""
    if past(day) or not permissions.may_decide(current_user):
        return {}
    return task_facts.waiting_reports(db.session(), task_id)
