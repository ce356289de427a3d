"""Reports: the one to decide on, and the queue of what waits for the Office."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import FOREVER, Agency, AssignmentPeriod, Clause, Document, ProgressReport, Task, User

PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """One proposed completion that waits for confirmation; `late` is whether its result came after the counting day."""

    report_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    agency: str
    author: str
    reported_at: datetime
    result_on: date
    result_document: str
    done: str
    effective_on: date | None

    @property
    def late(self) -> bool:
        return self.effective_on is not None and self.result_on > self.effective_on


def waiting(session: Session, after: int = 0) -> list[Waiting]:
    """Return the completions that wait for the Office, oldest first: at most one page and one more, to know there is a next."""
    query: Any = (
        select(
            ProgressReport.id, Task.id, Task.short_title, Document.short_name, Clause.code, Agency.short_name, User.name,
            ProgressReport.reported_at, ProgressReport.result_on, ProgressReport.result_document, ProgressReport.done,
            AssignmentPeriod.effective_on,
        )
        .join(Task, Task.id == ProgressReport.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Agency, Agency.id == ProgressReport.agency_id)
        .join(User, User.id == ProgressReport.author_id)
        .join(
            AssignmentPeriod,
            (AssignmentPeriod.assignment_id == ProgressReport.assignment_id) & (AssignmentPeriod.valid_to == FOREVER),
        )
        .where(ProgressReport.kind == "completion", ProgressReport.decision.is_(None), ProgressReport.id > after)
        .order_by(ProgressReport.id)
        .limit(PAGE + 1)
    )  # fmt: skip
    return [Waiting(*row) for row in session.execute(query).all()]


def waiting_count(session: Session) -> int:
    """Return how many completions wait for the Office."""
    query = select(func.count()).where(
        AssignmentPeriod.state == "awaiting_confirmation", AssignmentPeriod.valid_to == FOREVER
    )
    return session.execute(query).scalar_one()
