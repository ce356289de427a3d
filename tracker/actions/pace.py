"""The pace of mail to one domain, kept in the database: it holds for all workers on all machines together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.message import SILENT, Claimed
from tracker.database import insert_into
from tracker.messages import reasons
from tracker.models import MailPace, Message, User
from tracker.queries.setting import setting
from tracker.rules.mail_pace import Pace, share

LIMIT = "mail_per_minute_per_domain"


def keep(session: Session, worker: str, claimed: Sequence[Claimed]) -> list[Claimed]:
    """Return which of the mails just claimed may leave now, in their order; the others wait for their turn in the queue, and
    that counts as no attempt. To be called in the transaction of the claim."""
    by_domain = _by_domain(session, claimed)
    if not by_domain:
        return list(claimed)
    now, most = clock.now(), setting(session, LIMIT)
    later: dict[int, datetime] = {}
    for row in _rows(session, by_domain, most):
        messages = by_domain[row.domain]
        pace = Pace(row.minute, row.sent, row.ahead_minute, row.ahead, row.rests_until)
        go, turns, after = share(pace, now, len(messages), most)
        later |= dict(zip((message.id for message in messages[go:]), turns, strict=True))
        row.minute, row.sent, row.ahead_minute, row.ahead = after.minute, after.sent, after.ahead_minute, after.ahead
    session.flush()
    _put_back(session, worker, later)
    return [message for message in claimed if message.id not in later]


def rest(session: Session, address: str, until: datetime) -> None:
    """Let the domain of the address rest: its server said that mail comes too fast."""
    adding = insert_into(session)(MailPace.__table__).values(_fresh(_domain(address)) | {"rests_until": until})
    longer = func.coalesce(MailPace.rests_until, until)
    session.execute(
        adding.on_conflict_do_update(
            index_elements=["domain"], set_={"rests_until": until}, where=longer <= until
        )
    )  # fmt: skip


def _by_domain(session: Session, claimed: Sequence[Claimed]) -> dict[str, list[Claimed]]:
    people = {message.recipient_id for message in claimed}
    emails = dict(session.execute(select(User.id, User.email).where(User.id.in_(people))).all())
    found: dict[str, list[Claimed]] = defaultdict(list)
    for message in claimed:
        found[_domain(emails.get(message.recipient_id, ""))].append(message)
    return dict(found)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _rows(session: Session, domains: Collection[str], most: int) -> Sequence[MailPace]:
    """Return the rows of the domains, locked, in one order for everybody; without a limit only of those that rest."""
    query = select(MailPace).where(MailPace.domain.in_(domains)).order_by(MailPace.domain)
    if most:
        fresh = [_fresh(domain) for domain in sorted(domains)]
        session.execute(insert_into(session)(MailPace.__table__).on_conflict_do_nothing(), fresh)
    else:
        query = query.where(MailPace.rests_until > clock.now())
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _fresh(domain: str) -> dict[str, object]:
    return {"domain": domain, "minute": clock.now(), "sent": 0, "ahead": 0}


def _put_back(session: Session, worker: str, later: Mapping[int, datetime]) -> None:
    turns: dict[datetime, list[int]] = defaultdict(list)
    for message_id, turn in later.items():
        turns[turn].append(message_id)
    for turn, message_ids in sorted(turns.items()):
        session.execute(
            update(Message)
            .where(Message.id.in_(message_ids), Message.state == "claimed", Message.claimed_by == worker)
            .values(state="queued", claimed_at=None, claimed_by=None, not_before=turn, reason=reasons.PACE)
            .execution_options(**SILENT)
        )
