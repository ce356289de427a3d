"""The numbers a province chooses for itself."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions import setting as choosing
from tracker.extensions import db
from tracker.forms.setting import setting_form
from tracker.queries.setting import CHOICES, settings
from tracker.views.admin import blueprint


@blueprint.route("/thong-so", methods=["GET", "POST"], endpoint="settings")
def show() -> str | Response | tuple[str, int]:
    if not permissions.may_administer(current_user):
        abort(403)
    form = setting_form(settings(db.session()))
    if not form.validate_on_submit():
        return render_template("admin/settings.html", form=form, choices=CHOICES), 422 if form.is_submitted() else 200
    changed = choosing.choose(db.session(), current_user, {name: form[name].data for name in CHOICES})
    db.session.commit()
    flash(_("Đã ghi %(n)s thông số thay đổi.", n=changed))
    return redirect(url_for("admin.settings"))
