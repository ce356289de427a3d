"""What the filters of a list offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Document, Reorganisation, ReorganisationPart, Theme, User
from tracker.queries.ask import ask

Chosen = Select[*tuple[Any, ...]]
OFFERED = 100  # more than this in one list to choose from is of no use to anybody


@dataclass(frozen=True)
class TaskChoices:
    """(id, name) of agencies and people; (id, code, name) of documents and themes; each in the order it is offered."""

    agencies: Sequence[tuple[int, str]]
    documents: Sequence[tuple[int, str, str]]
    themes: Sequence[tuple[int, str, str]]
    people: Sequence[tuple[int, str]]


def task_choices(
    session: Session, agency_id: int | None = None, person_id: int | None = None, document: str | None = None
) -> TaskChoices:
    """Return the agencies with a part in any task, the newest documents, the themes, and the people in charge of something.

    Where these are too many to choose from, the people are those of `agency_id`; `person_id` and `document` (its code), chosen
    already, are offered always.
    """
    people: Any = ask(session, _PEOPLE_OF if agency_id else _PEOPLE, agency=agency_id, person=person_id).all()
    if len(people) > OFFERED:
        people = [row for row in people if row.id == person_id]
    return TaskChoices(
        agencies=_tuples(session, _AGENCIES),
        documents=_tuples(session, _DOCUMENTS, document=document),
        themes=_tuples(session, _THEMES),
        people=people,
    )


def _tuples(session: Session, statement: Chosen, **values: Any) -> Any:
    return ask(session, statement, **values).all()


def _people(of_agency: Any) -> Chosen:
    responsible = exists().where(Assignment.responsible_id == User.id)
    found = select(User.id).where(responsible, of_agency).limit(OFFERED + 1).correlate(None).subquery()
    chosen = or_(User.id.in_(select(found.c.id)), User.id == bindparam("person"))
    return select(User.id, User.name).where(chosen).order_by(User.name, User.id)


_PEOPLE = _people(true())
_PEOPLE_OF = _people(User.agency_id == bindparam("agency"))
# Its work has gone to a successor; the days before it are still asked for under its name.
_GAVE_WAY = exists().where(
    ReorganisationPart.agency_id == Agency.id, ReorganisationPart.reorganisation_id == Reorganisation.id,
    Reorganisation.state == "applied",
)  # fmt: skip
_AGENCIES = (
    select(Agency.id, Agency.name)
    .where(or_(exists().where(Assignment.agency_id == Agency.id), _GAVE_WAY))
    .order_by(Agency.sort_key, Agency.id)
)
_NEWEST = select(Document.id).order_by(Document.id.desc()).limit(OFFERED).subquery()
_DOCUMENTS = (
    select(Document.id, Document.code, Document.short_name)
    .where(or_(Document.id.in_(select(_NEWEST.c.id)), Document.code == bindparam("document")))
    .order_by(Document.in_force_from, Document.id)
)
_THEMES = select(Theme.id, Theme.code, Theme.name).order_by(Theme.position, Theme.id)
