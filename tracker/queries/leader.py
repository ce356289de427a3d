"""Which leader of the province is in charge of an agency."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LeaderInCharge, Role, User


def leaders_of(session: Session, agency_ids: Collection[int]) -> dict[int, int]:
    """Return by agency the id of the leader in charge of it, in one query; only leaders whose account is in use."""
    charge = LeaderInCharge
    query = (
        select(charge.agency_id, charge.leader_id)
        .join(User, User.id == charge.leader_id)
        .where(User.active, User.role == Role.LEADER.value, charge.agency_id.in_(agency_ids))
    )
    return dict(session.execute(query).all())
