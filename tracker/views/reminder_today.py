"""The run of today while it goes on, and what did not arrive: sent again, or settled by a person."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import message as fate
from tracker.errors import Refused
from tracker.extensions import db
from tracker.messages import reasons
from tracker.queries import message_log as messages
from tracker.queries import reminder_today as running
from tracker.queries.message_log import PAGE
from tracker.queries.person_then import PeopleThen
from tracker.views.loaders import fits
from tracker.views.reminder import blueprint, readers_only
from tracker.views.typed import typed, typed_number, typed_one_of
from tracker.words.urging import CHANNEL

TROUBLED = ("failed", "uncertain")


@blueprint.get("/nhac-viec/hom-nay")
def today() -> str:
    readers_only()
    day = clock.today()
    return render_template(
        "reminder/today.html", day=day, now=clock.now(), today=running.today(db.session(), day), states=running.STATES,
        configured=bool(current_app.config["SMTP_HOST"]), why=reasons.sentence,
    )  # fmt: skip


@blueprint.route("/nhac-viec/khong-gui-duoc", methods=["GET", "POST"])
def troubled() -> Response | str | tuple[str, int]:
    readers_only()
    if request.method == "GET":
        return _page()
    if not permissions.may_resend(current_user):
        abort(403)
    ticked = [number for number in request.form.getlist("message", type=int) if fits(number)][:PAGE]
    if not ticked:
        return _page(nothing_ticked=True), 422
    return _resend(ticked)


def _resend(ticked: list[int]) -> Response:
    try:
        count = fate.resend(db.session(), current_user, ticked)
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        said = ngettext(
            "Đã đưa %(num)d tin vào hàng chờ gửi lại.", "Đã đưa %(num)d tin vào hàng chờ gửi lại.", count
        )  # fmt: skip
        left = len(ticked) - count
        more = ngettext(
            "%(num)d tin đã ở tình trạng khác nên được giữ nguyên.",
            "%(num)d tin đã ở tình trạng khác nên được giữ nguyên.", left,
        )  # fmt: skip
        flash(f"{said} {more}" if left else said, "success")
    return redirect(url_for("reminder.troubled", **_kept()))


def _kept() -> dict[str, Any]:
    """The filters of the list as they stand in an address."""
    found = {"state": typed_one_of("state", TROUBLED), "channel": typed_one_of("channel", CHANNEL)}
    return {name: value for name, value in found.items() if value}


def _page(**outcome: Any) -> str:
    session, kept = db.session(), _kept()
    found = messages.troubled(session, kept.get("state", ""), kept.get("channel", ""), typed_number("before"))
    rows, more = found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None
    people = PeopleThen(session, {row.recipient_id for row in rows})
    return render_template(
        "reminder/troubled.html", rows=rows, kept=kept, why=reasons.sentence, all_ticked=typed("select") == "all",
        then={row.id: people.at(row.recipient_id, row.sent_at or row.created_at) for row in rows}, channels=CHANNEL,
        later=more and url_for("reminder.troubled", **kept, before=more), states=TROUBLED, **outcome,
    )  # fmt: skip
