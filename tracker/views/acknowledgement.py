""" "Đã nhận, đang xử lý": by one press from the mail without signing in, or on the page of the task.

Opening the link changes nothing: mail scanners open links. The signed token in its address is the authority to press, so that
the form needs no session; it names one message and what that reminded of, and is good for nothing else.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.acknowledgement import MAIL, PAGE, acknowledge, refusal
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Refused
from tracker.extensions import csrf, db
from tracker.messages import links
from tracker.models import Acknowledgement, Assignment, Message
from tracker.queries import acknowledgement as queries
from tracker.queries.acknowledgement import Told
from tracker.rules.transitions import AT_WORK
from tracker.views.guard import public, reads_only
from tracker.views.loaders import load_assignment
from tracker.views.opened_task import Opened
from tracker.words.days import dmy

blueprint = Blueprint("acknowledgement", __name__)
Answer = Response | tuple[str, int]
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""Whoever has the address may press: it is told to nobody and kept nowhere."""


@dataclass(frozen=True)
class Line:
    """One assignment on the page of a link: what was noted today, or why nothing can be; neither: it can be pressed."""

    told: Told
    said: Acknowledgement | None
    why_not: str | None


@blueprint.get("/da-nhan/<string:receipt>")
@public
def show(receipt: str) -> Answer:
    return _page(links.read(receipt), receipt)


@blueprint.post("/da-nhan/<string:receipt>")
@csrf.exempt
@public
@reads_only
def press(receipt: str) -> Answer:
    link = links.read(receipt)
    if link is None or link.expired:
        return _page(link, receipt)
    begin_writing()
    message = db.session.get(Message, link.message_id)
    if message is None or _over(message):
        return _page(link, receipt)
    told = queries.told_by(db.session(), message, link.assignment_id, clock.today())
    if not _noted(message, told):
        return _page(link, receipt, 409)
    db.session.commit()
    return redirect(url_for("acknowledgement.show", receipt=receipt), 303)


def _noted(message: Message, told: list[Told]) -> int:
    """Acknowledge whatever of it can be, one after the other in the order of their numbers; return how many."""
    noted = 0
    for one in sorted(told, key=lambda one: one.assignment_id):
        owed = db.session.get_one(Assignment, one.assignment_id)
        try:
            acknowledge(db.session(), message.recipient, owed, one.told_of, MAIL, message.id)
        except Refused:
            continue
        noted += 1
    return noted


def _page(link: links.Link | None, receipt: str, code: int = 200) -> Answer:
    """Return the page of the link: the facts and the button, or a sentence that says why there are none."""
    db.session.rollback()
    if link is None:
        return _closed(404, _("Liên kết này không đúng hoặc đã bị cắt mất một phần. Xin bấm lại từ thư đã nhận."))
    if link.expired:
        return _closed(410, _("Liên kết này đã hết hạn. Xin đăng nhập để xem nhiệm vụ và báo đã nhận ở đó."))
    message = db.session.get(Message, link.message_id)
    if message is None:
        return _closed(404, _("Lời nhắc của liên kết này không còn. Xin đăng nhập để xem nhiệm vụ."))
    if _over(message):
        return _closed(410, _over(message))
    lines = _lines(message, link.assignment_id)
    if not lines:
        return _closed(404, _("Lời nhắc này không có phần việc nào cần báo đã nhận. Xin đăng nhập để xem nhiệm vụ."))
    open_lines = [line for line in lines if not line.said and not line.why_not]
    page = render_template(
        "acknowledgement/show.html", name=message.recipient.name, lines=lines, receipt=receipt, open_lines=open_lines
    )
    return page, code


def _over(message: Message) -> str:
    """Return why nothing is shown of a message any more; "" while it is."""
    if not message.recipient.active:
        return _("Tài khoản nhận thư này đã ngừng hoạt động nên liên kết không còn dùng được.")
    if message.state == "cancelled":
        return _("Lời nhắc này đã được hủy nên liên kết không còn dùng được. Xin đăng nhập để xem nhiệm vụ.")
    return ""


def _lines(message: Message, assignment_id: int) -> list[Line]:
    session, today, person = db.session(), clock.today(), message.recipient
    found = []
    for told in queries.told_by(session, message, assignment_id, today):
        said = queries.given(session, told.assignment_id, told.told_of, person.id, today)
        owed = db.session.get_one(Assignment, told.assignment_id)
        found.append(Line(told, said, None if said else refusal(session, person, owed, told.told_of)))
    return found


def _closed(code: int, sentence: str) -> Answer:
    return render_template("acknowledgement/closed.html", sentence=sentence), code


@blueprint.after_request
def _keep_to_oneself(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


@blueprint.post("/phan-viec/<int:assignment_id>/da-nhan")
def note(assignment_id: int) -> Response:
    owed = load_assignment(assignment_id)
    if current_user.id not in queries.answerers(db.session(), owed.agency_id, owed.responsible, clock.today()):
        abort(403)
    effective_on = current_assignment(db.session(), owed.id).effective_on
    if effective_on is None:
        raise Refused(_("Phần việc này không có thời hạn nên không nhắc."))
    said = acknowledge(db.session(), current_user, owed, effective_on, PAGE)
    told = _("Đã ghi nhận lúc %(at)s.", at=f"{clock.local(said.at):%H:%M %d/%m/%Y}")
    rest = (
        _("Lời nhắc không chuyển lên cấp trên đến hết ngày %(day)s.", day=dmy(said.until_on)) if said.until_on else ""
    )
    task_id = owed.task_id
    db.session.commit()
    flash(f"{told} {rest}".strip(), "success")
    return redirect(url_for("task.show", task_id=task_id))


def on_task_page(opened: Opened) -> dict[str, Any]:
    """Who has said so of the last day that counts, as of the day; and for which part the person may say it today."""
    session = db.session()
    last = {share.assignment_id: share.standing.effective_on for share in opened.shares if share.role == "lead"}
    said = queries.said_of_task(session, opened.task_id, opened.day)
    shown = {owed: [one for one in said.get(owed, []) if one.effective_on == day] for owed, day in last.items()}
    return {
        "acknowledgements": {owed: lines for owed, lines in shown.items() if lines},
        "acknowledgeable": _acknowledgeable(opened),
    }


def _acknowledgeable(opened: Opened) -> set[int]:
    own = permissions.agency_of(current_user)
    at_work = [share for share in opened.shares if share.role == "lead" and share.standing.state in AT_WORK]
    if own is None or not opened.is_today or not at_work:
        return set()
    ours = queries.may_be_ours(db.session(), [share.agency_id for share in at_work], own, opened.day)
    found = set()
    for share in at_work:
        if share.agency_id in ours:
            owed = db.session.get_one(Assignment, share.assignment_id)
            last = share.standing.effective_on
            if last and refusal(db.session(), current_user, owed, last) is None:
                found.add(share.assignment_id)
    return found
