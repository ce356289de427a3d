"""Where the pages are that a message or a calendar leads to: full addresses, made outside of any request."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

ADDRESSES = {
    "handover": "handover.record",
    "task": "task.show",
    "tasks": "task.index",
    "document": "document.show",
    "agency": "agency.show",
    "overview": "overview.index",
    "reminders": "reminder.index",
    "decide": "completion.decide",
    "approve": "approval.decide",
    "extension": "extension.show",
    "obstacle": "obstacle.show",
    "direction": "direction.show",
    "letter": "letter.show",
    "waiting_completion": "completion.queue",
    "waiting_approval": "approval.queue",
    "waiting_extension": "extension.queue",
    "waiting_obstacle": "obstacle.index",
    "waiting_direction": "direction.index",
    "digest": "digest.show",
    "unsubscribe": "mute.unsubscribe",
    "contacts": "contact.index",
    "propose_calendar": "admin.propose_calendar",
    "acknowledge": "acknowledgement.show",
    "feed": "feed.read",
}


def address(place: str, **values: Any) -> str:
    """Return the full address of a page."""
    parts = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(parts.netloc, url_scheme=parts.scheme)
    return str(adapter.build(ADDRESSES[place], values, force_external=True))
