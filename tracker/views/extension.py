"""An agency asks for more time; the Office or a leader decides, one request or several of one task."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import extension as extensions
from tracker.actions.standing import current_assignment
from tracker.errors import Refused, TrackerError
from tracker.extensions import db
from tracker.forms.extension import AskForm, DecisionForm, GrantForm, GrantTogetherForm, RefuseForm
from tracker.models import Assignment, AssignmentPeriod, Extension
from tracker.queries import extension as asked
from tracker.queries.extension import ExtensionFilters
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment, load_extension, reads_reports
from tracker.views.opened_task import Opened
from tracker.views.typed import typed_number

blueprint = Blueprint("extension", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.route("/phan-viec/<int:assignment_id>/gia-han", methods=["GET", "POST"])
def ask(assignment_id: int) -> Answer:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    form = AskForm(seen=current_assignment(db.session(), assignment.id).id)
    if not form.validate_on_submit():
        return shown("extension/ask.html", assignment, form, **_before_asking(assignment))
    try:
        extensions.ask(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        db.session.rollback()
        return shown_again("extension/ask.html", assignment_id, form, error, **_before_asking(assignment))
    db.session.commit()
    flash(_("Đã gửi yêu cầu gia hạn; thời hạn hiện tại vẫn tính cho đến khi có quyết định."))
    return redirect(url_for("task.show", task_id=assignment.task_id))


@blueprint.get("/gia-han")
def queue() -> Answer:
    return _queue(GrantTogetherForm())


@blueprint.post("/gia-han/dong-y")
def grant_together() -> Answer:
    if not permissions.may_extend(current_user):
        abort(403)
    form = GrantTogetherForm()
    if not form.validate_on_submit():
        return _queue(form), 422
    try:
        chosen = [load_extension(number) for number in sorted(set(form.chosen.data or []))]
        n = extensions.grant_together(db.session(), current_user, chosen, *form.said())
    except TrackerError as error:
        db.session.rollback()
        return _queue(form, error), 409
    db.session.commit()
    flash(ngettext("Đã gia hạn cho %(num)d cơ quan.", "Đã gia hạn cho %(num)d cơ quan.", n))
    return redirect(url_for("extension.queue"))


@blueprint.get("/gia-han/<int:extension_id>")
def show(extension_id: int) -> str:
    extension = load_extension(extension_id)
    return _page(extension, DecisionForm(granted_on=extension.proposed_on))


@blueprint.post("/gia-han/<int:extension_id>/dong-y")
def grant(extension_id: int) -> Answer:
    extension, form = load_extension(extension_id, may=permissions.may_extend), GrantForm()
    if not form.validate_on_submit():
        return _page(extension, form), 422
    try:
        extensions.grant(db.session(), current_user, extension, *form.said())
    except TrackerError as error:
        return _page_again(extension_id, form, error)
    db.session.commit()
    flash(_("Đã gia hạn; thời hạn gốc vẫn được giữ."))
    return redirect(url_for("task.show", task_id=extension.task_id))


@blueprint.post("/gia-han/<int:extension_id>/tu-choi")
def refuse(extension_id: int) -> Answer:
    extension, form = load_extension(extension_id, may=permissions.may_extend), RefuseForm()
    if not form.validate_on_submit():
        return _page(extension, form), 422
    try:
        extensions.refuse(db.session(), current_user, extension, *form.said())
    except TrackerError as error:
        return _page_again(extension_id, form, error)
    db.session.commit()
    flash(_("Đã ghi không đồng ý gia hạn; thời hạn giữ nguyên."))
    return redirect(url_for("task.show", task_id=extension.task_id))


@blueprint.post("/gia-han/<int:extension_id>/rut")
def withdraw(extension_id: int) -> Answer:
    extension = load_extension(extension_id)
    if not permissions.may_report(current_user, extension.assignment.agency_id):
        abort(403)
    try:
        extensions.withdraw(db.session(), current_user, extension)
    except TrackerError as error:
        return _page_again(extension_id, DecisionForm(), error)
    db.session.commit()
    flash(_("Đã rút yêu cầu gia hạn."))
    return redirect(url_for("task.show", task_id=extension.task_id))


def on_task_page(opened: Opened) -> dict[str, Any]:
    """The requests made on the task, as of the day, and the assignments on which one waits."""
    rows = asked.of_task(db.session(), opened.task_id, opened.day)
    return {"requests": rows, "asking": {row.assignment_id for row in rows if row.waits}}


def _before_asking(assignment: Assignment) -> dict[str, Any]:
    """What one should know before asking: why it cannot be asked for, what waits already, whether it would be late."""
    session = db.session()
    period = current_assignment(session, assignment.id)
    return {
        "why_not": _why_not(period),
        "waiting": asked.waiting_on(session, [period.assignment_id], clock.today()).get(period.assignment_id),
        "notice": asked.notice(session, period.effective_on) if period.effective_on else None,
    }


def _why_not(period: AssignmentPeriod) -> str | None:
    try:
        extensions.running(period)
    except Refused as refusal:
        return refusal.sentence
    return None


def _queue(form: GrantTogetherForm, error: TrackerError | None = None) -> str:
    filters = _filters()
    rows = asked.requests(db.session(), filters, typed_number("after"))
    more = rows[asked.PAGE - 1].id if len(rows) > asked.PAGE else None
    return render_template(
        "extension/queue.html", rows=rows[: asked.PAGE], more=more, filters=filters, form=form, error=error,
        total=asked.waiting_count(db.session(), filters.agency_id, filters.task_id),
        agencies=[] if _own_only() else asked.asking_agencies(db.session()),
    )  # fmt: skip


def _filters() -> ExtensionFilters:
    """Overseers see every agency's requests, an agency its own; nobody else sees any."""
    if not permissions.may_read_reports(current_user, {current_user.agency_id}):
        abort(403)
    agency_id = current_user.agency_id if _own_only() else typed_number("agency")
    return ExtensionFilters(request.args.get("state") == "decided", agency_id, typed_number("task"))


def _own_only() -> bool:
    return current_user.role in permissions.AGENCY_ROLES


def _page(extension: Extension, form: DecisionForm, error: TrackerError | None = None) -> str:
    session = db.session()
    period = current_assignment(session, extension.assignment_id)
    return render_template(
        "extension/show.html", extension=extension, period=period, form=form, error=error,
        others=asked.others(session, extension),
        together=asked.waiting_count(session, task_id=extension.task_id),
        decides=permissions.may_extend(current_user) and extension.state == "waiting",
        withdraws=permissions.may_report(current_user, extension.assignment.agency_id) and extension.state == "waiting",
        may_read=reads_reports(extension.task_id),
    )  # fmt: skip


def _page_again(extension_id: int, form: DecisionForm, error: TrackerError) -> tuple[str, int]:
    db.session.rollback()
    return _page(load_extension(extension_id), form, error), 409
