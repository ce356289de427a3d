"""A form that is sent twice is done once: a double click, a page sent again, a network that repeats itself.

Every form carries a token of its own. The first request writes it down in the very transaction of the change; the second
finds it (or waits for it) and is led where the first one went.
"""

import re
from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from flask import Flask, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import update
from werkzeug.wrappers import Response

from tracker import clock
from tracker.database import begin_writing, insert_into
from tracker.extensions import db
from tracker.models import Submission

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def prepare(app: Flask) -> None:
    """Wrap every view that writes in one transaction, and let templates ask for a token."""
    app.jinja_env.globals["once"] = lambda: token_urlsafe(16)
    for endpoint, view in app.view_functions.items():
        if not getattr(view, "reads_only", False) and not getattr(view, "public", False):
            app.view_functions[endpoint] = only_once(view)


def only_once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view, or the part of one that writes when it begins its own transaction."""

    @wraps(view)
    def attempt(*arguments: Any, **named: Any) -> Any:
        token = request.form.get("once", "") if request.method == "POST" else ""
        if not TOKEN.fullmatch(token):
            return view(*arguments, **named)
        key = f"{current_user.id}.{token}"
        if not _claimed(key):
            return _led_there(key)
        answer = make_response(view(*arguments, **named))
        if answer.location:
            _remember(key, answer.location)
        return answer

    return attempt


def _claimed(key: str) -> bool:
    """Write the token down; False when another request has done so before and its change stands."""
    row = insert_into(db.session())(Submission).values(token=key, user_id=current_user.id, at=clock.now())
    return bool(db.session.execute(row.on_conflict_do_nothing().returning(Submission.token)).first())


def _led_there(key: str) -> Response:
    earlier = db.session.get(Submission, key)
    here = request.path if request.url_rule and "GET" in (request.url_rule.methods or ()) else url_for("overview.index")
    db.session.rollback()
    flash(_("Biểu mẫu này đã được ghi ở lần gửi trước; không ghi thêm lần nữa."), "info")
    return redirect((earlier.location if earlier else None) or here)


def _remember(key: str, location: str) -> None:
    # What the view read after its commit, for the address, began as a reader: on SQLite such a one cannot write any more
    # once somebody else has, and whoever sent the form would be told that nothing was done.
    db.session.rollback()
    begin_writing()
    db.session.execute(update(Submission).where(Submission.token == key).values(location=location))
    db.session.commit()
