"""The queue of obstacles for whoever must answer or asked, and the list of what is beyond the standing body's authority."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock, permissions
from tracker.extensions import db
from tracker.queries import obstacle as queries
from tracker.queries import obstacle_summary as summary
from tracker.queries.obstacle import PAGE, Listed, ObstacleFilters
from tracker.rules.obstacle import Level, State
from tracker.views.as_of import past, requested_day
from tracker.views.obstacle import blueprint
from tracker.views.typed import typed, typed_number

STATES = ("open", *(state.value for state in State))


@blueprint.get("/vuong-mac")
def index() -> str:
    if not permissions.may_see_obstacles(current_user):
        abort(403)
    session, filters, today = db.session(), _filters(), clock.today()
    rows = _rows(filters)
    after = rows[PAGE - 1].cursor if len(rows) > PAGE else None
    return render_template(
        "obstacle/index.html", rows=rows[:PAGE], today=today, filters=filters, states=STATES, counts=_counts(),
        agencies=queries.agencies(session) if _sees_all() else [], later=after and _address(filters, after),
    )  # fmt: skip


@blueprint.get("/vuong-mac/tong-hop")
def gathered() -> str:
    if not permissions.may_gather_obstacles(current_user):
        abort(403)
    day, period = requested_day(), typed("period")
    period = period if period in summary.PERIODS else summary.PERIODS[0]
    rows = summary.gathered(db.session(), period, day)
    start = summary.period_start(period, day) if period != "waiting" else None
    return render_template(
        "obstacle/gathered.html", rows=rows[: summary.MOST], more=len(rows) > summary.MOST, period=period,
        periods=summary.PERIODS, start=start, day=day, on=past(day),
    )  # fmt: skip


def _sees_all() -> bool:
    return permissions.may_gather_obstacles(current_user)


def _counts() -> dict[str, queries.Counted]:
    return queries.open_counts(db.session(), clock.today()) if _sees_all() else {}


def _filters() -> ObstacleFilters:
    """What was asked for; without asking, what waits for the person: an agency sees its own and nothing else."""
    own = _own()
    level, state = request.args.get("level", own.level), request.args.get("state", own.state)
    return ObstacleFilters(
        level=level if level in set(Level) else "",
        state=state if state in STATES else "open",
        agency_id=typed_number("agency") if _sees_all() else own.agency_id,
    )


def _own() -> ObstacleFilters:
    if not _sees_all():
        return ObstacleFilters(agency_id=current_user.agency_id)
    level = Level.STANDING_BODY if permissions.may_answer(current_user, Level.STANDING_BODY) else Level.PROVINCE
    return ObstacleFilters(level=level.value, state=State.WAITING.value)


def _rows(filters: ObstacleFilters) -> list[Listed]:
    try:
        return queries.listed(db.session(), filters, typed("after"))
    except ValueError:
        flash(_("Địa chỉ trang không còn đúng với danh sách này; đang hiển thị trang đầu."), "error")
        return queries.listed(db.session(), filters)


def _address(filters: ObstacleFilters, after: str) -> str:
    asked = replace(filters, agency_id=filters.agency_id if _sees_all() else None)
    values: dict[str, Any] = {"level": asked.level, "state": asked.state, "agency": asked.agency_id, "after": after}
    return url_for("obstacle.index", **values)
