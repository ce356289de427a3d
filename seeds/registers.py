"""Writing the registers beside the documents: themes, calendar, systems, indicators and their targets, discrepancies."""

from collections.abc import Iterator

from seeds.agencies import mentions
from seeds.dataset import Dataset
from seeds.rows import Loading, Row, digest
from seeds.source import Record
from tracker.models import (
    CalendarDay,
    Discrepancy,
    DiscrepancyReference,
    Indicator,
    InformationSystem,
    SystemMention,
    SystemTask,
    Target,
    Theme,
)
from tracker.rules.folding import fold

TARGET = (
    "code", "name", "group", "raw", "year", "year_note", "scope", "comparator", "value", "unit", "value_type", "qualifier", "note",
)  # fmt: skip


def save_themes_and_calendar(loading: Loading, dataset: Dataset) -> None:
    """Write the themes and the days off; a day people have set is theirs."""
    themes = [
        {"code": row["code"], "name": row["name"], "position": n} for n, row in enumerate(dataset.themes, start=1)
    ]
    loading.save(Theme, ["code"], themes)
    loading.ids["theme"] = {row["name"]: loading.ids["theme"][row["code"]] for row in dataset.themes}
    loading.save(CalendarDay, ["day"], [dict(row) for row in dataset.days])


def save_systems(loading: Loading, dataset: Dataset) -> None:
    """Write the register of systems and where each is named; a state people have set is theirs."""
    ids = loading.save(InformationSystem, ["code"], [_system(n, row) for n, row in enumerate(dataset.systems, start=1)])
    rows = [row for record in dataset.systems for row in mentions(loading, record, "system_id", ids[record["code"]])]
    loading.replace(SystemMention, "system_id", [ids[record["code"]] for record in dataset.systems], rows)


def save_system_tasks(loading: Loading, dataset: Dataset) -> None:
    """Write which task builds, runs or uses which system."""
    systems, tasks = loading.ids["information_system"], loading.ids["task"]
    rows = [
        {"system_id": systems[record["code"]], "task_id": tasks[task]}
        for record in dataset.systems
        for task in record.get("tasks") or []
    ]
    loading.replace(SystemTask, "system_id", [systems[record["code"]] for record in dataset.systems], rows)


def save_indicators(loading: Loading, dataset: Dataset) -> None:
    """Write the indicators and what each document wants of them."""
    indicators = [_indicator(n, record) for n, record in enumerate(dataset.indicators, start=1)]
    loading.save(Indicator, ["code"], indicators)
    order = {code: n for record in dataset.indicators for n, code in enumerate(record["targets"], start=1)}
    rows = [row for document in dataset.documents for row in _targets(loading, document, order)]
    loading.save(Target, ["code"], rows)


def save_discrepancies(loading: Loading, dataset: Dataset) -> None:
    """Write where the documents disagree, with every side."""
    columns = ("code", "severity", "topic", "subject", "statement", "consequence")
    ids = loading.save(Discrepancy, ["code"], [{c: record.get(c) for c in columns} for record in dataset.discrepancies])
    rows = [
        _side(loading, ids[record["code"]], side)
        for record in dataset.discrepancies
        for side in record.rows("references")
    ]
    loading.replace(
        DiscrepancyReference, "discrepancy_id", [ids[record["code"]] for record in dataset.discrepancies], rows
    )


def _system(position: int, record: Record) -> Row:
    aliases, basis = record.get("aliases") or [], record.get("state_basis")
    own = {key: value for key, value in record.items() if key not in ("mentions", "tasks")}
    return {
        "code": record["code"], "name": record["name"], "aliases": aliases, "kind": record["kind"], "url": record.get("url"),
        "note": record.get("note"), "state": record["state"], "position": position, "seed_hash": digest(own, position),
        "state_basis": f"{basis['clause']}: “{basis['wording']}”" if basis else None, "particulars": {},
        "search_text": fold(" ".join([record["name"], *aliases, record["kind"], record["code"]])),
    }  # fmt: skip


def _indicator(position: int, record: Record) -> Row:
    return {
        "code": record["code"], "name": record["name"], "group": record["group"], "unit": record.get("unit"),
        "note": record.get("note"), "position": position, "seed_hash": digest(record, position),
        "search_text": fold(f"{record['name']} {record['group']}"),
    }  # fmt: skip


def _targets(loading: Loading, document: Record, order: dict[str, int]) -> Iterator[Row]:
    document_id = loading.ids["document"][document["document"]["code"]]
    for target in document.rows("targets"):
        yield {
            **{key: target.get(key) for key in TARGET},
            "indicator_id": loading.ids["indicator"][target["indicator"]], "document_id": document_id,
            "clause_id": loading.ids["clause"][document_id, target["clause"]], "position": order[target["code"]],
            "embedded_in_task": bool(target.get("embedded_in_task")),
        }  # fmt: skip


def _side(loading: Loading, discrepancy_id: int, side: Record) -> Row:
    code = next(side[key] for key in ("document", "clause", "task", "target") if side.get(key))
    document_id = loading.ids["document"][code.partition(":")[0]]
    return {
        "discrepancy_id": discrepancy_id, "document_id": document_id, "wording": side.get("wording"), "indicator_id": None,
        "clause_id": loading.ids["clause"][document_id, code.partition(":")[2]] if side.get("clause") else None,
        "task_id": loading.ids["task"][code] if side.get("task") else None,
        "target_id": loading.ids["target"][code] if side.get("target") else None,
    }  # fmt: skip
