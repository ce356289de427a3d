"""The Office holds work, lets it go on, drops it, takes it up again, or opens what was confirmed."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions.standing import LOST_RACE, current_assignment
from tracker.actions.suspension import suspend
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.suspension import SuspensionForm
from tracker.models import Assignment
from tracker.rules.transitions import SUSPENSIONS, allowed
from tracker.views.assignment_form import shown, shown_again
from tracker.views.loaders import load_assignment
from tracker.words import SUSPENSION

blueprint = Blueprint("suspension", __name__)
PAGE = "suspension/new.html"


@blueprint.route("/phan-viec/<int:assignment_id>/trang-thai", methods=["GET", "POST"])
def new(assignment_id: int) -> Response | tuple[str, int]:
    assignment = load_assignment(assignment_id)
    if not permissions.may_suspend(current_user):
        abort(403)
    now = current_assignment(db.session(), assignment.id).id
    form = SuspensionForm(_verbs(assignment), seen=now)
    if form.seen.raw_data and form.seen_number() != now:  # what was offered then may be no choice any more
        return _again(assignment_id, form, Changed(str(LOST_RACE)))
    if not form.validate_on_submit():
        return shown(PAGE, assignment, form)
    verb, reason, basis = form.said()
    try:
        suspend(db.session(), current_user, assignment, form.seen_number(), verb, reason, basis)
    except TrackerError as error:
        return _again(assignment_id, form, error)
    db.session.commit()
    flash(_("Đã ghi: %(what)s. Cơ quan nhận được thư kèm lý do và căn cứ.", what=SUSPENSION[verb]))
    return redirect(url_for("task.show", task_id=assignment.task_id))


def _verbs(assignment: Assignment) -> list[str]:
    """Return what the present state allows, in the order of the table."""
    state = current_assignment(db.session(), assignment.id).state
    return [verb for verb in SUSPENSIONS if allowed(verb, state)]


def _again(assignment_id: int, form: SuspensionForm, error: TrackerError) -> tuple[str, int]:
    """Show what was typed with what is possible now: the state may be another one since."""
    db.session.rollback()
    form.offer(_verbs(load_assignment(assignment_id)))
    return shown_again(PAGE, assignment_id, form, error)
