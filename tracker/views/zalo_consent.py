"""A person's own choice: to be told by Zalo, at which number, and not any more."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.actions import zalo
from tracker.errors import Refused
from tracker.extensions import db
from tracker.forms.zalo import ConsentForm
from tracker.messages.zalo import is_configured
from tracker.queries.zalo import has_consented, link_of
from tracker.words.zalo import consent_words

blueprint = Blueprint("zalo_consent", __name__, url_prefix="/tai-khoan/zalo")
Page = str | Response | tuple[str, int]


@blueprint.get("")
def show() -> Page:
    return _page(ConsentForm(formdata=None))


@blueprint.post("")
def agree() -> Page:
    if not is_configured(current_app.config):
        raise Refused(_("Tỉnh chưa gửi nhắc việc qua Zalo nên chưa đăng ký được."))
    form = ConsentForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    words = "\n".join(consent_words(current_app.config["ZALO_OA_ID"]))
    zalo.consent(db.session(), current_user, form.number(), words)
    db.session.commit()
    flash(_("Đã ghi đồng ý. Từ nay nhắc việc đến qua Zalo; khi Zalo không gửi được thì đến bằng thư điện tử."))
    return redirect(url_for("zalo_consent.show"))


@blueprint.post("/thoi")
def withdraw() -> Page:
    zalo.withdraw(db.session(), current_user)
    db.session.commit()
    flash(_("Bạn đã thôi nhận qua Zalo; số điện thoại đã được xoá. Nhắc việc đến bằng thư điện tử."))
    return redirect(url_for("zalo_consent.show"))


def _page(form: ConsentForm, code: int = 200) -> tuple[str, int]:
    link = link_of(db.session(), current_user.id)
    page = render_template(
        "zalo/consent.html", form=form, link=link, consented=has_consented(link), words_of_consent=_words(),
        configured=is_configured(current_app.config),
    )  # fmt: skip
    return page, code


def _words() -> list[str]:
    return consent_words(current_app.config["ZALO_OA_ID"])
