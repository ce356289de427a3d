"""Pages. A view is a paragraph: load and authorise, read the form, one action, commit, redirect."""

from flask import Flask

from tracker.views import (
    account,
    acknowledgement,
    acting,
    admin,
    admin_calendar,
    admin_calendar_year,
    admin_contact,
    admin_events,
    admin_leader,
    admin_reminder,
    admin_reorganisation,
    admin_setting,
    again,
    agency,
    approval,
    chrome,
    clarity,
    clarity_bulk,
    completion,
    completion_queue,
    digest,
    direction,
    document,
    drawn,
    errors,
    evidence,
    extension,
    feed,
    guard,
    handover,
    health,
    history,
    indicator,
    letter,
    mute,
    obstacle,
    obstacle_list,
    occurrence,
    once,
    overview,
    person,
    queues,
    reminder,
    reminder_hold,
    reminder_log,
    reminder_message,
    reminder_timeline,
    reminder_today,
    report,
    reporting,
    security,
    star,
    suspension,
    system,
    task,
    typed,
    upload,
    wording,
)

NOUNS = (
    overview,
    task,
    history,
    star,
    direction,
    report,
    reporting,
    occurrence,
    completion,
    completion_queue,
    approval,
    evidence,
    suspension,
    extension,
    obstacle,
    obstacle_list,
    document,
    indicator,
    system,
    agency,
    clarity,
    person,
    acting,
    handover,
    clarity_bulk,
    reminder,
    reminder_log,
    reminder_message,
    reminder_timeline,
    reminder_today,
    reminder_hold,
    letter,
    acknowledgement,
    admin,
    admin_calendar,
    admin_calendar_year,
    admin_contact,
    admin_events,
    admin_leader,
    admin_reminder,
    admin_reorganisation,
    admin_setting,
    account,
    feed,
    mute,
    digest,
    health,
)


def prepare(app: Flask) -> None:
    """Register every page and what surrounds them."""
    app.request_class = typed.Request
    guard.prepare(app)
    upload.prepare(app)
    security.prepare(app)
    chrome.prepare(app)
    queues.prepare(app)
    wording.prepare(app)
    drawn.prepare(app)
    errors.prepare(app)
    for blueprint in dict.fromkeys(noun.blueprint for noun in NOUNS):  # a noun may need two files
        app.register_blueprint(blueprint)
    once.prepare(app)
    again.prepare(app)
