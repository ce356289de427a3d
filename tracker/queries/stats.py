"""The inventory and the four-way count as one mapping, for `flask stats` and for checks."""

from dataclasses import asdict
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
from tracker.queries.extension import Slips, slips
from tracker.queries.period import in_force, timeliness
from tracker.queries.standing import counts
from tracker.rules.timeliness import Timeliness


def stats(session: Session, day: date) -> dict[str, Any]:
    """Return what the documents in force on `day` say and how their tasks stood at its end.

    `timeliness` counts tasks and adds up to `tasks.total`; `assignment_timeliness` counts lead assignments, `slips` those
    that were extended, how often and by how many calendar days in all.
    `agencies` counts the bodies the documents name, `assignments` lead and coordinating ones.
    """
    issued = select(Document.id).where(Document.in_force_from <= day)
    ordered = select(Task.id).where(Task.document_id.in_(issued))
    measured = select(Target.indicator_id).where(Target.document_id.in_(issued))
    counted = counts(session, day)
    return {
        "documents": _count(session, Document, Document.in_force_from <= day),
        "clauses": _count(session, Clause, Clause.document_id.in_(issued)),
        "tasks": _kinds(session, ordered),
        "assignments": _count(session, Assignment, Assignment.task_id.in_(ordered)),
        "targets": _count(session, Target, Target.document_id.in_(issued)),
        "indicators": _count(session, Indicator, Indicator.id.in_(measured)),
        "agencies": _count(session, Agency, Agency.source == "document"),
        "systems": _count(session, InformationSystem),
        "unclear_lead": _count(session, Task, ~Task.has_lead, Task.id.in_(ordered)),
        "timeliness": {name.value: n for name, n in counted.items()},
        "assignment_timeliness": _lead_classes(session, day),
        "slips": asdict(sum(slips(session, day), Slips())),
        "as_of": day.isoformat(),
    }


def _kinds(session: Session, ordered: Any) -> dict[str, int]:
    rows = session.execute(select(Task.kind, func.count()).where(Task.id.in_(ordered)).group_by(Task.kind)).all()
    found = {row[0]: row[1] for row in rows}
    return {
        "total": sum(found.values()),
        **{kind: found.get(kind, 0) for kind in ("task", "solution", "standing_duty")},
    }


def _lead_classes(session: Session, day: date) -> dict[str, int]:
    label = timeliness(AssignmentPeriod, day)
    query = select(label, func.count()).where(in_force(AssignmentPeriod, day), AssignmentPeriod.role == "lead")
    found = {row[0]: row[1] for row in session.execute(query.group_by(label))}
    return {name.value: found.get(name.value, 0) for name in Timeliness}


def _count(session: Session, model: Any, *conditions: Any) -> int:
    return session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()
