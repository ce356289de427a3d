"""Who answers for an assignment: named for one, or for several of an agency at once."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions.person import Wanted, name_people, name_people_of
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.person import NOBODY, ManyForm, PeopleForm
from tracker.models import Agency, Assignment, User
from tracker.queries import person as people
from tracker.views.assignment_form import shown
from tracker.views.loaders import load_agency, load_assignment
from tracker.views.opened_task import Opened

blueprint = Blueprint("person", __name__)
TEMPLATE = "person/name.html"


@blueprint.route("/phan-viec/<int:assignment_id>/nguoi-phu-trach", methods=["GET", "POST"])
def name(assignment_id: int) -> Response | tuple[str, int]:
    assignment = load_assignment(assignment_id, may=permissions.may_name_people)
    form = _form(assignment)
    if not form.validate_on_submit():
        return shown(TEMPLATE, assignment, form, **_present(assignment))
    try:
        wanted = _people(form.chosen())
        name_people(
            db.session(), current_user, assignment, form.seen_number(), wanted[people.RESPONSIBLE], wanted[people.HEAD],
            form.basis(),
        )  # fmt: skip
    except TrackerError as error:
        return _again(assignment_id, form, error)
    db.session.commit()
    flash(_("Đã ghi người phụ trách; người được phân công nhận thư báo."), "success")
    return redirect(url_for("task.show", task_id=assignment.task_id))


@blueprint.route("/co-quan/<int:agency_id>/phan-cong", methods=["GET", "POST"])
def assign(agency_id: int) -> str | Response | tuple[str, int]:
    agency = load_agency(agency_id, may=permissions.may_name_people)
    form = ManyForm(request.form.getlist("pick"))
    form.offer(people.nameable(db.session(), agency_id, clock.today()))
    if not form.validate_on_submit():
        return _list(agency, form, None), 422 if form.is_submitted() else 200
    try:
        changed = _assign(agency_id, form)
    except TrackerError as error:
        db.session.rollback()
        return _list(load_agency(agency_id), form, error), 409
    db.session.commit()
    flash(ngettext("Đã phân công %(num)d phần việc.", "Đã phân công %(num)d phần việc.", changed), "success")
    return redirect(url_for("person.assign", agency_id=agency_id, show=request.args.get("show")))


def on_task_page(opened: Opened) -> dict[str, Any]:
    """Who answers for each part on the day, and for which parts the person may say so."""
    may_name = {
        share.assignment_id
        for share in opened.shares
        if opened.is_today and permissions.may_name_people(current_user, share.agency_id)
    }
    return {"people": people.people_of_task(db.session(), opened.task_id, opened.day), "may_name": may_name}


def _form(assignment: Assignment) -> PeopleForm:
    seen = people.last_named(db.session(), [assignment.id])[assignment.id]
    form = PeopleForm(
        seen=seen, responsible=str(assignment.responsible_id or NOBODY), head=str(assignment.head_id or NOBODY)
    )
    form.offer(people.nameable(db.session(), assignment.agency_id, clock.today()))
    return form


def _people(chosen: dict[str, int | None]) -> Wanted:
    return {part: db.session.get_one(User, number) if number else None for part, number in chosen.items()}


def _present(assignment: Assignment) -> dict[str, Any]:
    return {"named": people.people_of_task(db.session(), assignment.task_id, clock.today())[assignment.id]}


def _again(assignment_id: int, form: PeopleForm, error: TrackerError) -> tuple[str, int]:
    """Show the form with the sentence, what was chosen, and who is named by now; after a lost race the next try starts there."""
    db.session.rollback()
    assignment = load_assignment(assignment_id)
    if isinstance(error, Changed):
        form.seen.data = str(people.last_named(db.session(), [assignment_id])[assignment_id])
    return shown(TEMPLATE, assignment, form, error, **_present(assignment))


def _assign(agency_id: int, form: ManyForm) -> int:
    """Name the people for the lines ticked, all of this agency."""
    for number in form.picked:
        if load_assignment(number).agency_id != agency_id:
            abort(404)
    return name_people_of(db.session(), current_user, form.picked, _people(form.chosen()), form.basis())


def _list(agency: Agency, form: ManyForm, error: TrackerError | None) -> str:
    session, day = db.session(), clock.today()
    only_unnamed = request.args.get("show") != "all"
    try:
        rows, more = people.to_name(
            session, agency.id, day, only_unnamed=only_unnamed, after=request.args.get("after", "")
        )
    except ValueError:
        abort(404)
    return render_template(
        "person/assign.html", agency=agency, form=form, error=error, rows=rows, more=more, only_unnamed=only_unnamed,
        unnamed=people.unnamed_count(session, agency.id),
    )  # fmt: skip
