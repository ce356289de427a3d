"""The policy of reminders: of the province and of documents with rules of their own."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock
from tracker.actions.reminder_policy import set_policy
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.reminder_policy import DocumentPolicyForm, GiveUpForm, ProvincePolicyForm, shown
from tracker.models import Document
from tracker.queries import reminder_policy as kept
from tracker.queries.calendar import work_calendar
from tracker.rules.reminder_policy import Example, Policy, example
from tracker.views.admin import Page, blueprint, load
from tracker.words import reminder_policy as words

TEMPLATE = "admin/reminder_policy.html"


@blueprint.route("/nhac-viec", methods=["GET", "POST"], endpoint="reminder_policy")
def of_the_province() -> Page:
    policy = kept.policies(db.session(), clock.today()).province
    form = ProvincePolicyForm(data=shown(policy, clock.today()), seen=kept.current_id(db.session()))
    return _answer(form, policy, None)


@blueprint.route("/nhac-viec/van-ban/<int:document_id>", methods=["GET", "POST"], endpoint="document_policy")
def of_a_document(document_id: int) -> Page:
    document = load(Document, document_id)
    policy = kept.policies(db.session(), clock.today()).of(document.id)
    form = DocumentPolicyForm(data=shown(policy, clock.today()), seen=kept.current_id(db.session(), document.id))
    return _answer(form, policy, document)


@blueprint.post("/nhac-viec/van-ban/<int:document_id>/bo")
def give_up_policy(document_id: int) -> Response:
    document, form = load(Document, document_id), GiveUpForm()
    try:
        done = set_policy(db.session(), current_user, document, None, form.seen_number(), None)
    except TrackerError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("admin.document_policy", document_id=document_id))
    db.session.commit()
    said = _("Từ hôm nay %(document)s theo quy tắc chung của tỉnh.", document=document.short_name)
    flash(said if done else _("Văn bản này vốn theo quy tắc chung; không có gì thay đổi."))
    return redirect(url_for("admin.document_policy", document_id=document_id))


def _answer(form: DocumentPolicyForm, policy: Policy, document: Document | None) -> Page:
    """Show the form, try what was typed, or let it hold from today on."""
    if not form.validate_on_submit():
        return _page(form, policy, document, None, 422 if form.is_submitted() else 200)
    if "try" in request.form:
        return _page(form, policy, document, form.policy(), 200)
    try:
        done = set_policy(
            db.session(), current_user, document, form.policy(), form.seen_number(), form.note.data or None
        )
    except TrackerError as error:
        return _again(form, document, error)
    db.session.commit()
    flash(_("Đã lưu quy tắc nhắc việc, áp dụng từ hôm nay.") if done else _("Quy tắc như cũ; không có gì thay đổi."))
    return redirect(_address(document))


def _again(form: DocumentPolicyForm, document: Document | None, error: TrackerError) -> Page:
    """After a lost race show what was typed beside what holds by now; the next try starts from there."""
    db.session.rollback()
    document = load(Document, document.id) if document else None
    held = kept.policies(db.session(), clock.today())
    form.seen.data = str(kept.current_id(db.session(), document.id if document else None))
    return _page(form, held.of(document.id) if document else held.province, document, None, 409, error)


def _page(
    form: DocumentPolicyForm, policy: Policy, document: Document | None, tried: Policy | None, code: int,
    error: TrackerError | None = None,
) -> tuple[str, int]:  # fmt: skip
    session, day = db.session(), clock.today()
    due_on = day if form.example_on.errors else form.example_on.data or day
    versions = kept.versions(session, document.id if document else None)
    page = render_template(
        TEMPLATE, form=form, document=document, error=error, address=_address(document), versions=versions,
        lines=words.described(policy, hours=document is None), own=document is None or bool(versions and versions[0].own),
        tried=tried is not None, examples=_examples(tried or policy, due_on),
        documents=kept.documents(session, day) if document is None else [], policy_words=words,
    )  # fmt: skip
    return page, code


def _examples(policy: Policy, due_on: date) -> dict[str, Example]:
    calendar = work_calendar(db.session())
    return {
        "work": example(due_on, calendar, policy.ladder, policy.climb, policy.grace),
        "reports": example(due_on, calendar, policy.reports, policy.reports_climb, policy.grace),
    }


def _address(document: Document | None) -> Any:
    if document is None:
        return url_for("admin.reminder_policy")
    return url_for("admin.document_policy", document_id=document.id)
