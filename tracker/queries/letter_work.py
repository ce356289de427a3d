"""The overdue work a letter of urging speaks of, as it stood on a day: the same rows and the same counting as every screen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import (
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Message,
    ProgressReport,
    Reminder,
    Task,
    UrgeLetter,
    UrgeLetterItem,
    User,
)
from tracker.queries.extension import Asked, waiting_on
from tracker.queries.period import in_force
from tracker.queries.setting import setting
from tracker.rules.ladder import ABOUT_REPORT
from tracker.rules.timeliness import RUNNING, WorkState, days_overdue
from tracker.rules.transitions import AT_WORK


@dataclass(frozen=True)
class Reported:
    """What the agency last said of the work; `returned` is why the Office sent a result back, when that came last."""

    on: date
    progress: int
    done: str | None
    difficulty: str | None
    returned: str | None


@dataclass(frozen=True)
class Urged:
    """One lead assignment in a letter. Days are calendar days; `reminders` were sent of it before, for this last day.

    `settled` says why a letter need not speak of it any more (words.letter.SETTLED), None while it is overdue.
    """

    assignment_id: int
    task_id: int
    title: str
    clause_code: str
    document_id: int
    document_name: str
    state: str
    progress: int
    due_on: date | None
    effective_on: date | None
    original_on: date | None
    slips: int
    responsible: str | None
    position: str | None
    basis_kind: str
    basis: str | None
    days_overdue: int = 0
    reminders: int = 0
    reported: Reported | None = None
    asked: Asked | None = None
    settled: str | None = None

    @property
    def proposed(self) -> bool:
        """Whether no document has given the agency the lead: then only the Office itself puts it into a letter."""
        return self.basis_kind == "proposal"


def overdue_of(session: Session, agency_id: int, day: date) -> list[Urged]:
    """Return the lead assignments of the agency that are overdue on `day` and are the agency's turn, the longest overdue first."""
    query = _facts(day).where(AssignmentPeriod.agency_id == agency_id, AssignmentPeriod.role == "lead", is_overdue(day))
    return _told(session, query, agency_id, day)


def is_overdue(day: date) -> ColumnElement[bool]:
    """Return the condition that the work is overdue on `day` and the agency's turn: what waits for the Office, is held or is
    finished needs no urging."""
    period = AssignmentPeriod
    turn = (period.clock == RUNNING, period.state.in_(AT_WORK))
    return and_(in_force(period, day), period.effective_on < day, *turn)


def works(session: Session, agency_id: int, assignment_ids: Collection[int], day: date) -> dict[int, Urged]:
    """Return by assignment how the work stood on `day`, overdue or settled; it is the agency's whose letter it is."""
    if not assignment_ids:
        return {}
    query = _facts(day).where(AssignmentPeriod.assignment_id.in_(assignment_ids))
    return {work.assignment_id: work for work in _told(session, query, agency_id, day)}


def rested(session: Session, assignment_ids: Collection[int], day: date) -> set[int]:
    """Return the assignments that a letter spoke of lately: one sent, or given up, within the province's days of rest."""
    since = day - timedelta(days=setting(session, "letter_rest_days"))
    lately = or_(
        and_(UrgeLetter.state == "sent", UrgeLetter.sent_on > since),
        and_(UrgeLetter.state == "dropped", UrgeLetter.recorded_at >= clock.day_end(since)),
    )
    query = select(UrgeLetterItem.assignment_id).join(UrgeLetter, UrgeLetter.id == UrgeLetterItem.letter_id)
    query = query.where(UrgeLetterItem.assignment_id.in_(assignment_ids), UrgeLetterItem.left_out.is_(False), lately)
    return set(session.scalars(query))


def spoken_for(session: Session, assignment_ids: Collection[int], day: date) -> set[int]:
    """Return the assignments for which no letter need be drafted: a letter spoke of it lately, or the draft
    to whoever has it now does, or the Office left it out of that."""
    if not assignment_ids:
        return set()
    query = select(UrgeLetterItem.assignment_id).join(UrgeLetter, UrgeLetter.id == UrgeLetterItem.letter_id)
    drafted = query.join(Assignment, Assignment.id == UrgeLetterItem.assignment_id).where(
        UrgeLetterItem.assignment_id.in_(assignment_ids), UrgeLetter.state == "draft",
        UrgeLetter.agency_id == Assignment.agency_id,
    )  # fmt: skip
    return rested(session, assignment_ids, day) | set(session.scalars(drafted))


