"""Whether an address takes messages, as the channels find out; the administrators are told once, and can have it tried again."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import message as fate
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.errors import Refused
from tracker.messages import outbox
from tracker.models import Contact, Message, User
from tracker.queries.contact import administrators, is_current
from tracker.queries.unwell import UNWELL
from tracker.rules.plain_text import one_line

SOFT_LIMIT = 3
IN_A_ROW = timedelta(days=14)
"""Letters returned further apart than this are no row: in between others arrived."""
WORTH_RESENDING = timedelta(days=30)
LONGEST = 500


def worked(session: Session, channel: str, sent: Mapping[int, str]) -> None:
    """Note that messages were taken, by person the address each went to. Costs one look when all is well.

    What was refused at once works again. A returned letter is no less true for the next one being taken: relays take everything
    and return it later; such an address waits for a person, or for another address.
    """
    query = select(Contact).where(
        Contact.user_id.in_(sent), Contact.channel == channel, or_(Contact.state != "works", Contact.failures > 0)
    )
    for row in session.scalars(query.order_by(Contact.user_id).with_for_update()).all():
        moved = row.address != sent[row.user_id]
        if moved or row.state in {"refused", "blocked"}:
            _mend(row)
            row.address = sent[row.user_id]
            log(session, None, "contact_works", "user", row.user_id, channel=channel)


def refused(session: Session, user_id: int, channel: str, address: str, said: str, blocked: bool = False) -> bool:
    """Note that the address takes nothing (`blocked`: the person refuses us); return whether that is new.

    Writes only what is new, so that every refusal of a long series costs next to nothing.
    """
    return _mark(session, user_id, channel, address, "blocked" if blocked else "refused", said)


def bounced(session: Session, user_id: int, channel: str, address: str, said: str, hard: bool = True) -> bool:
    """Note that a message came back from the address; return whether that makes it unwell. `hard`: it is gone for good, and
    once is enough; otherwise the third in a row counts."""
    return _mark(session, user_id, channel, address, "bounced", said) if hard else _count(
        session, user_id, channel, address, said
    )  # fmt: skip


def try_again(session: Session, actor: User, user_id: int, channel: str) -> int:
    """Take the address for good again and queue what could not be sent to it, of the digests only the last; return how many.

    Raises Refused when nothing is known against the address (any more).
    """
    row = session.get(Contact, (user_id, channel), with_for_update=True, populate_existing=True)
    if row is None or row.state not in UNWELL:
        raise Refused(_("Địa chỉ này không còn bị ghi là không nhận tin. Xin tải lại trang."))
    _mend(row)
    log(session, actor, "retry_contact", "user", user_id, channel=channel)
    failed = _worth_resending(session, user_id, channel)
    return fate.resend(session, actor, failed) if failed else 0


def _worth_resending(session: Session, user_id: int, channel: str) -> list[int]:
    query = (
        select(Message.id, Message.kind)
        .where(
            Message.recipient_id == user_id, Message.channel == channel, Message.state == "failed",
            Message.day >= clock.today() - WORTH_RESENDING,
        )
        .order_by(Message.day.desc(), Message.id.desc())
    )  # fmt: skip
    found = session.execute(query).all()
    digests = [message_id for message_id, kind in found if kind == outbox.REMINDER_DIGEST]
    return sorted([message_id for message_id, kind in found if kind != outbox.REMINDER_DIGEST] + digests[:1])


def _mend(row: Contact) -> None:
    row.state, row.reason, row.failures, row.told_at = "works", None, 0, None
    row.since = clock.now()


def _mark(session: Session, user_id: int, channel: str, address: str, state: str, said: str) -> bool:
    if not is_current(session, user_id, channel, address):
        return False
    now = clock.now()
    facts = {
        "address": address, "state": state, "reason": one_line(said)[:LONGEST], "failures": 1, "since": now, "told_at": None,
    }  # fmt: skip
    adding = insert_into(session)(Contact.__table__).values(user_id=user_id, channel=channel, **facts)
    news = or_(Contact.state.not_in(UNWELL), Contact.address != address)
    marking = adding.on_conflict_do_update(index_elements=["user_id", "channel"], set_=facts, where=news)
    if session.execute(marking.returning(Contact.__table__.c.user_id)).first() is None:
        return False
    log(session, None, "contact_unwell", "user", user_id, channel=channel)
    _tell(session, user_id, channel)
    return True


def _count(session: Session, user_id: int, channel: str, address: str, said: str) -> bool:
    if not is_current(session, user_id, channel, address):
        return False
    now = clock.now()
    fresh = {"address": address, "state": "works", "failures": 0, "since": now}
    adding = insert_into(session)(Contact.__table__).values(user_id=user_id, channel=channel, **fresh)
    session.execute(adding.on_conflict_do_nothing())
    row = session.get_one(Contact, (user_id, channel), with_for_update=True, populate_existing=True)
    if row.state in UNWELL and row.address == address:
        return False
    if row.address != address or now - row.since > IN_A_ROW:
        row.address, row.state, row.failures, row.since = address, "works", 0, now
    row.failures += 1
    row.reason = one_line(said)[:LONGEST]
    session.flush()
    return row.failures >= SOFT_LIMIT and _mark(session, user_id, channel, address, "bounced", said)


def _tell(session: Session, user_id: int, channel: str) -> None:
    people = [person for person in administrators(session) if person != user_id]
    if people:
        outbox.contact_unwell(session, people)
        row = session.get_one(Contact, (user_id, channel), populate_existing=True)
        row.told_at = clock.now()
