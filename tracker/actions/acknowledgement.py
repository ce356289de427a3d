""" "Đã nhận, đang xử lý": whoever owes the work says that it is being done, and the climb rests for a time."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import current_assignment
from tracker.database import insert_into
from tracker.errors import Refused
from tracker.models import Acknowledgement, Assignment, User
from tracker.queries.acknowledgement import answerers, given, rested, was_told
from tracker.queries.calendar import work_calendar
from tracker.queries.reminder_policy import policies
from tracker.rules.timeliness import WorkState
from tracker.words.days import dmy

MAIL, PAGE = "mail", "page"
ONCE_A_DAY = ("assignment_id", "effective_on", "person_id", "day")


def acknowledge(
    session: Session, person: User, assignment: Assignment, effective_on: date, via: str, message_id: int | None = None
) -> Acknowledgement:
    """Note that the work with that last day is being done and return the row; a repeat on the same day changes nothing.

    The climb rests for the policy's number of working days, today not counted, as often as the policy allows for one last
    day; after that it is noted (`until_on` None) and the climb goes on. Raises Refused with refusal()'s sentence.
    """
    session.execute(select(Assignment.id).where(Assignment.id == assignment.id).with_for_update(key_share=True))
    sentence = refusal(session, person, assignment, effective_on)
    if sentence:
        raise Refused(sentence)
    today = clock.today()
    earlier = given(session, assignment.id, effective_on, person.id, today)
    if earlier is not None:
        return earlier
    until_on = _until(session, assignment, effective_on, today)
    row = insert_into(session)(Acknowledgement).values(
        assignment_id=assignment.id, effective_on=effective_on, person_id=person.id, day=today, at=clock.now(),
        until_on=until_on, via=via, message_id=message_id,
    )  # fmt: skip
    new = session.execute(row.on_conflict_do_nothing(index_elements=ONCE_A_DAY).returning(Acknowledgement.id)).first()
    if new:
        log(
            session, person, "acknowledge", "assignment", assignment.id, task_id=assignment.task_id,
            agency_id=assignment.agency_id, effective_on=effective_on.isoformat(), via=via, message_id=message_id,
            until_on=until_on.isoformat() if until_on else None,
        )  # fmt: skip
    said = given(session, assignment.id, effective_on, person.id, today)
    assert said is not None
    return said


def refusal(session: Session, person: User, assignment: Assignment, effective_on: date) -> str | None:
    """Return why the person cannot acknowledge that last day of the work, in a sentence; None when nothing is in the way."""
    period = current_assignment(session, assignment.id)
    closed = _closed(period.state)
    if closed:
        return closed
    if period.effective_on is None:
        return _("Phần việc này không còn thời hạn nên không còn nhắc.")
    if period.effective_on != effective_on:
        return _(
            "Hạn của phần việc này đã đổi từ %(before)s sang %(after)s; lời nhắc theo hạn cũ không còn hiệu lực.",
            before=dmy(effective_on), after=dmy(period.effective_on),
        )  # fmt: skip
    if clock.today() <= effective_on:  # nothing climbs yet, and it would only use up one of the times it helps
        return _("Phần việc này chưa quá hạn, lời nhắc chưa chuyển lên cấp trên, nên chưa cần báo đã nhận.")
    if not was_told(session, assignment.id, effective_on):
        return _("Phần việc này chưa được nhắc nên chưa cần báo đã nhận.")
    if person.id not in answerers(session, assignment.agency_id, assignment.responsible, clock.today()):
        return _("Phần việc này hiện do người khác phụ trách; người phụ trách hoặc lãnh đạo cơ quan báo đã nhận.")
    return None


def _closed(state: str) -> str | None:
    return {
        WorkState.DONE.value: _("Phần việc này đã hoàn thành; không cần báo đã nhận nữa."),
        WorkState.AWAITING.value: _(
            "Kết quả của phần việc này đã gửi và đang chờ Văn phòng UBND tỉnh xác nhận; không cần báo đã nhận nữa."
        ),
        WorkState.PAUSED.value: _("Phần việc này đang tạm dừng nên không nhắc; không cần báo đã nhận."),
        WorkState.WITHDRAWN.value: _("Phần việc này không còn phải thực hiện; không cần báo đã nhận nữa."),
    }.get(state)


def _until(session: Session, assignment: Assignment, effective_on: date, today: date) -> date | None:
    policy = policies(session, today).of(assignment.task.document_id)
    if rested(session, assignment.id, effective_on, today) >= policy.rests:
        return None
    return work_calendar(session).shift(today, policy.rest)
