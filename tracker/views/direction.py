"""Leaders give directions; agencies acknowledge them; everybody signed in sees who has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import direction as directing
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.direction import AcknowledgeForm, DirectionForm
from tracker.models import DirectionReceipt, Task
from tracker.queries import direction as directions
from tracker.queries.calendar import work_calendar
from tracker.queries.direction import Given, Receipt
from tracker.rules.direction import Wait, waited
from tracker.views.loaders import fits, load_task, reads_reports
from tracker.views.opened_task import Opened
from tracker.views.typed import typed_number

blueprint = Blueprint("direction", __name__)
Page = str | Response | tuple[str, int]
VIEWS = ("waiting", "mine", "all")


@dataclass(frozen=True)
class Shown:
    """A direction with its receipts, and how long those that wait have waited."""

    given: Given
    receipts: Sequence[Receipt]
    wait: Wait

    @property
    def unread(self) -> list[Receipt]:
        return [receipt for receipt in self.receipts if receipt.acknowledged_at is None]

    @property
    def own(self) -> list[Receipt]:
        """What waits for the agency of the person who looks."""
        return [receipt for receipt in self.unread if permissions.may_acknowledge(current_user, receipt.agency_id)]

    @property
    def overdue(self) -> bool:
        return self.wait.overdue and bool(self.unread)


@blueprint.get("/chi-dao")
def index() -> str:
    agency_id = permissions.agency_of(current_user)  # of whoever does no agency's work: the directions to all
    view = request.args.get("view", "")
    leader = permissions.may_direct(current_user)
    view = view if view in VIEWS and (leader or view != "mine") else "waiting"
    task_id, place = typed_number("task"), typed_number("after") or 0
    if view == "waiting":
        rows = directions.waiting(db.session(), agency_id, place, task_id)
    else:
        giver = current_user.id if view == "mine" else None
        rows = directions.given(db.session(), agency_id, giver, place, task_id)
    more = rows[directions.PAGE - 1].id if len(rows) > directions.PAGE else None
    return render_template(
        "direction/index.html", rows=_shown(rows[: directions.PAGE]), more=more, view=view, leader=leader, place=place,
        task_id=task_id, waiting_count=directions.waiting_count(db.session(), agency_id), agency_id=agency_id,
    )  # fmt: skip


@blueprint.route("/nhiem-vu/<int:task_id>/chi-dao", methods=["GET", "POST"])
def give(task_id: int) -> Page:
    task = load_task(task_id, may=permissions.may_direct)
    form = DirectionForm(given_on=clock.today())
    if not form.validate_on_submit():
        return _give_page(task, form), 422 if form.is_submitted() else 200
    try:
        directing.give(db.session(), current_user, task, *form.said())
    except TrackerError as error:
        db.session.rollback()
        return _give_page(load_task(task_id), form, error), 409
    db.session.commit()
    flash(_("Đã ghi ý kiến chỉ đạo và gửi tới cơ quan chủ trì."))
    return redirect(url_for("task.show", task_id=task_id))


@blueprint.get("/chi-dao/<int:direction_id>")
def show(direction_id: int) -> str:
    return _page(direction_id, AcknowledgeForm())


@blueprint.post("/chi-dao/tiep-nhan/<int:receipt_id>")
def acknowledge(receipt_id: int) -> Page:
    receipt = _load_receipt(receipt_id)
    direction_id, form = receipt.direction_id, AcknowledgeForm()
    if not form.validate_on_submit():
        return _page(direction_id, form), 422
    try:
        directing.acknowledge(db.session(), current_user, receipt, form.answer.data or None)
    except TrackerError as error:
        db.session.rollback()
        return _page(direction_id, form, error), 409
    db.session.commit()
    flash(_("Đã tiếp nhận ý kiến chỉ đạo."))
    return redirect(url_for("direction.show", direction_id=direction_id))


def on_task_page(opened: Opened) -> dict[str, Any]:
    found = directions.newest(db.session(), opened.task_id, opened.day)
    if found is None:
        return {"direction": None, "directions": 0, "may_give": _may_give(opened)}
    given, number = found
    [shown] = _shown([given], opened)
    return {"direction": shown, "directions": number, "may_give": _may_give(opened)}


def _may_give(opened: Opened) -> bool:
    return opened.is_today and permissions.may_direct(current_user)


def _shown(rows: Sequence[Given], opened: Opened | None = None) -> list[Shown]:
    day = opened.day if opened else clock.today()
    receipts = directions.receipts(db.session(), [row.id for row in rows], opened.day if opened else None)
    calendar = opened.work if opened else work_calendar(db.session())
    return [Shown(row, receipts[row.id], waited(row.sent_on, day, calendar)) for row in rows]


def _give_page(task: Task, form: DirectionForm, error: TrackerError | None = None) -> str:
    leads = directions.live_leads(db.session(), task.id)
    return render_template(
        "direction/give.html", task=task, form=form, leads=leads, error=error, no_lead=directing.no_lead
    )


def _page(direction_id: int, form: AcknowledgeForm, error: TrackerError | None = None) -> str:
    given = directions.direction(db.session(), direction_id) if fits(direction_id) else None
    if given is None:
        abort(404)
    [shown] = _shown([given])
    return render_template(
        "direction/show.html", shown=shown, form=form, error=error, reads_answers=reads_reports(given.task_id)
    )


def _load_receipt(receipt_id: int) -> DirectionReceipt:
    """Return the receipt. Aborts with 404 when there is none, 403 for whoever is not of the agency addressed."""
    receipt = db.session.get(DirectionReceipt, receipt_id) if fits(receipt_id) else None
    if receipt is None:
        abort(404)
    _task_id, agency_id = directions.addressee(db.session(), receipt.id)
    if not permissions.may_acknowledge(current_user, agency_id):
        abort(403)
    return receipt
