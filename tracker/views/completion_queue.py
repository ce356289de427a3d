"""The Office's queue of results: what waits, filtered, and many confirmed with one press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock, permissions
from tracker.actions import completion
from tracker.database import begin_writing
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.models import ProgressReport
from tracker.queries import report as reports
from tracker.queries.extension import Asked, waiting_on
from tracker.queries.report import QueueFilters, Waiting
from tracker.views.again import made_again
from tracker.views.completion import blueprint
from tracker.views.loaders import fits
from tracker.views.typed import typed, typed_number

MOST = 100  # one page holds fewer


@dataclass(frozen=True)
class NotConfirmed:
    """A result that was ticked and not confirmed, and why."""

    task_id: int
    title: str
    agency: str
    sentence: str


@blueprint.route("/cho-xac-nhan", methods=["GET", "POST"])
def queue() -> str | tuple[str, int]:
    if not permissions.may_decide(current_user):
        abort(403)
    if request.method == "GET":
        return _page()
    ticked = [number for number in request.form.getlist("report", type=int) if fits(number)]
    wanted = list(dict.fromkeys(ticked))[:MOST]
    if not wanted:
        return _page(nothing_ticked=True), 422
    left = list(_confirm_each(wanted))
    return _page(confirmed=len(wanted) - len(left), left=left)


def _confirm_each(report_ids: list[int]) -> Iterator[NotConfirmed]:
    """Confirm them one by one, each in a transaction of its own: what somebody else was quicker with stops none of the others."""
    db.session.commit()  # that this form was sent is kept, whatever becomes of its rows
    for report_id in report_ids:
        begin_writing()
        refused = _confirm(report_id)
        if refused is not None:
            yield refused


@made_again
def _confirm(report_id: int) -> NotConfirmed | None:
    """Confirm one and commit; return why not. Crossed with another writer it is tried again by itself: the others are done."""
    proposal = db.session.get(ProgressReport, report_id)
    if proposal is None or proposal.kind != "completion":
        db.session.rollback()
        return NotConfirmed(0, _("Kết quả không tồn tại"), "", _("Hãy tải lại trang rồi chọn lại."))
    called = (proposal.task_id, proposal.assignment.task.short_title, proposal.assignment.agency.short_name)
    try:
        completion.confirm(db.session(), current_user, proposal)
        db.session.commit()
    except TrackerError as error:
        db.session.rollback()
        return NotConfirmed(*called, error.sentence)
    return None


def _page(**outcome: Any) -> str:
    session, after = db.session(), typed_number("after") or 0
    filters = QueueFilters(typed_number("agency"), typed_number("document"), typed("timeliness"))
    rows = reports.waiting(session, after, filters)
    agencies, documents = reports.queue_choices(session)
    kept = {
        "agency": filters.agency_id, "document": filters.document_id, "timeliness": filters.timeliness or None,
    }  # fmt: skip
    return render_template(
        "completion/queue.html", rows=rows[: reports.PAGE], asked=_asked(rows), filters=filters, agencies=agencies,
        documents=documents, more=rows[reports.PAGE - 1].report_id if len(rows) > reports.PAGE else None, kept=kept,
        after=after or None, total=reports.waiting_count(session, filters), all_ticked=typed("select") == "all", **outcome,
    )  # fmt: skip


def _asked(rows: Sequence[Waiting]) -> dict[int, Asked]:
    """Return by assignment the request for more time; confirming a late result would end it."""
    return waiting_on(db.session(), [row.assignment_id for row in rows], clock.today())
