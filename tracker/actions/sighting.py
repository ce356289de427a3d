"""Somebody of an agency opened the page of a task: one row for each person and task, touched once a day at most."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import insert_into
from tracker.models import Sighting


def is_noted(session: Session, user_id: int, task_id: int, day: date) -> bool:
    """Return whether the day's first view has been written down: all that a page costs from then on."""
    query = select(Sighting.last_on).where(Sighting.task_id == task_id, Sighting.user_id == user_id)
    last_on = session.execute(query).scalar_one_or_none()
    return last_on is not None and last_on >= day


def note(session: Session, user_id: int, task_id: int, day: date) -> None:
    """Write down that the person has seen the task on `day`; two first views at once leave one row."""
    row = insert_into(session)(Sighting).values(task_id=task_id, user_id=user_id, first_on=day, last_on=day)
    later = {"last_on": row.excluded.last_on}
    session.execute(
        row.on_conflict_do_update(
            index_elements=["task_id", "user_id"], set_=later, where=Sighting.last_on < row.excluded.last_on
        )
    )
