"""The Zalo channel: linked or not, its trouble, a test to oneself, the template.

Nothing is asked of Zalo while a transaction is open.
"""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock
from tracker.actions import zalo
from tracker.database import begin_writing
from tracker.errors import Refused, TrackerError
from tracker.extensions import db
from tracker.forms.zalo import IdentifyForm, LinkForm
from tracker.messages import reasons
from tracker.messages.address import address
from tracker.messages.transport import Envelope, NeverDeliverable, TryLater, Uncertain, Unreachable, Words
from tracker.messages.zalo import connected, digest_parameters, is_configured
from tracker.messages.zalo_tokens import first_pair, next_pair
from tracker.queries import zalo as queries
from tracker.rules.zalo import blocks
from tracker.views.admin import Page, blueprint
from tracker.views.guard import reads_only
from tracker.views.loaders import fits

REFUSALS = (Unreachable, TryLater, Uncertain, NeverDeliverable)


@blueprint.get("/zalo", endpoint="zalo")
def show() -> Page:
    return _page(LinkForm(formdata=None))


@blueprint.post("/zalo", endpoint="link_zalo")
@reads_only
def link() -> Page:
    form = LinkForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    if not is_configured(current_app.config):
        form.refresh_token.errors = [_("Chưa đặt các biến ZALO_… nên chưa liên kết được.")]
        return _page(form, 422)
    db.session.rollback()
    try:
        if form.code.data:
            pair = first_pair(current_app.config, form.code.data, form.verifier.data or "")
        else:
            pair = next_pair(current_app.config, form.refresh_token.data or "")
    except Unreachable as error:
        form.refresh_token.errors = [reasons.sentence(str(error))]
        return _page(form, 422)
    begin_writing()
    zalo.link(db.session(), current_user, current_app.config, pair)
    db.session.commit()
    flash(_("Đã liên kết với Zalo. Hãy xem mẫu tin để Ba Rõ biết độ dài từng mục, rồi gửi thử."))
    return redirect(url_for("admin.zalo"))


@blueprint.post("/zalo/thoi", endpoint="unlink_zalo")
def unlink() -> Page:
    return _done(
        lambda: zalo.unlink(db.session(), current_user), _("Đã thôi liên kết; nhắc việc đến bằng thư điện tử.")
    )


@blueprint.post("/zalo/da-xu-ly", endpoint="settle_zalo")
def settle() -> Page:
    return _done(lambda: zalo.settle_trouble(db.session(), current_user), _("Đã ghi; Ba Rõ gửi qua Zalo trở lại."))


@blueprint.post("/zalo/nguoi/<int:user_id>", endpoint="identify_zalo")
def identify(user_id: int) -> Page:
    form = IdentifyForm()
    if not fits(user_id):
        abort(404)
    if not form.validate_on_submit():
        flash(" ".join(str(error) for error in form.zalo_id.errors), "error")
        return redirect(url_for("admin.zalo"))
    zalo_id = form.zalo_id.data or ""
    return _done(lambda: zalo.identify(db.session(), current_user, user_id, zalo_id), _("Đã ghi mã Zalo."))


@blueprint.post("/zalo/gui-thu", endpoint="test_zalo")
@reads_only
def send_to_oneself() -> Page:
    found = queries.addresses(db.session(), [current_user.id]).get(current_user.id)
    person, name, linked = current_user.id, current_user.name, queries.tokens(db.session()) is not None
    db.session.rollback()
    if found is None or not linked or not is_configured(current_app.config):
        flash(
            _("Chưa gửi thử được: cần liên kết với Zalo, và bạn đã đồng ý nhận qua Zalo ở một số còn nhận được."),
            "error",
        )
        return redirect(url_for("admin.zalo"))
    now = clock.now()
    values = digest_parameters(0, 0, None, clock.today(), address("overview"), name)
    envelope = Envelope(found.text, f"test.{person}.{now:%Y%m%d%H%M%S}", clock.local(now))
    try:
        with connected(current_app.config, db.engine, insist=True) as server:
            server.send(envelope, Words("", "", "", template=values))
    except REFUSALS as error:
        flash(_("Không gửi được: %(why)s.", why=reasons.sentence(str(error))), "error")
        return redirect(url_for("admin.zalo"))
    return _done(lambda: zalo.note_test(db.session(), current_user), _("Zalo đã nhận tin thử gửi cho bạn."))


@blueprint.get("/zalo/mau", endpoint="zalo_template")
def template() -> Page:
    refusal, found, quota = _("Ba Rõ chưa được liên kết với Zalo."), None, None
    linked = is_configured(current_app.config) and queries.tokens(db.session()) is not None
    db.session.rollback()
    if linked:
        try:
            found, quota = _ask_template()
            refusal = ""
        except (Unreachable, Refused) as error:
            refusal = error.sentence if isinstance(error, Refused) else reasons.sentence(str(error))
    return render_template("admin/zalo_template.html", template=found, quota=quota, refusal=refusal)


def _ask_template() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what Zalo says of the template and of the quota, and keep how long the parameters may be."""
    number = current_app.config["ZALO_TEMPLATE_REMINDER"]
    with connected(current_app.config, db.engine) as server:
        answer = server.look(f"/template/info/v2?template_id={number}")
        if answer.error != 0:
            raise Refused(_("Zalo không cho xem mẫu tin %(number)s: %(why)s.", number=number, why=answer.said))
        found = dict(answer.part("data"))
        listed = found.get("listParams")
        found["listParams"] = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        limits = {
            str(one.get("name")): one["maxLength"] for one in found["listParams"] if _is_length(one.get("maxLength"))
        }
        if limits:
            server.learn_limits(limits)
        return found, dict(server.look("/message/quota").part("data"))


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10000


def _done(act: Any, said: str) -> Response:
    begin_writing()
    try:
        act()
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(said)
    return redirect(url_for("admin.zalo"))


def _page(form: LinkForm, code: int = 200) -> tuple[str, int]:
    session, config = db.session(), current_app.config
    row = queries.tokens(session)
    trouble = row.trouble if row else None
    page = render_template(
        "admin/zalo.html", form=form, row=row, configured=is_configured(config), people=queries.people_linked(session),
        trouble=reasons.sentence(trouble), working=queries.works(session) and not blocks(trouble),
        events=queries.last_events(session),
        webhook=config["BASE_URL"] + url_for("zalo.event") if config["ZALO_OA_SECRET"] else "",
    )  # fmt: skip
    return page, code
