"""Công văn đôn đốc: the Office drafts, sends and gives up letters that urge an agency; overseers and the agency read them."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Answered

from tracker import clock, permissions
from tracker.actions import letter as writing
from tracker.errors import TrackerError
from tracker.exports.urge_letter import office, text_of, urge_letter
from tracker.extensions import db
from tracker.forms.letter import DropForm, LetterForm, SendForm
from tracker.models import UrgeLetter
from tracker.queries import letter as letters
from tracker.queries.letter import Contents
from tracker.queries.letter_work import last_letters, overdue_of, rested
from tracker.queries.recipient import heirs, successors_on
from tracker.queries.standing import Counts
from tracker.rules.file_types import DOCX
from tracker.rules.timeliness import Timeliness
from tracker.views.as_of import past
from tracker.views.loaders import fits, load_agency
from tracker.views.typed import typed_number
from tracker.words import letter as words_of_letters

blueprint = Blueprint("letter", __name__)
Page = str | Answered | tuple[str, int]


@blueprint.get("/don-doc")
def index() -> str:
    readable = _readable()
    if readable is not None and not readable:
        abort(403)
    asked = typed_number("agency")
    agencies = readable if readable is not None else {asked} if asked else None
    counts = letters.letter_counts(db.session(), agencies)
    state = "sent" if readable is not None else _state(counts)
    rows = letters.letters(db.session(), state, agencies, typed_number("before"))
    return render_template(
        "letter/index.html", rows=rows[: letters.PAGE], state=state, states=words_of_letters.STATE, counts=counts, asked=asked,
        own=readable is not None, today=clock.today(), more=rows[letters.PAGE - 1].id if len(rows) > letters.PAGE else None,
    )  # fmt: skip


@blueprint.post("/co-quan/<int:agency_id>/don-doc")
def draft(agency_id: int) -> Page:
    """Draft with the agency's overdue work, without what a letter spoke of lately or no document orders unless that is all."""
    agency = load_agency(agency_id, may=lambda user, _agency_id: permissions.may_write_letters(user))
    late = {work.assignment_id: work for work in overdue_of(db.session(), agency.id, clock.today())}
    ordered = {number for number, work in late.items() if not work.proposed}
    fresh = ordered - rested(db.session(), ordered, clock.today())
    try:
        letter = writing.draft(db.session(), agency.id, fresh or ordered or late.keys(), current_user)
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("agency.show", agency_id=agency_id))
    letter_id = letter.id
    db.session.commit()
    return redirect(url_for("letter.show", letter_id=letter_id))


@blueprint.get("/don-doc/<int:letter_id>")
def show(letter_id: int) -> str:
    return _page(_load(letter_id))


@blueprint.post("/don-doc/<int:letter_id>")
def edit(letter_id: int) -> Page:
    letter, form = _load(letter_id, writes=True), LetterForm()
    if not form.validate_on_submit():
        return _page(letter, edit=form), 422
    try:
        writing.choose(db.session(), current_user, letter, form.shown_numbers(), *form.said())
    except TrackerError as error:
        return _again(letter_id, error, edit=form)
    db.session.commit()
    flash(_("Đã ghi dự thảo."))
    return redirect(url_for("letter.show", letter_id=letter_id))


@blueprint.post("/don-doc/<int:letter_id>/gui")
def send(letter_id: int) -> Page:
    letter, form = _load(letter_id, writes=True), SendForm()
    if not form.validate_on_submit():
        return _page(letter, send=form), 422
    try:
        writing.record_sent(db.session(), current_user, letter, *form.said())
    except TrackerError as error:
        return _again(letter_id, error, send=form)
    db.session.commit()
    flash(_("Đã ghi việc gửi công văn; từng nhiệm vụ có dòng đôn đốc trong diễn biến."))
    return redirect(url_for("letter.show", letter_id=letter_id))


@blueprint.post("/don-doc/<int:letter_id>/bo")
def drop(letter_id: int) -> Page:
    letter, form = _load(letter_id, writes=True), DropForm()
    if not form.validate_on_submit():
        return _page(letter, drop=form), 422
    try:
        writing.drop(db.session(), current_user, letter, form.reason.data or "")
    except TrackerError as error:
        return _again(letter_id, error, drop=form)
    db.session.commit()
    flash(_("Đã bỏ dự thảo công văn."))
    return redirect(url_for("letter.show", letter_id=letter_id))


