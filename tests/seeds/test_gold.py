"""Every record of the gold data set is what the database holds: ids, text, lead, scope, date, comparator, value."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tests.seeds.conftest import gold_documents, read_gold
from tracker.models import (
    Agency,
    AgencyGroup,
    AgencyMention,
    Assignment,
    Clause,
    Deadline,
    Document,
    DocumentReference,
    Indicator,
    InformationSystem,
    SystemMention,
    SystemTask,
    Target,
    Task,
    TaskItem,
    TaskTheme,
    Theme,
)

Row = dict[str, Any]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_documents(context: Any) -> None:
    gold = {}
    for code, document in gold_documents().items():
        head = document["document"]
        issued, period = head["issued_on"], head["period"] or {}
        elsewhere = head.get("number_from_other_documents") or {}
        gold[code] = (
            head["kind"], head["title"], head["number"], elsewhere.get("number"), day(issued["iso"]),
            day(issued.get("iso_from_other_documents")), day(issued.get("meeting_on")), head["issuer"], head["signer"],
            head["signer_title"], period.get("raw"), head["source_file"],
        )  # fmt: skip
    rows = context.execute(
        sa.select(
            Document.code, Document.kind, Document.title, Document.number, Document.number_elsewhere, Document.issued_on,
            Document.issued_on_elsewhere, Document.meeting_on, Document.issuer, Document.signer, Document.signer_title,
            Document.period, Document.source_file,
        )
    )  # fmt: skip
    assert {row[0]: tuple(row[1:]) for row in rows} == gold


def test_references(context: Any) -> None:
    gold = Counter(
        (code, relation, row["kind"], row["number"], row.get("number_as_written"), day(row["date"]), row["issuer"], row["title"],
         row["clause"])
        for code, document in gold_documents().items()
        for key, relation in (("legal_bases", "legal_basis"), ("cited_documents", "cites"))
        for row in document["document"][key]
    )  # fmt: skip
    reference = DocumentReference
    rows = context.execute(
        sa.select(
            Document.code, reference.relation, reference.kind, reference.number, reference.number_as_written,
            reference.issued_on, reference.issuer, reference.title, Clause.code,
        )
        .join(Document, Document.id == reference.document_id)
        .join(Clause, Clause.id == reference.clause_id)
        .where(reference.relation != "implements")
    )  # fmt: skip
    assert Counter(tuple(row) for row in rows) == gold


def test_clauses(context: Any) -> None:
    gold = [
        (code, n, row["id"], row["parent"], row["level"], row["kind"], row["marker"], row.get("heading"),
         row.get("first_paragraph"), "\n".join(row["body"]) if row.get("body") else None, row["text"],
         row.get("corrections") or [])
        for code, document in sorted(gold_documents().items())
        for n, row in enumerate(document["clauses"], start=1)
    ]  # fmt: skip
    parent = sa.orm.aliased(Clause)
    rows = context.execute(
        sa.select(
            Document.code, Clause.position, Clause.code, parent.code, Clause.level, Clause.kind, Clause.marker, Clause.heading,
            Clause.first_paragraph, Clause.body, Clause.text, Clause.corrections,
        )
        .join(Document, Document.id == Clause.document_id)
        .outerjoin(parent, parent.id == Clause.parent_id)
    )  # fmt: skip
    assert sorted((tuple(row) for row in rows), key=lambda row: row[:2]) == gold


def gold_tasks() -> list[Row]:
    return [row for document in gold_documents().values() for row in document["tasks"]]


def test_tasks(context: Any) -> None:
    texts = {
        f"{code}:{row['id']}": row["text"] for code, document in gold_documents().items() for row in document["clauses"]
    }
    gold = {}
    for row in gold_tasks():
        text = texts[f"{row['id'].partition(':')[0]}:{row['clause']}"]
        assert row["text"] == text
        gold[row["id"]] = (
            row["clause"], row["short_title"], row["excerpt"] or text, row["kind"], row["lead_scope"], row["lead_raw"],
            row["lead_from"], row["lead_role"], row["coordinating_scope"], row["coordinating_raw"], row["deliverable"],
            row["urgency"], row["mentions"],
        )  # fmt: skip
    rows = context.execute(
        sa.select(
            Task.code, Clause.code, Task.short_title, Task.excerpt, Task.kind, Task.lead_scope, Task.lead_wording,
            Task.lead_clause, Task.lead_role, Task.coordinating_scope, Task.coordinating_wording, Task.deliverable,
            Task.urgency, Task.mentions,
        ).join(Clause, Clause.id == Task.clause_id)
    )  # fmt: skip
    assert {row[0]: tuple(row[1:]) for row in rows} == gold


def test_themes_and_parts(context: Any) -> None:
    gold = gold_tasks()
    themes = context.execute(
        sa.select(Task.code, Theme.name)
        .join(TaskTheme, TaskTheme.task_id == Task.id)
        .join(Theme, Theme.id == TaskTheme.theme_id)
    )
    assert {tuple(row) for row in themes} == {(row["id"], theme) for row in gold for theme in row["themes"]}
    items = context.execute(
        sa.select(Task.code, TaskItem.position, TaskItem.title).join(Task, Task.id == TaskItem.task_id)
    )
    assert {tuple(row) for row in items} == {
        (row["id"], n, title) for row in gold for n, title in enumerate(row["sub_items"], start=1)
    }


def agencies_by_any_name(session: Any) -> dict[str, str]:
    """Return the agency name behind every name of the documents' agencies: its own, then an alias."""
    rows = session.execute(
        sa.select(Agency.name, Agency.aliases).where(Agency.source == "document").order_by(Agency.id)
    ).all()
    found: dict[str, str] = {}
    for name, aliases in rows:
        for alias in aliases:
            found.setdefault(alias, name)
    return {**found, **{name: name for name, _ in rows}}


