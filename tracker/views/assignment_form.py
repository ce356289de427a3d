"""The page of a form about one assignment: shown, and shown again with everything typed when it could not be done."""

from typing import Any

from flask import render_template, request

from tracker.actions.standing import current_assignment
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.base import SeenForm
from tracker.models import Assignment
from tracker.queries.changes import Since, since
from tracker.views.loaders import load_assignment, reads_reports

Answer = tuple[str, int]


def shown(
    template: str, assignment: Assignment, form: SeenForm, error: TrackerError | None = None, **more: Any
) -> Answer:
    """Return the page: 200 when it is opened, 422 when what was typed cannot stand, 409 when the action said no."""
    period = current_assignment(db.session(), assignment.id)
    code = 409 if error else 422 if request.method == "POST" else 200
    return render_template(template, assignment=assignment, period=period, form=form, error=error, **more), code


def shown_again(template: str, assignment_id: int, form: SeenForm, error: TrackerError, **more: Any) -> Answer:
    """Return the page with the sentence and all that was typed; after a lost race also with what has changed meanwhile, and
    the next try starts from there."""
    db.session.rollback()
    assignment = load_assignment(assignment_id)
    if isinstance(error, Changed):
        more["meanwhile"] = changed_meanwhile(assignment, form)
        form.seen.data = str(current_assignment(db.session(), assignment_id).id)
    return shown(template, assignment, form, error, **more)


def changed_meanwhile(assignment: Assignment, form: SeenForm) -> Since | None:
    """Return what others did since the form was opened, for those who may read reports."""
    if not reads_reports(assignment.task_id):
        return None
    return since(db.session(), assignment.id, form.seen_number())
