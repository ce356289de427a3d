"""Many tasks that lack the same, given it in one go on one basis: chosen, reviewed, then all of them or none."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import permissions
from tracker.actions.clarity_bulk import AT_MOST, Conflicts, clear_many
from tracker.extensions import db
from tracker.forms.clarity import BasisForm, LeadForm
from tracker.queries import clarity
from tracker.views.clarity import FORMS, LACKS, blueprint, chosen_lead, clear, offer_leads
from tracker.views.loaders import fits

PARTS = ("lead", "deadline", "deliverable", "authority")


@dataclass(frozen=True)
class Chosen:
    """The tasks on the page: by id the last event seen, for those that are ticked and for all."""

    ticked: dict[int, int]
    listed: dict[int, int]


@blueprint.route("/chua-ro/giao", methods=["GET", "POST"])
def assign() -> str | Response | tuple[str, int]:
    if not permissions.may_clarify(current_user):
        abort(403)
    what = request.args.get("what", "")
    what = what if what in PARTS else PARTS[0]
    form, chosen = _form(what), _chosen(what)
    if not chosen.listed:
        flash(_("Hãy chọn ít nhất một nhiệm vụ trong danh sách rồi bấm giao."), "error")
        return redirect(url_for("clarity.index", lacks=LACKS[what]))
    if not form.is_submitted():
        return _page("form", what, form, chosen), 200
    step = request.form.get("step")
    if step == "all":
        return _page("form", what, form, Chosen(chosen.listed, chosen.listed)), 200
    if not form.validate() or not chosen.ticked:
        return _page("form", what, form, chosen), 422
    if step != "assign":
        return _page("form" if step == "edit" else "review", what, form, chosen), 200
    return _assign(what, form, chosen)


def _assign(what: str, form: BasisForm, chosen: Chosen) -> Response | tuple[str, int]:
    try:
        clear_many(db.session(), chosen.ticked, lambda task, seen: clear(task, form, seen))
    except Conflicts as error:
        db.session.rollback()
        return _page("form", what, form, _without(what, chosen, error), error), 409
    db.session.commit()
    n = len(chosen.ticked)
    flash(ngettext("Đã giao %(num)d nhiệm vụ.", "Đã giao %(num)d nhiệm vụ.", n), "success")
    return redirect(url_for("clarity.index", lacks=LACKS[what]))


def _form(what: str) -> BasisForm:
    form = FORMS[what][0]()
    offer_leads(form)
    return form


def _chosen(what: str) -> Chosen:
    """Read the ticks: "12" when they come from the list, "12:345" from our own form, with the last event seen."""
    asked = request.form if request.method == "POST" else request.args
    given = dict(number for value in asked.getlist("task") if (number := _number(value)))
    others = dict(number for value in request.form.getlist("of") if (number := _number(value)))
    wanted = list(dict.fromkeys([*given, *others]))
    if len(wanted) > AT_MOST:
        flash(_("Mỗi lần giao tối đa %(n)d nhiệm vụ; trang này giữ %(n)d nhiệm vụ đầu.", n=AT_MOST), "error")
    rows = clarity.subjects(db.session(), wanted[:AT_MOST])
    now = clarity.last_seen_of(db.session(), [row.id for row in rows], FORMS[what][1])
    seen = given if request.method == "POST" else now
    return Chosen({key: seen[key] for key in now if key in given}, now)


def _number(value: str) -> tuple[int, int] | None:
    """Return the task and the last event seen, -1 (which nothing ever is) where none is said."""
    task, _sep, seen = value.partition(":")
    if not (task.isascii() and task.isdigit() and len(task) < 11 and fits(int(task))):
        return None
    return int(task), int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else -1


def _without(what: str, chosen: Chosen, error: Conflicts) -> Chosen:
    """Return the choice without what could not be done; who ticks that again has seen how it is now."""
    now = clarity.last_seen_of(db.session(), chosen.listed, FORMS[what][1])
    against = {conflict.task_id for conflict in error.conflicts}
    return Chosen({key: seen for key, seen in chosen.ticked.items() if key not in against}, now)


def _page(step: str, what: str, form: BasisForm, chosen: Chosen, error: Conflicts | None = None) -> str:
    tasks = [row for row in clarity.subjects(db.session(), chosen.listed) if step == "form" or row.id in chosen.ticked]
    to = chosen_lead(form.to.data).name if step == "review" and isinstance(form, LeadForm) else None
    return render_template(
        f"clarity/bulk_{step}.html", what=what, parts=PARTS, form=form, tasks=tasks, chosen=chosen, to=to, error=error,
        lacks=LACKS[what], nothing=form.is_submitted() and not chosen.ticked and not error,
    )  # fmt: skip
