"""Which assignments have not given the report they owe now, and until when each would be in time."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from tracker.models import AssignmentPeriod, ReportingRule
from tracker.queries.period import in_force
from tracker.queries.reporting import OWING, asked_of, owing
from tracker.rules.report_periods import Asked


def asking(session: Session, day: date) -> Iterator[tuple[int, Asked]]:
    """Return by document the periods whose reports can be reminded of on `day`: the present one and the one before it. What is
    older is missing for good and is told no more."""
    rules = select(ReportingRule.document_id).where(ReportingRule.valid_from <= day, ReportingRule.valid_to > day)
    for document_id in session.scalars(rules.distinct().order_by(ReportingRule.document_id)).all():
        periods = asked_of(session, document_id, day)
        yield from ((document_id, one) for one in periods[-2:])


def silent_now(document_id: int, asked: Asked, day: date) -> Select[*tuple[Any, ...]]:
    """Return the query for the assignments without a report for the period that still owe it on `day`."""
    found, period = owing(document_id, asked), AssignmentPeriod
    still = exists().where(
        period.assignment_id == found.c.assignment_id, in_force(period, day), period.state.in_(OWING)
    )
    return select(found.c.assignment_id).where(found.c.first_on.is_(None), still)


def owing_on(session: Session, day: date, last_days: Collection[date]) -> dict[int, Asked]:
    """Return by assignment the period whose report is not there, of the periods with one of these last days."""
    found: dict[int, Asked] = {}
    for document_id, asked in asking(session, day):
        if asked.last_day in last_days:
            ids = session.scalars(silent_now(document_id, asked, day))
            found.update(dict.fromkeys(ids, asked))
    return found
