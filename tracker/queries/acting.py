"""Who stands in for whom on a day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Acting, Role, User


def stand_ins(session: Session, day: date, person_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return by absent person who stands in on `day`; of two the one entered last. Only active accounts stand in."""
    query = (
        select(Acting.person_id, Acting.acting_id)
        .join(User, User.id == Acting.acting_id)
        .where(Acting.from_on <= day, Acting.until_on >= day, or_(Acting.ended_on.is_(None), Acting.ended_on > day))
        .where(User.active)
        .order_by(Acting.id)
    )
    if person_ids is not None:
        query = query.where(Acting.person_id.in_(person_ids))
    return dict(session.execute(query).all())


def heads_of(session: Session, agency_id: int, day: date) -> set[int]:
    """Return the ids of who decides as head of the agency on `day`: its heads, and whoever stands in for one."""
    query = select(User.id).where(User.agency_id == agency_id, User.role == Role.AGENCY_HEAD.value, User.active)
    heads = set(session.scalars(query))
    return heads | set(stand_ins(session, day, heads).values())
