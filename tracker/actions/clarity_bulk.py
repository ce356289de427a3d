"""Clearing the same part of many tasks at once: all of them, or none and by name those that could not be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import TrackerError
from tracker.models import Task

AT_MOST = 100


@dataclass(frozen=True)
class Conflict:
    """A task that could not be cleared, and the sentence why."""

    task_id: int
    title: str
    sentence: str


class Conflicts(TrackerError):
    """Nothing was written: these tasks could not be cleared."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        n = len(conflicts)
        super().__init__(
            ngettext(
                "Chưa giao nhiệm vụ nào: %(num)d nhiệm vụ sau không giao được và đã bỏ chọn. Xin xem lại rồi gửi.",
                "Chưa giao nhiệm vụ nào: %(num)d nhiệm vụ sau không giao được và đã bỏ chọn. Xin xem lại rồi gửi.",
                n,
            )
        )
        self.conflicts = conflicts


def clear_many(session: Session, seen: Mapping[int, int], clear: Callable[[Task, int], object]) -> None:
    """Do `clear` (an action of actions.clarity) for every task of `seen`, which gives by id the last event the person saw.

    Raises Conflicts when one of them raises; the caller rolls back, so that nothing is half done. Tasks are taken in order
    of their ids, so that two who clear many at once wait for each other and never crosswise.
    """
    conflicts = []
    for task in session.scalars(select(Task).where(Task.id.in_(seen)).order_by(Task.id)).all():
        try:
            clear(task, seen[task.id])
        except TrackerError as error:
            conflicts.append(Conflict(task.id, task.short_title, error.sentence))
    if conflicts:
        raise Conflicts(conflicts)
