"""Which history row holds on a day: the same condition for today and for any day in the past."""

from datetime import date

from sqlalchemy import ColumnElement, Date, and_, case, literal, literal_column

from tracker import clock
from tracker.models import FOREVER, AssignmentPeriod, TaskPeriod
from tracker.rules.timeliness import RUNNING, Timeliness

# Written out and not bound: only so does SQLite see that a partial index says it already, and need not look at the row.
_FOREVER: ColumnElement[date] = literal_column(f"'{FOREVER.isoformat()}'", Date)

Period = type[TaskPeriod] | type[AssignmentPeriod]


def in_force(period: Period, day: date) -> ColumnElement[bool]:
    """Return the condition `valid_from <= day < valid_to`; for today its shorter equal, which the partial indexes serve."""
    if day >= clock.today():
        return in_force_now(period)
    return and_(period.valid_from <= day, period.valid_to > day)


def in_force_now(period: Period) -> ColumnElement[bool]:
    """Return the condition that the row is in force, whatever the day."""
    return period.valid_to == _FOREVER


def timeliness(period: Period, day: date) -> ColumnElement[str]:
    """Return the SQL twin of rules.timeliness.classify for the row in force on `day`: one of the five class codes."""
    return case(
        (period.clock != RUNNING, period.clock),
        (period.effective_on >= day, literal(Timeliness.OPEN_IN_TIME.value)),
        else_=literal(Timeliness.OPEN_OVERDUE.value),
    )


def is_class(period: Period, day: date, wanted: Timeliness) -> ColumnElement[bool]:
    """Return the condition that the row's class on `day` is `wanted`, written so that an index on effective_on serves it."""
    settled = period.clock == wanted.value
    if wanted is Timeliness.OPEN_OVERDUE:
        return settled | and_(period.clock == RUNNING, period.effective_on < day)
    if wanted is Timeliness.OPEN_IN_TIME:
        return settled | and_(period.clock == RUNNING, period.effective_on >= day)
    return settled
