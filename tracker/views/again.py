"""A change that met another one crosswise is made again.

Two writers that each wait for what the other holds would wait for ever: PostgreSQL ends one of them, with nothing written.
Nobody did anything wrong, so nobody is told; the view simply runs once more, on what the other one left.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, request
from sqlalchemy.exc import OperationalError

from tracker.database import begin_writing
from tracker.extensions import db
from tracker.views.guard import SAFE_METHODS

ATTEMPTS = 3
CROSSED = frozenset({"40P01", "40001"})  # deadlock detected, serialization failure


def prepare(app: Flask) -> None:
    """Wrap every view that writes in one transaction; the others (@reads_only) begin theirs themselves."""
    for endpoint, view in app.view_functions.items():
        if not getattr(view, "reads_only", False):
            app.view_functions[endpoint] = made_again(view)


def made_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view, or the part of one that writes when it begins its own transaction."""

    @wraps(view)
    def attempt(*arguments: Any, **named: Any) -> Any:
        for _ in range(ATTEMPTS - 1):
            try:
                return view(*arguments, **named)
            except OperationalError as error:
                if request.method in SAFE_METHODS or getattr(error.orig, "sqlstate", None) not in CROSSED:
                    raise
                db.session.rollback()
                begin_writing()
        return view(*arguments, **named)

    return attempt
