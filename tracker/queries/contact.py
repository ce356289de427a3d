"""Whose address takes no messages, since when and why; who is left without any way to be told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Contact, Message, Role, User, ZaloLink
from tracker.queries.recipient import recipients

UNWELL = ("refused", "bounced", "blocked")
EMAIL, ZALO = "email", "zalo"
FEW = 500
PAGE = 50
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """One dead address, as a mail tells of it."""

    person: str
    agency: str | None
    channel: str
    address: str
    state: str
    reason: str | None


@dataclass(frozen=True)
class UnwellHour:
    """The addresses that were found to take nothing within an hour and still do; `receivers` may know of them."""

    lines: Sequence[Line]
    receivers: Collection[int]
    agency_id: int | None = None


@dataclass(frozen=True)
class Untold:
    """An agency with open work nobody can be told of. `people`: its contacts, whose addresses are all dead; often none."""

    id: int
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class After:
    """Where a page of the register begins: behind this row."""

    since: datetime
    user_id: int
    channel: str


def unwell(session: Session, user_ids: Collection[int] | None, channel: str) -> dict[int, Contact]:
    """Return by person the address that takes no messages, for those of the people (None: of all) who have not got another one
    since. An empty answer is the rule, and costs one look into a small index."""
    query = _register().where(Contact.channel == channel)
    few = user_ids is not None and len(user_ids) <= FEW
    rows = session.scalars(query.where(Contact.user_id.in_(user_ids or ())) if few else query)
    return {row.user_id: row for row in rows if user_ids is None or few or row.user_id in user_ids}


def is_current(session: Session, user_id: int, channel: str, address: str) -> bool:
    """Return whether messages to the person go to this address."""
    if channel == EMAIL:
        query = select(User.id).where(User.id == user_id, func.lower(User.email) == address.lower())
    else:
        reached = or_(ZaloLink.phone == address, ZaloLink.zalo_id == address)
        query = select(ZaloLink.user_id).where(ZaloLink.user_id == user_id, reached)
    return session.execute(query).first() is not None


def administrators(session: Session) -> list[int]:
    """Return the administrators whose own mail address works as far as anybody knows."""
    query = select(User.id).where(User.role == Role.ADMINISTRATOR.value, User.active).order_by(User.id)
    people = list(session.scalars(query))
    silent = unwell(session, people, EMAIL)
    return [person for person in people if person not in silent]


def told_of(session: Session, hours: Collection[int]) -> dict[int, UnwellHour]:
    """Return by hour (counted from 1970) the addresses found dead in it."""
    people = administrators(session)
    return {hour: UnwellHour(_of_hour(session, datetime.fromtimestamp(hour * 3600, UTC)), people) for hour in hours}


def page(
    session: Session, channel: str | None, state: str | None, after: After | None, limit: int = PAGE + 1
) -> Sequence[Contact]:
    """Return the addresses that take nothing, the latest first, from behind `after` on."""
    query = _register().order_by(Contact.since.desc(), Contact.user_id.desc(), Contact.channel.desc()).limit(limit)
    if channel:
        query = query.where(Contact.channel == channel)
    if state:
        query = query.where(Contact.state == state)
    if after:
        here = tuple_(Contact.since, Contact.user_id, Contact.channel)
        query = query.where(here < tuple_(after.since, after.user_id, after.channel))
    return session.scalars(query).all()


def counts(session: Session) -> dict[tuple[str, str], int]:
    """Return how many addresses take nothing, by channel and state."""
    query = (
        select(Contact.channel, Contact.state, func.count())
        .join(User, User.id == Contact.user_id)
        .outerjoin(ZaloLink, ZaloLink.user_id == Contact.user_id)
        .where(_dead())
        .group_by(Contact.channel, Contact.state)
    )
    return {(channel, state): count for channel, state, count in session.execute(query)}


def lost(session: Session, user_ids: Collection[int] | None = None) -> set[int]:
    """Return those of the people (None: of all) who can be reached by no channel: the mail is dead, and Zalo dead or never
    agreed to."""
    mail = set(unwell(session, user_ids, EMAIL))
    if not mail:
        return mail
    agreed = select(ZaloLink.user_id).where(ZaloLink.consented_at.is_not(None), ZaloLink.withdrawn_at.is_(None))
    reached = set(session.scalars(agreed.where(or_(ZaloLink.phone.is_not(None), ZaloLink.zalo_id.is_not(None)))))
    return mail - (reached - set(unwell(session, mail, ZALO)))


def failed_counts(session: Session, contacts: Collection[Contact]) -> dict[tuple[int, str], int]:
    """Return by person and channel how many messages to the dead address could not be sent."""
    people = {row.user_id for row in contacts}
    query = (
        select(Message.recipient_id, Message.channel, func.count())
        .where(Message.recipient_id.in_(people), Message.state == "failed")
        .group_by(Message.recipient_id, Message.channel)
    )
    return {(person, channel): count for person, channel, count in session.execute(query)}


def untold(session: Session, day: date) -> list[Untold]:
    """Return the agencies with open work of which nobody can be told: without contacts, or with dead addresses only."""
    known, dead = recipients(session, day), lost(session)
    names: Mapping[int, str] = dict(session.execute(select(User.id, User.name).where(User.id.in_(dead))).all())
    found = []
    for agency in session.execute(_owing(dead)):
        people = known.of(agency.id)
        if not set(people) - dead:
            found.append(Untold(agency.id, agency.short_name, tuple(names[person] for person in people)))
    return found


def _owing(dead: Collection[int]) -> Any:
    """Agencies with running work for which nobody reachable is named."""
    named = exists().where(User.id == Assignment.responsible_id, User.active, User.id.not_in(dead))
    open_work = (
        exists()
        .where(AssignmentPeriod.agency_id == Agency.id, AssignmentPeriod.valid_to == FOREVER)
        .where(AssignmentPeriod.clock == "running", Assignment.id == AssignmentPeriod.assignment_id, ~named)
    )
    return select(Agency.id, Agency.short_name).where(open_work).order_by(Agency.sort_key, Agency.id)


def _of_hour(session: Session, begins: datetime) -> list[Line]:
    query = _register().where(Contact.since >= begins, Contact.since < begins + HOUR)
    rows = session.scalars(query.order_by(Contact.since, Contact.user_id))
    return [
        Line(
            row.user.name,
            row.user.agency and row.user.agency.short_name,
            row.channel,
            row.address,
            row.state,
            row.reason,
        )
        for row in rows
    ]


def _register() -> Any:
    """The dead addresses of people in service, each still the person's own, with person and agency at hand."""
    return (
        select(Contact)
        .join(Contact.user)
        .outerjoin(User.agency)
        .outerjoin(ZaloLink, ZaloLink.user_id == Contact.user_id)
        .options(contains_eager(Contact.user).contains_eager(User.agency))
        .where(_dead())
    )


def _dead() -> ColumnElement[bool]:
    by_mail = and_(Contact.channel == EMAIL, func.lower(User.email) == func.lower(Contact.address))
    reached = or_(ZaloLink.phone == Contact.address, ZaloLink.zalo_id == Contact.address)
    return and_(Contact.state.in_(UNWELL), User.active, or_(by_mail, and_(Contact.channel == ZALO, reached)))
