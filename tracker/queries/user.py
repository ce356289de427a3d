"""Accounts: the list the administrator searches, and what a person is responsible for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Clause, Document, Task, User
from tracker.queries.person import held_where
from tracker.rules.folding import fold
from tracker.rules.timeliness import CLOSED

PAGE = 50


@dataclass(frozen=True)
class Account:
    """One line of the list of accounts."""

    id: int
    email: str
    name: str
    position: str | None
    role: str
    agency: str | None
    active: bool
    is_contact: bool
    signed_in_at: datetime | None

    def answers(self, words: list[str]) -> bool:
        """Return whether every (folded) word is in the name, e-mail, position or agency."""
        text = fold(" ".join(filter(None, (self.name, self.email, self.position, self.agency))))
        return all(word in text for word in words)


@dataclass(frozen=True)
class Held:
    """An open assignment somebody answers for, as responsible or as head."""

    assignment_id: int
    task_id: int
    agency_id: int
    short_title: str
    document_name: str
    clause_code: str


def accounts(session: Session, text: str = "", role: str | None = None, after: str = "") -> list[Account]:
    """Return accounts by e-mail from `after` on: one page and one more, to know there is a next.

    Words are sought without marks, in Python: accounts are few (30,000 in the whole country) and this is no daily page.
    """
    query = (
        select(
            User.id, User.email, User.name, User.position, User.role, Agency.short_name, User.active, User.is_contact,
            User.signed_in_at,
        )
        .outerjoin(Agency, Agency.id == User.agency_id)
        .where(User.email > after)
        .order_by(User.email)
    )  # fmt: skip
    if role:
        query = query.where(User.role == role)
    words = fold(text).split()
    if not words:
        query = query.limit(PAGE + 1)
    rows: Iterator[Account] = (Account(*row) for row in session.execute(query))
    return list(islice((row for row in rows if row.answers(words)), PAGE + 1))


def account_counts(session: Session) -> tuple[int, int]:
    """Return how many accounts are in use and how many are closed."""
    found = dict(session.execute(select(User.active, func.count()).group_by(User.active)).all())
    return found.get(True, 0), found.get(False, 0)


def by_email(session: Session, email: str) -> User | None:
    """Return the active account of the e-mail address (in lower case), None when there is none."""
    return session.execute(select(User).where(User.email == email, User.active)).scalar_one_or_none()


def held_assignments(session: Session, user_id: int) -> list[Held]:
    """Return the open assignments the person answers for: those that would be without a person."""
    rows = session.execute(
        select(
            Assignment.id, Assignment.task_id, Assignment.agency_id, Task.short_title, Document.short_name, Clause.code
        )
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .where(
            held_where(user_id), AssignmentPeriod.valid_to == FOREVER,
            AssignmentPeriod.state.not_in(CLOSED),
        )
        .order_by(AssignmentPeriod.effective_on, Assignment.id)
    )  # fmt: skip
    return [Held(*row) for row in rows]