@blueprint.get("/don-doc/<int:letter_id>/cong-van.docx")
def download(letter_id: int) -> Response:
    letter = _load(letter_id)
    head, signer = office(current_app.config)
    said = letters.contents(db.session(), letter)
    name = f"cong-van-don-doc-{letter.agency.code}-{said.day.isoformat()}.docx"
    return Response(
        urge_letter(letter, said, head, signer),
        mimetype=DOCX.media_type,
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def on_agency_page(agency_id: int, counts: Counts, day: Any) -> dict[str, Any]:
    """What the page of an agency offers: to draft a letter or to go on with the one begun, and the letters it was sent."""
    readable = _readable()
    writes = permissions.may_write_letters(current_user) and not past(day)
    reads = readable is None or agency_id in readable
    found = letters.letter_counts(db.session(), {agency_id}) if reads else {}
    return {
        "letters_sent": found.get("sent", 0),
        "letter_draft": letters.draft_of(db.session(), agency_id) if writes and found.get("draft") else None,
        "may_urge": writes and bool(counts[Timeliness.OPEN_OVERDUE]),
    }


def _state(counts: dict[str, int]) -> str:
    """The list asked for; without a word the drafts, and where there are none what was sent."""
    state = request.args.get("state", "")
    if state in letters.STATES:
        return state
    return "draft" if counts["draft"] or not counts["sent"] else "sent"


def _readable() -> Collection[int] | None:
    """Return to which agencies the person may read letters: None, to all and drafts too; else only what was sent to these."""
    if permissions.may_read_letters(current_user):
        return None
    own = permissions.agency_of(current_user)
    if own is None:
        return ()
    successors = successors_on(db.session(), clock.today())
    return {own, *(old for old in successors if own in heirs(old, successors))}


def _load(letter_id: int, writes: bool = False) -> UrgeLetter:
    """Return the letter. Aborts with 404 for whoever may not read it, 403 for whoever reads and may not write."""
    letter = db.session.get(UrgeLetter, letter_id) if fits(letter_id) else None
    readable = _readable()
    if letter is None or not (readable is None or (letter.state == "sent" and letter.agency_id in readable)):
        abort(404)
    if writes and not permissions.may_write_letters(current_user):
        abort(403)
    return letter


def _page(letter: UrgeLetter, error: TrackerError | None = None, **typed: Any) -> str:
    said = letters.contents(db.session(), letter)
    writes = permissions.may_write_letters(current_user) and letter.state == "draft"
    offered = [*said.urged, *said.others] if writes else said.urged
    numbers = [work.assignment_id for work in offered]
    earlier = last_letters(db.session(), numbers) if letter.state == "draft" else {}
    blank = {"send": SendForm(formdata=None, sent_on=clock.today()), "drop": DropForm(formdata=None)}
    forms = {**blank, **typed, "edit": _choice(letter, said, typed)}
    return render_template(
        "letter/show.html", letter=letter, said=said, works=offered, earlier=earlier, writes=writes, forms=forms, error=error,
        why=words_of_letters.SETTLED, text=text_of(letter, said), states=words_of_letters.STATE, today=clock.today(),
    )  # fmt: skip


def _choice(letter: UrgeLetter, said: Contents, typed: dict[str, Any]) -> LetterForm:
    """Return the form of what the draft speaks of; in one that comes back, what others added meanwhile is ticked too."""
    inside = {work.assignment_id for work in said.urged}
    shown = [work.assignment_id for work in (*said.urged, *said.others, *said.settled)]
    drafted = {"answer_by": letter.answer_by, "chosen": sorted(inside)}
    form: LetterForm = typed.get("edit") or LetterForm(formdata=None, **drafted)
    if "edit" in typed:
        form.chosen.data = sorted({*(form.chosen.data or []), *(inside - form.shown_numbers())})
    form.shown.data = ",".join(map(str, shown))
    return form


def _again(letter_id: int, error: TrackerError, **typed: Any) -> tuple[str, int]:
    db.session.rollback()
    return _page(_load(letter_id), error, **typed), 409
