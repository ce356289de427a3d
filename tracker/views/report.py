"""An agency reports on its assignment."""

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.report import report_progress
from tracker.actions.standing import current_assignment
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.report import ReportForm
from tracker.queries.report_periods import Choices, choices
from tracker.rules.report_periods import Asked
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment
from tracker.words import periods
from tracker.words.days import dmy

blueprint = Blueprint("report", __name__)


@blueprint.route("/phan-viec/<int:assignment_id>/tien-do", methods=["GET", "POST"])
def new(assignment_id: int) -> Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    period = current_assignment(db.session(), assignment.id)
    form = ReportForm(seen=period.id, progress=period.progress)
    offered = _offer(form, assignment.id)
    if not form.validate_on_submit():
        return shown("report/new.html", assignment, form, offered=offered)
    try:
        report_progress(
            db.session(), current_user, assignment, form.seen_number(), *form.said(), **form.said_more()
        )  # fmt: skip
    except TrackerError as error:
        return shown_again("report/new.html", assignment_id, form, error, offered=offered)
    db.session.commit()
    flash(_("Đã ghi báo cáo tiến độ %(n)s%%.", n=form.progress.data))
    return redirect(url_for("task.show", task_id=assignment.task_id))


def _offer(form: ReportForm, assignment_id: int) -> Choices:
    """Give the form the periods a report may speak of; an address may choose one of them."""
    today = clock.today()
    offered = choices(db.session(), assignment_id, today)
    options = [(one.period.end.isoformat(), _words(one, today)) for one in offered.periods]
    if options and offered.default is None:
        options.insert(0, ("", _("không theo kỳ")))
    asked_for = request.args.get("period", "")
    default = offered.default.period.end.isoformat() if offered.default else ""
    form.offer(options, asked_for if asked_for in dict(options) else default)
    return offered


def _words(one: Asked, today: date) -> str:
    name = periods.period(one.period.every, one.period.start, one.period.end)
    if one.last_day < today:
        return _("%(period)s (đã quá ngày nhận %(day)s)", period=name, day=dmy(one.last_day))
    return _("%(period)s (nhận đến hết %(day)s)", period=name, day=dmy(one.last_day))
