"""Views get objects only here: an outsider sees 404, a member without the right 403."""

from collections.abc import Callable

from flask import abort
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models import Assignment, Task, User


def load_task(task_id: int, may: Callable[[User], bool] | None = None) -> Task:
    """Return the task, which whoever is signed in may see; 404 when there is none, 403 without the right asked for."""
    found = db.session.get(Task, task_id)
    if found is None:
        abort(404)
    if may is not None and not may(current_user):
        abort(403)
    return found


def load_assignment(assignment_id: int, may: Callable[[User, int], bool] | None = None) -> Assignment:
    """Return the assignment with its task and agency; `may` is asked with the agency that owes it (403 when it says no)."""
    query = select(Assignment).where(Assignment.id == assignment_id)
    found = db.session.execute(
        query.options(joinedload(Assignment.task), joinedload(Assignment.agency))
    ).scalar_one_or_none()
    if found is None:
        abort(404)
    if may is not None and not may(current_user, found.agency_id):
        abort(403)
    return found
