"""Which tasks leaders follow, and who follows one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Star, Task, User
from tracker.models.base import Moment
from tracker.queries.ask import ask

ANYBODY = 0
"""In a filter: whichever leader."""


@dataclass(frozen=True)
class Follower:
    """A leader who follows the task."""

    user_id: int
    name: str
    role: str
    since: datetime


_FOLLOWERS = (
    select(User.id, User.name, User.role, Star.starred_at)
    .join(User, User.id == Star.user_id)
    .where(Star.task_id == bindparam("task"), Star.starred_at < bindparam("end", type_=Moment))
    .order_by(Star.starred_at, User.id)
)


def followers(session: Session, task_id: int, day: date) -> list[Follower]:
    """Return who follows the task, of those who did by the end of `day`; a mark taken away since is only in the history."""
    end = clock.day_end(day)
    return [Follower(*row) for row in ask(session, _FOLLOWERS, task=task_id, end=end)]


def followed_by(session: Session, user_id: int, task_ids: Collection[int]) -> set[int]:
    """Return which of the tasks the person follows: one statement for a page of them."""
    return {row[0] for row in ask(session, _FOLLOWED_BY, user=user_id, tasks=list(task_ids))}


_FOLLOWED_BY = select(Star.task_id).where(
    Star.user_id == bindparam("user"), Star.task_id.in_(bindparam("tasks", expanding=True))
)


def is_followed(day: date) -> ColumnElement[bool]:
    """Return the condition that some leader follows the task of the row; on a past day, had begun to by its end."""
    marked: list[ColumnElement[bool]] = [Star.task_id == Task.id]
    if day < clock.today():
        marked.append(Star.starred_at < clock.day_end(day))
    return exists().where(*marked)


def followed_tasks(user_id: int, day: date) -> Select[Any]:
    """Return the statement for the ids of the tasks the person follows (ANYBODY: any leader), as `is_followed` means it."""
    query: Select[Any] = select(Star.task_id)
    if user_id != ANYBODY:
        query = query.where(Star.user_id == user_id)
    return query.where(Star.starred_at < clock.day_end(day)) if day < clock.today() else query
