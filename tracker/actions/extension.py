"""An agency asks for more time; the Office or a leader decides. Change, event and message together.

The original date is never overwritten: a grant adds a time limit of its own and moves the clock of that one assignment.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import LOST_RACE, move_assignment
from tracker.database import insert_into
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import FOREVER, Assignment, AssignmentPeriod, Deadline, Extension, User
from tracker.models.extension import WAITING
from tracker.queries.calendar import work_calendar
from tracker.queries.setting import setting
from tracker.rules.extension import is_late
from tracker.rules.timeliness import CLOSED, WorkState
from tracker.words import WORK_STATE
from tracker.words.days import dmy


def ask(
    session: Session, actor: User, assignment: Assignment, seen: int, reason: str, proposed_on: date,
    request_document: str | None,
) -> Extension:  # fmt: skip
    """Ask for the assignment to be due on `proposed_on` and return the request, marked when it comes too late.

    `seen` is the id of the period the person was looking at. Raises Changed when it is no longer in force; Refused when
    nothing runs that could be extended, the day is no later than the present one, or a request waits already.
    """
    period = _locked(session, assignment.id)
    if period.id != seen:
        raise Changed(str(LOST_RACE))
    due_on, effective_on = running(period)
    _check_proposed(proposed_on, effective_on)
    today = clock.today()
    late = is_late(today, effective_on, setting(session, "extension_notice_days"), work_calendar(session))
    extension = _write_down(
        session, assignment, asked_by_id=actor.id, asked_at=clock.now(), asked_on=today, reason=reason,
        request_document=request_document, proposed_on=proposed_on, due_on=due_on, effective_on=effective_on, late=late,
    )  # fmt: skip
    _log(
        session, actor, "ask_extension", extension, proposed_on=proposed_on.isoformat(), late=late, reason=reason,
        due_on=due_on.isoformat(), request_document=request_document,
    )  # fmt: skip
    outbox.extension_asked(session, extension)
    return extension


def withdraw(session: Session, actor: User, extension: Extension) -> None:
    """Take a waiting request back. Raises Changed when it has been decided."""
    _decide(session, actor, extension, "withdrawn")
    _log(session, actor, "withdraw_extension", extension)


def grant(
    session: Session, actor: User, extension: Extension, granted_on: date, decision_document: str, reason: str | None
) -> Deadline:
    """Give the assignment until `granted_on`, which need not be the day proposed, and return its new time limit.

    A last day that is no working day counts to the next one (Bộ luật Dân sự 2015, Điều 148 khoản 5). An earlier extension
    gives way; the document's own limit stays in force for everybody else. Also while a result waits that came after the
    last day: a late decision is not the agency's delay. Raises Changed when the request has been decided, Refused when
    the work is closed or the day is no later than the one in force.
    """
    period = _locked(session, extension.assignment_id)
    effective_on = work_calendar(session).on_or_after(granted_on)
    _decide(
        session, actor, extension, "granted", decision_document=decision_document, decision_reason=reason,
        granted_on=granted_on, granted_effective_on=effective_on,
    )  # fmt: skip
    _check_granted(period, granted_on)
    deadline = _new_limit(session, extension, granted_on, effective_on, decision_document)
    extension.deadline_id = deadline.id
    move_assignment(
        session, period, due_on=granted_on, effective_on=effective_on, slips=period.slips + 1,
        original_on=period.original_on or period.effective_on,
    )  # fmt: skip
    _log(
        session, actor, "grant_extension", extension, granted_on=granted_on.isoformat(), basis=decision_document,
        effective_on=effective_on.isoformat(), reason=reason,
    )  # fmt: skip
    outbox.extension_decided(session, extension)
    return deadline


def grant_together(
    session: Session, actor: User, extensions: Sequence[Extension], granted_on: date, decision_document: str,
    reason: str | None,
) -> int:  # fmt: skip
    """Grant the same day to several requests of one task and return how many; all of them or, raising as `grant`, none."""
    if len({extension.task_id for extension in extensions}) != 1:
        raise Refused(_("Hãy chọn các yêu cầu của cùng một nhiệm vụ: một quyết định chỉ gia hạn cho một nhiệm vụ."))
    for extension in sorted(extensions, key=lambda one: one.assignment_id):
        try:
            grant(session, actor, extension, granted_on, decision_document, reason)
        except (Changed, Refused) as error:
            who = extension.assignment.agency.short_name
            raise type(error)(_("%(who)s: %(sentence)s", who=who, sentence=error.sentence)) from error
    return len(extensions)


def refuse(session: Session, actor: User, extension: Extension, reason: str, decision_document: str | None) -> None:
    """Refuse a waiting request with a reason; the date in force stays. Raises Changed when it has been decided."""
    _decide(session, actor, extension, "refused", decision_document=decision_document, decision_reason=reason)
    _log(session, actor, "refuse_extension", extension, reason=reason, basis=decision_document)
    outbox.extension_decided(session, extension)


def result_given(session: Session, actor: User, period: AssignmentPeriod) -> None:
    """End the request that waits once there is a result (`period` holds it) and more time is no longer needed.

    A result that came after the last day keeps it waiting until it is confirmed: the Office may still grant what the
    agency asked for in time, and its own delay is never the agency's.
    """
    late = period.effective_on is not None and period.result_on is not None and period.result_on > period.effective_on
    if period.state == WorkState.DONE or not late:
        lapse(session, actor, [period.assignment_id])


def lapse(session: Session, actor: User | None, assignment_ids: Collection[int], dropped: bool = False) -> None:
    """End the requests that wait on the assignments: the work has its result, or was `dropped`."""
    query = select(Extension).where(Extension.assignment_id.in_(assignment_ids), WAITING).order_by(Extension.id)
    for extension in session.scalars(query.with_for_update()).all():
        _decide(session, actor, extension, "lapsed")
        _log(session, actor, "lapse_extension", extension, dropped=dropped)


def running(period: AssignmentPeriod) -> tuple[date, date]:
    """Return the last day and the day that counts, of work whose clock runs. Raises Refused for any other."""
    if period.state == WorkState.AWAITING:
        raise Refused(_("Kết quả đang chờ xác nhận, thời hạn đã dừng ở ngày có kết quả; không cần gia hạn."))
    effective_on = _last_day(period)
    return period.due_on or effective_on, effective_on


def _last_day(period: AssignmentPeriod) -> date:
    if period.state in CLOSED:
        raise Refused(_("Phần việc này đã khép lại (%(state)s); không cần gia hạn.", state=WORK_STATE[period.state]))
    if period.effective_on is None:
        raise Refused(_("Phần việc này không có thời hạn nên không có gì để gia hạn."))
    return period.effective_on


def _locked(session: Session, assignment_id: int) -> AssignmentPeriod:
    """Return the period in force and keep everybody else from closing it; who waited for one that was closed gets Changed."""
    query = select(AssignmentPeriod).where(
        AssignmentPeriod.assignment_id == assignment_id, AssignmentPeriod.valid_to == FOREVER
    )
    period = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if period is None:
        raise Changed(str(LOST_RACE))
    return period


def _check_proposed(proposed_on: date, effective_on: date) -> None:
    if proposed_on <= effective_on:
        raise Refused(_not_later(proposed_on, effective_on))
    if proposed_on < clock.today():
        raise Refused(_("Ngày đề nghị %(day)s đã qua; hãy đề nghị một ngày từ hôm nay trở đi.", day=dmy(proposed_on)))


def _check_granted(period: AssignmentPeriod, granted_on: date) -> None:
    last_day = _last_day(period)
    if granted_on <= last_day:
        raise Refused(_not_later(granted_on, last_day))


def _not_later(day: date, effective_on: date) -> str:
    return str(
        _(
            "Ngày %(day)s không sau hạn hiện tại %(last)s; gia hạn phải đến một ngày sau đó.",
            day=dmy(day), last=dmy(effective_on),
        )
    )  # fmt: skip


def _write_down(session: Session, assignment: Assignment, **asked: Any) -> Extension:
    """Insert the request unless one waits: the index over waiting ones decides, whoever comes first."""
    row = insert_into(session)(Extension).values(
        assignment_id=assignment.id,
        task_id=assignment.task_id,
        agency_id=assignment.agency_id,
        state="waiting",
        **asked,
    )
    unique = row.on_conflict_do_nothing(index_elements=["assignment_id"], index_where=WAITING)
    number = session.execute(unique.returning(Extension.id)).scalar_one_or_none()
    if number is None:
        raise Refused(_one_waits(session, assignment.id))
    return session.get_one(Extension, number)


def _one_waits(session: Session, assignment_id: int) -> str:
    query = select(Extension.proposed_on, Extension.asked_on).where(Extension.assignment_id == assignment_id, WAITING)
    row = session.execute(query).one()
    return str(
        _(
            "Cơ quan đã xin gia hạn đến %(day)s (ngày %(asked)s), đang chờ quyết định; muốn xin khác đi, hãy rút yêu cầu ấy trước.",
            day=dmy(row.proposed_on), asked=dmy(row.asked_on),
        )
    )  # fmt: skip


def _decide(session: Session, actor: User | None, extension: Extension, state: str, **decision: Any) -> None:
    """Write the decision on the request if it still waits. Raises Changed for whoever comes second."""
    decided: Any = session.execute(
        update(Extension)
        .where(Extension.id == extension.id, WAITING)
        .values(state=state, decided_by_id=actor.id if actor else None, decided_at=clock.now(), **decision)
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:
        raise Changed(_("Yêu cầu gia hạn này đã có người xử lý trước đó; hãy xem lại diễn biến của nhiệm vụ."))
    session.refresh(extension)


def _new_limit(session: Session, extension: Extension, due_on: date, effective_on: date, basis: str) -> Deadline:
    """Add the time limit of the extended assignment, and close its earlier extension."""
    today = clock.today()
    earlier = select(Deadline).where(
        Deadline.assignment_id == extension.assignment_id, Deadline.kind == "extension", Deadline.valid_to == FOREVER
    )
    for row in session.scalars(earlier):
        row.valid_to = max(today, row.valid_from)
    deadline = Deadline(
        task_id=extension.task_id, assignment_id=extension.assignment_id, kind="extension", precision="day",
        rule="granted_day", due_on=due_on, effective_on=effective_on, basis_kind="document", basis=basis,
        valid_from=today, created_at=clock.now(),
    )  # fmt: skip
    session.add(deadline)
    session.flush()
    return deadline


def _log(session: Session, actor: User | None, verb: str, extension: Extension, **facts: object) -> None:
    log(
        session, actor, verb, "assignment", extension.assignment_id, task_id=extension.task_id,
        agency_id=extension.agency_id, extension_id=extension.id, **facts,
    )  # fmt: skip
