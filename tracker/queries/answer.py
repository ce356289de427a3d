"""What keeps a reminder back or from going up: holds, acknowledgements and reports, as known at the end of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Acknowledgement, ProgressReport, ReminderHold, User
from tracker.queries.batches import batches
from tracker.rules.climb import Rest
from tracker.rules.reminder_policy import Policy
from tracker.rules.workdays import WorkCalendar

ACKNOWLEDGED, REPORTED = "acknowledged", "reported"
TAKEN_BACK = ("recalled", "declined")
"""A proposal its own agency took back says nothing to anybody."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody is reminded up to `until_on`, that day included, because of what `made_by` wrote."""

    id: int
    assignment_id: int
    from_on: date
    until_on: date
    reason: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody said that the work is being done. `kind`: acknowledged (of one last day; `until_on` None: noted only) or
    reported (`effective_on` and `until_on` None: how long it rests is the policy's)."""

    effective_on: date | None
    day: date
    until_on: date | None
    kind: str


def holds(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, Hold]:
    """Return by assignment the hold in force on `day`; of several the one that lasts longest. One query a batch."""
    found: dict[int, Hold] = {}
    for ids in batches(assignment_ids):
        query = select_holds(day).where(ReminderHold.assignment_id.in_(ids))
        for row in session.execute(query.order_by(ReminderHold.until_on, ReminderHold.id)):
            found[row.assignment_id] = Hold(*row)
    return found


def select_holds(day: date) -> Select[*tuple[Any, ...]]:
    """Return the query for every hold in force on `day`, with the columns of Hold. One that ended early ends at once."""
    hold = ReminderHold
    return (
        select(hold.id, hold.assignment_id, hold.from_on, hold.until_on, hold.reason, User.name)
        .join(User, User.id == hold.made_by_id)
        .where(hold.from_on <= day, hold.until_on >= day, or_(hold.ended_on.is_(None), hold.ended_on > day))
    )  # fmt: skip


def answers(session: Session, assignment_ids: Collection[int], day: date) -> dict[int, list[Answer]]:
    """Return by assignment what was answered up to the end of `day`, in the order of the days. Two queries a batch."""
    found: dict[int, list[Answer]] = defaultdict(list)
    for ids in batches(assignment_ids):
        for row in session.execute(_acknowledged(ids, day)):
            found[row.assignment_id].append(Answer(row.effective_on, row.day, row.until_on, ACKNOWLEDGED))
        for row in session.execute(_reported(ids, day)):
            found[row.assignment_id].append(Answer(None, row.reported_on, None, REPORTED))
    return {assignment: sorted(said, key=lambda answer: answer.day) for assignment, said in found.items()}


def rests_of(answers: Iterable[Answer], effective_on: date, calendar: WorkCalendar, policy: Policy) -> list[Rest]:
    """Return when the climb of an assignment rests, given its `answers` and the last day that counts: an acknowledgement of
    that day until it said, a report for `policy.rest` working days."""
    found = []
    for answer in answers:
        if answer.kind == REPORTED:
            found.append(Rest(answer.day, calendar.shift(answer.day, policy.rest)))
        elif answer.until_on is not None and answer.effective_on == effective_on:
            found.append(Rest(answer.day, answer.until_on))
    return found


def _acknowledged(ids: list[int], day: date) -> Select[*tuple[Any, ...]]:
    said = Acknowledgement
    return (
        select(said.assignment_id, said.effective_on, said.day, said.until_on)
        .where(said.assignment_id.in_(ids), said.day <= day)
        .order_by(said.id)
    )  # fmt: skip


def _reported(ids: list[int], day: date) -> Select[*tuple[Any, ...]]:
    """Return the days on which something was reported; what was taken back after `day` still stood on it."""
    report = ProgressReport
    taken_back = and_(
        report.decision.is_not(None), report.decision.in_(TAKEN_BACK), report.decided_at < clock.day_end(day)
    )  # fmt: skip
    return (
        select(report.assignment_id, report.reported_on)
        .where(report.assignment_id.in_(ids), report.reported_on <= day, not_(taken_back))
        .distinct()
    )
