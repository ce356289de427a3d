"""The Office holds the reminders of an assignment for a time; everybody sees on the task that it does."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.reminder_hold import LONGEST, hold, release
from tracker.actions.standing import current_assignment
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.reminder_hold import ReminderHoldForm
from tracker.models import Assignment, ReminderHold
from tracker.queries import answer
from tracker.queries import reminder_hold as queries
from tracker.rules.timeliness import CLOSED
from tracker.views.loaders import fits, load_assignment
from tracker.views.opened_task import Opened
from tracker.views.reminder import readers_only
from tracker.views.typed import typed
from tracker.words.days import dmy

blueprint = Blueprint("reminder_hold", __name__)
Answer = Response | tuple[str, int]


@blueprint.get("/nhac-viec/tam-ngung")
def index() -> str:
    readers_only()
    rows = _rows()
    later = url_for("reminder_hold.index", after=rows[queries.PAGE - 1].cursor) if len(rows) > queries.PAGE else None
    return render_template("reminder_hold/index.html", rows=rows[: queries.PAGE], later=later)


def _rows() -> list[queries.Listed]:
    try:
        return queries.standing(db.session(), clock.today(), typed("after"))
    except ValueError:
        flash(_("Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."), "error")
        return queries.standing(db.session(), clock.today())


@blueprint.route("/phan-viec/<int:assignment_id>/tam-ngung-nhac", methods=["GET", "POST"])
def new(assignment_id: int) -> Answer:
    owed, form = _load(assignment_id), ReminderHoldForm()
    if not form.validate_on_submit():
        return _page(owed, form, None, 422 if request.method == "POST" else 200)
    try:
        made = hold(db.session(), current_user, owed, *form.said())
    except TrackerError as error:
        db.session.rollback()
        return _page(_load(assignment_id), form, error, 409)
    told, task_id = dmy(made.until_on), owed.task_id
    db.session.commit()
    flash(_("Đã tạm ngừng nhắc phần việc này đến hết ngày %(day)s.", day=told), "success")
    return redirect(url_for("task.show", task_id=task_id))


@blueprint.post("/tam-ngung-nhac/<int:hold_id>/ket-thuc")
def end(hold_id: int) -> Answer:
    standing = db.session.get(ReminderHold, hold_id) if fits(hold_id) else None
    if standing is None:
        abort(404)
    assignment_id = standing.assignment_id
    task_id = _load(assignment_id).task_id
    try:
        release(db.session(), current_user, standing)
    except TrackerError as error:
        db.session.rollback()
        return _page(_load(assignment_id), ReminderHoldForm(formdata=None), error, 409)
    db.session.commit()
    flash(_("Đã kết thúc tạm ngừng; từ hôm nay lại nhắc phần việc này."), "success")
    return redirect(url_for("task.show", task_id=task_id))


def _load(assignment_id: int) -> Assignment:
    return load_assignment(assignment_id, may=lambda user, _agency_id: permissions.may_hold(user))


def _page(owed: Assignment, form: ReminderHoldForm, error: TrackerError | None, code: int) -> tuple[str, int]:
    today, session = clock.today(), db.session()
    page = render_template(
        "reminder_hold/new.html", assignment=owed, period=current_assignment(session, owed.id), form=form, error=error,
        standing=answer.holds(session, [owed.id], today).get(owed.id), latest=today + LONGEST,
        earlier=queries.earlier(session, owed.id, today),
    )  # fmt: skip
    return page, code


def on_task_page(opened: Opened) -> dict[str, Any]:
    """The hold in force on the day by assignment, and the parts whose reminders the person may hold today."""
    leads = [share for share in opened.shares if share.role == "lead"]
    may = opened.is_today and permissions.may_hold(current_user)
    return {
        "reminder_holds": answer.holds(db.session(), [share.assignment_id for share in leads], opened.day),
        "holdable": {share.assignment_id for share in leads if may and share.standing.state not in CLOSED},
    }
