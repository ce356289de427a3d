"""Views get objects only from here: what does not exist for you is 404, what you see but may not touch is 403."""

from collections.abc import Callable, Collection

from flask import abort
from flask_login import current_user
from sqlalchemy import select

from tracker import clock, permissions
from tracker.extensions import db
from tracker.models import Acting, Agency, Assignment, Extension, Handover, Obstacle, ProgressReport, Task, User
from tracker.queries.recipient import who_took_over


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


def load_report(report_id: int) -> ProgressReport:
    """Return the report. Aborts with 404 for whoever may not read it."""
    report = db.session.get(ProgressReport, report_id) if fits(report_id) else None
    if report is None or not reads_reports(report.task_id):
        abort(404)
    return report


def load_extension(extension_id: int, may: Callable[[User], bool] | None = None) -> Extension:
    """Return the request for more time. Aborts with 404 for whoever may not read it, 403 when `may(person)` says no."""
    extension = db.session.get(Extension, extension_id) if fits(extension_id) else None
    if extension is None or not reads_reports(extension.task_id):
        abort(404)
    if may is not None and not may(current_user):
        abort(403)
    return extension


def load_obstacle(obstacle_id: int, may: Callable[[User, Obstacle], bool] | None = None) -> Obstacle:
    """Return the obstacle. Aborts with 404 for whoever may not read it, 403 when `may(person, obstacle)` says no."""
    obstacle = db.session.get(Obstacle, obstacle_id) if fits(obstacle_id) else None
    if obstacle is None or not reads_reports(obstacle.task_id):
        abort(404)
    if may is not None and not may(current_user, obstacle):
        abort(403)
    return obstacle


def load_agency(agency_id: int, may: Callable[[User, int], bool] | None = None) -> Agency:
    """Return the agency. Aborts with 404 when there is none, 403 when `may(person, agency_id)` says no."""
    agency = db.session.get(Agency, agency_id) if fits(agency_id) else None
    if agency is None:
        abort(404)
    if may is not None and not may(current_user, agency_id):
        abort(403)
    return agency


def load_holder(user_id: int) -> User:
    """Return the person whose work is handed over. Aborts with 404 when there is none, 403 for whoever may not hand it over."""
    user = db.session.get(User, user_id) if fits(user_id) else None
    if user is None:
        abort(404)
    if not permissions.may_hand_over(current_user, user.agency_id):
        abort(403)
    return user


def load_handover(handover_id: int) -> Handover:
    """Return the record of a hand-over. Aborts with 404 for whoever is not on it and may hand nothing over there."""
    found = db.session.get(Handover, handover_id) if fits(handover_id) else None
    if found is None:
        abort(404)
    on_it = {found.person_id, found.made_by_id, *(item.to_id for item in found.items)}
    if current_user.id not in on_it and not permissions.may_hand_over(current_user, found.agency_id):
        abort(404)
    return found


def load_acting(acting_id: int) -> Acting:
    """Return a stand-in. Aborts with 404 when there is none, 403 for whoever may not end it."""
    acting = db.session.get(Acting, acting_id) if fits(acting_id) else None
    if acting is None:
        abort(404)
    if not permissions.may_appoint(current_user, acting.person):
        abort(403)
    return acting


def reads_reports(task_id: int) -> bool:
    """Return whether the person may read what agencies report on the task."""
    agencies = db.session.scalars(select(Assignment.agency_id).where(Assignment.task_id == task_id))
    return reads_reports_of(set(agencies))


def reads_reports_of(agency_ids: Collection[int]) -> bool:
    """Return whether the person may read what these agencies report: also as one of a successor, when they have ended."""
    if permissions.may_read_reports(current_user, agency_ids):
        return True
    if permissions.agency_of(current_user) is None:
        return False
    return permissions.may_read_reports(current_user, who_took_over(db.session(), agency_ids, clock.today()))


def fits(identifier: int) -> bool:
    """Return whether a number from an address can be an id: PostgreSQL refuses, with an error, what is too large."""
    return 0 <= identifier < 2**31
