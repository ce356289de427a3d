"""What happened to a task, from the first line to the last: to read, and to print as proof."""

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.extensions import db
from tracker.queries import history as lines
from tracker.queries import task_facts
from tracker.queries.event_chain import chain_end
from tracker.views.as_of import past, requested_day
from tracker.views.loaders import load_task, reads_reports
from tracker.words.history import details

blueprint = Blueprint("history", __name__)
blueprint.app_template_global("event_details")(details)
KINDS = {
    "": _l("Tất cả"),
    "decisions": _l("Quyết định, thay đổi"),
    "reports": _l("Báo cáo, kết quả"),
    "reminders": _l("Nhắc việc"),
}


@blueprint.get("/nhiem-vu/<int:task_id>/dien-bien")
def index(task_id: int) -> str:
    load_task(task_id)
    day, session = requested_day(), db.session()
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    history = lines.history(
        session, task_id, day, with_reports=reads_reports(task_id), limit=lines.PAGE, kind=kind, place=_place()
    )
    return render_template(
        "history/index.html", task=task_facts.heading(session, task_id), history=history, kind=kind, kinds=KINDS, day=day,
        on=past(day), end=chain_end(session), first_page="before" not in request.args,
    )  # fmt: skip


def _place() -> lines.Place:
    try:
        return lines.Place.read(request.args.get("before", ""))
    except ValueError:
        flash(_("Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."), "error")
        return lines.Place()
