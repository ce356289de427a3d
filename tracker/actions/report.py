"""What an agency reports on its own assignment, kept as it was said. Change and event together."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import LOST_RACE, change_state, current_assignment
from tracker.errors import Changed, Refused
from tracker.models import Agency, Assignment, AssignmentPeriod, ProgressReport, User
from tracker.queries.occurrence import carried
from tracker.queries.report_periods import choices
from tracker.rules.report_periods import ReportPeriod
from tracker.rules.timeliness import CLOSED, WorkState
from tracker.words import WORK_STATE


def report_progress(
    session: Session, actor: User, assignment: Assignment, seen: int, progress: int, done: str, difficulty: str | None,
    *, proposal: str | None = None, next_step: str | None = None, period_end: date | None = None,
) -> ProgressReport:  # fmt: skip
    """Keep a report (percent 0–100, what was done, difficulty, proposal, next step) and return it; the assignment is then
    under way.

    `seen` is the id of the period the person was looking at, `period_end` the last day of the reporting period the report
    speaks of (None: the one that is due). Raises Changed when `seen` is no longer in force, Refused when the assignment is
    closed, its result waits for confirmation, or that period cannot be reported on.
    """
    period = open_period(session, assignment, seen)
    change_state(session, period, "report", progress=progress)
    report = keep_report(
        session, actor, assignment, period_end, kind="progress", progress=progress, done=done, difficulty=difficulty,
        proposal=proposal, next_step=next_step,
    )  # fmt: skip
    log(
        session, actor, "report_progress", "assignment", assignment.id, task_id=assignment.task_id,
        agency_id=assignment.agency_id, report_id=report.id, progress=progress,
    )  # fmt: skip
    return report


def open_period(session: Session, assignment: Assignment, seen: int) -> AssignmentPeriod:
    """Return the period in force if it is the one `seen` and the agency may still report. Raises Changed or Refused."""
    period = current_assignment(session, assignment.id)
    if period.id != seen:
        raise Changed(str(LOST_RACE))
    if period.state in CLOSED:
        raise Refused(
            _("Phần việc này đã khép lại (%(state)s); không nhận thêm báo cáo.", state=WORK_STATE[period.state])
        )
    if period.state == WorkState.PAUSED:
        raise Refused(_("Phần việc đang tạm dừng; khi Văn phòng UBND tỉnh cho tiếp tục, cơ quan báo cáo tiếp."))
    if period.state == WorkState.AWAITING:
        raise Refused(_("Kết quả đang chờ Văn phòng UBND tỉnh xác nhận; khi có ý kiến, cơ quan cập nhật tiếp."))
    return period


def keep_report(
    session: Session, actor: User, assignment: Assignment, period_end: date | None = None, **said: object
) -> ProgressReport:
    """Write the report down as of now, for the reporting period and the occurrence it speaks of, and return it.

    A result is a report too: without `period_end` it counts for the period that is due. Raises Refused as report_progress.
    """
    today = clock.today()
    wanted, occurrence = _spoken_of(session, assignment, period_end), carried(session, assignment.id)
    report = ProgressReport(
        assignment_id=assignment.id, task_id=assignment.task_id, agency_id=assignment.agency_id, author_id=actor.id,
        reported_at=clock.now(), reported_on=today, period_start=wanted.start if wanted else None,
        period_end=wanted.end if wanted else None, occurrence_id=occurrence.id if occurrence else None, **said,
    )  # fmt: skip
    session.add(report)
    session.execute(update(Agency).where(Agency.id == assignment.agency_id).values(last_reported_on=today))
    session.flush()
    return report


def _spoken_of(session: Session, assignment: Assignment, period_end: date | None) -> ReportPeriod | None:
    offered = choices(session, assignment.id, clock.today())
    if period_end is None:
        return offered.default.period if offered.default else None
    for one in offered.periods:
        if one.period.end == period_end:
            return one.period
    raise Refused(_("Kỳ báo cáo này không còn chọn được; hãy chọn lại kỳ."))
