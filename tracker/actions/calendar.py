"""The working calendar as people keep it. Saving a day moves no deadline; moving them is an act of its own, with its events."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.standing import move_assignment, refresh_task
from tracker.errors import Changed, Refused
from tracker.models import FOREVER, AssignmentPeriod, CalendarDay, Deadline, TaskPeriod, User
from tracker.queries.calendar import CLEARED, Shifted, shifted_deadlines
from tracker.queries.calendar_preview import Preview, preview
from tracker.rules.calendar_table import Change
from tracker.rules.timeliness import CLOSED
from tracker.words.days import dmy


def carry_out(
    session: Session, actor: User, changes: Sequence[Change], seen: str, *, recounting: bool
) -> tuple[int, int]:
    """Write the changes and, when `recounting`, let every deadline of open work count to the day the calendar then says, all
    in one transaction; return (days written, deadlines moved).

    Raises Changed when what the changes do is no longer what was `seen` (queries.calendar_preview): nobody confirms what he
    has not read; and Refused when a whole year would be off.
    """
    # Whoever else changes the calendar waits here, and then finds that what he saw is no longer so.
    session.execute(select(CalendarDay.day).order_by(CalendarDay.day).with_for_update())
    found = ensure_counts(session, changes)
    if not found.lines or found.seen != seen:
        raise Changed(_("Những gì sẽ dời đã khác lúc bạn xem; xin xem lại rồi xác nhận."))
    for line in found.lines:
        change = line.change
        if change.working is None:
            clear_day(session, actor, change.day)
        else:
            set_day(session, actor, change.day, change.working, change.name, change.source or None)
    moved = recount(session, actor, fingerprint(found.shifted)) if recounting and found.shifted else 0
    return len(found.lines), moved


def ensure_counts(session: Session, changes: Sequence[Change], overwrite: bool = True) -> Preview:
    """Return what the changes would do (queries.calendar_preview.preview). Raises Refused when a whole year would be off."""
    try:
        return preview(session, changes, overwrite)
    except ValueError as error:
        raise Refused(_("Lịch không còn ngày làm việc nào trong suốt một năm; xin xem lại các ngày nghỉ.")) from error


def set_day(session: Session, actor: User, day: date, working: bool, name: str, source: str | None) -> None:
    """Make the day a day off, or a Saturday or Sunday worked instead. Raises Refused when it is that anyway."""
    if working and day.weekday() < 5:
        raise Refused(_("Ngày %(day)s vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù.", day=dmy(day)))
    found = _locked(session, day)
    before = {"working": found.working, "name": found.name, "source": found.source} if found else None
    row = found or CalendarDay(day=day)
    row.working, row.name, row.source, row.edited = working, name, source, True
    session.add(row)
    session.flush()
    log(
        session, actor, "set_calendar_day", "calendar_day", None, day=day.isoformat(), working=working, name=name,
        source=source, before=before,
    )  # fmt: skip


def clear_day(session: Session, actor: User, day: date) -> None:
    """Make the day what its weekday says. The row stays, marked as people's, so that loading the seeds does not bring it back.

    Raises Changed when there is nothing to clear any more.
    """
    row = _locked(session, day)
    if row is None or row.name in CLEARED:
        raise Changed(_("Ngày %(day)s không còn trong lịch; có thể người khác vừa bỏ.", day=dmy(day)))
    before = {"working": row.working, "name": row.name, "source": row.source}
    row.working = day.weekday() < 5
    row.name, row.source, row.edited = CLEARED[0 if row.working else 1], None, True
    log(session, actor, "clear_calendar_day", "calendar_day", None, day=day.isoformat(), before=before)


def recount(session: Session, actor: User, seen: str) -> int:
    """Let every deadline of open work count to the day the calendar now says; return how many were moved.

    Each gets a new row from today on and an event; the day as written and all history stay. Raises Changed when the list
    is no longer the one that was `seen` (its fingerprint): nobody confirms what he has not read.
    """
    rows = shifted_deadlines(session)
    if not rows or fingerprint(rows) != seen:
        raise Changed(_("Danh sách thời hạn lệch đã thay đổi; xin xem lại rồi xác nhận."))
    for row in rows:
        _move(session, actor, row)
    return len(rows)


def fingerprint(rows: Sequence[Shifted]) -> str:
    """Return a text that stands for exactly this list of deadlines and days."""
    said = ";".join(f"{row.deadline_id}:{row.effective_on}:{row.wanted}" for row in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _move(session: Session, actor: User, row: Shifted) -> None:
    _follow_deadline(session, row)
    if row.assignment_id is None:
        current = select(TaskPeriod.due_on, TaskPeriod.effective_on).where(
            TaskPeriod.task_id == row.task_id, TaskPeriod.valid_to == FOREVER
        )
        if session.execute(current).one() == (row.due_on, row.effective_on):
            refresh_task(session, row.task_id, effective_on=row.wanted)
    for period in _periods(session, row):
        move_assignment(session, period, effective_on=row.wanted)
    for period in _extended_from(session, row):
        move_assignment(session, period, original_on=row.wanted)
    log(
        session, actor, "recount_deadline", "task", row.task_id, task_id=row.task_id, due_on=row.due_on.isoformat(),
        before=row.effective_on.isoformat() if row.effective_on else None, after=row.wanted.isoformat(),
    )  # fmt: skip


def _follow_deadline(session: Session, row: Shifted) -> None:
    """Close the deadline's row if it is still in force and open its follower, equal but for the counting day."""
    old = session.get_one(Deadline, row.deadline_id, with_for_update=True, populate_existing=True)
    if old.valid_to != FOREVER:
        raise Changed(_("Danh sách thời hạn lệch đã thay đổi; xin xem lại rồi xác nhận."))
    kept: dict[str, Any] = {c.name: getattr(old, c.name) for c in Deadline.__table__.columns if c.name != "id"}
    old.valid_to = max(clock.today(), old.valid_from)
    kept.update(effective_on=row.wanted, valid_from=old.valid_to, valid_to=FOREVER, created_at=clock.now())
    session.add(Deadline(**kept))
    session.flush()


def _periods(session: Session, row: Shifted) -> Sequence[AssignmentPeriod]:
    """Return the open periods that count by this deadline: of its assignment, or of all that have none of their own."""
    query = select(AssignmentPeriod).where(
        AssignmentPeriod.task_id == row.task_id, AssignmentPeriod.valid_to == FOREVER,
        AssignmentPeriod.state.not_in(CLOSED), AssignmentPeriod.due_on == row.due_on,
        AssignmentPeriod.effective_on == row.effective_on,
    )  # fmt: skip
    if row.assignment_id is not None:
        query = query.where(AssignmentPeriod.assignment_id == row.assignment_id)
    return session.scalars(query.order_by(AssignmentPeriod.assignment_id)).all()


def _extended_from(session: Session, row: Shifted) -> Sequence[AssignmentPeriod]:
    """Return the open periods that counted by this deadline until they were extended: their original day moves along."""
    if row.assignment_id is not None:
        return []
    query = select(AssignmentPeriod).where(
        AssignmentPeriod.task_id == row.task_id, AssignmentPeriod.valid_to == FOREVER,
        AssignmentPeriod.state.not_in(CLOSED), AssignmentPeriod.slips > 0,
        AssignmentPeriod.original_on == row.effective_on,
    )  # fmt: skip
    return session.scalars(query.order_by(AssignmentPeriod.assignment_id)).all()


def _locked(session: Session, day: date) -> CalendarDay | None:
    return session.get(CalendarDay, day, with_for_update=True, populate_existing=True)
