"""The policy by which people are reminded, as it holds on a day: the province's, and that of documents with rules of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import FOREVER, Document, ReminderPolicy, User
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


@dataclass(frozen=True)
class Version:
    """One version of a policy, and what held before it. `own` False: the document went back to the rules of the province."""

    id: int
    valid_from: date
    valid_to: date
    set_at: datetime
    set_by: str
    note: str | None
    own: bool
    policy: Policy
    before: Policy


def versions(session: Session, document_id: int | None = None) -> list[Version]:
    """Return every version of the province's policy or of a document's own, newest first, in one query."""
    row = ReminderPolicy
    whose = or_(row.document_id.is_(None), row.document_id == document_id)
    query = select(row, User.name).join(User, User.id == row.set_by_id).where(whose).order_by(row.id)
    found: list[Version] = []
    province, last = DEFAULT, None
    for kept, name in session.execute(query):
        policy = (readable(kept.rules) or DEFAULT) if kept.rules is not None else None
        if kept.document_id == document_id:
            holds = policy or province
            facts = (kept.id, kept.valid_from, kept.valid_to, kept.set_at, name, kept.note)
            found.append(Version(*facts, policy is not None, holds, last or province))
            last = policy
        if kept.document_id is None:
            province = policy or DEFAULT
    return found[::-1]


class OfDocument(NamedTuple):
    """A document, and whether it has rules of its own."""

    id: int
    code: str
    name: str
    own: bool


def documents(session: Session, day: date) -> list[OfDocument]:
    """Return every document by code, those with rules of their own on `day` first."""
    own = {document for document, _rules in _in_force(session, day)}
    rows = session.execute(select(Document.id, Document.code, Document.short_name).order_by(Document.code))
    return sorted((OfDocument(*row, row.id in own) for row in rows), key=lambda document: not document.own)


def current_id(session: Session, document_id: int | None = None) -> int:
    """Return the id of the row in force, 0 when there is none: what a form has seen."""
    row = ReminderPolicy
    query = select(row.id).where(row.document_id == document_id, row.valid_to == FOREVER)
    return session.scalars(query).one_or_none() or 0
