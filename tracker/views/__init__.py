"""Pages. A view is a paragraph: load and authorise, read the form, one action, commit, redirect."""

from flask import Flask

from tracker.views import (
    account,
    admin,
    agency,
    chrome,
    clarity,
    document,
    errors,
    guard,
    health,
    indicator,
    overview,
    reminder,
    security,
    system,
    task,
    update,
)

NOUNS = (overview, task, update, document, indicator, system, agency, clarity, reminder, admin, account, health)


def prepare(app: Flask) -> None:
    """Register every page and what surrounds them."""
    guard.prepare(app)
    security.prepare(app)
    chrome.prepare(app)
    errors.prepare(app)
    for noun in NOUNS:
        app.register_blueprint(noun.blueprint)
