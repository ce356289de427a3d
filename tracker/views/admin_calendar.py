"""The working calendar: its exceptions year by year, what a change of it would do, and the deadlines it no longer agrees with."""

from collections.abc import Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from tracker import clock
from tracker.actions import calendar
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.calendar import CalendarDayForm
from tracker.models import CalendarDay
from tracker.queries.calendar import (
    CLEARED,
    exceptions_of,
    missing_year,
    shifted_deadlines,
    work_calendar,
    years_entered,
)
from tracker.queries.calendar_preview import exchanged_with
from tracker.rules.calendar_table import YEARS, Change, as_table, read_table, swap_faults
from tracker.views.admin import Page, blueprint
from tracker.views.guard import reads_only
from tracker.views.typed import typed_number


@blueprint.get("/lich", endpoint="calendar")
def show() -> Page:
    return _page(asked_year(), CalendarDayForm(formdata=None))


@blueprint.post("/lich")
@reads_only
def add_day() -> Page:
    form = CalendarDayForm()
    if not form.validate_on_submit() or not form.ask_of(form.chosen_day()):
        return _page(asked_year(), form, 422)
    return confirm_page(_without_needless(form.changes(form.chosen_day()), form.chosen_day()))


@blueprint.route("/lich/<string:day>", methods=["GET", "POST"])
@reads_only
def edit_day(day: str) -> Page:
    row = _load_day(day)
    form = CalendarDayForm(obj=row)
    if request.method == "GET":
        form.show(row.working, row.name)
    del form.day  # the address is the day; another day is another entry
    if not form.validate_on_submit() or not form.ask_of(row.day):
        return _day_page(row, form, 422 if form.is_submitted() else 200)
    return confirm_page(_without_needless(form.changes(row.day), row.day))


@blueprint.post("/lich/<string:day>/bo")
@reads_only
def clear_day(day: str) -> Page:
    row = _load_day(day)
    both = [row.day, *exchanged_with(db.session(), row.day)]  # half an exchange is none
    return confirm_page([Change(each, None) for each in both])


@blueprint.post("/lich/ghi", endpoint="save_calendar")
def save() -> Page:
    rows, faults = read_table(request.form.get("changes", ""))
    if not rows or faults or swap_faults(rows, work_calendar(db.session())):
        flash(_("Chưa ghi gì: nội dung xác nhận không đọc được. Xin nhập lại."), "error")
        return redirect(url_for("admin.calendar"))
    changes, recounting = [change for _line, change in rows], request.form.get("recount") == "yes"
    try:
        saved, moved = calendar.carry_out(
            db.session(), current_user, changes, request.form.get("seen", ""), recounting=recounting
        )
    except TrackerError as error:
        db.session.rollback()
        return confirm_page(changes, error)
    db.session.commit()
    flash(ngettext("Đã ghi %(num)d ngày vào lịch.", "Đã ghi %(num)d ngày vào lịch.", saved) + _said(moved), "success")
    return redirect(url_for("admin.calendar", year=changes[0].day.year))


@blueprint.post("/lich/tinh-lai")
def recount() -> Page:
    if request.form.get("read") != "yes":
        flash(_("Chưa tính lại: hãy đọc danh sách rồi đánh dấu xác nhận."), "error")
        return redirect(url_for("admin.calendar", _anchor="lech"))
    try:
        moved = calendar.recount(db.session(), current_user, request.form.get("seen", ""))
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("admin.calendar", _anchor="lech"))
    db.session.commit()
    flash(_("Đã tính lại %(n)s thời hạn; mỗi nhiệm vụ có một dòng trong diễn biến.", n=moved), "success")
    return redirect(url_for("admin.calendar"))


def confirm_page(
    changes: Sequence[Change], error: TrackerError | None = None, *, overwrite: bool = True, table: str = ""
) -> Page:
    """Show what the changes would do. Nothing has been written; the form on the page carries them along.

    `table` is what was typed when days that people edited are kept: with one press they are overwritten too.
    """
    try:
        found = calendar.ensure_counts(db.session(), changes, overwrite)
    except TrackerError as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for("admin.calendar"))
    if not found.lines and not found.kept and error is None:
        flash(_("Lịch đã đúng như vậy; không có gì để ghi."), "info")
        return redirect(url_for("admin.calendar", year=changes[0].day.year if changes else None))
    page = render_template(
        "admin/calendar_confirm.html", found=found, error=error, table=table,
        year=changes[0].day.year, changes=as_table(line.change for line in found.lines),
    )  # fmt: skip
    return page, 409 if isinstance(error, Changed) else 422 if error else 200


def _without_needless(changes: Sequence[Change], asked: date) -> list[Change]:
    """Return the changes without the other half of an exchange that is off already, under whatever name."""
    work = work_calendar(db.session())
    return [change for change in changes if change.day == asked or change.working or work.is_working(change.day)]


def _said(moved: int) -> str:
    if moved:
        return " " + _("Đã tính lại %(n)s thời hạn; mỗi nhiệm vụ có một dòng trong diễn biến.", n=moved)
    n = len(shifted_deadlines(db.session()))
    return " " + (
        _("Chưa thời hạn nào bị dời; %(n)s thời hạn lệch với lịch, xem bên dưới.", n=n)
        if n
        else _("Không thời hạn nào bị lệch.")
    )


def asked_year() -> int:
    """Return the year of the address; this year when there is none or it is not one of ours."""
    asked = typed_number("year")
    return asked if asked is not None and asked in YEARS else clock.today().year


def _load_day(text: str) -> CalendarDay:
    try:
        found = db.session.get(CalendarDay, date.fromisoformat(text))
    except ValueError:
        abort(404)
    if found is None or found.name in CLEARED:
        abort(404)
    return found


def _page(year: int, form: CalendarDayForm, code: int = 200) -> tuple[str, int]:
    first, last = years_entered(db.session()) or (year, year)
    shifted = shifted_deadlines(db.session())
    page = render_template(
        "admin/calendar.html", year=year, years=range(min(first, year), max(last, year, clock.today().year + 1) + 1), form=form,
        rows=exceptions_of(db.session(), year), shifted=shifted, seen=calendar.fingerprint(shifted),
        missing=missing_year(db.session(), clock.today()),
    )  # fmt: skip
    return page, code


def _day_page(row: CalendarDay, form: CalendarDayForm, code: int) -> tuple[str, int]:
    return render_template("admin/day.html", row=row, form=form), code
