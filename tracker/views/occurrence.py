"""A recurring duty on the page of its task, and the closing of a time in which nothing came up."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import occurrence as occurrences
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.occurrence import SkipForm
from tracker.models import Occurrence
from tracker.queries import occurrence as records
from tracker.rules.timeliness import WorkState, classify
from tracker.views.loaders import fits
from tracker.views.opened_task import Opened

blueprint = Blueprint("occurrence", __name__)


@blueprint.route("/ky-viec/<int:occurrence_id>/khong-phat-sinh", methods=["GET", "POST"])
def skip(occurrence_id: int) -> Response | tuple[str, int]:
    occurrence = _load(occurrence_id)
    form = SkipForm()
    if not form.validate_on_submit():
        return _page(occurrence, form), 422 if form.is_submitted() else 200
    task_id = occurrence.task_id
    try:
        occurrences.skip(db.session(), current_user, occurrence, form.reason.data or "")
    except TrackerError as error:
        db.session.rollback()
        return _page(_load(occurrence_id), form, error), 409
    db.session.commit()
    flash(_("Đã ghi kỳ này không phát sinh."))
    return redirect(url_for("task.show", task_id=task_id, _anchor="ky-viec"))


def on_task_page(opened: Opened) -> dict[str, Any]:
    """The occurrences of each lead with their class on the day; one whose result waits is in time by that result."""
    found, total = records.of_task(db.session(), opened.task_id, opened.day)
    shares = {share.assignment_id: share for share in opened.shares}
    oldest = {record.assignment_id: record.id for record in found if record.state == "open"}
    rows = [
        {"record": record, "share": shares.get(record.assignment_id),
         "carried": oldest.get(record.assignment_id) == record.id, "timeliness": _class(record, opened)}
        for record in found
    ]  # fmt: skip
    return {
        "occurrences": rows, "occurrences_total": total,
        "may_skip": opened.is_today and permissions.may_suspend(current_user),
    }  # fmt: skip


def _class(record: records.Record, opened: Opened) -> str | None:
    """The class of an open or done occurrence; the others are in no count."""
    if record.state not in {"open", "done"}:
        return None
    state = WorkState.DONE if record.state == "done" else WorkState.NOT_STARTED
    return classify(state, record.effective_on, record.result_on, opened.day).value


def _load(occurrence_id: int) -> Occurrence:
    occurrence = db.session.get(Occurrence, occurrence_id) if fits(occurrence_id) else None
    if occurrence is None:
        abort(404)
    if not permissions.may_suspend(current_user):
        abort(403)
    return occurrence


def _page(occurrence: Occurrence, form: SkipForm, error: TrackerError | None = None) -> str:
    return render_template(
        "occurrence/skip.html", occurrence=occurrence, assignment=occurrence.assignment, form=form, error=error,
        today=clock.today(),
    )  # fmt: skip
