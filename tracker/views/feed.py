"""Private calendar addresses: the page where a person makes them, and the feed that calendar programs read."""

import hashlib

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from tracker import clock, permissions
from tracker.actions import feed as feeds
from tracker.database import begin_writing
from tracker.errors import TrackerError
from tracker.exports.feed import feed_file
from tracker.extensions import db
from tracker.messages.address import address
from tracker.models import CalendarFeed
from tracker.queries.feed import SCOPES, entries, live, opened
from tracker.views.guard import public

blueprint = Blueprint("feed", __name__)
KEPT_SECONDS = 3600


@blueprint.get("/tai-khoan/lich")
def index() -> str:
    return _page()


@blueprint.post("/tai-khoan/lich/<string:scope>")
def make(scope: str) -> tuple[str, int]:
    _ensure_may(scope)
    secret = feeds.make(db.session(), current_user, scope)
    db.session.commit()
    return render_template("feed/once.html", address=address("feed", secret=secret), scope=scope), 201


@blueprint.post("/tai-khoan/lich/<string:scope>/thu-hoi")
def revoke(scope: str) -> Answer:
    if scope not in SCOPES:
        abort(404)
    try:
        feeds.revoke(db.session(), current_user, scope)
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("feed.index"))
    db.session.commit()
    flash(_("Đã thu hồi địa chỉ lịch; lịch nào đang đọc địa chỉ ấy sẽ không cập nhật nữa."), "success")
    return redirect(url_for("feed.index"))


@blueprint.get("/lich/<string:secret>.ics")
@public
def read(secret: str) -> Answer:
    feed = opened(db.session(), secret)
    if feed is None:
        abort(404)
    with force_locale(feed.user.language):
        shown = entries(db.session(), feed, clock.today())
        body = feed_file(feed, shown, current_app.config["BASE_URL"], lambda task_id: address("task", task_id=task_id))
    _note(feed)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    answer.headers["Content-Disposition"] = 'inline; filename="ba-ro.ics"'
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def _note(feed: CalendarFeed) -> None:
    """Write down that the address was read, in a transaction of its own: reading began as a reader."""
    if feeds.reading_is_news(feed):
        number = feed.id
        db.session.rollback()
        begin_writing()
        feeds.note_reading(db.session(), number)
        db.session.commit()


def _ensure_may(scope: str) -> None:
    if scope not in SCOPES:
        abort(404)
    if not permissions.may_subscribe(current_user, scope):
        abort(403)


def _page() -> str:
    offered = [scope for scope in SCOPES if permissions.may_subscribe(current_user, scope)]
    return render_template("feed/index.html", offered=offered, live=live(db.session(), current_user.id))
