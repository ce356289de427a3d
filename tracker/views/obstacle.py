"""What stops an agency: raised, answered by the level able to decide, closed. And who waits for whom, on the page of a task."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import clock, permissions
from tracker.actions import obstacle as actions
from tracker.actions.standing import current_assignment
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.forms.base import SeenForm
from tracker.forms.obstacle import AnswerForm, AskAgainForm, CloseForm, DecisionForm, EscalateForm, ObstacleForm
from tracker.models import Obstacle, User
from tracker.queries import obstacle as queries
from tracker.queries.obstacle_step import thread
from tracker.rules import obstacle as rules
from tracker.rules.obstacle import Level
from tracker.views.assignment_form import Answer, shown, shown_again
from tracker.views.loaders import load_assignment, load_obstacle
from tracker.views.opened_task import Opened
from tracker.words.days import dmy

blueprint = Blueprint("obstacle", __name__)
FORMS: dict[str, type[SeenForm]] = {
    "decide": DecisionForm, "answer": AnswerForm, "escalate": EscalateForm, "ask_again": AskAgainForm, "close": CloseForm,
    "settle": CloseForm,
}  # fmt: skip


def on_task_page(opened: Opened) -> dict[str, Any]:
    """What the task and its agencies waited for on the day; the words of it only for those who read reports."""
    told = queries.of_task(db.session(), opened.task_id, opened.day)
    return {"waits": queries.waits_of(told), "obstacles": told if opened.reads_reports else []}


@blueprint.route("/phan-viec/<int:assignment_id>/vuong-mac", methods=["GET", "POST"])
def new(assignment_id: int) -> Response | Answer:
    assignment = load_assignment(assignment_id, may=permissions.may_report)
    form = ObstacleForm(seen=current_assignment(db.session(), assignment.id).id)
    if not form.validate_on_submit():
        return shown("obstacle/new.html", assignment, form)
    try:
        raised = actions.raise_obstacle(db.session(), current_user, assignment, form.seen_number(), *form.said())
    except TrackerError as error:
        return shown_again("obstacle/new.html", assignment_id, form, error)
    db.session.commit()
    flash(_("Đã gửi vướng mắc; hạn trả lời là ngày %(day)s.", day=dmy(raised.due_on)), "success")
    return redirect(url_for("obstacle.show", obstacle_id=raised.id))


@blueprint.get("/vuong-mac/<int:obstacle_id>")
def show(obstacle_id: int) -> Answer:
    return _page(load_obstacle(obstacle_id))


@blueprint.post("/vuong-mac/<int:obstacle_id>/tra-loi")
def answer(obstacle_id: int) -> Response | Answer:
    load_obstacle(obstacle_id, may=_was_asked)
    return _step(obstacle_id, "answer", AnswerForm(), actions.answer, _("Đã gửi trả lời tới cơ quan."))


@blueprint.post("/vuong-mac/<int:obstacle_id>/chuyen-len")
def escalate(obstacle_id: int) -> Response | Answer:
    load_obstacle(obstacle_id, may=lambda user, _found: permissions.may_answer(user, Level.STANDING_BODY))
    return _step(obstacle_id, "escalate", EscalateForm(), actions.escalate, _("Đã chuyển UBND tỉnh kèm ý kiến."))


@blueprint.post("/vuong-mac/<int:obstacle_id>/quyet-dinh")
def decide(obstacle_id: int) -> Response | Answer:
    load_obstacle(obstacle_id, may=lambda user, _found: permissions.may_answer(user, Level.PROVINCE))
    return _step(obstacle_id, "decide", DecisionForm(), actions.decide, _("Đã ghi quyết định và báo cho cơ quan."))


@blueprint.post("/vuong-mac/<int:obstacle_id>/hoi-lai")
def ask_again(obstacle_id: int) -> Response | Answer:
    load_obstacle(obstacle_id, may=_holds_it)
    said = _("Đã đề nghị trả lời lại; thời hạn trả lời được tính lại từ hôm nay.")
    return _step(obstacle_id, "ask_again", AskAgainForm(), actions.ask_again, said)


@blueprint.post("/vuong-mac/<int:obstacle_id>/khep-lai")
def close(obstacle_id: int) -> Response | Answer:
    obstacle = load_obstacle(obstacle_id, may=lambda user, found: _holds_it(user, found) or _was_asked(user, found))
    verb = "close" if _holds_it(current_user, obstacle) else "settle"
    return _step(obstacle_id, verb, CloseForm(), getattr(actions, verb), _("Đã khép lại vướng mắc."))


def _step(
    obstacle_id: int, verb: str, form: SeenForm, act: Callable[..., None], said: str
) -> Response | Answer:  # fmt: skip
    obstacle = load_obstacle(obstacle_id)
    if not form.validate_on_submit():
        return _page(obstacle, verb, form)
    try:
        act(db.session(), current_user, obstacle, form.seen_number(), *form.said())  # type: ignore[attr-defined]
    except TrackerError as error:
        db.session.rollback()
        return _page(load_obstacle(obstacle_id), verb, form, error)
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("obstacle.show", obstacle_id=obstacle_id))


def _page(
    obstacle: Obstacle, verb: str = "", form: SeenForm | None = None, error: TrackerError | None = None
) -> Answer:
    """Return the thread with the forms of what the person may do now, and the form that was sent, with all that was typed."""
    forms = {name: FORMS[name](formdata=None) for name in FORMS if _offered(name, obstacle)}
    if form is not None:
        forms[verb] = form
    code = 409 if error else 422 if form is not None else 200
    page = render_template(
        "obstacle/show.html", obstacle=obstacle, steps=thread(db.session(), obstacle.id), forms=forms, sent=form, error=error,
        period=current_assignment(db.session(), obstacle.assignment_id), today=clock.today(),
    )  # fmt: skip
    return page, code


def _offered(verb: str, obstacle: Obstacle) -> bool:
    if not rules.allowed(verb, obstacle.level, obstacle.state):
        return False
    if rules.step(verb).who == "agency":
        return _holds_it(current_user, obstacle)
    if not permissions.may_answer(current_user, obstacle.level):
        return False
    return verb != "settle" or clock.today() >= actions.settles_from(db.session(), obstacle)


def _holds_it(user: User, obstacle: Obstacle) -> bool:
    """Who holds the work now: a successor goes on where the agency stopped."""
    return permissions.may_report(user, obstacle.assignment.agency_id)


def _was_asked(user: User, obstacle: Obstacle) -> bool:
    """Whether the person answers at the level that stood on the form: of one handed up meanwhile the loser of the race is told."""
    steps, seen = thread(db.session(), obstacle.id), request.form.get("seen", default=0, type=int)
    level = rules.after(steps[seen - 1].verb, steps[seen - 1].level)[0] if 0 < seen <= len(steps) else obstacle.level
    return permissions.may_answer(user, level)
