"""Who is at the door: every page needs a signed-in person unless its view says @public."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.database import begin_writing
from tracker.extensions import db, login
from tracker.models import User

F = TypeVar("F", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def public(view: F) -> F:
    """Mark a view that anybody may open."""
    view.public = True  # type: ignore[attr-defined]
    return view


def reads_only(view: F) -> F:
    """Mark a posting view that begins its own transaction, because something slow (a password hash) comes before it."""
    view.reads_only = True  # type: ignore[attr-defined]
    return view


def prepare(app: Flask) -> None:
    """Attach sign-in to the application."""
    login.init_app(app)
    login.user_loader(_load_user)
    app.before_request(_begin)
    app.before_request(_require_sign_in)


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _begin() -> None:
    if request.method not in SAFE_METHODS and not getattr(_view(), "reads_only", False):
        begin_writing()


def _require_sign_in() -> Response | None:
    if request.endpoint in {None, "static"} or getattr(_view(), "public", False):
        return None
    if not current_user.is_authenticated:
        wanted = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
        return redirect(url_for("account.sign_in", next=wanted))
    if current_user.must_change_password and request.endpoint not in {
        "account.password",
        "account.sign_out",
        "account.language",
    }:
        return redirect(url_for("account.password"))
    return None


def _load_user(identity: str) -> User | None:
    """Return the active user whose session key still matches: a changed password ends every open session."""
    user_id, _, key = identity.partition(".")
    user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    return user if user and user.active and user.session_key == key else None
