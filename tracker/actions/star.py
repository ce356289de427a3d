"""A leader follows a task, or ceases to. Change and event together; doing either twice does nothing more."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.models import Star, User


def star(session: Session, actor: User, task_id: int) -> bool:
    """Mark the task as followed by the leader; return False when it was already."""
    row = insert_into(session)(Star).values(task_id=task_id, user_id=actor.id, starred_at=clock.now())
    if session.execute(row.on_conflict_do_nothing().returning(Star.task_id)).first() is None:
        return False
    log(session, actor, "star", "task", task_id, task_id=task_id)
    return True


def unstar(session: Session, actor: User, task_id: int) -> bool:
    """Take the leader's mark away; return False when there was none."""
    gone: Any = session.execute(delete(Star).where(Star.task_id == task_id, Star.user_id == actor.id))
    if gone.rowcount != 1:
        return False
    log(session, actor, "unstar", "task", task_id, task_id=task_id)
    return True
