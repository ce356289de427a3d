"""Accounts: made, changed, closed and reopened by the administrator; password and language by the person.

Hashing is slow, so pages hash before they begin to write and pass `password_hash`; commands may pass `password`.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import person as people
from tracker.actions.acting import end_all
from tracker.actions.clarity_flags import refresh_people_flags
from tracker.actions.event import log
from tracker.actions.password import hash_password, unusable_password
from tracker.actions.sign_in import forget_failures, new_session_key
from tracker.errors import Changed, Refused
from tracker.models import Role, User
from tracker.queries import handover as handovers
from tracker.queries.person import RELEASED
from tracker.rules.basis import Basis

__all__ = [
    "change_password",
    "create_account",
    "deactivate",
    "edit_account",
    "reactivate",
    "reset_password",
    "unusable_password",
]

AGENCY_ROLES = frozenset({Role.OFFICER, Role.AGENCY_HEAD})


def create_account(
    session: Session, actor: User | None, *, email: str, name: str, role: Role | str, agency_id: int | None,
    position: str | None = None, is_contact: bool = False, password: str | None = None, password_hash: str | None = None,
    must_change_password: bool = False,
) -> User:  # fmt: skip
    """Add an account and return it. Without a password nobody can sign in to it. Raises Refused when the e-mail is taken."""
    secret = password_hash or (hash_password(password) if password else unusable_password())
    email = email.strip().lower()
    _ensure_agency(role, agency_id)
    taken = Refused(_("Thư điện tử %(email)s đã có tài khoản; hãy mở tài khoản đó để sửa.", email=email))
    if session.execute(select(User.id).where(User.email == email)).first():
        raise taken
    user = User(
        email=email, name=name.strip(), position=position, role=str(role), agency_id=agency_id, is_contact=is_contact,
        password_hash=secret, must_change_password=must_change_password, session_key=new_session_key(),
        created_at=clock.now(), signed_in_at=None,
    )  # fmt: skip
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else added the same e-mail in between
        session.rollback()
        raise taken from error
    log(session, actor, "create_account", "user", user.id, agency_id=agency_id, email=email, role=str(role))
    return user


def edit_account(
    session: Session, actor: User, user_id: int, seen: str, *, name: str, position: str | None, role: str,
    agency_id: int | None, is_contact: bool,
) -> int:  # fmt: skip
    """Write what changed, and return how many open assignments lost their person because the person left the agency.

    Raises Changed when the account is no longer as `seen` (its version), Refused for an impossible role.
    """
    user = _locked(session, user_id)
    if version(user) != seen:
        raise Changed(
            _("Tài khoản này vừa được người khác sửa. Nội dung bạn nhập còn ở bên dưới; kiểm tra rồi lưu lại.")
        )
    _ensure_agency(role, agency_id)
    if role != user.role:
        _ensure_administrator_stays(session, actor, user)
    wanted = {"name": name, "position": position, "role": role, "agency_id": agency_id, "is_contact": is_contact}
    changes = {key: [getattr(user, key), value] for key, value in wanted.items() if getattr(user, key) != value}
    if not changes:
        return 0
    released = _release(session, actor, user) if "agency_id" in changes else 0
    for key, value in wanted.items():
        setattr(user, key, value)
    log(session, actor, "edit_account", "user", user.id, agency_id=agency_id, changes=changes)
    return released


def deactivate(session: Session, actor: User, user_id: int) -> int:
    """Close the account, end its sessions, and return how many open assignments are without a person now."""
    user = _locked(session, user_id)
    if not user.active:
        raise Changed(_("Tài khoản này đã ngừng dùng trước đó."))
    _ensure_administrator_stays(session, actor, user)
    user.active = False
    user.session_key = new_session_key()
    released = _release(session, actor, user)
    log(session, actor, "deactivate_account", "user", user.id, agency_id=user.agency_id, released=released)
    return released


def reactivate(session: Session, actor: User, user_id: int) -> None:
    """Open a closed account again; its assignments stay with whoever has them now."""
    user = _locked(session, user_id)
    if user.active:
        raise Changed(_("Tài khoản này đang hoạt động."))
    user.active = True
    log(session, actor, "reactivate_account", "user", user.id, agency_id=user.agency_id)


def reset_password(session: Session, actor: User, user_id: int, password_hash: str) -> None:
    """Give the account a password to be changed at the next sign-in; its sessions end, its failures are forgotten."""
    user = _locked(session, user_id)
    if not user.active:
        raise Refused(_("Tài khoản đã ngừng dùng; hãy mở lại trước khi cấp mật khẩu."))
    user.password_hash, user.must_change_password, user.session_key = password_hash, True, new_session_key()
    forget_failures(session, user.email)
    log(session, actor, "reset_password", "user", user.id, agency_id=user.agency_id)


def change_password(session: Session, user_id: int, seen_key: str, password_hash: str) -> User:
    """Write the person's own new password and end every session; return the account, so that this one can begin anew.

    Raises Changed when the password was changed elsewhere (`seen_key` is the session key the person came with).
    """
    key = new_session_key()
    changed: Any = session.execute(
        update(User)
        .where(User.id == user_id, User.session_key == seen_key, User.active)
        .values(password_hash=password_hash, must_change_password=False, session_key=key)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Changed(_("Mật khẩu của tài khoản này vừa được đổi ở nơi khác. Xin đăng nhập lại."))
    user = session.get_one(User, user_id, populate_existing=True)
    forget_failures(session, user.email)
    log(session, user, "change_password", "user", user.id)
    return user


def end_sessions(session: Session, user_id: int) -> None:
    """End every open session of the person: a session lives in the browser, so a copy of it would outlive signing out."""
    session.execute(update(User).where(User.id == user_id).values(session_key=new_session_key()))


def version(user: User) -> str:
    """Return a text that changes whenever something the edit form shows changes."""
    shown = (user.name, user.position, user.role, user.agency_id, user.is_contact, user.active)
    return "|".join(str(part) for part in shown)


def _locked(session: Session, user_id: int) -> User:
    query = select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    return session.execute(query).scalar_one()


def _ensure_agency(role: Role | str, agency_id: int | None) -> None:
    if role in AGENCY_ROLES and agency_id is None:
        raise Refused(_("Chuyên viên và lãnh đạo cơ quan phải thuộc một cơ quan; hãy chọn cơ quan."))


def _ensure_administrator_stays(session: Session, actor: User, user: User) -> None:
    """Refuse to take the last key away, or one's own: all administrators are locked, so two cannot take each other's."""
    if user.role != Role.ADMINISTRATOR:
        return
    if user.id == actor.id:
        raise Refused(_("Không thể tự ngừng hoặc tự đổi vai trò của mình; hãy nhờ một quản trị khác."))
    others = select(User.id).where(User.role == Role.ADMINISTRATOR.value, User.active).order_by(User.id)
    keepers = set(session.execute(others.with_for_update()).scalars())
    if user.id in keepers and keepers == {user.id}:
        raise Refused(_("Đây là quản trị đang hoạt động cuối cùng; hãy giao vai trò quản trị cho người khác trước."))


def _release(session: Session, actor: User, user: User) -> int:
    """Take the person off every open assignment, as responsible and as head, with an event each, and out of every standing
    in, so that nobody is reminded in vain; return how many assignments there were."""
    held: dict[int, list[str]] = {}
    for item in handovers.held(session, user.id, clock.today()):
        held.setdefault(item.assignment_id, []).append(item.part)
    assignments = people.lock(session, held)
    for one in assignments:
        before = people.told(session, one, held[one.id])
        for part in held[one.id]:
            people.put(one, part, None, Basis("proposal"))
        log(
            session, actor, RELEASED, "assignment", one.id, task_id=one.task_id, agency_id=one.agency_id, person=user.name,
            before=before, after=dict.fromkeys(before),
        )  # fmt: skip
    refresh_people_flags(session, {one.task_id for one in assignments})
    end_all(session, actor, user)
    return len(assignments)
