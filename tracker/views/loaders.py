"""Views get objects only from here: what does not exist for you is 404, what you see but may not touch is 403."""

from collections.abc import Callable

from flask import abort
from flask_login import current_user
from sqlalchemy import select

from tracker import permissions
from tracker.extensions import db
from tracker.models import Assignment, ProgressReport, Task, User


def load_task(task_id: int, may: Callable[[User], bool] | None = None) -> Task:
    """Return the task. Aborts with 404 when there is none, 403 when `may(person)` says no."""
    task = db.session.get(Task, task_id) if fits(task_id) else None
    if task is None:
        abort(404)
    if may is not None and not may(current_user):
        abort(403)
    return task


def load_assignment(assignment_id: int, may: Callable[[User, int], bool] | None = None) -> Assignment:
    """Return the assignment. Aborts with 404 when there is none, 403 when `may(person, agency_id)` says no."""
    assignment = db.session.get(Assignment, assignment_id) if fits(assignment_id) else None
    if assignment is None:
        abort(404)
    if may is not None and not may(current_user, assignment.agency_id):
        abort(403)
    return assignment


def load_report(report_id: int, may: Callable[[User], bool] | None = None) -> ProgressReport:
    """Return the report. Aborts with 404 for whoever may not read it, 403 when `may(person)` says no."""
    report = db.session.get(ProgressReport, report_id) if fits(report_id) else None
    if report is None:
        abort(404)
    if not reads_reports(report.task_id):
        abort(404)
    if may is not None and not may(current_user):
        abort(403)
    return report


def reads_reports(task_id: int) -> bool:
    """Return whether the person may read what agencies report on the task."""
    agencies = db.session.scalars(select(Assignment.agency_id).where(Assignment.task_id == task_id))
    return permissions.may_read_reports(current_user, set(agencies))


def fits(identifier: int) -> bool:
    """Return whether a number from an address can be an id: PostgreSQL refuses, with an error, what is too large."""
    return 0 <= identifier < 2**31
