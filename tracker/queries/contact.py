"""Whose address takes no messages, since when and why; who is left without any way to be told."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Contact, Message, Role, User, ZaloLink
from tracker.queries.recipient import recipients
from tracker.queries.unwell import dead, register, unwell
from tracker.rules.reminder_policy import EMAIL

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


def is_current(session: Session, user_id: int, channel: str, address: str) -> bool:
    """Return whether messages to the person go to this address."""
    if channel == EMAIL:
        query = select(User.id).where(User.id == user_id, func.lower(User.email) == address.lower())
    else:
        reached = or_(ZaloLink.phone == address, ZaloLink.zalo_id == address.removeprefix("zalo:"))
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
    query = register().order_by(Contact.since.desc(), Contact.user_id.desc(), Contact.channel.desc()).limit(limit)
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
        .where(dead())
        .group_by(Contact.channel, Contact.state)
    )
    return {(channel, state): count for channel, state, count in session.execute(query)}


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
    known = recipients(session, day)
    contacts = select(User.agency_id, User.name).where(User.id.in_(known.lost), User.is_contact).order_by(User.id)
    names: dict[int | None, list[str]] = defaultdict(list)
    for agency_id, name in session.execute(contacts):
        names[agency_id].append(name)
    return [
        Untold(agency.id, agency.short_name, tuple(names.get(agency.id, ())))
        for agency in session.execute(_owing(known.lost)) if not known.of(agency.id)
    ]  # fmt: skip


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
    query = register().where(Contact.since >= begins, Contact.since < begins + HOUR)
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
