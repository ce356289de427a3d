"""An agency reports on its assignment."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions.report import report_progress
from tracker.actions.standing import current_assignment
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.report import ReportForm
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment

blueprint = Blueprint("report", __name__)


@blueprint.route("/phan-viec/<int:assignment_id>/tien-do", methods=["GET", "POST"])
def new(assignment_id: int) -> Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    period = current_assignment(db.session(), assignment.id)
    form = ReportForm(seen=period.id, progress=period.progress)
    if not form.validate_on_submit():
        return shown("report/new.html", assignment, form)
    try:
        report_progress(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        return shown_again("report/new.html", assignment_id, form, error)
    db.session.commit()
    flash(_("Đã ghi báo cáo tiến độ %(n)s%%.", n=form.progress.data))
    return redirect(url_for("task.show", task_id=assignment.task_id))
