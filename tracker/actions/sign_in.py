"""Signing in: attempts are counted in the database before the password is looked at, so that no race lets one more through."""

import ipaddress
import secrets
from datetime import timedelta
from math import ceil

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import TrackerError
from tracker.models import SignInAttempt, User

WINDOW = timedelta(minutes=15)
PER_EMAIL = 5
PER_ADDRESS = 20


class TooMany(TrackerError):
    """Too many failures of late. `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            _("Đã có nhiều lần đăng nhập không thành công. Xin đợi %(n)s phút rồi thử lại.", n=ceil(wait / 60))
        )
        self.wait = wait


def ensure_may_try(session: Session, email: str, address: str) -> None:
    """Raise TooMany after 5 failures for the e-mail or 20 for the address within 15 minutes; the wait ends by itself."""
    _ensure(session, email, address, 0)


def count_attempt(session: Session, email: str, address: str) -> SignInAttempt:
    """Write the attempt down as failed, before the password is looked at, and return it."""
    attempt = SignInAttempt(email=email, address=neighbourhood(address), at=clock.now())
    session.add(attempt)
    session.flush()
    return attempt


def ensure_counted(session: Session, attempt: SignInAttempt) -> None:
    """Raise TooMany when attempts made at the same moment used up the allowance; this one is then forgotten.

    Call after the attempt is committed. The last of several to ask sees all the others, so never more than the allowance
    get through, without a lock that one person's typing errors would hold against everybody.
    """
    try:
        _ensure(session, attempt.email, attempt.address, 1)
    except TooMany:
        session.delete(attempt)
        raise


def forget_failures(session: Session, email: str) -> None:
    """Clear the count of the e-mail: its owner has proved the password."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.email == email))


def note_sign_in(session: Session, user: User, password_hash: str | None = None) -> None:
    """Note that the person signed in (with a fresher hash of the same password, if given) and clear the failures."""
    forget_failures(session, user.email)
    user.signed_in_at = clock.now()
    if password_hash:
        user.password_hash = password_hash
    log(session, user, "sign_in", "user", user.id)


def new_session_key() -> str:
    """Return a key that ends every session made under another."""
    return secrets.token_urlsafe(16)


def neighbourhood(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 customer has to himself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _ensure(session: Session, email: str, address: str, own: int) -> None:
    places = ((SignInAttempt.email == email, PER_EMAIL), (SignInAttempt.address == neighbourhood(address), PER_ADDRESS))
    waits = [_wait(session, condition, allowed + own) for condition, allowed in places]
    if any(waits):
        raise TooMany(max(waits))


def _wait(session: Session, condition: ColumnElement[bool], allowed: int) -> int:
    """Return the seconds until fewer than `allowed` failures are left in the window."""
    now = clock.now()
    recent = select(SignInAttempt.at).where(condition, SignInAttempt.at > now - WINDOW, SignInAttempt.at <= now)
    failures = session.execute(recent.order_by(SignInAttempt.at.desc()).limit(allowed)).scalars().all()
    if len(failures) < allowed:
        return 0
    return max(1, ceil((failures[-1] + WINDOW - now).total_seconds()))