def test_leads_and_coordinators(context: Any) -> None:
    names = agencies_by_any_name(context)
    gold = {
        (row["id"], role, names[agency])
        for row in gold_tasks()
        for role, key in (("lead", "lead"), ("coordinate", "coordinating"))
        for agency in row[key]
    }
    query = (
        sa.select(Task.code, Assignment.role, Agency.name, Assignment.origin, AgencyGroup.code)
        .join(Task, Task.id == Assignment.task_id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .outerjoin(AgencyGroup, AgencyGroup.id == Assignment.group_id)
    )
    rows = context.execute(query).all()
    assert {(code, role, agency) for code, role, agency, origin, _ in rows if origin == "named"} == gold
    scopes = {
        (row["id"], role): set(row[key])
        for row in gold_tasks()
        for role, key in (("lead", "lead_scope"), ("coordinate", "coordinating_scope"))
    }
    collective = [(code, role, group) for code, role, _, origin, group in rows if origin == "collective"]
    assert all(group in scopes[code, role] for code, role, group in collective)
    addressed = {(code, role) for code, role, _ in collective}
    assert addressed == {key for key, scope in scopes.items() if scope}


def test_deadlines(context: Any) -> None:
    gold: Counter[tuple[Any, ...]] = Counter()
    for row in gold_tasks():
        own, inherited = row["deadline"], row["deadline_inherited"]
        if own["raw"]:
            gold[row["id"], "original", row["clause"], own["raw"], day(own["iso_date"])] += 1
        if inherited:
            gold[row["id"], "inherited", inherited["clause"], inherited["raw"], day(inherited["iso_date"])] += 1
    rows = context.execute(
        sa.select(Task.code, Deadline.kind, Clause.code, Deadline.wording, Deadline.due_on)
        .join(Task, Task.id == Deadline.task_id)
        .join(Clause, Clause.id == Deadline.clause_id)
    )
    assert Counter(tuple(row) for row in rows) == gold


def test_precisions(context: Any) -> None:
    gold = {row["id"]: row["deadline"]["precision"] for row in gold_tasks() if row["deadline"]["raw"]}
    rows = context.execute(
        sa.select(Task.code, Deadline.precision)
        .join(Task, Task.id == Deadline.task_id)
        .where(Deadline.kind == "original")
    )
    # "Kết thúc đợt thi đua" names no period of time but an event: what the gold calls period is relative to the rules.
    assert dict(rows.all()) == {**gold, "CT:IV.1.-3": "relative"}


def test_targets(context: Any) -> None:
    gold = {}
    for document in gold_documents().values():
        for row in document["targets"]:
            numeric = not isinstance(row["value"], bool)
            gold[row["id"]] = (
                row["clause"], row["indicator_key"], row["indicator"], row["raw"], row["group"], row["year"], row["year_note"],
                None if row["scope"] == "none" else row["scope"], row["comparator"] if numeric else None,
                Decimal(row["value"]) if numeric else None, row["unit"], row["value_type"], row["qualifier"],
                row["embedded_in_task"],
            )  # fmt: skip
    rows = context.execute(
        sa.select(
            Target.code, Clause.code, Indicator.code, Target.name, Target.raw, Target.group, Target.year, Target.year_note,
            Target.scope, Target.comparator, Target.value, Target.unit, Target.value_type, Target.qualifier,
            Target.embedded_in_task,
        )
        .join(Clause, Clause.id == Target.clause_id)
        .join(Indicator, Indicator.id == Target.indicator_id)
    )  # fmt: skip
    assert {row[0]: tuple(row[1:]) for row in rows} == gold


def test_indicators(context: Any) -> None:
    gold = [
        (row["key"], row["indicator"], [value["target"] for value in row["values"]])
        for row in read_gold("indicators")["indicators"]
    ]
    found = context.scalars(sa.select(Indicator).order_by(Indicator.position))
    assert [(row.code, row.name, [target.code for target in row.targets]) for row in found] == gold


def test_agencies(context: Any) -> None:
    gold = read_gold("agencies")["agencies"]
    rows = context.execute(
        sa.select(Agency.name, Agency.aliases, Agency.kind, Agency.level, Agency.collective).where(
            Agency.source == "document"
        )
    )
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        row["name"]: (row["aliases"], row["kind"], row["level"], row["collective"]) for row in gold
    }
    mentions = context.execute(
        sa.select(Agency.name, Document.code, AgencyMention.place, Clause.code)
        .join(Agency, Agency.id == AgencyMention.agency_id)
        .join(Document, Document.id == AgencyMention.document_id)
        .outerjoin(Clause, Clause.id == AgencyMention.clause_id)
    )
    outside = {"TIEU_DE", "TEN", "NOI_NHAN", "CHU_KY"}
    assert Counter(tuple(row) for row in mentions) == Counter(
        (row["name"], code, place, None if place in outside else place)
        for row in gold
        for code, places in row["clauses"].items()
        for place in places
    )


def test_systems(context: Any) -> None:
    gold = read_gold("systems")["systems"]
    rows = context.execute(
        sa.select(InformationSystem.name, InformationSystem.aliases, InformationSystem.kind, InformationSystem.url,
                  InformationSystem.note).order_by(InformationSystem.position)
    )  # fmt: skip
    assert [tuple(row) for row in rows] == [
        (row["name"], row["aliases"], row["kind"], row.get("url"), row.get("note")) for row in gold
    ]
    mentions = context.execute(
        sa.select(InformationSystem.name, Document.code, Clause.code)
        .join(SystemMention, SystemMention.system_id == InformationSystem.id)
        .join(Document, Document.id == SystemMention.document_id)
        .join(Clause, Clause.id == SystemMention.clause_id)
    )
    assert Counter(tuple(row) for row in mentions) == Counter(
        (row["name"], code, place) for row in gold for code, places in row["clauses"].items() for place in places
    )
    tasks = context.execute(
        sa.select(InformationSystem.name, Task.code)
        .join(SystemTask, SystemTask.system_id == InformationSystem.id)
        .join(Task, Task.id == SystemTask.task_id)
    )
    assert Counter(tuple(row) for row in tasks) == Counter((row["name"], task) for row in gold for task in row["tasks"])
