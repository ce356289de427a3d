"""A whole year of the calendar at once: from a table, or from what the law proposes. Both lead to the page that confirms."""

from datetime import date

from flask import render_template

from tracker.extensions import db
from tracker.forms.calendar import CalendarProposalForm, CalendarTableForm
from tracker.queries.calendar import exceptions_of, work_calendar
from tracker.rules.calendar_table import MOST_FAULTS, Change, Fault, read_table, swap_faults
from tracker.rules.public_holidays import Proposed, Standing, proposed
from tracker.views.admin import Page, blueprint
from tracker.views.admin_calendar import asked_year, confirm_page
from tracker.views.guard import reads_only
from tracker.views.upload import receives_files
from tracker.words.calendar import PROPOSED, fault


@blueprint.route("/lich/nhap", methods=["GET", "POST"])
@receives_files
def import_calendar() -> Page:
    form = CalendarTableForm()
    if not form.validate_on_submit():
        return _table_page(form, [], 422 if form.is_submitted() else 200)
    rows, faults = read_table(form.table.data or "")
    faults = sorted([*faults, *swap_faults(rows, work_calendar(db.session()))])
    if faults or not rows:
        return _table_page(form, faults, 422)
    kept = "" if form.overwrite.data else form.table.data or ""
    return confirm_page([change for _line, change in rows], overwrite=form.overwrite.data, table=kept)


@blueprint.route("/lich/de-xuat", methods=["GET", "POST"])
@reads_only
def propose_calendar() -> Page:
    year = asked_year()
    entered = {row.day: row for row in exceptions_of(db.session(), year)}
    wanted = [each for each in proposed(year) if each.day not in entered]
    ticked = [each.day for each in wanted if each.standing is not Standing.UNVERIFIED]
    form = CalendarProposalForm([each.day for each in wanted], ticked)
    if not form.validate_on_submit():
        page = render_template(
            "admin/calendar_propose.html", form=form, year=year, wanted=wanted, standing=PROPOSED,
            entered=len(entered),
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200
    return confirm_page(_chosen(wanted, set(form.days.data or ()), form.source.data or ""), overwrite=False)


def _chosen(wanted: list[Proposed], days: set[str], source: str) -> list[Change]:
    return [
        Change(each.day, each.working, each.name, source) for each in wanted if date.isoformat(each.day) in days
    ]  # fmt: skip


def _table_page(form: CalendarTableForm, faults: list[Fault], code: int) -> tuple[str, int]:
    shown = [fault(each) for each in faults[:MOST_FAULTS]]
    page = render_template(
        "admin/calendar_import.html", form=form, faults=shown, more=len(faults) - len(shown),
        empty=code == 422 and not faults and not form.errors,
    )  # fmt: skip
    return page, code
