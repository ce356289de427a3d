"""Who was to report for a period, who did, in time or late: the update rate, measured apart from late work.

A report is owed by every lead assignment of a document with a rule that is neither finished, waiting nor paused on the
period's last day; standing duties owe none. Of several reports for a period the first one counts. What was taken back before
the Office saw it (recalled, or declined by the head) is no report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, bindparam, case, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    ProgressReport,
    ReportingRule,
    Task,
    User,
)
from tracker.queries.ask import DAY, ask
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force, in_force_now
from tracker.rules.report_periods import Asked, Rule, asked
from tracker.rules.transitions import AT_WORK

PAGE = 50
OWING = tuple(state.value for state in AT_WORK)
"""The states in which a lead assignment owes a report."""
GIVEN = func.coalesce(ProgressReport.decision, "").not_in(("recalled", "declined"))
MISSING, LATE = "missing", "late"
DOCUMENT: Any = bindparam("document")


@dataclass(frozen=True)
class Rate:
    """How many reports were owed for a period, given, and given in time; of one agency or (None) of all."""

    agency_id: int | None
    agency: str | None
    owed: int
    given: int
    in_time: int

    @property
    def percent(self) -> float | None:
        """The update rate: reports in time of a hundred owed; None when none is owed."""
        return 100 * self.in_time / self.owed if self.owed else None

    @property
    def missing(self) -> int:
        return self.owed - self.given

    @property
    def late(self) -> int:
        return self.given - self.in_time


@dataclass(frozen=True)
class Silent:
    """An assignment without a report for the period (`first_on` None) or with a late one; `holder_id` has the work now."""

    assignment_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency_id: int
    agency: str
    holder_id: int
    first_on: date | None
    last_on: date | None
    may_report: bool

    @property
    def cursor(self) -> str:
        return f"{self.agency_id}_{self.assignment_id}"


def documents(session: Session) -> Sequence[Any]:
    """Return code, short_name and the kind of period in force (`every`, None: no reports asked) of every document."""
    query = (
        select(Document.id, Document.code, Document.short_name, ReportingRule.every)
        .outerjoin(
            ReportingRule, and_(ReportingRule.document_id == Document.id, ReportingRule.valid_to == FOREVER)
        )
        .order_by(ReportingRule.every.is_(None), Document.in_force_from.desc(), Document.id.desc())
    )  # fmt: skip
    return ask(session, query).all()


def rule_in_force(session: Session, document_id: int) -> ReportingRule | None:
    """Return the rule of the document, None when it asks for no reports."""
    query = select(ReportingRule).where(ReportingRule.document_id == document_id, ReportingRule.valid_to == FOREVER)
    return session.scalars(query).one_or_none()


def rules_so_far(session: Session, document_id: int) -> Sequence[Any]:
    """Return every, grace, valid_from, valid_to and who set each rule the document has had, the newest first."""
    query = (
        select(
            ReportingRule.id, ReportingRule.every, ReportingRule.grace, ReportingRule.valid_from, ReportingRule.valid_to,
            User.name.label("set_by"),
        )
        .outerjoin(User, User.id == ReportingRule.set_by_id)
        .where(ReportingRule.document_id == document_id)
        .order_by(ReportingRule.id.desc())
    )  # fmt: skip
    return session.execute(query).all()


_RULES = select(
    ReportingRule.every, ReportingRule.grace, ReportingRule.valid_from, ReportingRule.valid_to
).where(ReportingRule.valid_from <= DAY)  # fmt: skip
_OF_DOCUMENT = _RULES.where(ReportingRule.document_id == DOCUMENT)
_OF_TASK = _RULES.join(Task, Task.document_id == ReportingRule.document_id).where(
    Task.id == bindparam("task"), Task.kind != "standing_duty"
)


def asked_of(session: Session, document_id: int, day: date) -> list[Asked]:
    """Return the periods the document asks reports for, as known on `day`, by their last day; the one of `day` too."""
    return _asked(session, ask(session, _OF_DOCUMENT, document=document_id, day=day).all(), day)


def asked_of_task(session: Session, task_id: int, day: date) -> list[Asked]:
    """Return the periods in which reports on the task are asked for, as asked_of does; none for a standing duty."""
    return _asked(session, ask(session, _OF_TASK, task=task_id, day=day).all(), day)


def _asked(session: Session, rows: Sequence[Any], day: date) -> list[Asked]:
    rules = [
        Rule(row.every, row.grace, row.valid_from, row.valid_to if row.valid_to <= day else FOREVER) for row in rows
    ]
    return asked(rules, day, work_calendar(session)) if rules else []


def rates(session: Session, document_id: int, wanted: Asked) -> list[Rate]:
    """Return the rate of every agency that owed a report for the period, in the order of the alphabet."""
    owed = owing(document_id, wanted)
    in_time = func.sum(case((owed.c.first_on <= wanted.last_day, 1), else_=0))
    query = (
        select(Agency.id, Agency.name, func.count(), func.count(owed.c.first_on), in_time)
        .join(owed, owed.c.agency_id == Agency.id)
        .group_by(Agency.id, Agency.name, Agency.sort_key)
        .order_by(Agency.sort_key, Agency.id)
    )
    return [Rate(*row) for row in ask(session, query)]


def total(found: Sequence[Rate]) -> Rate:
    """Return the rate of all of them together."""
    return Rate(
        None, None, sum(rate.owed for rate in found), sum(rate.given for rate in found),
        sum(rate.in_time for rate in found),
    )  # fmt: skip


def silent(
    session: Session, document_id: int, wanted: Asked, which: str, agency_id: int | None = None, after: str = ""
) -> tuple[list[Silent], str | None]:
    """Return a page of the assignments whose report is MISSING or LATE, by agency, and the cursor to go on after.

    Raises ValueError for a cursor that is none of this list's.
    """
    owed, holder = owing(document_id, wanted), aliased(Assignment)
    last_on = select(func.max(ProgressReport.reported_on)).where(
        ProgressReport.assignment_id == owed.c.assignment_id, GIVEN
    )
    now = exists().where(
        AssignmentPeriod.assignment_id == owed.c.assignment_id, in_force_now(AssignmentPeriod),
        AssignmentPeriod.state.in_(OWING),
    )  # fmt: skip
    query = (
        select(
            owed.c.assignment_id, owed.c.task_id, Task.short_title, Document.short_name, Clause.code, Agency.id,
            Agency.name, holder.agency_id, owed.c.first_on, last_on.scalar_subquery(), now,
        )
        .join(Agency, Agency.id == owed.c.agency_id)
        .join(Task, Task.id == owed.c.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(holder, holder.id == owed.c.assignment_id)
        .where(owed.c.first_on.is_(None) if which == MISSING else owed.c.first_on > wanted.last_day)
        .order_by(Agency.sort_key, owed.c.assignment_id)
        .limit(PAGE + 1)
    )  # fmt: skip
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    if after:
        query = query.where(tuple_(Agency.sort_key, owed.c.assignment_id) > tuple_(*_place(session, after)))
    rows = [Silent(*row) for row in ask(session, query)]
    return rows[:PAGE], rows[PAGE - 1].cursor if len(rows) > PAGE else None


def _place(session: Session, cursor: str) -> tuple[str, int]:
    agency_id, _, assignment_id = cursor.partition("_")
    key = session.execute(select(Agency.sort_key).where(Agency.id == int(agency_id))).scalar_one_or_none()
    if key is None:
        raise ValueError(f"{cursor} is no place in this list.")
    return key, int(assignment_id)


def owing(document_id: int, wanted: Asked) -> Subquery:
    """Return the assignments that owed a report for the period, with the day of the first one given (`first_on`)."""
    period, held = AssignmentPeriod, wanted.period
    first_on = (
        select(func.min(ProgressReport.reported_on))
        .where(
            ProgressReport.period_start == held.start, ProgressReport.assignment_id == period.assignment_id,
            ProgressReport.period_end == held.end, GIVEN,
        )
        .correlate(period)
        .scalar_subquery()
    )  # fmt: skip
    query = (
        select(period.assignment_id, period.task_id, period.agency_id, first_on.label("first_on"))
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(
            Task.document_id == document_id, Task.kind != "standing_duty", period.role == "lead",
            period.state.in_(OWING), in_force(period, min(held.end, clock.today())),
        )
    )  # fmt: skip
    return query.subquery()
