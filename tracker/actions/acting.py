"""Who stands in for whom while somebody is away: appointed for days to come, ended when the person is back earlier."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Acting, Agency, User
from tracker.permissions import AGENCY_ROLES
from tracker.queries.acting import coming_stays
from tracker.rules.acting import Stay, closes_circle, overlapping
from tracker.words.days import dmy

LONGEST = timedelta(days=366)


def appoint(
    session: Session, actor: User, person: User, stand_in: User, from_on: date, until_on: date, *,
    reason: str | None = None, basis: str | None = None,
) -> Acting:  # fmt: skip
    """Let `stand_in` stand in for `person` from one day to another, both included; return the row. The stand-in is told.

    Raises Refused for oneself, for a closed account, for somebody of another agency (or of another role, where the role
    decides for the province), for days that are past or more than a year, for days on which the person is away already, and
    where everybody of a circle would be away.
    """
    _lock(session, person, stand_in)
    _check_people(person, stand_in)
    _check_days(from_on, until_on)
    _check_stays(session, person, Stay(person.id, stand_in.id, from_on, until_on))
    acting = Acting(
        person_id=person.id, acting_id=stand_in.id, from_on=from_on, until_on=until_on, reason=reason, basis=basis,
        made_by_id=actor.id, made_at=clock.now(),
    )  # fmt: skip
    session.add(acting)
    session.flush()
    log(
        session, actor, "appoint_acting", "user", person.id, agency_id=person.agency_id, acting_id=acting.id,
        stand_in_id=stand_in.id, stand_in=stand_in.name, from_on=from_on.isoformat(), until_on=until_on.isoformat(),
        basis=basis,
    )  # fmt: skip
    outbox.acting_appointed(session, acting.id, stand_in.id, actor.id)
    return acting


def end(session: Session, actor: User, acting: Acting) -> None:
    """End a stand-in as of today: the person decides and is told again; one that has not begun never holds.

    Raises Changed when it is over already.
    """
    today = clock.today()
    ended: Any = session.execute(
        update(Acting)
        .where(Acting.id == acting.id, Acting.ended_on.is_(None), Acting.until_on >= today)
        .values(ended_on=max(today, acting.from_on))
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:
        raise Changed(_("Việc thay này đã kết thúc trước đó; xin xem lại danh sách."))
    session.refresh(acting)
    _log_end(session, actor, acting)


def end_all(session: Session, actor: User, user: User) -> int:
    """End every stand-in of a person who leaves the agency, on either side, as of today; return how many there were."""
    today = clock.today()
    query = select(Acting).where(
        or_(Acting.person_id == user.id, Acting.acting_id == user.id),
        Acting.ended_on.is_(None),
        Acting.until_on >= today,
    )
    ended = list(session.scalars(query.order_by(Acting.id).with_for_update()))
    for acting in ended:
        acting.ended_on = max(today, acting.from_on)
        _log_end(session, actor, acting)
    return len(ended)


def _log_end(session: Session, actor: User, acting: Acting) -> None:
    log(
        session, actor, "end_acting", "user", acting.person_id, agency_id=acting.person.agency_id, acting_id=acting.id,
        stand_in_id=acting.acting_id, stand_in=acting.acting.name, ended_on=acting.ended_on and acting.ended_on.isoformat(),
    )  # fmt: skip


def _lock(session: Session, person: User, stand_in: User) -> None:
    """Hold the agency, and both people, so that two who appoint at once see each other: circles lie within an agency."""
    if person.agency_id is not None:
        session.execute(select(Agency.id).where(Agency.id == person.agency_id).with_for_update(key_share=True))
    people = select(User).where(User.id.in_([person.id, stand_in.id])).order_by(User.id)
    session.execute(people.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def _check_people(person: User, stand_in: User) -> None:
    if person.id == stand_in.id:
        raise Refused(_("Không ai tự thay mình; hãy chọn người khác."))
    for one in (person, stand_in):
        if not one.active:
            raise Refused(_("Tài khoản %(name)s đã ngừng; hãy chọn người khác.", name=one.name))
    names = {"name": stand_in.name, "person": person.name}
    if person.agency_id != stand_in.agency_id:
        raise Refused(_("%(name)s không cùng cơ quan với %(person)s; hãy chọn người cùng cơ quan.", **names))
    if person.role != stand_in.role and (person.role not in AGENCY_ROLES or stand_in.role not in AGENCY_ROLES):
        raise Refused(
            _("%(name)s không giữ cùng vai trò với %(person)s nên không thay được; hãy chọn người khác.", **names)
        )


def _check_days(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Refused(_("Ngày cuối vắng mặt trước ngày đầu; hãy kiểm tra lại hai ngày."))
    if from_on < clock.today():
        raise Refused(_("Ngày đầu vắng mặt đã qua; hãy ghi từ hôm nay trở đi."))
    if until_on - from_on >= LONGEST:
        raise Refused(_("Thời gian vắng mặt quá một năm; trường hợp này xin bàn giao công việc."))


def _check_stays(session: Session, person: User, new: Stay) -> None:
    colleagues = select(User.id).where(
        User.agency_id == person.agency_id if person.agency_id is not None else User.agency_id.is_(None)
    )
    stays = coming_stays(session, clock.today(), list(session.scalars(colleagues)))
    taken = overlapping(stays, new)
    if taken is not None:
        raise Refused(
            _("%(person)s đã có %(name)s thay từ %(from_on)s đến %(until_on)s; mỗi ngày chỉ một người thay.",
              person=person.name, name=session.get_one(User, taken.acting_id).name, from_on=dmy(taken.from_on),
              until_on=dmy(taken.until_on))
        )  # fmt: skip
    if closes_circle(stays, new):
        raise Refused(
            _(
                "Trong những ngày ấy người được chọn cũng vắng và nhờ %(person)s thay; hãy chọn người khác.",
                person=person.name,
            )
        )
