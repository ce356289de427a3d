"""A leader follows a task: a button on its page and in the list."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions import star as stars
from tracker.extensions import db
from tracker.forms.account import own_address
from tracker.queries.star import followers
from tracker.views.loaders import load_task
from tracker.views.opened_task import Opened

blueprint = Blueprint("star", __name__)


@blueprint.post("/nhiem-vu/<int:task_id>/theo-doi")
def star(task_id: int) -> Response:
    task = load_task(task_id, may=permissions.may_direct)
    if stars.star(db.session(), current_user, task.id):
        flash(_("Đã đánh dấu theo dõi: %(title)s.", title=task.short_title))
    return _back(task.id)


@blueprint.post("/nhiem-vu/<int:task_id>/thoi-theo-doi")
def unstar(task_id: int) -> Response:
    task = load_task(task_id, may=permissions.may_direct)
    if stars.unstar(db.session(), current_user, task.id):
        flash(_("Đã thôi theo dõi: %(title)s.", title=task.short_title))
    return _back(task.id)


def _back(task_id: int) -> Response:
    """Lead to where the button stood: the list with its filters, or the page of the task."""
    db.session.commit()
    return redirect(own_address(request.form.get("back")) or url_for("task.show", task_id=task_id))


def on_task_page(opened: Opened) -> dict[str, Any]:
    found = followers(db.session(), opened.task_id, opened.day)
    mine = any(follower.user_id == current_user.id for follower in found)
    return {
        "followers": found,
        "followed": mine,
        "may_star": opened.is_today and permissions.may_direct(current_user),
    }