def last_letters(session: Session, assignment_ids: Collection[int]) -> dict[int, tuple[str, date]]:
    """Return by assignment the number and day of the last letter sent about it."""
    query = (
        select(UrgeLetterItem.assignment_id, UrgeLetter.number, UrgeLetter.sent_on)
        .join(UrgeLetter, UrgeLetter.id == UrgeLetterItem.letter_id)
        .where(UrgeLetterItem.assignment_id.in_(assignment_ids), UrgeLetterItem.left_out.is_(False))
        .where(UrgeLetter.state == "sent")
        .order_by(UrgeLetter.sent_on, UrgeLetter.id)
    )
    return {row[0]: (row[1] or "", row[2]) for row in session.execute(query) if row[2]}


def _facts(day: date) -> Select[*tuple[Any, ...]]:
    period = AssignmentPeriod
    return (
        select(
            period.assignment_id, period.task_id, Task.short_title.label("title"), Clause.code.label("clause_code"),
            Task.document_id, Document.short_name.label("document_name"), period.state, period.progress, period.due_on,
            period.effective_on, period.original_on, period.slips, User.name.label("responsible"), User.position,
            Assignment.basis_kind, Assignment.basis, period.agency_id,
        )
        .join(Task, Task.id == period.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Assignment, Assignment.id == period.assignment_id)
        .outerjoin(User, and_(User.id == Assignment.responsible_id, User.active))
        .where(in_force(period, day))
        .order_by(period.effective_on, period.assignment_id)
    )  # fmt: skip


def _told(session: Session, query: Select[*tuple[Any, ...]], agency_id: int, day: date) -> list[Urged]:
    rows = session.execute(query).all()
    ids = [row.assignment_id for row in rows]
    reports, sent = _last_reports(session, ids, day), _reminders(session, ids, day)
    asked = waiting_on(session, ids, day)
    return [
        Urged(
            **{name: value for name, value in row._mapping.items() if name != "agency_id"},
            days_overdue=_days(row, day), reminders=sent.get((row.assignment_id, row.effective_on), 0),
            reported=reports.get(row.assignment_id), asked=asked.get(row.assignment_id),
            settled=_settled(row, agency_id, day),
        )
        for row in rows
    ]  # fmt: skip


def _days(row: Any, day: date) -> int:
    if row.effective_on is None or row.state not in AT_WORK:
        return 0
    return days_overdue(WorkState(row.state), row.effective_on, None, day)


def _settled(row: Any, agency_id: int, day: date) -> str | None:
    if row.agency_id != agency_id:
        return "moved"
    if row.state not in AT_WORK:
        return str(row.state)
    return "extended" if row.effective_on is None or row.effective_on >= day else None


def _last_reports(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Reported]:
    newest = (
        select(func.max(ProgressReport.id))
        .where(ProgressReport.assignment_id.in_(assignment_ids), ProgressReport.reported_on <= day)
        .group_by(ProgressReport.assignment_id)
    )
    rows = session.execute(
        select(
            ProgressReport.assignment_id, ProgressReport.reported_on, ProgressReport.progress, ProgressReport.done,
            ProgressReport.difficulty, ProgressReport.decision, ProgressReport.decision_reason,
        ).where(ProgressReport.id.in_(newest))
    )  # fmt: skip
    return {row[0]: Reported(*row[1:5], row.decision_reason if row.decision == "returned" else None) for row in rows}


def _reminders(session: Session, assignment_ids: Collection[int], day: date) -> Mapping[tuple[int, date], int]:
    """Return by assignment and last day how many steps of the ladder have left for somebody: what can be proven."""
    query = (
        select(Reminder.assignment_id, Reminder.effective_on, func.count(Reminder.step.distinct()))
        .join(Message, Message.id == Reminder.message_id)
        .where(Reminder.assignment_id.in_(assignment_ids), Reminder.day <= day, Message.state == "sent")
        .where(~Reminder.step.startswith(ABOUT_REPORT, autoescape=True))
        .group_by(Reminder.assignment_id, Reminder.effective_on)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}
