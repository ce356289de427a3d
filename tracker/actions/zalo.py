"""Linking with Zalo, a person's consent, and what Zalo's events change. Telephone numbers and ids stand in no event of the log."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.errors import Refused
from tracker.messages.zalo_tokens import Pair, columns
from tracker.models import Contact, User, ZaloLink, ZaloToken
from tracker.queries.zalo import follows, has_consented
from tracker.rules.reminder_policy import ZALO

ALONE = {"synchronize_session": False}


def link(session: Session, actor: User, settings: Mapping[str, Any], pair: Pair) -> None:
    """Keep a new pair of tokens, encrypted, in place of any other; the trouble of the pair before is over."""
    values = columns(settings, pair)
    # The pair before is spent: whoever else links at this moment, one of the two new pairs is kept.
    row = insert_into(session)(ZaloToken).values(id=1, limits={}, **values)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values).execution_options(**ALONE))
    log(session, actor, "link_zalo", "zalo", None)


def unlink(session: Session, actor: User) -> None:
    """Forget the tokens: nothing is sent by Zalo any more. Raises Refused when there are none."""
    found: Any = session.execute(delete(ZaloToken).where(ZaloToken.id == 1).execution_options(**ALONE))
    if not found.rowcount:
        raise Refused(_("Ba Rõ không còn liên kết với Zalo."))
    log(session, actor, "unlink_zalo", "zalo", None)


def settle_trouble(session: Session, actor: User) -> None:
    """The administrator has seen to the trouble: messages go by Zalo again. Raises Refused when there is none."""
    settled = update(ZaloToken).where(ZaloToken.id == 1, ZaloToken.trouble.is_not(None))
    found: Any = session.execute(settled.values(trouble=None, trouble_at=None).execution_options(**ALONE))
    if not found.rowcount:
        raise Refused(_("Không còn vướng mắc nào với Zalo."))
    log(session, actor, "settle_zalo_trouble", "zalo", None)


def note_test(session: Session, actor: User) -> None:
    """Write down that the administrator sent a message to himself or herself."""
    log(session, actor, "test_zalo", "zalo", None)


def note_trouble(session: Session, trouble: str) -> None:
    """Write down, for the administrator, what Zalo told of itself."""
    change = update(ZaloToken).where(ZaloToken.id == 1).values(trouble=trouble, trouble_at=clock.now())
    session.execute(change.execution_options(**ALONE))


def consent(session: Session, person: User, phone: str, words: str) -> None:
    """Write down that the person agreed to be told by Zalo at that number (84…), and to which `words`."""
    # Two windows may agree at the same moment: both then find the row.
    new = insert_into(session)(ZaloLink).values(user_id=person.id, follows=False, updated_at=clock.now())
    session.execute(new.on_conflict_do_nothing(index_elements=["user_id"]))
    row = session.get_one(ZaloLink, person.id, with_for_update=True, populate_existing=True)
    if row.phone != phone:  # another number is another Zalo account
        row.zalo_id, row.follows = None, False
    row.phone, row.consented_at, row.consent_words, row.withdrawn_at = phone, clock.now(), words, None
    row.updated_at = clock.now()
    # Whoever agrees anew says that the address works.
    forget = delete(Contact).where(Contact.user_id == person.id, Contact.channel == ZALO)
    session.execute(forget.execution_options(**ALONE))
    log(session, person, "consent_zalo", "user", person.id)


def withdraw(session: Session, person: User) -> None:
    """Nothing is sent to the person by Zalo from now on; number and id are erased, what was agreed to and when stays as proof.

    Raises Refused when there is no consent to withdraw.
    """
    row = _locked(session, person.id)
    if row is None or not has_consented(row):
        raise Refused(_("Bạn hiện không nhận nhắc việc qua Zalo."))
    row.phone, row.zalo_id, row.follows = None, None, False
    row.withdrawn_at = row.updated_at = clock.now()
    log(session, person, "withdraw_zalo", "user", person.id)


def identify(session: Session, actor: User, user_id: int, zalo_id: str) -> None:
    """Say under which id a person who consented follows the Official Account; empty: under none.

    Raises Refused when the person has not consented, or somebody else has that id.
    """
    row = _locked(session, user_id)
    if row is None or not has_consented(row):
        raise Refused(_("Người này chưa đồng ý nhận nhắc việc qua Zalo."))
    if not recognise(session, row, zalo_id):
        raise Refused(_("Mã Zalo này đã ghi cho người khác."))
    log(session, actor, "identify_zalo", "user", user_id)


def recognise(session: Session, row: ZaloLink, zalo_id: str) -> bool:
    """Keep the id under which a person follows (empty: none); False, and nothing changed, when somebody else has it."""
    if zalo_id and _taken(session, zalo_id, row.user_id):
        return False
    try:
        with session.begin_nested():
            row.zalo_id, row.updated_at = zalo_id or None, clock.now()
            row.follows = bool(zalo_id) and follows(session, zalo_id)
            session.flush()
    except IntegrityError:  # somebody else got it in between
        return False
    return True


def _taken(session: Session, zalo_id: str, user_id: int) -> bool:
    owner = select(ZaloLink.user_id).where(ZaloLink.zalo_id == zalo_id, ZaloLink.user_id != user_id)
    return session.execute(owner).first() is not None


def _locked(session: Session, user_id: int) -> ZaloLink | None:
    return session.get(ZaloLink, user_id, with_for_update=True, populate_existing=True)
