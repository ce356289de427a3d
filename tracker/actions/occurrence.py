"""A recurring duty, one record each time it falls due. Change and event together.

The assignment stands where its oldest open occurrence says; when that one has its result, the next takes over, and what was
done before stays in its own record.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.extension import lapse
from tracker.actions.standing import change_state, current_assignment, move_assignment, refresh_task
from tracker.database import insert_into
from tracker.errors import Changed, Refused
from tracker.models import FOREVER, Deadline, Occurrence, ProgressReport, User
from tracker.queries import occurrence as occurrences
from tracker.queries.calendar import work_calendar
from tracker.queries.occurrence import Duty
from tracker.rules.occurrences import Due, next_due, spans, to_open
from tracker.rules.timeliness import WorkState

A_NEW_CLOCK: dict[str, Any] = {"result_on": None, "progress": 0, "original_on": None, "slips": 0}


def open_due(session: Session, assignment_id: int) -> int:
    """Open what of the assignment's recurring duty is to be open today, and return how many that were: none the second time.

    The first time it is the occurrence today lies in, afterwards every one since the last. Raises Changed when somebody moved
    the assignment at that moment.
    """
    duty = occurrences.duty(session, assignment_id)
    if duty is None:
        return 0
    opened = occurrences.opened(session, assignment_id)
    calendar = work_calendar(session)
    return _open(session, duty, to_open(duty.rrule, duty.given_on, clock.today(), opened, calendar))


def recur(session: Session, task_id: int, assignment_ids: Sequence[int], rrule: str) -> None:
    """Let the assignments follow a recurrence just given: what the one before left open and not yet due gives way to it."""
    today = clock.today()
    stale = [
        key
        for key, due_on in occurrences.open_ones(session, task_id)
        if due_on >= today and next_due(rrule, today, due_on) != due_on
    ]
    _replace(session, stale)
    for assignment_id in assignment_ids:
        open_due(session, assignment_id)


def recur_no_more(session: Session, task_id: int) -> None:
    """Close what is open because the task has a date of its own now."""
    _replace(session, [key for key, _due_on in occurrences.open_ones(session, task_id)])


def skip(session: Session, actor: User, occurrence: Occurrence, reason: str) -> None:
    """Close an occurrence in which nothing came up ("không phát sinh"); the next one takes over.

    Raises Changed when it is no longer open, Refused while its result waits for confirmation.
    """
    carried = occurrences.carried(session, occurrence.assignment_id)
    was_carried = carried is not None and carried.id == occurrence.id
    period = current_assignment(session, occurrence.assignment_id)
    if was_carried and period.state == WorkState.AWAITING:
        raise Refused(_("Kết quả của kỳ này đang chờ xác nhận; hãy xác nhận hoặc trả lại trước."))
    _close(session, occurrence, state="skipped", reason=reason)
    log(
        session, actor, "skip_occurrence", "occurrence", occurrence.id, task_id=occurrence.task_id,
        agency_id=occurrence.agency_id, due_on=occurrence.due_on.isoformat(), reason=reason,
    )  # fmt: skip
    if was_carried and period.state != WorkState.WITHDRAWN:
        _go_on_after(session, occurrence)


def decided(session: Session, report: ProgressReport) -> None:
    """After the Office confirmed or returned a result: its occurrence is done or goes on; then the oldest open one holds."""
    about = session.get(Occurrence, report.occurrence_id) if report.occurrence_id else None
    if about is not None and report.decision == "confirmed":
        period = current_assignment(session, report.assignment_id)
        counted = period.effective_on if period.slips and period.effective_on else about.effective_on
        about.state, about.result_on, about.reason = "done", report.result_on, None
        about.effective_on, about.closed_on = counted, clock.today()
        session.flush()
    carried = occurrences.carried(session, report.assignment_id)
    if carried is not None and carried.id != report.occurrence_id:
        _take_over(session, carried)


def reopened(session: Session, assignment_id: int) -> None:
    """After the Office opened confirmed work again: the occurrence that was done last is open again."""
    query = select(Occurrence).where(Occurrence.assignment_id == assignment_id, Occurrence.state == "done")
    last = session.scalars(query.order_by(Occurrence.due_on.desc()).limit(1)).one_or_none()
    if last is not None and occurrences.carried(session, assignment_id) is None:
        last.state, last.result_on, last.closed_on = "open", None, None
        session.flush()


def _open(session: Session, duty: Duty, dues: Sequence[Due]) -> int:
    """Write down those that are not there yet; whoever comes second writes nothing."""
    before = occurrences.carried(session, duty.assignment_id)
    new = [due for due in dues if _written(session, duty, due)]
    for due in new:
        log(
            session, None, "open_occurrence", "assignment", duty.assignment_id, agency_id=duty.agency_id,
            task_id=duty.task_id if duty.leads == 1 else None,  # of thirty agencies' it would be all the history shows
            due_on=due.due_on.isoformat(), starts_on=due.starts_on.isoformat(),
        )  # fmt: skip
    carried = occurrences.carried(session, duty.assignment_id)
    if carried is not None and (before is None or before.id != carried.id):
        _take_over(session, carried)
    return len(new)


def _written(session: Session, duty: Duty, due: Due) -> bool:
    row = insert_into(session)(Occurrence).values(
        assignment_id=duty.assignment_id, task_id=duty.task_id, agency_id=duty.agency_id, starts_on=due.starts_on,
        due_on=due.due_on, effective_on=due.effective_on, opened_on=clock.today(), state="open",
    )  # fmt: skip
    again = {"state": "open", "closed_on": None, "reason": None}  # the recurrence was changed, and back again
    row = row.on_conflict_do_update(
        index_elements=["assignment_id", "due_on"], set_=again, where=Occurrence.state == "replaced"
    )
    return session.execute(row.returning(Occurrence.id)).first() is not None


def _take_over(session: Session, occurrence: Occurrence) -> None:
    """Let the assignment stand where the occurrence says. A result that waits is not disturbed: decided() comes back to it."""
    period = current_assignment(session, occurrence.assignment_id)
    if period.state in {WorkState.AWAITING, WorkState.WITHDRAWN}:
        return
    _end_extensions(session, occurrence.assignment_id)
    changes = {**A_NEW_CLOCK, "due_on": occurrence.due_on, "effective_on": occurrence.effective_on}
    if period.state == WorkState.DONE:
        change_state(session, period, "open_occurrence", **changes)
        return
    move_assignment(session, period, **{**changes, "progress": period.progress})


def _go_on_after(session: Session, skipped: Occurrence) -> None:
    """Give the assignment its next occurrence, ahead of time when none is open: its clock then points to what comes."""
    carried = occurrences.carried(session, skipped.assignment_id) or _ahead(session, skipped.assignment_id)
    _end_extensions(session, skipped.assignment_id)
    dates = {
        "due_on": carried.due_on if carried else None, "effective_on": carried.effective_on if carried else None,
    }  # fmt: skip
    period = current_assignment(session, skipped.assignment_id)
    if period.state == WorkState.PAUSED:
        move_assignment(session, period, **A_NEW_CLOCK, **dates)
    else:
        change_state(session, period, "skip_occurrence", **A_NEW_CLOCK, **dates)
    if carried is None:
        refresh_task(session, skipped.task_id, **dates)


def _ahead(session: Session, assignment_id: int) -> Occurrence | None:
    """Open what should be open by now, else the very next one; None when the years of the duty are over."""
    duty = occurrences.duty(session, assignment_id)
    if duty is None:
        return None
    if not open_due(session, assignment_id):
        last = max([*occurrences.opened(session, assignment_id), clock.today()])
        after = next_due(duty.rrule, duty.given_on, last + timedelta(days=1))
        _open(session, duty, spans(duty.rrule, duty.given_on, [after] if after else [], work_calendar(session)))
    return occurrences.carried(session, assignment_id)


def _end_extensions(session: Session, assignment_id: int) -> None:
    """More time was given for the occurrence before, not for this one."""
    lapse(session, None, [assignment_id])
    session.execute(
        update(Deadline)
        .where(Deadline.assignment_id == assignment_id, Deadline.valid_to == FOREVER)
        .values(valid_to=clock.today())
        .execution_options(synchronize_session=False)
    )


def _replace(session: Session, ids: Sequence[int]) -> None:
    session.execute(
        update(Occurrence)
        .where(Occurrence.id.in_(ids), Occurrence.state == "open")
        .values(state="replaced", closed_on=clock.today())
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, occurrence: Occurrence, **values: Any) -> None:
    closed: Any = session.execute(
        update(Occurrence)
        .where(Occurrence.id == occurrence.id, Occurrence.state == "open")
        .values(closed_on=clock.today(), **values)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:
        raise Changed(_("Kỳ này vừa được khép lại; hãy xem lại trang nhiệm vụ."))
    session.refresh(occurrence)
