"""Who has opened the page of a task. Only people of agencies are noted, and only those concerned are told."""

from typing import Any

from flask import after_this_request, current_app, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import sighting
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.queries.sighting import seen_by
from tracker.views.opened_task import Opened


def on_task_page(opened: Opened) -> dict[str, Any]:
    if current_user.role in permissions.AGENCY_ROLES and request.method == "GET":
        _note_once(opened.task_id)
    agencies = {share.agency_id: share.agency for share in opened.shares if share.role == "lead"}
    if current_user.role not in permissions.OVERSIGHT_ROLES:
        own = permissions.agency_of(current_user)
        agencies = {agency_id: name for agency_id, name in agencies.items() if agency_id == own}
    return {"sightings": seen_by(db.session(), opened.task_id, agencies, opened.day) if agencies else []}


def _note_once(task_id: int) -> None:
    """Have the day's first view written down when the page is drawn, in a transaction of its own: a reader that begins to
    write fails on SQLite, and whoever reads shall not wait for it twice."""
    user_id, day = current_user.id, clock.today()
    if not sighting.is_noted(db.session(), user_id, task_id, day):
        after_this_request(lambda response: _noted(response, user_id, task_id))


def _noted(response: Response, user_id: int, task_id: int) -> Response:
    db.session.rollback()
    try:
        begin_writing()
        sighting.note(db.session(), user_id, task_id, clock.today())
        db.session.commit()
    except OperationalError as error:  # the page is there to be read, whatever becomes of this line
        db.session.rollback()
        current_app.logger.warning("who opened task %s was not written down: %s", task_id, error.orig)
    return response
