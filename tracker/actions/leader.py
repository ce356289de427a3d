"""Which leader of the province is in charge of which agency, as an administrator enters it."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.actions.event import log
from tracker.database import insert_into
from tracker.errors import Changed
from tracker.models import Agency, LeaderInCharge, User


def put_in_charge(
    session: Session, actor: User, wanted: Mapping[int, int | None], seen: Mapping[int, int | None], basis: str | None
) -> int:
    """Write by agency the leader in charge of it (None: not said) with the basis, and return how many agencies changed.

    Raises Changed when of an agency that changes somebody else has entered something since it was `seen`; nothing is written.
    """
    agencies = sorted(agency for agency, leader in wanted.items() if leader != seen.get(agency))
    query = select(LeaderInCharge).where(LeaderInCharge.agency_id.in_(agencies)).order_by(LeaderInCharge.agency_id)
    held = {
        row.agency_id: row.leader_id
        for row in session.scalars(query.with_for_update().execution_options(populate_existing=True))
    }
    for agency_id in agencies:
        agency = session.get_one(Agency, agency_id)
        before, after = held.get(agency_id), wanted[agency_id]
        if before != seen.get(agency_id):
            raise _changed(agency)
        _write(session, agency, before, after, basis)
        log(
            session, actor, "put_in_charge", "agency", agency_id, agency_id=agency_id, basis=basis,
            changes={"leader": [_name(session, before), _name(session, after)]},
        )  # fmt: skip
    return len(agencies)


def _write(session: Session, agency: Agency, before: int | None, after: int | None, basis: str | None) -> None:
    if after is None:
        session.execute(delete(LeaderInCharge).where(LeaderInCharge.agency_id == agency.id))
        return
    row = insert_into(session)(LeaderInCharge).values(agency_id=agency.id, leader_id=after, basis=basis)
    values = {"leader_id": after, "basis": basis}
    if before is not None:
        session.execute(row.on_conflict_do_update(index_elements=["agency_id"], set_=values))
    elif not session.execute(row.on_conflict_do_nothing().returning(LeaderInCharge.agency_id)).first():
        raise _changed(agency)


def _changed(agency: Agency) -> Changed:
    return Changed(
        _(
            "Lãnh đạo phụ trách %(agency)s vừa được người khác ghi. Chưa lưu gì; xin xem lại rồi lưu.",
            agency=agency.short_name,
        )
    )


def _name(session: Session, user_id: int | None) -> str | None:
    return session.get_one(User, user_id).name if user_id else None
