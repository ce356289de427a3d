"""The steps of an obstacle: its thread to read, and what a mail about one of them says."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from tracker.models import Agency, Clause, Document, Obstacle, ObstacleStep, Task, User


def thread(session: Session, obstacle_id: int) -> Sequence[Any]:
    """Return every step in order: verb, level, text, document, late, due_on, on, at, and who took it in which role."""
    query = (
        select(
            ObstacleStep.verb, ObstacleStep.level, ObstacleStep.text, ObstacleStep.document, ObstacleStep.late,
            ObstacleStep.due_on, ObstacleStep.on, ObstacleStep.at, User.name.label("actor"), User.role.label("actor_role"),
        )
        .join(User, User.id == ObstacleStep.actor_id)
        .where(ObstacleStep.obstacle_id == obstacle_id)
        .order_by(ObstacleStep.id)
    )  # fmt: skip
    return session.execute(query).all()


def answered_on(session: Session, obstacle_id: int) -> date:
    """Return the day of the last step. Raises NoResultFound for an obstacle that has none."""
    query = select(ObstacleStep.on).where(ObstacleStep.obstacle_id == obstacle_id)
    return session.execute(query.order_by(ObstacleStep.id.desc()).limit(1)).scalar_one()


def steps_told(session: Session, step_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return by id what a mail about a step needs: the step, the obstacle, its task and clause, the agency, who took it;
    `last_id` is the obstacle's newest step."""
    newest = select(func.max(ObstacleStep.id)).where(ObstacleStep.obstacle_id == Obstacle.id)
    query = (
        select(
            ObstacleStep.id, ObstacleStep.verb, ObstacleStep.level, ObstacleStep.text.label("said"), ObstacleStep.document,
            ObstacleStep.due_on, Obstacle.id.label("obstacle_id"), Obstacle.text, Obstacle.proposal, Obstacle.raised_on,
            newest.correlate(Obstacle).scalar_subquery().label("last_id"), Obstacle.task_id, Obstacle.assignment_id,
            Task.code.label("task_code"),
            Task.short_title.label("title"), Clause.code.label("clause_code"), Clause.text.label("clause_text"),
            Document.code.label("document_code"), Document.short_name.label("document_name"),
            Document.number.label("document_number"), Agency.name.label("agency_name"), User.name.label("actor_name"),
        )
        .join(Obstacle, Obstacle.id == ObstacleStep.obstacle_id)
        .join(Task, Task.id == Obstacle.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == Obstacle.agency_id)
        .join(User, User.id == ObstacleStep.actor_id)
        .where(ObstacleStep.id.in_(step_ids))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}
