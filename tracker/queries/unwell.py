"""Addresses that take no messages, and the people who are left without any."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from tracker.models import Contact, User, ZaloLink
from tracker.rules.reminder_policy import EMAIL, ZALO

UNWELL = ("refused", "bounced", "blocked")
FEW = 500


def unwell(session: Session, user_ids: Collection[int] | None, channel: str) -> dict[int, Contact]:
    """Return by person the address that takes no messages, for those of the people (None: of all) who have not got another one
    since. An empty answer is the rule, and costs one look into a small index."""
    query = register().where(Contact.channel == channel)
    few = user_ids is not None and len(user_ids) <= FEW
    rows = session.scalars(query.where(Contact.user_id.in_(user_ids or ())) if few else query)
    return {row.user_id: row for row in rows if user_ids is None or few or row.user_id in user_ids}


def lost(session: Session, user_ids: Collection[int] | None = None) -> set[int]:
    """Return those of the people (None: of all) who can be reached by no channel: the mail is dead, and Zalo dead or never
    agreed to."""
    mail = set(unwell(session, user_ids, EMAIL))
    if not mail:
        return mail
    agreed = select(ZaloLink.user_id).where(ZaloLink.consented_at.is_not(None), ZaloLink.withdrawn_at.is_(None))
    reached = set(session.scalars(agreed.where(or_(ZaloLink.phone.is_not(None), ZaloLink.zalo_id.is_not(None)))))
    return mail - (reached - set(unwell(session, mail, ZALO)))


def register() -> Any:
    """Return the query for the dead addresses of people in service, each still the person's own, with person and agency at hand."""
    return (
        select(Contact)
        .join(Contact.user)
        .outerjoin(User.agency)
        .outerjoin(ZaloLink, ZaloLink.user_id == Contact.user_id)
        .options(contains_eager(Contact.user).contains_eager(User.agency))
        .where(dead())
    )


def dead() -> ColumnElement[bool]:
    """Return the condition that an address takes nothing and is still the person's own."""
    by_mail = and_(Contact.channel == EMAIL, func.lower(User.email) == func.lower(Contact.address))
    reached = or_(ZaloLink.phone == Contact.address, ZaloLink.zalo_id == Contact.address)
    return and_(Contact.state.in_(UNWELL), User.active, or_(by_mail, and_(Contact.channel == ZALO, reached)))
