"""Pages. A view is a paragraph: load and authorise, read the form, one action, commit, redirect."""

from flask import Flask

from tracker.views import (
    account,
    admin,
    admin_calendar,
    admin_events,
    admin_setting,
    again,
    agency,
    chrome,
    clarity,
    completion,
    document,
    drawn,
    errors,
    guard,
    health,
    indicator,
    once,
    overview,
    reminder,
    report,
    security,
    system,
    task,
    typed,
    wording,
)

NOUNS = (
    overview,
    task,
    report,
    completion,
    document,
    indicator,
    system,
    agency,
    clarity,
    reminder,
    admin,
    admin_calendar,
    admin_events,
    admin_setting,
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
    once.prepare(app)
    again.prepare(app)
