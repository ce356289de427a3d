"""The working calendar: its exceptions year by year, and the deadlines it no longer agrees with."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock
from tracker.actions import calendar
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.admin import YEARS, CalendarDayForm
from tracker.models import CalendarDay
from tracker.queries.calendar import CLEARED, exceptions_of, shifted_deadlines, years_entered
from tracker.views.admin import Page, blueprint
from tracker.views.typed import typed_number
from tracker.words.days import dmy


@blueprint.get("/lich", endpoint="calendar")
def show() -> Page:
    return _page(_year(), CalendarDayForm(formdata=None))


@blueprint.post("/lich")
def add_day() -> Page:
    form = CalendarDayForm()
    if not form.validate_on_submit():
        return _page(_year(), form, 422)
    return _save(form, form.chosen_day())


@blueprint.route("/lich/<string:day>", methods=["GET", "POST"])
def edit_day(day: str) -> Page:
    row = _load_day(day)
    form = CalendarDayForm(obj=row)
    if request.method == "GET":
        form.working.data = "worked" if row.working else "off"
    del form.day  # the address is the day; another day is another entry
    if not form.validate_on_submit():
        return _day_page(row, form, 422 if form.is_submitted() else 200)
    return _save(form, row.day)


@blueprint.post("/lich/<string:day>/bo")
def clear_day(day: str) -> Page:
    row = _load_day(day)
    try:
        calendar.clear_day(db.session(), current_user, row.day)
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("admin.calendar", year=row.day.year))
    db.session.commit()
    flash(_("Đã bỏ ngày %(day)s khỏi lịch.", day=dmy(row.day)) + _said_shifted(), "success")
    return redirect(url_for("admin.calendar", year=row.day.year))


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


def _save(form: CalendarDayForm, day: date) -> Page:
    worked = form.working.data == "worked"
    try:
        calendar.set_day(db.session(), current_user, day, worked, form.name.data or "", form.source.data)
    except TrackerError as error:
        db.session.rollback()
        form.working.errors = [error.sentence]
        return _page(day.year, form, 422)
    db.session.commit()
    flash(_("Đã ghi ngày %(day)s vào lịch.", day=dmy(day)) + _said_shifted(), "success")
    return redirect(url_for("admin.calendar", year=day.year))


def _said_shifted() -> str:
    n = len(shifted_deadlines(db.session()))
    return " " + (
        _("Chưa thời hạn nào bị dời; %(n)s thời hạn lệch với lịch, xem bên dưới.", n=n)
        if n
        else _("Không thời hạn nào bị lệch.")
    )


def _year() -> int:
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
    )  # fmt: skip
    return page, code


def _day_page(row: CalendarDay, form: CalendarDayForm, code: int) -> tuple[str, int]:
    return render_template("admin/day.html", row=row, form=form), code
