"""What the filters of a list offer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Document, Theme, User

PEOPLE = 500  # above this a list to choose from is of no use to anybody


@dataclass(frozen=True)
class TaskChoices:
    """(id, name) of agencies and people; (id, code, name) of documents and themes; each in the order it is offered."""

    agencies: Sequence[tuple[int, str]]
    documents: Sequence[tuple[int, str, str]]
    themes: Sequence[tuple[int, str, str]]
    people: Sequence[tuple[int, str]]


def task_choices(session: Session) -> TaskChoices:
    """Return the agencies with a part in any task, all documents and themes, and the people in charge of something."""
    owing = exists().where(Assignment.agency_id == Agency.id)
    responsible = exists().where(Assignment.responsible_id == User.id)
    return TaskChoices(
        agencies=session.execute(
            select(Agency.id, Agency.name).where(owing).order_by(Agency.sort_key, Agency.id)
        ).all(),
        documents=session.execute(
            select(Document.id, Document.code, Document.short_name).order_by(Document.in_force_from, Document.id)
        ).all(),
        themes=session.execute(select(Theme.id, Theme.code, Theme.name).order_by(Theme.position, Theme.id)).all(),
        people=session.execute(
            select(User.id, User.name).where(responsible).order_by(User.name, User.id).limit(PEOPLE)
        ).all(),
    )
