"""Sức khoẻ địa chỉ: whose address takes nothing, since when and why, and who is left without any."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.contact import try_again
from tracker.errors import Refused
from tracker.extensions import db
from tracker.messages import reasons
from tracker.models import Contact
from tracker.queries import contact as contacts
from tracker.queries.contact import PAGE, After
from tracker.queries.unwell import lost
from tracker.views.loaders import fits
from tracker.views.reminder import readers_only
from tracker.views.typed import typed_one_of
from tracker.words import CONTACT_STATE
from tracker.words.urging import CHANNEL

blueprint = Blueprint("contact", __name__, url_prefix="/quan-tri/lien-he")


@blueprint.get("")
def index() -> str:
    readers_only()
    session = db.session()
    channel, state = typed_one_of("channel", CHANNEL), typed_one_of("state", CONTACT_STATE)
    rows = contacts.page(session, channel, state, _after())
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    shown = rows[:PAGE]
    return render_template(
        "admin/contacts.html", rows=shown, more=more and _token(more), channel=channel, state=state, channels=CHANNEL,
        counts=contacts.counts(session), lost=lost(session), failed=contacts.failed_counts(session, shown),
        untold=contacts.untold(session, clock.today()), why=reasons.sentence,
    )  # fmt: skip


@blueprint.post("/<int:user_id>/<string:channel>/thu-lai")
def retry(user_id: int, channel: str) -> Response:
    if not permissions.may_administer(current_user):
        abort(403)
    if not fits(user_id) or channel not in CHANNEL or db.session.get(Contact, (user_id, channel)) is None:
        abort(404)
    try:
        resent = try_again(db.session(), current_user, user_id, channel)
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(_retried(resent), "success")
    return redirect(url_for("contact.index"))


def _retried(resent: int) -> str:
    said = _("Địa chỉ sẽ được dùng lại từ tin kế tiếp.")
    if not resent:
        return said
    return f"{said} " + ngettext(
        "%(num)d tin chưa gửi được đã vào hàng chờ.", "%(num)d tin chưa gửi được đã vào hàng chờ.", resent
    )


def _token(row: Contact) -> str:
    return f"{row.since.isoformat()}~{row.user_id}~{row.channel}"


def _after() -> After | None:
    """Return behind which row the page begins; an address somebody typed wrong begins at the first."""
    since, _first, rest = request.args.get("after", "")[:100].partition("~")
    user_id, _second, channel = rest.partition("~")
    try:
        after = After(datetime.fromisoformat(since), int(user_id), channel)
    except (ValueError, OverflowError):
        return None
    known = (
        after.since.tzinfo is not None and fits(after.user_id) and channel in CHANNEL and 1 < after.since.year < 9999
    )
    return after if known else None
