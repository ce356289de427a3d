"""Pages. A view is a paragraph: load and authorise, read the form, one action, commit, redirect."""

from flask import Flask

from tracker.views import (
    account,
    admin,
    admin_calendar,
    admin_events,
    again,
    agency,
    chrome,
    clarity,
    document,
    drawn,
    errors,
    guard,
    health,
    indicator,
    overview,
    reminder,
    security,
    system,
    task,
    typed,
    update,
    wording,
)

NOUNS = (
    overview,
    task,
    update,
    document,
    indicator,
    system,
    agency,
    clarity,
    reminder,
    admin,
    admin_calendar,
    admin_events,
    account,
    health,
)


def prepare(app: Flask) -> None:
    """Register every page and what surrounds them."""
    app.request_class = typed.Request
    guard.prepare(app)
    security.prepare(app)
    chrome.prepare(app)
    wording.prepare(app)
    drawn.prepare(app)
    errors.prepare(app)
    for blueprint in dict.fromkeys(noun.blueprint for noun in NOUNS):  # a noun may need two files
        app.register_blueprint(blueprint)
    again.prepare(app)
