"""The periods of one assignment or one task: which may be reported on, which were, in time or late."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, AssignmentPeriod, ProgressReport, User
from tracker.queries.ask import DAY, ask
from tracker.queries.reporting import GIVEN, OWING, asked_of_task
from tracker.rules.report_periods import Asked

EARLIER = 12
"""So many periods without a report are offered; what is older is missing for good."""
ROWS = 24
TASK: Any = bindparam("task")


@dataclass(frozen=True)
class Choices:
    """The periods a report may speak of, the newest first; `default` is None when the document asks for none now."""

    periods: Sequence[Asked] = ()
    default: Asked | None = None


@dataclass(frozen=True)
class Record:
    """One lead's reports for one period. `latest` has the contents; `first_on` is what counts; both None: none was given."""

    asked: Asked
    assignment_id: int
    first_on: date | None
    latest: Any
    count: int

    @property
    def in_time(self) -> bool:
        return self.first_on is not None and self.first_on <= self.asked.last_day


def choices(session: Session, assignment_id: int, day: date) -> Choices:
    """Return what a report on the assignment may speak of on `day`: the period of that day, and earlier ones it owed and
    never reported on. The default is the oldest ended one that is still in time, else the present one."""
    duty = session.execute(select(Assignment.task_id, Assignment.role).where(Assignment.id == assignment_id)).one()
    periods = asked_of_task(session, duty.task_id, day) if duty.role == "lead" else []
    if not periods:
        return Choices()
    reported, stood = _reported(session, assignment_id), _stood(session, Assignment.id == assignment_id)
    earlier = [
        one
        for one in periods
        if one.has_ended(day)
        and one.period.end not in reported
        and _state_on(stood[assignment_id], one.period.end) in OWING
    ][-EARLIER:]
    current = [one for one in periods if not one.has_ended(day)]
    in_time = [one for one in earlier if one.last_day >= day]
    return Choices([*current, *reversed(earlier)], next(iter([*in_time, *current]), None))


def of_task(session: Session, task_id: int, leads: Sequence[int], day: date) -> list[Record]:
    """Return what each of the lead assignments owed or gave, as known on `day`, the newest period first; about ROWS of them.

    Empty when the document never asked for reports: one query then, four else.
    """
    periods = asked_of_task(session, task_id, day) if leads else []
    if not periods:
        return []
    reports: dict[tuple[int, date, date], list[Any]] = defaultdict(list)
    for row in ask(session, _REPORTS, task=task_id, day=day):
        reports[row.assignment_id, row.period_start, row.period_end].append(row)
    stood = _stood(session, Assignment.task_id == task_id)
    shown = max(2, ROWS // len(leads))  # the present one, and one at least that has ended
    return [record for one in periods[: -shown - 1 : -1] for record in _records(one, leads, reports, stood, day)]


def _records(
    one: Asked, leads: Sequence[int], reports: dict[tuple[int, date, date], list[Any]],
    stood: dict[int, list[Any]], day: date,
) -> Iterator[Record]:  # fmt: skip
    for lead in leads:
        given = reports.get((lead, one.period.start, one.period.end), [])
        if given or _state_on(stood.get(lead, ()), min(one.period.end, day)) in OWING:
            yield Record(
                one, lead, given[0].reported_on if given else None, given[-1] if given else None, len(given)
            )  # fmt: skip


_REPORTS = (
    select(
        ProgressReport.assignment_id, ProgressReport.period_start, ProgressReport.period_end, ProgressReport.reported_on,
        ProgressReport.kind, ProgressReport.progress, ProgressReport.done, ProgressReport.difficulty,
        ProgressReport.proposal, ProgressReport.next_step, User.name.label("author"),
    )
    .join(User, User.id == ProgressReport.author_id)
    .where(
        ProgressReport.task_id == TASK, ProgressReport.period_end.is_not(None), ProgressReport.reported_on <= DAY, GIVEN
    )
    .order_by(ProgressReport.id)
)  # fmt: skip


def _reported(session: Session, assignment_id: int) -> set[date]:
    query = select(ProgressReport.period_end).where(
        ProgressReport.assignment_id == assignment_id, ProgressReport.period_end.is_not(None), GIVEN
    )
    return {end for end in session.scalars(query.distinct()) if end is not None}


def _stood(session: Session, of: Any) -> dict[int, list[Any]]:
    """Return by assignment how it stood and from when to when."""
    period = AssignmentPeriod
    query = select(period.assignment_id, period.state, period.valid_from, period.valid_to)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query.join(Assignment, Assignment.id == period.assignment_id).where(of)):
        found[row.assignment_id].append(row)
    return found


def _state_on(stood: Sequence[Any], day: date) -> str | None:
    return next((row.state for row in stood if row.valid_from <= day < row.valid_to), None)
