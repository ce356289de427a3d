"""The agencies: the list with everybody's numbers, and one page each."""

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from tracker import permissions
from tracker.extensions import db
from tracker.models import Role
from tracker.queries import agency as agencies
from tracker.queries import agency_register
from tracker.queries import document as documents
from tracker.queries.agency import ROLES, AgencyFilters
from tracker.queries.clarity_counts import of_agency
from tracker.queries.extension import slips
from tracker.queries.leader import charge_of
from tracker.queries.obstacle import waits
from tracker.queries.person import holders
from tracker.queries.standing import AGENCY, COORDINATION, counts
from tracker.rules.timeliness import Timeliness
from tracker.views import letter
from tracker.views.as_of import past, requested_day
from tracker.views.loaders import fits
from tracker.views.typed import typed, typed_number

blueprint = Blueprint("agency", __name__)
CLASSES = {label.value: label for label in Timeliness}


@blueprint.get("/co-quan")
def index() -> str:
    day, filters = requested_day(), _filters()
    after = typed_number("after")
    place = agencies.place_of(db.session(), after) if after else None
    found, more = agencies.listed(db.session(), filters, day, place)
    return render_template(
        "agency/index.html", day=day, on=past(day), filters=filters, agencies=found, more=more, first=place is None,
        kinds=agency_register.kinds(db.session()),
    )  # fmt: skip


@blueprint.get("/co-quan/<int:agency_id>")
def show(agency_id: int) -> str:
    session, day = db.session(), requested_day()
    agency = agencies.find(session, agency_id) if fits(agency_id) else None
    if agency is None:
        abort(404)
    role = request.args.get("role") if request.args.get("role") in ROLES else "lead"
    chosen = CLASSES.get(request.args.get("timeliness", ""))
    try:
        work, more = agencies.owed(session, agency_id, role or "lead", day, chosen, request.args.get("after", ""))
    except ValueError:
        abort(404)
    leads = counts(session, day, AGENCY, agency_id)
    return render_template(
        "agency/show.html",
        agency=agency, day=day, on=past(day), role=role, chosen=chosen, work=work, more=more,
        waits=waits(session, [row.assignment_id for row in work], day),
        leads=leads,
        clear=None if past(day) else of_agency(session, agency_id),
        coordinates=counts(session, day, COORDINATION, agency_id),
        people=holders(session, agency_id, day),
        shows_addresses=permissions.may_administer(current_user) or current_user.role == Role.MONITOR,
        groups=agencies.groups(session, agency_id),
        mentions=agencies.mentions(session, agency_id),
        names=dict(documents.choices(session)),
        successions=agencies.successions(session, agency_id),
        slips=slips(session, day, agency_id),
        **letter.on_agency_page(agency_id, leads, day),
        charge=None if past(day) else charge_of(session, agency_id),
    )  # fmt: skip


def _filters() -> AgencyFilters:
    """Nothing asked shows who leads something now; whoever searches means every agency."""
    text, kind = typed("q"), typed("kind")
    return AgencyFilters(text, kind, working=not (text or kind or request.args.get("show") == "all"))
