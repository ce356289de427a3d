"""The register of systems, one page each, and the items of a list that build them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import task_item
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.system import ItemLeadForm, ItemStateForm
from tracker.models import InformationSystem, TaskItem, User
from tracker.queries import clarity
from tracker.queries import document as documents
from tracker.queries import system as systems
from tracker.queries.system import SystemFilters
from tracker.rules.timeliness import WorkState
from tracker.views.as_of import past, requested_day
from tracker.views.loaders import fits
from tracker.views.typed import typed, typed_number
from tracker.words import SYSTEM_STATE

blueprint = Blueprint("system", __name__)


@blueprint.get("/he-thong")
def index() -> str:
    filters = _filters()
    found, more = systems.registered(db.session(), filters, typed_number("after") or 0)
    return render_template(
        "system/index.html", filters=filters, systems=found, more=more, states=systems.by_state(db.session()),
        kinds=systems.kinds(db.session()), names=dict(documents.choices(db.session())),
    )  # fmt: skip


@blueprint.get("/he-thong/<int:system_id>")
def show(system_id: int) -> str:
    system = db.session.get(InformationSystem, system_id) if fits(system_id) else None
    if system is None:
        abort(404)
    day = requested_day()
    return render_template(
        "system/show.html", system=system, day=day, on=past(day), mentions=systems.mentions(db.session(), system_id),
        tasks=systems.tasks(db.session(), system_id, day), items=systems.items(db.session(), day, system_id=system_id),
        may_change=may_change_item, names=dict(documents.choices(db.session())),
    )  # fmt: skip


@blueprint.route("/he-thong/hang-muc/<int:item_id>/giao", methods=["GET", "POST"])
def assign(item_id: int) -> str | Response | tuple[str, int]:
    item = _load_item(item_id)
    if not permissions.may_clarify(current_user):
        abort(403)
    form = ItemLeadForm(seen=item.version, agency=str(item.agency_id or ""), due_on=item.due_on)
    agencies = clarity.agencies(db.session(), clock.today())
    form.agency.choices = [("", _("Chưa giao"))] + [(str(key), name) for key, name in agencies]
    if not form.validate_on_submit():
        return _form("system/assign.html", item, form)
    agency_id = int(form.agency.data) if form.agency.data else None
    try:
        task_item.assign_item(
            db.session(), current_user, item, form.seen_number(), agency_id, form.due_on.data, form.basis()
        )
    except TrackerError as error:
        return _again("system/assign.html", item_id, form, error)
    return _saved(item)


@blueprint.route("/he-thong/hang-muc/<int:item_id>/tinh-trang", methods=["GET", "POST"])
def report(item_id: int) -> str | Response | tuple[str, int]:
    item = _load_item(item_id)
    if not may_change_item(current_user, item.agency_id):
        abort(403)
    form = ItemStateForm(seen=item.version, state=item.state, result_on=item.result_on)
    if not form.validate_on_submit():
        return _form("system/report.html", item, form)
    try:
        task_item.report_item(
            db.session(), current_user, item, form.seen_number(), WorkState(form.state.data), form.result_on.data
        )
    except TrackerError as error:
        return _again("system/report.html", item_id, form, error)
    return _saved(item)


def may_change_item(user: User, agency_id: int | None) -> bool:
    """Say how far an item is: whoever clears what is unclear, and the officers of the agency that leads it."""
    return permissions.may_clarify(user) or (agency_id is not None and permissions.may_report(user, agency_id))


def _load_item(item_id: int) -> TaskItem:
    item = db.session.get(TaskItem, item_id) if fits(item_id) else None
    if item is None:
        abort(404)
    return item


def _form(
    template: str, item: TaskItem, form: ItemLeadForm | ItemStateForm, error: TrackerError | None = None
) -> tuple[str, int]:
    code = 200 if not form.is_submitted() else 409 if error else 422
    return render_template(template, item=item, form=form, error=error, back=_home(item)), code


def _again(template: str, item_id: int, form: ItemLeadForm | ItemStateForm, error: TrackerError) -> tuple[str, int]:
    """Show the form again with the sentence and everything typed; after a lost race the next try starts from the new version."""
    db.session.rollback()
    item = _load_item(item_id)
    if isinstance(error, Changed):
        form.seen.data = str(item.version)
    return _form(template, item, form, error)


def _saved(item: TaskItem) -> Response:
    db.session.commit()
    flash(_("Đã ghi hạng mục “%(title)s”.", title=item.title), "success")
    return redirect(_home(item))


def _home(item: TaskItem) -> str:
    if item.system_id is not None:
        return url_for("system.show", system_id=item.system_id)
    return url_for("task.show", task_id=item.task_id)


def _filters() -> SystemFilters:
    state = request.args.get("state", "")
    return SystemFilters(
        text=typed("q"),
        kind=typed("kind"),
        state=state if state in SYSTEM_STATE else "",
    )
