"""Which leader of the province is in charge of an agency."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import Agency, LeaderInCharge, Role, User
from tracker.rules.folding import fold

PAGE = 100


class Charge(NamedTuple):
    """An agency, and the leader in charge of it (None: not said); `serves` is False for one whose account is closed."""

    agency_id: int
    agency: str
    leader_id: int | None
    leader: str | None
    serves: bool
    basis: str | None
    sort_key: str


def charges(session: Session, day: date, text: str = "", after: str = "", after_id: int = 0) -> list[Charge]:
    """Return the agencies that exist on `day` by name, from after the given place on: one page and one more."""
    query = (
        _charged()
        .where(~Agency.collective, or_(Agency.valid_to.is_(None), Agency.valid_to > day))
        .order_by(Agency.sort_key, Agency.id)
        .limit(PAGE + 1)
    )
    for word in fold(text).split():
        query = query.where(Agency.search_text.contains(word, autoescape=True))
    if after:
        query = query.where(tuple_(Agency.sort_key, Agency.id) > (after, after_id))
    return [Charge(*row) for row in session.execute(query)]


def charge_of(session: Session, agency_id: int) -> Charge | None:
    """Return who is in charge of the agency; None when nobody is entered."""
    row = session.execute(_charged().where(Agency.id == agency_id, LeaderInCharge.leader_id.is_not(None))).first()
    return Charge(*row) if row else None


def leaders(session: Session) -> Sequence[tuple[int, str, str | None]]:
    """Return (id, name, position) of every leader of the province whose account is in use, by name."""
    query = select(User.id, User.name, User.position).where(User.active, User.role == Role.LEADER.value)
    return session.execute(query.order_by(User.name, User.id)).all()


def _charged() -> Select[*tuple[Any, ...]]:
    serves = and_(User.active, User.role == Role.LEADER.value)
    return (
        select(
            Agency.id, Agency.name, User.id, User.name, func.coalesce(serves, false()), LeaderInCharge.basis,
            Agency.sort_key,
        )
        .outerjoin(LeaderInCharge, LeaderInCharge.agency_id == Agency.id)
        .outerjoin(User, User.id == LeaderInCharge.leader_id)
    )  # fmt: skip
