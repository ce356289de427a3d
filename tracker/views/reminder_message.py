"""One message: as it went out or would go out now, what happened to it, and sending it again."""

import re
from functools import cache

from flask import abort, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions import message as fate
from tracker.errors import Refused
from tracker.extensions import db
from tracker.messages import reasons
from tracker.messages.draft import Draft, Drafts
from tracker.messages.outbox import REMINDER_DIGEST
from tracker.models import Message
from tracker.queries import message_log as messages
from tracker.queries import message_story as story
from tracker.queries.person_then import PeopleThen
from tracker.views.loaders import fits
from tracker.views.reminder import blueprint
from tracker.views.security import POLICY
from tracker.words import urging

WAITING = ("queued", "claimed", "failed", "uncertain")
SECRET_PAGES = ("acknowledgement.show", "mute.unsubscribe")
FRAME = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


@blueprint.get("/nhac-viec/tin/<int:message_id>")
def show(message_id: int) -> Response:
    message = _load(message_id)
    readable, session = _readable(message), db.session()
    draft = _preview(message) if readable else None
    page = render_template(
        "reminder/message.html", message=message, draft=draft, readable=readable, why=reasons.sentence,
        text=readable and _harmless(message, message.body or (draft.words.text if draft and draft.words else "")),
        told=messages.told(session, [message.id]).get(message.id, []), moments=story.moments(session, message),
        chain=story.chain(session, message), channel=urging.channel, step=urging.step, level=urging.level,
        then=PeopleThen(session, [message.recipient_id]).at(message.recipient_id, message.sent_at or message.created_at),
    )  # fmt: skip
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


@blueprint.get("/nhac-viec/tin/<int:message_id>/html")
def letter(message_id: int) -> Response:
    """The mail's own HTML, for the frame of the page: it may colour itself and nothing else."""
    message = _load(message_id)
    draft = _preview(message) if _readable(message) else None
    html = _readable(message) and (message.body_html or (draft.words.html if draft and draft.words else ""))
    if not html:
        abort(404)
    answer = make_response(_harmless(message, html))
    answer.headers["Content-Security-Policy"] = FRAME
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@blueprint.post("/nhac-viec/tin/<int:message_id>/gui-lai")
def resend(message_id: int) -> Response:
    if not permissions.may_resend(current_user):
        abort(403)
    _load(message_id)
    try:
        fate.resend(db.session(), current_user, [message_id])
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(_("Đã đưa tin vào hàng chờ gửi lại."), "success")
    return redirect(url_for("reminder.show", message_id=message_id))


@blueprint.post("/nhac-viec/tin/<int:message_id>/da-den")
def arrived(message_id: int) -> Response:
    if not permissions.may_resend(current_user):
        abort(403)
    _load(message_id)
    try:
        fate.arrived(db.session(), current_user, message_id)
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(_("Đã ghi nhận tin đã đến."), "success")
    return redirect(url_for("reminder.show", message_id=message_id))


def _load(message_id: int) -> Message:
    """Return the message. Aborts with 403 for whom the log is not and who did not get it."""
    found = db.session.get(Message, message_id) if fits(message_id) else None
    if found is None and permissions.may_see_reminders(current_user):
        abort(404)
    if found is None or not permissions.may_see_urging_of(current_user, found.recipient_id):
        abort(403)
    return found


def _readable(message: Message) -> bool:
    """A message about a result repeats the agency's report and the Office's reason: it is for those who may read these."""
    own = message.recipient_id == current_user.id
    return own or message.kind == REMINDER_DIGEST or permissions.may_read_reports(current_user, ())


def _preview(message: Message) -> Draft | None:
    """Return what a waiting message would say if it left now; what has gone out is shown as it went."""
    if message.state not in WAITING or message.body:
        return None
    return Drafts(db.session(), [message]).of(message)


def _harmless(message: Message, text: str) -> str:
    """Return the text without the addresses by which its recipient, and nobody else, answers without signing in."""
    return text if message.recipient_id == current_user.id else _secret().sub(r"\1…", text)


@cache
def _secret() -> re.Pattern[str]:
    rules = [rule.rule for rule in current_app.url_map.iter_rules() if rule.endpoint in SECRET_PAGES]
    heads = "|".join(re.escape(rule.split("<")[0]) for rule in sorted(rules))
    return re.compile(rf"({heads})[\w.~-]+") if heads else re.compile(r"(?!)()")
