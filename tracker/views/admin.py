"""Administration: accounts and the agencies they belong to. The calendar has a file of its own."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import account, password
from tracker.actions import agency as agencies
from tracker.database import begin_writing
from tracker.errors import Changed, TrackerError
from tracker.extensions import db
from tracker.forms.admin import AccountForm, AgencyForm, NewAccountForm, NewAgencyForm
from tracker.models import Agency, Role, User
from tracker.queries import agency_register, audit
from tracker.queries import user as users
from tracker.queries.calendar import missing_year, shifted_deadlines
from tracker.views.guard import reads_only
from tracker.views.loaders import fits
from tracker.views.typed import typed, typed_number

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")
Page = str | Response | tuple[str, int]


@blueprint.before_request
def _administrators_only() -> None:
    if current_user.is_authenticated and not permissions.may_administer(current_user):
        abort(403)


@blueprint.get("")
def index() -> str:
    return render_template(
        "admin/index.html", accounts=users.account_counts(db.session()), agencies=agency_register.count(db.session()),
        shifted=len(shifted_deadlines(db.session())), entries=audit.recent_changes(db.session()),
        missing=missing_year(db.session(), clock.today()),
    )  # fmt: skip


@blueprint.get("/tai-khoan")
def accounts() -> str:
    text, role = typed("q"), request.args.get("role", "")
    wanted = role if role in set(Role) else None
    rows = users.accounts(db.session(), text, wanted, request.args.get("after", ""))
    more = rows[users.PAGE - 1].email if len(rows) > users.PAGE else None
    return render_template(
        "admin/accounts.html",
        rows=rows[: users.PAGE],
        more=more,
        q=text,
        role=wanted,
        counts=users.account_counts(db.session()),
    )


@blueprint.route("/tai-khoan/moi", methods=["GET", "POST"])
@reads_only
def new_account() -> Page:
    form = NewAccountForm(agency_register.choices(db.session()))
    if not form.validate_on_submit():
        return render_template("admin/account_new.html", form=form), 422 if form.is_submitted() else 200
    actor, shown = current_user.id, password.random_password()
    secret = password.hash_password(shown)
    db.session.rollback()
    begin_writing()
    try:
        made = account.create_account(
            db.session(), db.session.get_one(User, actor), email=form.email.data or "", password_hash=secret,
            must_change_password=True, **form.facts(),
        )  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return render_template("admin/account_new.html", form=form, error=error), 409
    db.session.commit()
    return render_template("admin/password_once.html", account=made, password=shown), 201


@blueprint.route("/tai-khoan/<int:user_id>", methods=["GET", "POST"], endpoint="account")
def edit_account(user_id: int) -> Page:
    user = load(User, user_id)
    form = AccountForm(agency_register.choices(db.session()), obj=user, seen=account.version(user))
    if request.method == "GET":
        form.agency_id.data = user.agency_id or 0
    if not form.validate_on_submit():
        return _account_page(user, form, 422 if form.is_submitted() else 200)
    try:
        released = account.edit_account(db.session(), current_user, user.id, form.seen.data or "", **form.facts())
    except TrackerError as error:
        return _account_again(user_id, form, error)
    db.session.commit()
    flash(_("Đã lưu tài khoản %(name)s.", name=form.name.data) + _said_released(released), "success")
    return redirect(url_for("admin.accounts"))


@blueprint.route("/tai-khoan/<int:user_id>/ngung", methods=["GET", "POST"])
def deactivate(user_id: int) -> Page:
    user = load(User, user_id)
    if request.method == "GET":
        return render_template(
            "admin/deactivate.html", account=user, held=users.held_assignments(db.session(), user.id)
        )
    try:
        released = account.deactivate(db.session(), current_user, user.id)
    except TrackerError as error:
        return _account_again(user_id, None, error)
    db.session.commit()
    flash(_("Đã ngừng tài khoản %(name)s; các phiên đăng nhập đã kết thúc.", name=user.name) + _said_released(released))
    return redirect(url_for("admin.accounts"))


@blueprint.post("/tai-khoan/<int:user_id>/mo-lai")
def reactivate(user_id: int) -> Page:
    user = load(User, user_id)
    try:
        account.reactivate(db.session(), current_user, user.id)
    except TrackerError as error:
        return _account_again(user_id, None, error)
    db.session.commit()
    flash(_("Đã mở lại tài khoản %(name)s.", name=user.name), "success")
    return redirect(url_for("admin.account", user_id=user_id))


@blueprint.post("/tai-khoan/<int:user_id>/cap-mat-khau")
@reads_only
def reset_password(user_id: int) -> Page:
    load(User, user_id)
    actor, shown = current_user.id, password.random_password()
    secret = password.hash_password(shown)
    db.session.rollback()
    begin_writing()
    try:
        account.reset_password(db.session(), db.session.get_one(User, actor), user_id, secret)
    except TrackerError as error:
        return _account_again(user_id, None, error)
    db.session.commit()
    return render_template("admin/password_once.html", account=load(User, user_id), password=shown)


@blueprint.get("/co-quan")
def agency_list() -> str:
    text = typed("q")
    rows = agency_register.bodies(db.session(), text, request.args.get("after", ""), typed_number("id") or 0)
    more = rows[agency_register.PAGE - 1] if len(rows) > agency_register.PAGE else None
    return render_template(
        "admin/agencies.html",
        rows=rows[: agency_register.PAGE],
        more=more,
        q=text,
        total=agency_register.count(db.session()),
    )


@blueprint.route("/co-quan/moi", methods=["GET", "POST"])
def new_agency() -> Page:
    form = NewAgencyForm(agency_register.kinds(db.session()), agency_register.levels(db.session()))
    if not form.validate_on_submit():
        return render_template("admin/agency_new.html", form=form), 422 if form.is_submitted() else 200
    try:
        agencies.add_agency(db.session(), current_user, **form.facts())
    except TrackerError as error:
        db.session.rollback()
        return render_template("admin/agency_new.html", form=form, error=error), 409
    db.session.commit()
    flash(_("Đã thêm cơ quan %(name)s.", name=form.name.data), "success")
    return redirect(url_for("admin.agency_list"))


@blueprint.route("/co-quan/<int:agency_id>", methods=["GET", "POST"], endpoint="agency")
def edit_agency(agency_id: int) -> Page:
    agency = load(Agency, agency_id)
    shown = {key: getattr(agency, key) for key in agencies.EDITABLE}
    form = AgencyForm(data={**shown, "aliases": "\n".join(agency.aliases), "seen": agencies.version(agency)})
    if not form.validate_on_submit():
        return _agency_page(agency, form, 422 if form.is_submitted() else 200)
    try:
        relabelled = agencies.edit_agency(db.session(), current_user, agency.id, form.seen.data or "", **form.facts())
    except TrackerError as error:
        db.session.rollback()
        agency = load(Agency, agency_id)
        form.seen.data = agencies.version(agency)
        return _agency_page(agency, form, 409, error)
    db.session.commit()
    said = _("Đã lưu cơ quan %(name)s.", name=form.short_name.data)
    flash(f"{said} {_said_relabelled(relabelled)}".rstrip(), "success")
    return redirect(url_for("admin.agency_list"))


def load(model: Any, row_id: int) -> Any:
    """Return the row of the model. Aborts with 404 when there is none."""
    found = db.session.get(model, row_id) if fits(row_id) else None
    if found is None:
        abort(404)
    return found


def _said_relabelled(n: int) -> str:
    return ngettext("Tên ngắn mới hiện ở %(num)d nhiệm vụ.", "Tên ngắn mới hiện ở %(num)d nhiệm vụ.", n) if n else ""


def _said_released(n: int) -> str:
    if not n:
        return ""
    return " " + ngettext(
        "%(num)d phần việc không còn người phụ trách; hãy chỉ định người khác.",
        "%(num)d phần việc không còn người phụ trách; hãy chỉ định người khác.", n,
    )  # fmt: skip


def _account_page(user: User, form: AccountForm, code: int = 200, error: TrackerError | None = None) -> tuple[str, int]:
    page = render_template(
        "admin/account.html", account=user, form=form, error=error, held=users.held_assignments(db.session(), user.id),
        entries=audit.history_of(db.session(), "user", user.id),
    )  # fmt: skip
    return page, code


def _account_again(user_id: int, form: AccountForm | None, error: TrackerError) -> tuple[str, int]:
    """Show the account with the sentence; what was typed stays, and after a lost race the next try starts from the new state."""
    db.session.rollback()
    user = load(User, user_id)
    if form is None:
        form = AccountForm(agency_register.choices(db.session()), formdata=None, obj=user, seen=account.version(user))
        form.agency_id.data = user.agency_id or 0
    elif isinstance(error, Changed):
        form.seen.data = account.version(user)
    return _account_page(user, form, 409, error)


def _agency_page(
    agency: Agency, form: AgencyForm, code: int = 200, error: TrackerError | None = None
) -> tuple[str, int]:
    entries = audit.history_of(db.session(), "agency", agency.id)
    return render_template("admin/agency.html", agency=agency, form=form, error=error, entries=entries), code
