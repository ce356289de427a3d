"""The first page: what is asked of the person first, then the province."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from tracker import permissions
from tracker.extensions import db
from tracker.models import Role
from tracker.queries import overview
from tracker.queries.calendar import work_calendar
from tracker.queries.standing import AGENCY, counts
from tracker.rules.workdays import WorkCalendar
from tracker.views.as_of import past, requested_day

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def index() -> str:
    day, session = requested_day(), db.session()
    calendar, moves = work_calendar(session), overview.moves(session, day)
    return render_template(
        "overview/index.html", day=day, on=past(day), counts=counts(session, day), moves=moves,
        late=overview.late_agencies(session, day),
        coming=overview.coming(session, day, calendar), counted_up_to=overview.COUNTED_UP_TO, **_first_rows(day, calendar, moves),
    )  # fmt: skip


def _first_rows(day: date, calendar: WorkCalendar, moves: overview.Moves) -> dict[str, Any]:
    """Return what the person's own role sees besides the province: an agency its work, the others what waits for them."""
    session, agency_id = db.session(), current_user.agency_id
    if current_user.role in permissions.AGENCY_ROLES and agency_id is not None:
        return {
            "own": counts(session, day, AGENCY, agency_id),
            "own_late": overview.agency_late(session, agency_id, day, calendar),
            "own_coming": overview.agency_coming(session, agency_id, day, calendar),
            "own_returned": overview.agency_returned(session, agency_id, day, calendar),
        }
    rows: dict[str, Any] = {}
    if current_user.role in permissions.OVERSIGHT_ROLES:
        rows = {"awaiting_count": overview.awaiting_count(session, day)}
    if permissions.may_decide(current_user):
        rows["awaiting"] = overview.awaiting(session, day, calendar)
    if permissions.may_clarify(current_user) or current_user.role == Role.LEADER:
        rows["unclear"] = {
            "person": moves.unclear_person,
            **{part: overview.unclear(session, day, part) for part in ("work", "time")},
        }
    return rows
