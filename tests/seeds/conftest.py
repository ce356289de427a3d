"""A copy of the seeds that a test may spoil, and the curated truth where it is at hand."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from seeds import FOLDER

GOLD = FOLDER.parent.parent / "shared" / "gold"
TEXTS = FOLDER.parent.parent / "shared" / "seeds"
FILES = {
    "CT": "chi-thi-thi-dua", "KH2023": "ke-hoach-2023", "NQ05": "nghi-quyet-05", "TB01": "thong-bao-01-bcd",
    "TB1802": "thong-bao-2022-02-18",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of seeds/ to change."""
    copy = tmp_path / "seeds"
    for part in ("data", "documents"):
        shutil.copytree(FOLDER / part, copy / part)
    return copy


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str, str], int]:
    """spoil("groups.yaml", old, new): change the first occurrence of a text in a file of seeds/data; gives its last line."""

    def change(file: str, old: str, new: str) -> int:
        path = folder / "data" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer says {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1 + new.strip("\n").count("\n")

    return change


def read_gold(name: str) -> dict[str, Any]:
    """Return a file of the gold data set; skip the test where the set is not beside the repository."""
    path = GOLD / f"{name}.yaml"
    if not path.exists():
        pytest.skip("the gold data set (../shared/gold) is not here to compare with")
    found: dict[str, Any] = yaml.load(
        path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return found


def gold_documents() -> dict[str, dict[str, Any]]:
    """Return the gold documents by code; skips as read_gold does."""
    return {code: read_gold(name) for code, name in FILES.items()}
