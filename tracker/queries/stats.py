"""The inventory and the four-way count as one mapping, for `flask stats` and for checks."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Indicator,
    InformationSystem,
    Target,
    Task,
)
from tracker.queries.period import in_force, timeliness
from tracker.queries.standing import counts


def stats(session: Session, day: date) -> dict[str, Any]:
    """Return what the documents in force on `day` say and how their tasks stood at its end.

    `timeliness` counts tasks and adds up to `tasks.total`; `assignment_timeliness` counts lead assignments.
    `agencies` counts the bodies the documents name, `assignments` lead and coordinating ones.
    """
    issued = select(Document.id).where(Document.in_force_from <= day)
    kinds = dict(
        session.execute(select(Task.kind, func.count()).where(Task.document_id.in_(issued)).group_by(Task.kind))
        .tuples()
        .all()
    )
    label = timeliness(AssignmentPeriod, day)
    leads = (
        select(label, func.count())
        .where(in_force(AssignmentPeriod, day), AssignmentPeriod.role == "lead")
        .group_by(label)
    )
    by_class = dict(session.execute(leads).tuples().all())
    counted = counts(session, day)
    return {
        "documents": _count(session, Document, Document.in_force_from <= day),
        "clauses": _count(session, Clause, Clause.document_id.in_(issued)),
        "tasks": {
            "total": sum(kinds.values()),
            **{kind: kinds.get(kind, 0) for kind in ("task", "solution", "standing_duty")},
        },
        "assignments": _count(
            session, Assignment, Assignment.task_id.in_(select(Task.id).where(Task.document_id.in_(issued)))
        ),
        "targets": _count(session, Target, Target.document_id.in_(issued)),
        "indicators": _count(
            session, Indicator, Indicator.id.in_(select(Target.indicator_id).where(Target.document_id.in_(issued)))
        ),
        "agencies": _count(session, Agency, Agency.source == "document"),
        "systems": _count(session, InformationSystem),
        "unclear_lead": _count(session, Task, ~Task.has_lead, Task.document_id.in_(issued)),
        "timeliness": {name.value: n for name, n in counted.items()},
        "assignment_timeliness": {name.value: by_class.get(name.value, 0) for name in counted},
        "as_of": day.isoformat(),
    }


def _count(session: Session, model: Any, *conditions: Any) -> int:
    return session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()
