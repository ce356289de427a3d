"""The door for Zalo's events: signed, answered within two seconds, taken once. Nobody signs in here; the signature does."""

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from tracker import clock
from tracker.actions import zalo_event
from tracker.database import begin_writing
from tracker.extensions import csrf, db
from tracker.rules.zalo import signed_by
from tracker.views.guard import public, reads_only

LARGEST = 64 * 1024
OLDEST = timedelta(days=7)
"""Zalo repeats itself for two hours at most; an older event is somebody else's repeat. What is kept longer stays unique."""

blueprint = Blueprint("zalo", __name__)


@blueprint.post("/zalo/su-kien")
@public
@csrf.exempt  # Zalo knows no token of ours: the signature over every byte is the permission
@reads_only
def event() -> Response:
    if not current_app.config["ZALO_OA_SECRET"]:
        abort(404)
    request.max_content_length = LARGEST
    body = request.get_data(cache=False, parse_form_data=False)
    told = _told(body)
    signed_with = _signed_with(body, str(told.get("timestamp", "")))
    begin_writing()
    effect = zalo_event.take(db.session(), current_app.config, told, body, signed_with)
    db.session.commit()
    current_app.logger.info("zalo event %s, signed with %s: %s", told["event_name"], signed_with, effect)
    return Response("ok", mimetype="text/plain")


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(told, dict) or not isinstance(told.get("event_name"), str) or not told["event_name"]:
        abort(400)
    return told


def _signed_with(body: bytes, timestamp: str) -> str:
    """Return whether the mac was made of the app's id or of the account's: Zalo's documents and its users differ."""
    config = current_app.config
    owners = {"app_id": config["ZALO_APP_ID"], "oa_id": config["ZALO_OA_ID"]}
    given = request.headers.get("X-ZEvent-Signature", "")
    found = signed_by(given, owners, body, timestamp, config["ZALO_OA_SECRET"])
    if found is None or zalo_event.older_than(timestamp, clock.now() - OLDEST):
        current_app.logger.warning("zalo event refused: %s", "too old" if found else "wrong signature")
        abort(403)
    return found
