"""Who stands in for whom on a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Acting, Role, User
from tracker.rules.acting import Stay

PAST = 30
_Person, _Standin, _Maker = aliased(User), aliased(User), aliased(User)


@dataclass(frozen=True)
class Absence:
    """Somebody is away until `until_on`, that day included, and `acting_id` stands in."""

    person_id: int
    person: str
    acting_id: int
    acting: str
    until_on: date


def may_stand_in(person: Any, acting: Any) -> ColumnElement[bool]:
    """Return the condition that one may stand in for the other: the same agency; for whoever belongs to none, the same role."""
    colleagues = acting.agency_id == person.agency_id
    return or_(colleagues, and_(acting.agency_id.is_(None), person.agency_id.is_(None), acting.role == person.role))


def absences(session: Session, day: date, person_ids: Collection[int] | None = None) -> dict[int, Absence]:
    """Return by absent person who stands in on `day`; of two the one entered last.

    An account that is closed, or has moved to another agency, stands in for nobody: the person is asked again then.
    """
    query = (
        select(Acting.person_id, _Person.name, Acting.acting_id, _Standin.name, Acting.until_on)
        .join(_Person, _Person.id == Acting.person_id)
        .join(_Standin, _Standin.id == Acting.acting_id)
        .where(Acting.from_on <= day, Acting.until_on >= day, or_(Acting.ended_on.is_(None), Acting.ended_on > day))
        .where(_Standin.active, may_stand_in(_Person, _Standin))
        .order_by(Acting.id)
    )
    if person_ids is not None:
        query = query.where(Acting.person_id.in_(person_ids))
    return {row[0]: Absence(*row) for row in session.execute(query)}


def stand_ins(session: Session, day: date, person_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return by absent person who stands in on `day`, as absences() does."""
    return {person: absence.acting_id for person, absence in absences(session, day, person_ids).items()}


def heads_of(session: Session, agency_id: int, day: date) -> set[int]:
    """Return the ids of who decides as head of the agency on `day`: its heads, and whoever stands in for one."""
    query = select(User.id).where(User.agency_id == agency_id, User.role == Role.AGENCY_HEAD.value, User.active)
    heads = set(session.scalars(query))
    return heads | set(stand_ins(session, day, heads).values())


def headed_by(session: Session, user: User, day: date) -> set[int]:
    """Return the ids of the agencies for which the person decides as head on `day`, as heads_of() says from the other side."""
    own = {user.agency_id} if user.role == Role.AGENCY_HEAD and user.agency_id is not None else set()
    away = {person for person, acting in stand_ins(session, day).items() if acting == user.id}
    heads = select(User.agency_id).where(User.id.in_(away), User.role == Role.AGENCY_HEAD.value, User.active)
    return own | {agency_id for agency_id in session.scalars(heads) if agency_id is not None}


def headed(
    session: Session, people: Collection[int], homes: Mapping[int, int | None], day: date
) -> dict[int, set[int]]:
    """Return by person what headed_by() says of each; `homes` gives the agency of those who are its head. Two queries."""
    found = {person: {home} if (home := homes.get(person)) is not None else set() for person in people}
    away = {person: acting for person, acting in stand_ins(session, day).items() if acting in found}
    heads = select(User.id, User.agency_id).where(
        User.id.in_(away), User.role == Role.AGENCY_HEAD.value, User.active, User.agency_id.is_not(None)
    )
    for person, agency_id in session.execute(heads) if away else ():
        found[away[person]] |= {agency_id} if agency_id is not None else set()
    return found


def on_behalf(session: Session, user_id: int, day: date) -> str | None:
    """Return the name of the absent person for whom `user_id` stands in on `day`, a head before others; None for nobody."""
    query = (
        select(_Person.name)
        .join(Acting, Acting.person_id == _Person.id)
        .join(_Standin, _Standin.id == Acting.acting_id)
        .where(Acting.from_on <= day, Acting.until_on >= day, or_(Acting.ended_on.is_(None), Acting.ended_on > day))
        .where(Acting.acting_id == user_id, _Standin.active, may_stand_in(_Person, _Standin))
        .order_by(case((_Person.role == Role.AGENCY_HEAD.value, 0), else_=1), Acting.id.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def coming_stays(session: Session, day: date, person_ids: Collection[int]) -> list[Stay]:
    """Return the stays of these people that hold on `day` or later and were not ended."""
    query = select(Acting.person_id, Acting.acting_id, Acting.from_on, Acting.until_on)
    query = query.where(Acting.person_id.in_(person_ids), Acting.until_on >= day, Acting.ended_on.is_(None))
    return [Stay(*row) for row in session.execute(query)]


def of_agency(session: Session, agency_id: int, day: date) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the agency's stand-ins (those that hold or are coming, by their first day; those that are over, the last first)."""
    query = (
        select(
            Acting.id, Acting.person_id, _Person.name.label("person"), Acting.acting_id, _Standin.name.label("acting"),
            Acting.from_on, Acting.until_on, Acting.ended_on, Acting.reason, Acting.basis, _Maker.name.label("made_by"),
            Acting.made_at,
        )
        .join(_Person, _Person.id == Acting.person_id)
        .join(_Standin, _Standin.id == Acting.acting_id)
        .join(_Maker, _Maker.id == Acting.made_by_id)
        .where(_Person.agency_id == agency_id)
    )  # fmt: skip
    ahead = and_(Acting.until_on >= day, Acting.ended_on.is_(None))
    over = query.where(~ahead).order_by(Acting.until_on.desc(), Acting.id.desc())
    return (
        session.execute(query.where(ahead).order_by(Acting.from_on, Acting.id)).all(),
        session.execute(over.limit(PAST)).all(),
    )


def actings(session: Session, acting_ids: Collection[int]) -> dict[int, Any]:
    """Return by id what a mail about a stand-in needs; `agency_id` is the absent person's."""
    query = (
        select(
            Acting.id, Acting.person_id, _Person.name.label("person_name"), _Person.agency_id, Acting.acting_id,
            Acting.from_on, Acting.until_on, Acting.ended_on, Acting.reason, Acting.basis,
        )
        .join(_Person, _Person.id == Acting.person_id)
        .where(Acting.id.in_(acting_ids))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}
