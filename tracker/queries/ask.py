"""Statements written once: putting one together costs a page several times what running it does."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, CursorResult, Date, Executable, and_, bindparam
from sqlalchemy.orm import Session

from tracker import clock
from tracker.queries.period import Period, in_force_now

DAY: Any = bindparam("day", type_=Date)
S = TypeVar("S", bound=Executable)
Held = Callable[[Period], ColumnElement[bool]]


def ask(session: Session, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Return the rows of a statement over columns, its parameters given by name; what is not flushed yet is not seen."""
    return session.connection().execute(statement, values)


def of_any_day(write: Callable[[Held], S]) -> Callable[[date], S]:
    """Return the statement for a day, written once for today and once for the past, where it has the parameter `day`.

    `write` is given the twin of period.in_force to use in its conditions.
    """
    now, then = write(in_force_now), write(_held_then)
    return lambda day: then if day < clock.today() else now


def _held_then(period: Period) -> ColumnElement[bool]:
    return and_(period.valid_from <= DAY, period.valid_to > DAY)
