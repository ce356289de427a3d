"""Giving over everything a person holds, and the record of it."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock
from tracker.actions.handover import Grounds, changed_meanwhile, hand_over
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.handover import HandoverForm, handover_form
from tracker.models import User
from tracker.queries import handover as handovers
from tracker.queries.handover import Held
from tracker.queries.person import Nameable, colleagues, nameable
from tracker.views.loaders import load_handover, load_holder

blueprint = Blueprint("handover", __name__)


@blueprint.route("/ban-giao/<int:user_id>", methods=["GET", "POST"])
def show(user_id: int) -> Response | tuple[str, int]:
    person = load_holder(user_id)
    items = handovers.held(db.session(), person.id, clock.today())
    form = _form(person, items)
    if form.is_submitted() and form.seen.data and form.seen_number() != handovers.version(items):
        return _again(user_id, form, changed_meanwhile(person))
    if not form.validate_on_submit():
        return _page(person, items, form, None, 422 if form.is_submitted() else 200)
    receivers = {
        key: db.session.get_one(User, number) if number else None for key, number in form.chosen(items).items()
    }
    contact = form.chosen_contact()
    grounds = Grounds(form.reason.data or "", form.basis())
    try:
        record = hand_over(
            db.session(), current_user, person, form.seen_number(), receivers, grounds,
            db.session.get_one(User, contact) if contact else None,
        )  # fmt: skip
    except TrackerError as error:
        return _again(user_id, form, error)
    db.session.commit()
    flash(_("Đã bàn giao; người nhận được báo bằng thư."), "success")
    return redirect(url_for("handover.record", handover_id=record.id))


@blueprint.get("/ban-giao/bien-ban/<int:handover_id>")
def record(handover_id: int) -> str:
    found = load_handover(handover_id)
    return render_template("handover/record.html", record=found, lines=handovers.record_lines(db.session(), found.id))


def _form(person: User, items: Sequence[Held]) -> HandoverForm:
    session, day = db.session(), clock.today()
    people: dict[int, Sequence[Nameable]] = {
        agency_id: [one for one in nameable(session, agency_id, day) if one.id != person.id]
        for agency_id in sorted({item.agency_id for item in items})
    }
    home = colleagues(session, person.agency_id) if person.agency_id else []
    return handover_form(items, people, [one for one in home if one.id != person.id], seen=handovers.version(items))


def _again(user_id: int, form: HandoverForm, error: TrackerError) -> tuple[str, int]:
    """Show the list as it is now with the sentence; what was typed stays, and choices for lines that are still there."""
    db.session.rollback()
    person = load_holder(user_id)
    items = handovers.held(db.session(), person.id, clock.today())
    if isinstance(error, Changed):
        form = _form(person, items)
        form.seen.data = str(handovers.version(items))
    return _page(person, items, form, error, 409)


def _page(
    person: User, items: Sequence[Held], form: HandoverForm, error: TrackerError | None, code: int
) -> tuple[str, int]:
    session, day = db.session(), clock.today()
    page = render_template(
        "handover/show.html", person=person, items=items, form=form, error=error,
        others=handovers.holdings(session, person.id, day), records=handovers.given_by(session, person.id),
        contacts=handovers.other_contacts(session, person.agency_id, person.id) if person.agency_id else 0,
    )  # fmt: skip
    return page, code
