"""The hand-read documents, where they lie beside the repository: every wording gives the date a person read."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.strategies import MAY_2022
from tracker.rules.deadlines import read_deadline

BESIDE = Path(__file__).resolve().parents[2].parent / "shared"
WITHOUT = f"no hand-read documents in {BESIDE.name}/ beside the repository"


def documents(folder: str) -> list[dict[str, Any]]:
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BESIDE / folder).glob("*.yaml"))]
    found = [document for document in read if isinstance(document, dict) and document.get("tasks")]
    if not found:
        pytest.skip(WITHOUT)
    return found


def test_the_five_documents() -> None:
    wrong = []
    seen = 0
    for document in documents("gold"):
        for task in document["tasks"]:
            for field in ("deadline", "deadline_inherited"):
                gold = task.get(field) or {}
                if not gold.get("raw"):
                    continue
                seen += 1
                reading = read_deadline(gold["raw"], MAY_2022)
                expected = gold["iso_date"] and date.fromisoformat(gold["iso_date"])
                # "Kết thúc đợt thi đua" is filed under period there; an event without a date is relative here.
                precision = {None: reading.precision, "period": "relative"}.get(
                    gold.get("precision"), gold.get("precision")
                )
                if (reading.due_on, reading.precision) != (expected, precision):
                    wrong.append((task["id"], gold["raw"], reading))
    assert wrong == []
    assert seen == 35


def test_other_provinces() -> None:
    wrong = []
    seen = 0
    for document in documents("devset/gold"):
        for task in document["tasks"]:
            if not task.get("deadline_raw"):
                continue
            seen += 1
            reading = read_deadline(task["deadline_raw"], MAY_2022)
            expected = task["deadline_iso"] and date.fromisoformat(str(task["deadline_iso"]))
            if (reading.due_on, bool(reading.recurrence)) != (expected, bool(task.get("recurrence"))):
                wrong.append((task["deadline_raw"], reading))
    assert wrong == []
    assert seen == 65
