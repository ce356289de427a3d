"""What is beyond the standing body's authority, gathered for the province: one row an obstacle, as it stood on a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, Assignment, Clause, Document, Obstacle, ObstacleStep, Task
from tracker.queries.obstacle import IS_OPEN, held_back, last_step
from tracker.rules.obstacle import RAISE, Level, State, after

MOST = 500
"""Rows of one list: more is read by nobody, and the page says that a shorter period must be chosen."""
PERIODS = ("waiting", "month", "quarter", "year")
BOTTOM, TOP = Level.STANDING_BODY.value, Level.PROVINCE.value


@dataclass(frozen=True)
class Gathered:
    """One row. `opinion` is the standing body's; `arrived_on` the day it came before the province, `due_on` the province's
    day; `answer` what the province said and by which document, None while it has not."""

    obstacle_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency: str
    role: str
    text: str
    proposal: str | None
    raised_on: date
    why: str | None
    opinion: str | None
    arrived_on: date
    due_on: date
    state: str
    answer: str | None
    document: str | None
    answered_on: date | None


def period_start(period: str, day: date) -> date:
    """Return the first day of the month, quarter or year of `day`."""
    month = {"month": day.month, "quarter": 3 * ((day.month - 1) // 3) + 1, "year": 1}[period]
    return date(day.year, month, 1)


def gathered(session: Session, period: str, day: date) -> list[Gathered]:
    """Return what lay before the province: `waiting` for its answer at the end of `day`, or come to it in the month, quarter or
    year of `day` until then. In the order it came; at most MOST and one more. Two queries."""
    rows = session.execute(_columns().where(_wanted(period, day)).order_by(Obstacle.id).limit(MOST + 1)).all()
    steps: dict[int, list[Any]] = defaultdict(list)
    for step in session.execute(_steps([row.id for row in rows], day)):
        steps[step.obstacle_id].append(step)
    found = [_gathered(row, steps[row.id]) for row in rows]
    return sorted(found, key=lambda row: (row.arrived_on, row.obstacle_id))


def _wanted(period: str, day: date) -> ColumnElement[bool]:
    if period != "waiting":
        came = and_(ObstacleStep.on >= period_start(period, day), ObstacleStep.on <= day)
        return exists().where(ObstacleStep.obstacle_id == Obstacle.id, _ARRIVAL, came)
    if day >= clock.today():
        return and_(IS_OPEN, Obstacle.level == TOP, Obstacle.state == State.WAITING.value)
    at_top = or_(ObstacleStep.verb == "escalate", ObstacleStep.level == TOP)
    waits = exists().where(ObstacleStep.id == last_step(day), ObstacleStep.due_on.is_not(None), at_top)
    return and_(held_back(day), waits)


_ARRIVAL = or_(ObstacleStep.verb == "escalate", and_(ObstacleStep.verb == RAISE, ObstacleStep.level == TOP))


def _columns() -> Any:
    return (
        select(
            Obstacle.id, Obstacle.task_id, Task.short_title, Document.short_name, Clause.code, Agency.name, Assignment.role,
            Obstacle.text, Obstacle.proposal, Obstacle.raised_on,
        )
        .join(Task, Task.id == Obstacle.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Assignment, Assignment.id == Obstacle.assignment_id)
        .join(Agency, Agency.id == Obstacle.agency_id)  # whose words these are
    )  # fmt: skip


def _steps(obstacle_ids: Sequence[int], day: date) -> Any:
    columns = (
        ObstacleStep.obstacle_id, ObstacleStep.verb, ObstacleStep.level, ObstacleStep.text, ObstacleStep.document,
        ObstacleStep.on, ObstacleStep.due_on,
    )  # fmt: skip
    wanted = (ObstacleStep.obstacle_id.in_(obstacle_ids), ObstacleStep.on <= day)
    return select(*columns).where(*wanted).order_by(ObstacleStep.id)


def _gathered(row: Any, steps: Sequence[Any]) -> Gathered:
    """Return the row told by the steps until the day, of which the first raised it and one brought it to the province."""
    below = [step for step in steps if step.level == BOTTOM and step.verb in {"answer", "escalate"}]
    above = [step for step in steps if after(step.verb, step.level)[0] == TOP]
    answers = [step for step in above if step.verb in {"answer", "decide"}]
    state = after(steps[-1].verb, steps[-1].level)[1]
    last = answers[-1] if answers and state is not State.WAITING else None
    told: dict[str, Any] = dict(zip(Gathered.__match_args__, row, strict=False))
    return Gathered(
        **told, why=steps[0].text, opinion=below[-1].text if below else None, arrived_on=above[0].on,
        due_on=[step.due_on for step in above if step.due_on][-1], state=state.value, answer=last and last.text,
        document=last and last.document, answered_on=last and last.on,
    )  # fmt: skip
