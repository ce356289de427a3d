"""The policy by which people are reminded, as it holds on a day: the province's, and that of documents with rules of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ReminderPolicy
from tracker.rules.reminder_policy import DEFAULT, Policy, faults, from_rules

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What from_rules raises for JSON that no policy wrote."""


@dataclass(frozen=True)
class Policies:
    """What holds on one day; `documents` has only those with rules of their own."""

    province: Policy = DEFAULT
    documents: Mapping[int, Policy] = field(default_factory=dict)

    def of(self, document_id: int) -> Policy:
        """Return the policy of the document: its own, else the province's; the hours are always the province's."""
        return self.documents.get(document_id, self.province)


def policies(session: Session, day: date) -> Policies:
    """Return what holds on `day`, in one query. A row that cannot be read counts as DEFAULT: reminders never stop for it."""
    found = {document: readable(rules) or DEFAULT for document, rules in _in_force(session, day)}
    province = found.pop(None, DEFAULT)
    own = {document: replace(policy, hours=province.hours) for document, policy in found.items() if document}
    return Policies(province, own)


def readable(rules: object) -> Policy | None:
    """Return the policy that was kept; None when nobody could carry it out."""
    try:
        policy = from_rules(rules)  # type: ignore[arg-type]
        return None if faults(policy) else policy
    except UNREADABLE:
        return None


def unreadable(session: Session, day: date) -> list[int | None]:
    """Return the document of every row in force on `day` that cannot be read; None is the province's."""
    return [document for document, rules in _in_force(session, day) if readable(rules) is None]


def _in_force(session: Session, day: date) -> list[tuple[int | None, object]]:
    """Return document and rules of every row in force; a document that has given its own rules up is not among them."""
    row = ReminderPolicy
    kept = select(row.document_id, row.rules).where(row.valid_from <= day, row.valid_to > day).order_by(row.id)
    return [(document, rules) for document, rules in session.execute(kept) if rules is not None]
