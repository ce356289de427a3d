"""The door: signing in and out, one's own password, one's language."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.actions import account, password
from tracker.actions import sign_in as door
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.forms.account import PasswordForm, SignInForm, own_address
from tracker.language import LANGUAGES
from tracker.models import Role, User
from tracker.queries.user import by_email
from tracker.views.guard import public, reads_only

REHEARSAL_DOMAIN = "dien-tap.example"

blueprint = Blueprint("account", __name__)


@blueprint.route("/dang-nhap", methods=["GET", "POST"], endpoint="sign_in")
@public
@reads_only
def enter() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    wanted = own_address(request.values.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("overview.index"))
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, wanted), 422 if form.is_submitted() else 200
    try:
        user = _prove(form.email.data or "", form.password.data or "")
    except door.TooMany as error:
        return _sign_in_page(form, wanted, error.sentence), 429, {"Retry-After": str(error.wait)}
    if user is None:
        sentence = _("Thư điện tử hoặc mật khẩu không đúng. Xin kiểm tra rồi nhập lại.")
        return _sign_in_page(form, wanted, sentence), 422
    _begin_session(user)
    return redirect(url_for("account.password") if user.must_change_password else wanted or url_for("overview.index"))


@blueprint.post("/dang-xuat")
@reads_only
def sign_out() -> Response:
    user_id = current_user.id
    _begin_writing_anew()
    account.end_sessions(db.session(), user_id)
    db.session.commit()
    logout_user()
    session.clear()
    flash(_("Bạn đã đăng xuất, trên máy này và mọi máy khác."))
    return redirect(url_for("account.sign_in"))


@blueprint.route("/mat-khau", methods=["GET", "POST"], endpoint="password")
@reads_only
def change_password() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    form = PasswordForm(current_user.name, current_user.email)
    if not form.validate_on_submit():
        return _password_page(form), 422 if form.is_submitted() else 200
    user_id, key = current_user.id, current_user.session_key
    try:
        proved = _prove(current_user.email, form.current.data or "", signing_in=False)
    except door.TooMany as error:
        form.current.errors = [error.sentence]
        return _password_page(form), 429, {"Retry-After": str(error.wait)}
    if proved is None:
        form.current.errors = [_("Mật khẩu đang dùng không đúng.")]
        return _password_page(form), 422
    secret = password.hash_password(form.new.data or "")
    _begin_writing_anew()
    user = account.change_password(db.session(), user_id, key, secret)
    db.session.commit()
    _begin_session(user)
    flash(_("Đã đổi mật khẩu. Mọi phiên đăng nhập khác của bạn đã kết thúc."), "success")
    return redirect(url_for("overview.index"))


@blueprint.post("/ngon-ngu")
@public
def language() -> Response:
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        flash(_("Ba Rõ chưa có ngôn ngữ này; xin chọn Tiếng Việt hoặc English."), "error")
        return redirect(_where_from())
    session["language"] = chosen
    if current_user.is_authenticated:
        current_user.language = chosen
        db.session.commit()
    return redirect(_where_from())


@blueprint.record
def add_rehearsal_door(state: BlueprintSetupState) -> None:
    """The buttons that sign anybody in have no address at all outside a rehearsal."""
    if state.app.config["DEMO"]:
        state.add_url_rule("/dien-tap", "demo_sign_in", demo_sign_in, methods=["POST"])


@public
def demo_sign_in() -> Response:
    role = request.form.get("role", "")
    user = by_email(db.session(), f"{role}@{REHEARSAL_DOMAIN}") if role in set(Role) else None
    if user is None:
        abort(404)
    door.note_sign_in(db.session(), user)
    db.session.commit()
    _begin_session(user)
    return redirect(url_for("overview.index"))


def _prove(email: str, typed: str, signing_in: bool = True) -> User | None:
    """Return the active account whose password it is, else None. Raises TooMany. Nothing is locked while Argon2 works."""
    address = request.remote_addr or "?"
    _begin_writing_anew()
    door.ensure_may_try(db.session(), email, address)
    attempt = door.count_attempt(db.session(), email, address)
    db.session.commit()
    begin_writing()
    try:
        door.ensure_counted(db.session(), attempt)
    finally:
        db.session.commit()
    user = by_email(db.session(), email)
    user_id, kept = (user.id, user.password_hash) if user else (None, None)
    db.session.rollback()
    if not password.matches(kept, typed) or kept is None or user_id is None:
        return None
    fresher = password.hash_password(typed) if password.outdated(kept) else None
    begin_writing()
    user = db.session.get_one(User, user_id)
    if signing_in:
        door.note_sign_in(db.session(), user, fresher)
    else:
        door.forget_failures(db.session(), user.email)
    db.session.commit()
    return user


def _begin_writing_anew() -> None:
    """Leave the reading transaction that loading the person began, and begin to write."""
    db.session.rollback()
    begin_writing()


def _begin_session(user: User) -> None:
    """Begin a new session: what was in the old one, planted or not, stays behind; only the language chosen goes along."""
    chosen = session.get("language") or user.language
    session.clear()
    session["language"] = chosen
    login_user(user)


def _where_from() -> str:
    """Return the page of ours the form stood on, else the first one."""
    try:
        came = urlsplit(request.referrer or "")
    except ValueError:  # an address that no browser sends
        return url_for("overview.index")
    here = f"{came.path}?{came.query}" if came.query else came.path
    return (own_address(here) if came.netloc == request.host else None) or url_for("overview.index")


def _sign_in_page(form: SignInForm, wanted: str | None, refusal: str | None = None) -> str:
    roles = list(Role) if current_app.config["DEMO"] else []
    return render_template("account/sign_in.html", form=form, wanted=wanted, refusal=refusal, roles=roles)


def _password_page(form: PasswordForm) -> str:
    return render_template("account/password.html", form=form, forced=current_user.must_change_password)
