"""Which optional mails a person gets: chosen on a page, or given up by one press in the mail itself (RFC 8058)."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.actions import mute
from tracker.extensions import csrf, db
from tracker.forms.mute import LABELS, mute_form
from tracker.messages.kinds import OPTIONAL, unsubscribed
from tracker.models import User
from tracker.queries.mute import muted
from tracker.views.guard import public

blueprint = Blueprint("mute", __name__)


@blueprint.route("/tai-khoan/thu", methods=["GET", "POST"])
def index() -> str | Response | tuple[str, int]:
    form = mute_form({kind for _person, kind in muted(db.session(), [current_user.id], OPTIONAL)})
    if not form.validate_on_submit():
        return render_template("mute/index.html", form=form, kinds=OPTIONAL), 422 if form.is_submitted() else 200
    mute.choose(db.session(), current_user, form.wanted())
    db.session.commit()
    flash(_("Đã ghi các loại thư bạn muốn nhận."))
    return redirect(url_for("mute.index"))


@blueprint.get("/thoi-nhan/<string:kind_token>")
@public
def unsubscribe(kind_token: str) -> str:
    person, kind = _person_and_kind(kind_token)
    given_up = bool(muted(db.session(), [person.id], [kind]))
    return render_template("mute/unsubscribe.html", what=LABELS[kind], given_up=given_up, just_now=False)


@blueprint.post("/thoi-nhan/<string:kind_token>", endpoint="give_up")
@public
@csrf.exempt  # a mail program presses it for the person and knows no token of ours: the signed address is the permission
def give_up(kind_token: str) -> str:
    person, kind = _person_and_kind(kind_token)
    mute.give_up(db.session(), person, kind, via="mail")
    db.session.commit()
    return render_template("mute/unsubscribe.html", what=LABELS[kind], given_up=True, just_now=True)


def _person_and_kind(token: str) -> tuple[User, str]:
    said = unsubscribed(token)
    person = db.session.get(User, said[1]) if said else None
    if said is None or person is None:
        abort(404)
    return person, said[0]
