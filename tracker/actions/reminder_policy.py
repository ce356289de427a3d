"""What an administrator decides about reminders: the rules of the province, or of one document."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.errors import Changed
from tracker.models import FOREVER, Document, ReminderPolicy, User
from tracker.rules.reminder_policy import DEFAULT, Policy, as_rules, faults


def set_policy(
    session: Session, actor: User, document: Document | None, policy: Policy | None, seen: int, note: str | None
) -> bool:
    """Let the policy hold from today on for the province (`document` None) or the document; return whether anything changed.

    `policy` None gives the document's own rules up. The row in force ends today and a new one begins, so that every past day
    keeps its policy; a row that was set today already then held on no day. Raises Changed when the row in force is no longer
    the one that was `seen` (0: none), ValueError for a policy with faults, or for none for the province.
    """
    if (policy is None and document is None) or (policy is not None and faults(policy)):
        raise ValueError("This policy cannot be carried out.")
    row = _locked(session, document)
    if (row.id if row else 0) != seen:
        raise _changed()
    before = row.rules if row else _without_a_row(document)
    after = as_rules(policy) if policy else None
    if before == after:
        return False
    if row:
        row.valid_to = max(clock.today(), row.valid_from)
        session.flush()
    made = _open(session, actor, document, after, note)
    code = document.code if document else None
    log(
        session, actor, "set_reminder_policy", "reminder_policy", made, code=code, before=before, after=after, note=note
    )
    return True


def _locked(session: Session, document: Document | None) -> ReminderPolicy | None:
    whose = ReminderPolicy.document_id == (document.id if document else None)
    query = select(ReminderPolicy).where(whose, ReminderPolicy.valid_to == FOREVER).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _without_a_row(document: Document | None) -> dict[str, Any] | None:
    return None if document else as_rules(DEFAULT)


def _open(
    session: Session, actor: User, document: Document | None, rules: dict[str, Any] | None, note: str | None
) -> int:
    """Return the id of the new row. Raises Changed when somebody else, who saw no row either, was first."""
    row = insert_into(session)(ReminderPolicy).values(
        document_id=document.id if document else None, rules=rules, note=note, valid_from=clock.today(), valid_to=FOREVER,
        set_by_id=actor.id, set_at=clock.now(),
    )  # fmt: skip
    made = session.execute(row.on_conflict_do_nothing().returning(ReminderPolicy.id)).scalar_one_or_none()
    if made is None:
        raise _changed()
    return int(made)


def _changed() -> Changed:
    return Changed(
        _("Quy tắc nhắc việc vừa được người khác sửa. Nội dung bạn nhập còn ở bên dưới; kiểm tra rồi lưu lại.")
    )
