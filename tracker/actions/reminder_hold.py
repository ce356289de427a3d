"""The Office holds the reminders of an assignment for a time, with a reason; the time limit itself goes on."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import current_assignment
from tracker.errors import Changed, Refused
from tracker.models import Assignment, ReminderHold, User
from tracker.queries.answer import holds
from tracker.rules.timeliness import CLOSED
from tracker.words.days import dmy

LONGEST = timedelta(days=180)


def hold(session: Session, actor: User, assignment: Assignment, until_on: date, reason: str) -> ReminderHold:
    """Hold the reminders of the assignment from today to `until_on`, both included; return the row.

    Raises Refused for a last day that is past or more than 180 days ahead, for work of which nobody is reminded (of an agency
    that only coordinates, finished, withdrawn), and while another hold stands: that one is ended first.
    """
    today = clock.today()
    _check_day(until_on, today)
    session.execute(select(Assignment.id).where(Assignment.id == assignment.id).with_for_update(key_share=True))
    _check_work(session, assignment)
    standing = holds(session, [assignment.id], today).get(assignment.id)
    if standing is not None:
        raise Refused(
            _(
                "Phần việc này đang tạm ngừng nhắc đến hết ngày %(day)s; muốn đổi ngày, hãy nhắc lại rồi ghi lần tạm ngừng mới.",
                day=dmy(standing.until_on),
            )
        )
    made = ReminderHold(
        assignment_id=assignment.id, from_on=today, until_on=until_on, reason=reason, made_by_id=actor.id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _log(session, actor, "hold_reminders", assignment, hold_id=made.id, until_on=until_on.isoformat(), reason=reason)
    return made


def release(session: Session, actor: User, standing: ReminderHold) -> None:
    """End a hold before its last day: reminders go out again from today on. Raises Changed when it is over already."""
    today = clock.today()
    ended: Any = session.execute(
        update(ReminderHold)
        .where(ReminderHold.id == standing.id, ReminderHold.ended_at.is_(None), ReminderHold.until_on >= today)
        .values(ended_at=clock.now(), ended_on=today, ended_by_id=actor.id)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:
        raise Changed(_("Lần tạm ngừng nhắc này đã kết thúc trước đó; xin xem lại danh sách."))
    session.refresh(standing)
    owed = session.get_one(Assignment, standing.assignment_id)
    _log(session, actor, "release_reminders", owed, hold_id=standing.id, until_on=standing.until_on.isoformat())


def _check_day(until_on: date, today: date) -> None:
    if until_on < today:
        raise Refused(_("Ngày cuối tạm ngừng nhắc đã qua; hãy ghi từ hôm nay trở đi."))
    if until_on - today > LONGEST:
        raise Refused(
            _("Tạm ngừng nhắc tối đa %(n)s ngày, đến %(day)s.", n=LONGEST.days, day=dmy(today + LONGEST))
        )  # fmt: skip


def _check_work(session: Session, assignment: Assignment) -> None:
    if assignment.role != "lead":
        raise Refused(_("Chỉ cơ quan chủ trì được nhắc việc; phần phối hợp này không có lời nhắc để tạm ngừng."))
    if current_assignment(session, assignment.id).state in CLOSED:
        raise Refused(_("Phần việc này đã khép lại nên không còn nhắc; không cần tạm ngừng."))


def _log(session: Session, actor: User, verb: str, assignment: Assignment, **facts: Any) -> None:
    log(
        session, actor, verb, "assignment", assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id, **facts
    )  # fmt: skip
