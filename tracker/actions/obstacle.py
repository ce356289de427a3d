"""What stops an agency: raised, answered, handed up, decided, closed. Each step is a row; change, event, message together."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.report import open_period
from tracker.actions.standing import LOST_RACE
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import FOREVER, Assignment, AssignmentPeriod, Obstacle, ObstacleStep, User
from tracker.queries.calendar import work_calendar
from tracker.queries.obstacle_step import answered_on
from tracker.queries.setting import setting
from tracker.rules import obstacle as rules
from tracker.rules.obstacle import State
from tracker.words import OBSTACLE_STATE
from tracker.words.days import dmy

TAKEN_MEANWHILE = _l(
    "Vướng mắc này vừa được người khác xử lý. Nội dung bạn nhập vẫn còn bên dưới; xem diễn biến rồi gửi lại nếu còn cần."
)


def raise_obstacle(
    session: Session, actor: User, assignment: Assignment, seen: int, text: str, proposal: str | None, level: str,
    why: str | None = None,
) -> Obstacle:  # fmt: skip
    """Put the obstacle before the level (`why`: what makes it the province's at once) and return it; its clock begins today.

    `seen` is the id of the period the person was looking at. Raises Changed or Refused as report_progress does.
    """
    period = open_period(session, assignment, seen)
    _hold(session, period)
    today = clock.today()
    raised = Obstacle(
        assignment_id=assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id, raised_by_id=actor.id,
        raised_at=clock.now(), raised_on=today, text=text, proposal=proposal, level=level, state=State.WAITING.value,
        level_since=today, due_on=_due(session, level), version=1,
    )  # fmt: skip
    session.add(raised)
    session.flush()
    kept = _keep(session, actor, raised, rules.RAISE, level, text=why, due_on=raised.due_on)
    _log(session, actor, raised, kept)
    outbox.obstacle_raised(session, raised, kept)
    return raised


def answer(session: Session, actor: User, obstacle: Obstacle, seen: int, text: str) -> None:
    """Answer the agency at the level it waits for. Raises Changed for whoever lost the race, Refused when the table says no."""
    kept = _take(session, actor, obstacle, seen, "answer", text=text)
    outbox.obstacle_answered(session, obstacle, kept)


def escalate(session: Session, actor: User, obstacle: Obstacle, seen: int, opinion: str) -> None:
    """Hand up to the province what is beyond the standing body, with its opinion; the province's clock begins today.

    Raises as `answer` does.
    """
    kept = _take(session, actor, obstacle, seen, "escalate", text=opinion)
    outbox.obstacle_escalated(session, kept)


def decide(
    session: Session, actor: User, obstacle: Obstacle, seen: int, text: str, number: str, signed_on: date
) -> None:
    """Decide for the province by a document. Raises as `answer` does, and Refused for a document of a day to come."""
    if signed_on > clock.today():
        raise Refused(_("Ngày văn bản %(day)s chưa tới; hãy ghi ngày ký trên văn bản.", day=dmy(signed_on)))
    kept = _take(session, actor, obstacle, seen, "decide", text=text, document=f"{number}, {signed_on:%d/%m/%Y}")
    outbox.obstacle_answered(session, obstacle, kept)


def ask_again(session: Session, actor: User, obstacle: Obstacle, seen: int, reason: str) -> None:
    """Ask the level once more, which has its days anew. Raises as `answer` does."""
    kept = _take(session, actor, obstacle, seen, "ask_again", text=reason)
    outbox.obstacle_raised(session, obstacle, kept)


def close(session: Session, actor: User, obstacle: Obstacle, seen: int, note: str) -> None:
    """Close it for the agency, answered or not: `note` says how it was overcome. Raises as `answer` does."""
    _take(session, actor, obstacle, seen, "close", text=note)


def settle(session: Session, actor: User, obstacle: Obstacle, seen: int, note: str) -> None:
    """Close for the level what it answered and the agency left lying. Raises as `answer` does, and Refused before the agency
    has had as many working days as the level."""
    _check(obstacle, seen, "settle")
    first = settles_from(session, obstacle)
    if clock.today() < first:
        raise Refused(_("Cơ quan còn đến ngày %(day)s để có ý kiến; từ ngày ấy mới khép lại được.", day=dmy(first)))
    _take(session, actor, obstacle, seen, "settle", text=note)


def settles_from(session: Session, obstacle: Obstacle) -> date:
    """Return the first day on which the level may close what it answered."""
    days = setting(session, _days_of(obstacle.level))
    return rules.settles_from(answered_on(session, obstacle.id), days, work_calendar(session))


def lapse(session: Session, actor: User, assignment_id: int) -> int:
    """Close whatever still stands in the way of an assignment that has itself been closed; return how many there were."""
    found = session.scalars(
        select(Obstacle)
        .where(Obstacle.assignment_id == assignment_id, Obstacle.state != State.CLOSED.value)
        .order_by(Obstacle.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for obstacle in found:
        _take(session, actor, obstacle, obstacle.version, "lapse")
    return len(found)


def _take(
    session: Session, actor: User, obstacle: Obstacle, seen: int, verb: str, text: str | None = None,
    document: str | None = None,
) -> ObstacleStep:  # fmt: skip
    """Take the step if nobody took another since version `seen`, and keep it; the clock begins anew when a level waits again."""
    _check(obstacle, seen, verb)
    today, taken_at, due_on = clock.today(), obstacle.level, obstacle.due_on
    level, state = rules.after(verb, taken_at)
    changes: dict[str, Any] = {"level": level.value, "state": state.value, "version": seen + 1}
    if state is State.WAITING:
        changes |= {"level_since": today, "due_on": _due(session, level)}
    if state is State.CLOSED:
        changes["closed_on"] = today
    _move(session, obstacle, seen, changes)
    kept = _keep(
        session, actor, obstacle, verb, taken_at, text=text, document=document,
        late=rules.step(verb).is_answer and today > due_on, due_on=changes.get("due_on"),
    )  # fmt: skip
    _log(session, actor, obstacle, kept)
    return kept


def _check(obstacle: Obstacle, seen: int, verb: str) -> None:
    if obstacle.version != seen:
        raise Changed(str(TAKEN_MEANWHILE))
    if not rules.allowed(verb, obstacle.level, obstacle.state):
        raise Refused(_("Vướng mắc %(state)s nên không làm được việc này.", state=OBSTACLE_STATE[obstacle.state]))


def _move(session: Session, obstacle: Obstacle, seen: int, changes: dict[str, Any]) -> None:
    moved: Any = session.execute(
        update(Obstacle)
        .where(Obstacle.id == obstacle.id, Obstacle.version == seen)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        raise Changed(str(TAKEN_MEANWHILE))
    session.refresh(obstacle)


def _hold(session: Session, period: AssignmentPeriod) -> None:
    """Keep the assignment from being closed until we commit: nothing is raised on what is just being done."""
    query = select(AssignmentPeriod.id).where(AssignmentPeriod.id == period.id, AssignmentPeriod.valid_to == FOREVER)
    if session.execute(query.with_for_update()).first() is None:
        raise Changed(str(LOST_RACE))


def _keep(session: Session, actor: User, obstacle: Obstacle, verb: str, level: str, **said: Any) -> ObstacleStep:
    kept = ObstacleStep(
        obstacle_id=obstacle.id, verb=verb, level=level, actor_id=actor.id, at=clock.now(), on=clock.today(), **said
    )
    session.add(kept)
    session.flush()
    return kept


def _log(session: Session, actor: User, obstacle: Obstacle, kept: ObstacleStep) -> None:
    """What was said stays with the obstacle: everybody reads the history of a task."""
    facts: dict[str, Any] = {"level": kept.level, "late": kept.late}
    if kept.due_on:
        facts["due_on"] = kept.due_on.isoformat()
    log(
        session, actor, f"{kept.verb}_obstacle", "obstacle", obstacle.id, task_id=obstacle.task_id,
        agency_id=obstacle.agency_id, **facts,
    )  # fmt: skip


def _due(session: Session, level: str) -> date:
    return rules.answer_due(clock.today(), setting(session, _days_of(level)), work_calendar(session))


def _days_of(level: str) -> str:
    return f"obstacle_days_{level}"
