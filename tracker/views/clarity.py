"""What lacks a person, a product or a date, and the form to clear it on a stated basis."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import clarity as clearing
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.clarity import AuthorityForm, BasisForm, DeadlineForm, DeliverableForm, LeadForm, PersonForm
from tracker.models import Agency, Assignment, Task, User
from tracker.queries import clarity
from tracker.queries.choices import task_choices
from tracker.queries.task import COUNTED_UP_TO, UNCLEAR, TaskFilters, count_tasks, task_page
from tracker.views.loaders import load_task
from tracker.words import periods
from tracker.words.days import dmy

blueprint = Blueprint("clarity", __name__)
FORMS: dict[str, tuple[type[BasisForm], str]] = {
    "lead": (LeadForm, clearing.LEAD),
    "person": (PersonForm, clearing.PERSON),
    "deadline": (DeadlineForm, clearing.DEADLINE),
    "deliverable": (DeliverableForm, clearing.DELIVERABLE),
    "authority": (AuthorityForm, clearing.AUTHORITY),
}
# Which list a part is cleared from.
LACKS = {"lead": "person", "deliverable": "work", "deadline": "time", "person": "responsible", "authority": "authority"}
CLEARED_AS = {**{lacks: what for what, lacks in LACKS.items()}, "product": "deliverable", "head": "person"}


@blueprint.get("/chua-ro")
def index() -> str:
    session, today = db.session(), clock.today()
    part = request.args.get("lacks", "person")
    part = part if part in UNCLEAR else "person"
    choices = task_choices(session)
    filters = _filters(choices)
    try:
        page = task_page(
            session, _lacking(filters, part), today, request.args.get("after", ""), request.args.get("before", "")
        )
    except ValueError:
        abort(404)
    return render_template(
        "clarity/index.html", part=part, what=CLEARED_AS[part], page=page, choices=choices, filters=filters,
        counts={name: count_tasks(session, _lacking(filters, name), today) for name in UNCLEAR},
        parts=(clarity.PARTS, clarity.FURTHER), clear=clarity.clearness(session, [row.task_id for row in page.rows]),
        six_of=clarity.six_of, whole=COUNTED_UP_TO, ticked=request.args.get("ticked") == "all",
        may_clarify=permissions.may_clarify(current_user),
    )  # fmt: skip


@blueprint.route("/chua-ro/<int:task_id>", methods=["GET", "POST"])
def show(task_id: int) -> str | Response | tuple[str, int]:
    task = load_task(task_id, may=permissions.may_clarify)
    what = _what(task)
    form = _form(task, what)
    if not form.validate_on_submit():
        return _page(task, what, form)
    try:
        done = clear(task, form, form.seen_number())
    except TrackerError as error:
        return _again(task_id, what, form, error)
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("task.show", task_id=task_id))


@dataclass(frozen=True)
class Filters:
    document: str
    theme: str
    document_id: int | None
    theme_id: int | None


def _filters(choices: Any) -> Filters:
    document, theme = request.args.get("document", ""), request.args.get("theme", "")
    by_code = {code: key for key, code, _name in choices.documents}, {code: key for key, code, _name in choices.themes}
    return Filters(document, theme, by_code[0].get(document), by_code[1].get(theme))


def _lacking(filters: Filters, part: str) -> TaskFilters:
    return TaskFilters(
        unclear=(part,), document_id=filters.document_id, theme_id=filters.theme_id, sort="document"
    )  # fmt: skip


def _what(task: Task) -> str:
    """Return which part is being cleared: the one asked for, else the first that is missing."""
    asked = request.args.get("what", "")
    if asked in FORMS:
        return asked
    missing = (("lead", task.has_lead), ("deadline", task.has_time), ("deliverable", task.has_work))
    return next((name for name, clear in missing if not clear), "person")


def _form(task: Task, what: str) -> BasisForm:
    kind, verb = FORMS[what]
    seen = clarity.last_seen(db.session(), task.id, verb)
    form = kind(seen=seen, **clarity.present(db.session(), task, what))
    offer_leads(form)
    if isinstance(form, PersonForm):
        form.person.choices = {"": [("", _("Chọn người"))]} | {
            lead.agency: [
                (f"{lead.assignment_id}:{key}", f"{name}, {job}" if job else name) for key, name, job in lead.people
            ]
            for lead in clarity.leads(db.session(), task.id)
            if lead.people
        }
    return form


def offer_leads(form: BasisForm) -> None:
    """Let the form offer who may lead: groups whose members are known, and the agencies that exist today."""
    if isinstance(form, LeadForm):
        form.to.choices = {
            "": [("", _("Chọn cơ quan"))],
            _("Nhóm cơ quan"): [
                (f"group:{group.id}", _("%(group)s (%(n)s cơ quan)", group=group.name, n=len(group.members)))
                for group in clarity.known_groups(db.session(), clock.today())
            ],
            _("Từng cơ quan"): [
                (f"agency:{key}", name) for key, name in clarity.agencies(db.session(), clock.today())
            ],
        }  # fmt: skip


def clear(task: Task, form: BasisForm, seen: int) -> str:
    """Call the one action and return the sentence that says what was done; `seen` is the last event the person had seen."""
    session, basis = db.session(), form.basis()
    if isinstance(form, LeadForm):
        to = chosen_lead(form.to.data)
        number = clearing.assign_lead(session, current_user, task, seen, to, basis)
        return str(_("Đã giao %(who)s chủ trì: %(n)s phần việc.", who=to.name, n=number))
    if isinstance(form, PersonForm):
        assignment_id, _sep, user_id = form.person.data.partition(":")
        assignment, person = session.get_one(Assignment, int(assignment_id)), session.get_one(User, int(user_id))
        clearing.name_person(session, current_user, task, seen, assignment, person, basis)
        return str(_("Đã ghi %(name)s là người phụ trách.", name=person.name))
    if isinstance(form, DeadlineForm) and (recurrence := form.recurrence()):
        clearing.set_recurrence(session, current_user, task, seen, recurrence, form.wording.data or None, basis)
        return str(_("Đã ghi thời hạn định kỳ: %(when)s.", when=periods.recurrence(recurrence.rrule)))
    if isinstance(form, DeadlineForm):
        due_on = form.last_day()
        clearing.set_deadline(session, current_user, task, seen, due_on, form.wording.data or None, basis)
        return str(_("Đã ghi thời hạn %(day)s.", day=dmy(due_on)))
    if isinstance(form, AuthorityForm):
        clearing.set_authority(session, current_user, task, seen, form.authority.data or "", basis)
        return str(_("Đã ghi cấp quyết định: %(who)s.", who=task.authority))
    clearing.set_deliverable(session, current_user, task, seen, form["deliverable"].data, basis)
    return str(_("Đã ghi sản phẩm của nhiệm vụ."))


def chosen_lead(value: str) -> Agency | clarity.Group:
    """Return what was chosen; the form has already refused what was not offered."""
    kind, _sep, key = value.partition(":")
    if kind == "agency":
        return db.session.get_one(Agency, int(key))
    return next(group for group in clarity.known_groups(db.session(), clock.today()) if group.id == int(key))


def _page(task: Task, what: str, form: BasisForm, error: TrackerError | None = None) -> tuple[str, int]:
    code = 200 if not form.is_submitted() else 409 if error else 422
    subject = clarity.subject(db.session(), task.id)
    page = render_template(
        "clarity/show.html", task=subject, six=clarity.six_of(subject), leads=clarity.leads(db.session(), task.id),
        deadline=clarity.deadline_in_force(db.session(), task.id), what=what, form=form, error=error,
    )  # fmt: skip
    return page, code


def _again(task_id: int, what: str, form: BasisForm, error: TrackerError) -> tuple[str, int]:
    """Show the form again with the sentence and everything typed; after a lost race the next try starts from what is now."""
    db.session.rollback()
    task = load_task(task_id, may=permissions.may_clarify)
    if isinstance(error, Changed):
        form.seen.data = str(clarity.last_seen(db.session(), task_id, FORMS[what][1]))
    return _page(task, what, form, error)
