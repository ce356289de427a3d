"""Writing what each clause orders: the tasks, their themes and named parts."""

from collections.abc import Iterator
from typing import Any

from seeds.dataset import Dataset
from seeds.rows import Loading, Row, digest
from seeds.source import Record
from tracker.models import Task, TaskItem, TaskTheme
from tracker.rules.clarity import has_clear_work
from tracker.rules.folding import fold

SAME_NAME = (
    "code", "short_title", "kind", "deliverable", "urgency", "lead_wording", "lead_clause", "lead_role", "coordinating_wording",
    "note",
)  # fmt: skip
FOLLOWS = ("has_lead", "has_time", "lead_label", "coordinating_label")
"""What follows from assignments and deadlines: set for a new task, recomputed for a changed one."""


def save_tasks(loading: Loading, dataset: Dataset) -> None:
    """Write the tasks with their themes and parts; a deliverable or a part people have set is theirs."""
    members = {group["code"]: group.get("members") for group in dataset.groups}
    records = [(document, task) for document in dataset.documents for task in document.rows("tasks")]
    rows = [_task(loading, document, n, task, members) for n, (document, task) in enumerate(records, start=1)]
    ids = loading.save(Task, ["code"], rows, leave=_left_to_people)
    themes = [
        {"task_id": ids[task["code"]], "theme_id": loading.ids["theme"][name]}
        for _, task in records
        for name in task["themes"]
    ]
    loading.replace(TaskTheme, "task_id", [ids[task["code"]] for _, task in records], themes)
    loading.save(TaskItem, ["task_id", "position"], [item for _, task in records for item in _items(loading, task)])


def _task(loading: Loading, document: Record, position: int, task: Record, members: dict[str, Any]) -> Row:
    document_id = loading.ids["document"][document["document"]["code"]]
    text = next(clause["text"] for clause in document.rows("clauses") if clause["code"] == task["clause"])
    excerpt = task.get("excerpt") or text
    scopes = [*(task.get("lead_scope") or []), *(task.get("coordinating_scope") or [])]
    words = (task["code"], task["short_title"], excerpt, text, task.get("lead_wording"), task.get("deliverable"))
    return {
        **{key: task.get(key) for key in SAME_NAME},
        "document_id": document_id, "clause_id": loading.ids["clause"][document_id, task["clause"]], "position": position,
        "excerpt": excerpt, "lead_scope": task.get("lead_scope") or [], "mentions": task.get("mentions") or [],
        "coordinating_scope": task.get("coordinating_scope") or [], "lead_label": None, "coordinating_label": None,
        "has_lead": bool(task.get("lead") or task.get("lead_scope")), "has_time": False,
        "has_work": has_clear_work(task.get("deliverable"), task["kind"]),
        "search_text": fold(" ".join(word for word in words if word)),
        "seed_hash": digest(task, text, position, [members[code] for code in scopes]),
    }  # fmt: skip


def _left_to_people(existing: Row) -> tuple[str, ...]:
    return (*FOLLOWS, "deliverable", "has_work") if existing["deliverable_basis_kind"] else FOLLOWS


def _items(loading: Loading, task: Record) -> Iterator[Row]:
    for position, item in enumerate(task.rows("items"), start=1):
        system = item.get("system")
        yield {
            "task_id": loading.ids["task"][task["code"]], "position": position, "title": item["title"],
            "system_id": loading.ids["information_system"][system] if system else None,
        }  # fmt: skip
