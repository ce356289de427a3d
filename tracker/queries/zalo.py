"""Who may be told by Zalo and where; and what the channel is about, for the administrator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Contact, User, ZaloEvent, ZaloLink, ZaloToken
from tracker.queries.unwell import unwell
from tracker.rules.reminder_policy import EMAIL, ZALO
from tracker.rules.zalo import PROBE, blocks, of_tokens

FOLLOW, UNFOLLOW = "follow", "unfollow"


@dataclass(frozen=True)
class Address:
    """Where one person gets Zalo messages: the id of a follower, else a telephone number."""

    user_id: int
    phone: str | None
    zalo_id: str | None

    @property
    def text(self) -> str:
        """Return the address as Envelope and Message hold it: "zalo:<id>", or "84987654321"."""
        return f"zalo:{self.zalo_id}" if self.zalo_id else str(self.phone)


def reachable(session: Session, user_ids: Collection[int], configured: bool) -> dict[int, Address]:
    """Return by person where Zalo messages go; who is missing is to be told otherwise.

    Those who consented and did not withdraw, are active, have an address that has not been refused; nobody while the channel
    is off, not linked, or stopped by a trouble. Two queries, none when the channel is off.
    """
    return addresses(session, user_ids) if configured and user_ids and works(session) else {}


def chosen(session: Session, wanted: Collection[int], people: Collection[int], configured: bool) -> dict[int, Address]:
    """Return who of the people is told by Zalo, and where: whom the policy `wanted` told there, and whose mail is dead."""
    if not configured:
        return {}
    return reachable(session, {*wanted, *unwell(session, people, EMAIL)}, configured)


def addresses(session: Session, user_ids: Collection[int]) -> dict[int, Address]:
    """Return as `reachable`, whether the channel works or not."""
    rows = session.execute(
        select(ZaloLink, Contact)
        .join(User, User.id == ZaloLink.user_id)
        .outerjoin(
            Contact,
            and_(Contact.user_id == ZaloLink.user_id, Contact.channel == ZALO, Contact.state != "works"),
        )
        .where(
            ZaloLink.user_id.in_(user_ids), ZaloLink.consented_at.is_not(None), ZaloLink.withdrawn_at.is_(None), User.active
        )
    )  # fmt: skip
    found = ((link.user_id, _address(link, refused)) for link, refused in rows)
    return {user_id: address for user_id, address in found if address is not None}


def _address(link: ZaloLink, refused: Contact | None) -> Address | None:
    """Return the best address not refused: a follower's id before the number. A number refused later than anything about the
    follower changed was the last resort: nothing is left."""
    zalo_id, phone = link.zalo_id if link.follows else None, link.phone
    if refused is not None:
        if zalo_id and refused.address == f"zalo:{zalo_id}":
            zalo_id = None
        elif phone and refused.address == phone:
            phone = None
            zalo_id = zalo_id if link.updated_at > refused.since else None
    return Address(link.user_id, phone, zalo_id) if zalo_id or phone else None


def works(session: Session) -> bool:
    """Return whether messages can leave: linked, the tokens not lapsed, and no trouble that stops everybody.

    A quarter of an hour after such a trouble it is tried again, unless only another pair of tokens can end it.
    """
    row = session.get(ZaloToken, 1)
    if row is None or row.refresh_expires_at <= clock.now():
        return False
    if not blocks(row.trouble):
        return True
    return not of_tokens(row.trouble) and row.trouble_at is not None and clock.now() - row.trouble_at >= PROBE


def link_of(session: Session, user_id: int) -> ZaloLink | None:
    """Return what the person entered and agreed to, None when never."""
    return session.get(ZaloLink, user_id)


def has_consented(link: ZaloLink | None) -> bool:
    """Return whether the person agreed to be told by Zalo and has not withdrawn."""
    return link is not None and link.consented_at is not None and link.withdrawn_at is None


def tokens(session: Session) -> ZaloToken | None:
    """Return the pair of tokens with what is known of the channel; None when not linked. Its tokens are encrypted."""
    return session.get(ZaloToken, 1)


def links_by_phone(session: Session, phone: str) -> list[ZaloLink]:
    """Return who entered that number and has not withdrawn; more than one person may share it."""
    query = select(ZaloLink).where(ZaloLink.phone == phone, ZaloLink.withdrawn_at.is_(None)).order_by(ZaloLink.user_id)
    return list(session.scalars(query))


def follows(session: Session, zalo_id: str) -> bool:
    """Return whether the person with that id follows the Official Account, of all that Zalo told us the latest."""
    query = (
        select(ZaloEvent.name)
        .where(ZaloEvent.subject == zalo_id, ZaloEvent.name.in_((FOLLOW, UNFOLLOW)))
        .order_by(ZaloEvent.happened_at.desc(), ZaloEvent.id.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none() == FOLLOW


@dataclass(frozen=True)
class Told:
    """One line of what Zalo told us."""

    name: str
    happened_at: datetime
    received_at: datetime
    effect: str | None
    facts: dict[str, Any]


def last_events(session: Session, limit: int = 10) -> list[Told]:
    """Return the last events Zalo told us of, newest first, without whom they are about."""
    query = select(
        ZaloEvent.name, ZaloEvent.happened_at, ZaloEvent.received_at, ZaloEvent.effect, ZaloEvent.facts
    ).order_by(ZaloEvent.id.desc())
    return [Told(*row) for row in session.execute(query.limit(limit))]


def people_linked(session: Session) -> list[tuple[ZaloLink, User]]:
    """Return who agreed to be told by Zalo, by name."""
    query = (
        select(ZaloLink, User)
        .join(User, User.id == ZaloLink.user_id)
        .where(ZaloLink.consented_at.is_not(None), ZaloLink.withdrawn_at.is_(None))
        .order_by(User.name, User.id)
    )
    return [(link, user) for link, user in session.execute(query)]
