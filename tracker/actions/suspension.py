"""The Office holds work, lets it go on, drops it, takes it up again, or opens what was confirmed."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import obstacle, occurrence
from tracker.actions.completion import progress_before, recall
from tracker.actions.event import log
from tracker.actions.extension import lapse
from tracker.actions.standing import LOST_RACE, change_state, current_assignment
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Assignment, AssignmentPeriod, ProgressReport, User
from tracker.queries.report import OPEN
from tracker.rules.transitions import SUSPENSIONS


def suspend(
    session: Session, actor: User, assignment: Assignment, seen: int, verb: str, reason: str, basis: str
) -> AssignmentPeriod:
    """Do what the verb of rules.transitions.SUSPENSIONS does, on a stated basis, and tell the agency; return the new period.

    Work that is opened again or dropped has no result any more. Raises Changed when the period in force is not the one
    `seen`, Refused when the table does not allow the verb or the work has gone into another agency's.
    """
    if verb not in SUSPENSIONS:
        raise Refused(_("Lựa chọn này không có trong danh sách; hãy chọn lại."))
    period = current_assignment(session, assignment.id)
    if period.id != seen:
        raise Changed(str(LOST_RACE))
    if verb == "restore" and assignment.merged_into_id is not None:
        raise Refused(_("Phần việc này đã nhập vào phần việc của cơ quan kế thừa; hãy khôi phục ở đó."))
    changes: dict[str, object] = {}
    if verb == "reopen":
        changes = {"result_on": None, "progress": _progress_before(session, assignment)}
    follower = change_state(session, period, verb, **changes)
    if verb == "drop":
        _take_back(session, actor, assignment)
        lapse(session, actor, [assignment.id], dropped=True)
        obstacle.lapse(session, actor, assignment.id)
    if verb == "reopen":
        occurrence.reopened(session, assignment.id)
    log(
        session, actor, verb, "assignment", assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id,
        period_id=follower.id, reason=reason, basis=basis,
    )  # fmt: skip
    outbox.state_changed(session, follower, actor.id)
    return follower


def _progress_before(session: Session, assignment: Assignment) -> int:
    confirmed = select(ProgressReport).where(
        ProgressReport.assignment_id == assignment.id, ProgressReport.decision == "confirmed"
    )
    report = session.scalars(confirmed.order_by(ProgressReport.id.desc()).limit(1)).first()
    return progress_before(session, report) if report else 0


def _take_back(session: Session, actor: User, assignment: Assignment) -> None:
    """A result that waits for the agency's head has nowhere to go any more."""
    for report in session.scalars(select(ProgressReport).where(ProgressReport.assignment_id == assignment.id, OPEN)):
        recall(session, actor, report)
