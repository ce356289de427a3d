"""Reorganisations: what is planned, the dry run with its choices, carrying it out, and what moved."""

from collections import Counter
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock
from tracker.actions import reorganisation as planning
from tracker.actions.succession import apply
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.reorganisation import ApplyForm, ReorganisationForm, has_choice, read_choices
from tracker.models import Reorganisation
from tracker.queries import agency_register
from tracker.queries import reorganisation as reorganisations
from tracker.queries.reorganisation_outcome import Choices, Outcome, outcome, saved
from tracker.views.admin import Page, blueprint
from tracker.views.loaders import fits
from tracker.views.typed import typed_number
from tracker.words import reorganisation as words_of

URL = "/sap-xep"


@blueprint.get(URL)
def reorganisations_list() -> str:
    session = db.session()
    return render_template(
        "reorganisation/index.html", plans=reorganisations.plans(session), said=words_of,
        ready=reorganisations.unfollowed(session, clock.today()),
    )  # fmt: skip


@blueprint.route(f"{URL}/moi", methods=["GET", "POST"])
def new_reorganisation() -> Page:
    form = ReorganisationForm(agency_register.choices(db.session()), agency_register.kinds(db.session()))
    if request.method == "GET":
        _begin_with(form, typed_number("agency"))
    if "more" in request.form:
        form.add_rows()
        return render_template("reorganisation/new.html", form=form, said=words_of)
    if not form.validate_on_submit():
        return _new_page(form, 422 if form.is_submitted() else 200)
    try:
        made = planning.plan(
            db.session(), current_user, kind=form.kind.data, took_effect_on=form.day(),
            legal_basis=form.legal_basis.data or "", note=form.note.data or None, olds=form.old_ids(), heirs=form.followers(),
        )  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return _new_page(form, 409, error)
    db.session.commit()
    flash(_("Đã lập phương án; chưa có gì thay đổi. Hãy xem bản chạy thử dưới đây."), "success")
    return redirect(url_for("admin.reorganisation", plan_id=made.id))


@blueprint.post(f"{URL}/lap-san")
def prepare_reorganisation() -> Page:
    found = reorganisations.unfollowed(db.session(), clock.today())
    ready = next((each for each in found if each.key == request.form.get("key")), None)
    if ready is None:
        db.session.rollback()
        flash(_("Căn cứ này đã có phương án, hoặc công việc đã chuyển hết; hãy xem lại danh sách."), "error")
        return redirect(url_for("admin.reorganisations_list"))
    try:
        made = planning.plan_parts(
            db.session(), current_user, ready.kind, ready.took_effect_on, ready.legal_basis, None, ready.parts
        )
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("admin.reorganisations_list"))
    db.session.commit()
    flash(_("Đã lập phương án; chưa có gì thay đổi. Hãy xem bản chạy thử dưới đây."), "success")
    return redirect(url_for("admin.reorganisation", plan_id=made.id))


@blueprint.route(f"{URL}/<int:plan_id>", methods=["GET", "POST"])
def reorganisation(plan_id: int) -> Page:
    plan = _load(plan_id)
    form = ApplyForm()
    if request.method == "GET" or plan.state != planning.PLANNED:
        return _shown(plan, form)
    found = outcome(db.session(), plan)
    choices = read_choices(request.form, found)
    if not form.validate_on_submit() or request.form.get("do") not in {"save", "apply"}:
        return _dry_run(plan, form, 422, _("Chưa rõ việc cần làm; hãy bấm lại một trong các nút bên dưới."), choices)
    try:
        if request.form["do"] == "save":
            planning.choose(db.session(), plan, choices)
        else:
            apply(db.session(), current_user, plan, form.seen.data or "", choices)
    except TrackerError as error:
        db.session.rollback()
        return _dry_run(_load(plan_id), form, 409, error.sentence, choices)
    db.session.commit()
    flash(_("Đã ghi lựa chọn.") if request.form["do"] == "save" else _("Đã thực hiện; kết quả ở dưới đây."), "success")
    return redirect(url_for("admin.reorganisation", plan_id=plan_id))


@blueprint.post(f"{URL}/<int:plan_id>/bo")
def cancel_reorganisation(plan_id: int) -> Page:
    try:
        planning.cancel(db.session(), current_user, _load(plan_id))
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("admin.reorganisation", plan_id=plan_id))
    db.session.commit()
    flash(_("Đã bỏ phương án; không có gì thay đổi. Cơ quan đã thêm vào danh bạ vẫn còn ở đó."))
    return redirect(url_for("admin.reorganisations_list"))


def _load(plan_id: int) -> Reorganisation:
    found = db.session.get(Reorganisation, plan_id) if fits(plan_id) else None
    if found is None:
        abort(404)
    return found


def _begin_with(form: ReorganisationForm, agency_id: int | None) -> None:
    if agency_id in {choice.value for choice in form.offered}:
        form.olds[0].data = agency_id


def _new_page(form: ReorganisationForm, code: int, error: TrackerError | None = None) -> tuple[str, int]:
    return render_template("reorganisation/new.html", form=form, error=error, said=words_of), code


def _shown(plan: Reorganisation, form: ApplyForm) -> Page:
    if plan.state == planning.PLANNED:
        return _dry_run(plan, form)
    session = db.session()
    rows, counts = reorganisations.record(session, plan.id)
    return render_template(
        "reorganisation/done.html", plan=plan, moves=rows, pairs=counts, said=words_of, limit=reorganisations.SHOWN,
        people=reorganisations.moved_people(session, plan.id), names=_names(plan),
    )  # fmt: skip


def _dry_run(
    plan: Reorganisation, form: ApplyForm, code: int = 200, error: str | None = None, choices: Choices | None = None
) -> tuple[str, int]:
    """The dry run with what is saved, or with what was just typed; the mark of what is shown goes into the form."""
    session = db.session()
    kept = saved(plan)
    shown = choices and Choices({**kept.work, **choices.work}, {**kept.people, **choices.people})
    found = outcome(session, plan, shown)
    form.seen.data = found.seen
    page = render_template(
        "reorganisation/show.html", plan=plan, form=form, found=found, error=error, said=words_of,
        common={old: _common(found, old) for old in found.options}, has_choice=lambda old: has_choice(found, old),
        future=plan.took_effect_on > clock.today(),
        faults=planning.sentences(session, found.faults, plan.took_effect_on),
    )  # fmt: skip
    return page, code


def _common(found: Outcome, old: int) -> int | None:
    """Where most of an agency's work goes: what the choice for all of it stands at."""
    counted = Counter(work.to_id for work in found.work if work.from_id == old)
    if counted:
        return counted.most_common(1)[0][0]
    parts = found.options[old]
    return parts[0].successor_id if parts and not found.goes_on else None


def _names(plan: Reorganisation) -> dict[int, Any]:
    named = [agency for part in plan.parts for agency in (part.agency, part.successor) if agency is not None]
    return {agency.id: agency.name for agency in named}
