"""Every figure of the documents, counted in the database."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tracker.models import (
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    Assignment,
    AssignmentPeriod,
    CalendarDay,
    Clause,
    Deadline,
    Discrepancy,
    Document,
    DocumentReference,
    Indicator,
    InformationSystem,
    Succession,
    Tally,
    Target,
    Task,
    TaskItem,
    TaskPeriod,
    TaskTheme,
    Theme,
)


@pytest.mark.parametrize(
    ("model", "n"),
    [(Document, 5), (Clause, 330), (Task, 207), (Target, 128), (Indicator, 52), (InformationSystem, 70), (Discrepancy, 42),
     (Theme, 11), (TaskTheme, 299), (TaskItem, 65), (TaskPeriod, 207), (Assignment, 873), (AssignmentPeriod, 873),
     (Deadline, 35), (AgencyGroup, 29), (AgencyGroupMember, 62), (DocumentReference, 37), (Succession, 39),
     (CalendarDay, 93)],
)  # fmt: skip
def test_how_many(context: Any, model: Any, n: int) -> None:
    assert context.scalar(sa.select(sa.func.count()).select_from(model)) == n


def test_tasks_by_kind_and_document(context: Any) -> None:
    rows = context.execute(
        sa.select(Document.code, Task.kind, sa.func.count())
        .join(Document, Document.id == Task.document_id)
        .group_by(Document.code, Task.kind)
    )
    assert {(code, kind): n for code, kind, n in rows} == {
        ("CT", "task"): 6, ("CT", "solution"): 10, ("CT", "standing_duty"): 5,
        ("KH2023", "task"): 40, ("KH2023", "solution"): 15, ("KH2023", "standing_duty"): 27,
        ("NQ05", "task"): 30, ("NQ05", "solution"): 31, ("NQ05", "standing_duty"): 11,
        ("TB01", "task"): 8, ("TB01", "solution"): 4, ("TB01", "standing_duty"): 4,
        ("TB1802", "task"): 14, ("TB1802", "solution"): 2,
    }  # fmt: skip


def test_clauses_by_document(context: Any) -> None:
    rows = context.execute(
        sa.select(Document.code, sa.func.count())
        .join(Clause, Clause.document_id == Document.id)
        .group_by(Document.code)
    )
    assert dict(rows.all()) == {"CT": 50, "KH2023": 135, "NQ05": 110, "TB01": 16, "TB1802": 19}


def test_agencies_by_source(context: Any) -> None:
    rows = context.execute(
        sa.select(Agency.source, Agency.collective, sa.func.count()).group_by(Agency.source, Agency.collective)
    )
    assert {(source, collective): n for source, collective, n in rows} == {
        ("document", False): 54, ("document", True): 35,
        ("collective", False): 21, ("collective", True): 1,
        ("successor", False): 7, ("successor", True): 1,
    }  # fmt: skip


def test_who_is_clear(context: Any) -> None:
    led = sa.select(Assignment.task_id).where(Assignment.role == "lead")
    assert context.scalar(sa.select(sa.func.count()).where(~Task.has_lead)) == 123
    assert context.scalar(sa.select(sa.func.count()).select_from(Task).where(Task.id.not_in(led))) == 123
    assert context.scalar(sa.select(sa.func.count()).where(Task.lead_label.is_(None))) == 123
    named = sa.select(sa.func.count(sa.distinct(Assignment.task_id))).where(Assignment.role == "lead")
    assert context.scalar(named.where(Assignment.origin == "named")) == 53
    assert context.scalar(sa.select(sa.func.count()).where(~Task.has_lead, Task.coordinating_label.is_not(None))) == 8
    assert context.scalar(sa.select(sa.func.count()).where(Task.has_time)) == 72  # 25 dated, 47 standing duties
    assert (
        context.scalar(sa.select(sa.func.count()).where(Task.has_work)) == 145
    )  # not a mere direction, or with a product


def test_assignments_by_role_and_origin(context: Any) -> None:
    rows = context.execute(
        sa.select(Assignment.role, Assignment.origin, sa.func.count()).group_by(Assignment.role, Assignment.origin)
    )
    assert {(role, origin): n for role, origin, n in rows} == {
        ("lead", "named"): 53, ("lead", "collective"): 686, ("coordinate", "named"): 18, ("coordinate", "collective"): 116,
    }  # fmt: skip


def test_targets_by_year(context: Any) -> None:
    rows = context.execute(sa.select(Target.year, sa.func.count()).group_by(Target.year))
    assert dict(rows.all()) == {2022: 3, 2023: 21, 2025: 77, 2030: 23, None: 4}


def test_targets_by_value_type_and_comparator(context: Any) -> None:
    rows = context.execute(sa.select(Target.value_type, Target.comparator, Target.value).order_by(Target.id)).all()
    assert Counter(kind for kind, _, _ in rows) == {
        "percent": 91,
        "count": 12,
        "rank": 1,
        "milestone": 7,
        "qualitative": 17,
    }
    assert Counter(comparator for _, comparator, _ in rows) == {"=": 49, ">": 35, ">=": 14, "~": 4, "<=": 2, None: 24}
    assert all((value is None) == (kind in ("milestone", "qualitative")) for kind, _, value in rows)


def test_deadlines_by_kind(context: Any) -> None:
    rows = context.execute(
        sa.select(Deadline.kind, Deadline.due_on.is_not(None), sa.func.count()).group_by(
            Deadline.kind, Deadline.due_on.is_not(None)
        )
    )
    assert {(kind, bool(dated)): n for kind, dated, n in rows} == {
        ("original", True): 8, ("original", False): 5, ("inherited", True): 22,
    }  # fmt: skip


def test_the_clocks_of_the_tasks(context: Any) -> None:
    rows = context.execute(sa.select(Tally.clock, Tally.effective_on, Tally.n).where(Tally.scope == "province"))
    assert {(clock, day): n for clock, day, n in rows} == {
        ("no_deadline", date(9999, 12, 31)): 182,
        ("running", date(2022, 5, 4)): 1, ("running", date(2022, 6, 30)): 1, ("running", date(2023, 1, 3)): 2,
        ("running", date(2024, 1, 2)): 2, ("running", date(2025, 12, 31)): 15, ("running", date(2026, 3, 31)): 4,
    }  # fmt: skip


def test_no_standing_duty_has_a_clock(context: Any) -> None:
    running = (
        sa.select(sa.func.count())
        .select_from(TaskPeriod)
        .join(Task, Task.id == TaskPeriod.task_id)
        .where(Task.kind == "standing_duty", TaskPeriod.effective_on.is_not(None))
    )
    assert context.scalar(running) == 0


def test_the_documents_are_linked(context: Any) -> None:
    source, target = sa.orm.aliased(Document), sa.orm.aliased(Document)
    rows = context.execute(
        sa.select(source.code, DocumentReference.relation, target.code, sa.func.count())
        .join(source, source.id == DocumentReference.document_id)
        .join(target, target.id == DocumentReference.target_id)
        .group_by(source.code, DocumentReference.relation, target.code)
    )
    assert {tuple(row) for row in rows} == {
        ("CT", "legal_basis", "NQ05", 1), ("CT", "cites", "NQ05", 2), ("CT", "implements", "NQ05", 1),
        ("KH2023", "legal_basis", "NQ05", 1), ("KH2023", "implements", "NQ05", 1),
        ("TB01", "legal_basis", "NQ05", 1), ("TB01", "cites", "NQ05", 2), ("TB01", "implements", "NQ05", 1),
        ("TB1802", "cites", "NQ05", 2),
    }  # fmt: skip
