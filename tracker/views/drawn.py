"""Lines of a list, drawn once for everybody who sees the same: most readers of a province look at the same fifty rows."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from flask import Flask, current_app, request
from markupsafe import Markup

from tracker.queries.task_row import TaskRow
from tracker.views.wording import language_spoken

KEPT = 4000
"""Lines a process remembers, about a kilobyte each."""


def prepare(app: Flask) -> None:
    """Give templates `drawn_rows`."""
    app.jinja_env.globals["drawn_rows"] = drawn_rows


def drawn_rows(rows: Iterable[TaskRow], on: str | None = None, mine: Collection[int] | None = None) -> Markup:
    """Return the lines of the rows; `mine` are the tasks a leader follows, None for whoever cannot.

    A line depends on nothing but the arguments of `_drawn`, so it cannot grow stale."""
    language, root = language_spoken(), request.script_root
    return Markup("").join(
        _drawn(row, on, language, root, None if mine is None else row.task_id in mine) for row in rows
    )


@lru_cache(maxsize=KEPT)
def _drawn(row: TaskRow, on: str | None, language: str, root: str, pressed: bool | None) -> Markup:
    template = current_app.jinja_env.get_template("_macros/task.html")
    return Markup(template.module.task_row(row, on, pressed))  # type: ignore[attr-defined]
