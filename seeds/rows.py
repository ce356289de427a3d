"""Bringing rows in line with the seeds: what is new is added, what changed is updated, what people changed is left alone."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, true, update
from sqlalchemy.orm import Session

Row = dict[str, Any]
WORDS = {
    "document": "văn bản", "clause": "điều khoản", "task": "nhiệm vụ", "target": "giá trị chỉ tiêu", "indicator": "chỉ tiêu",
    "agency": "cơ quan", "information_system": "hệ thống", "assignment": "phần việc", "discrepancy": "chỗ khác nhau",
    "calendar_day": "ngày trong lịch", "deadline": "thời hạn",
}  # fmt: skip


@dataclass
class LoadReport:
    """What a load added and updated, by table, and what it left because people had changed it."""

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.updated or self.removed)

    def __str__(self) -> str:
        said = [f"{verb} {counted}" for verb, counter in self._counters() if (counted := _counted(counter))]
        if not said:
            said = ["cập nhật dữ liệu phụ"] if self.changed else ["dữ liệu đã đủ, không có gì thay đổi"]
        left = f" Giữ nguyên phần người dùng đã sửa: {', '.join(self.kept)}." if self.kept else ""
        return f"Nạp dữ liệu: {'; '.join(said)}.{left}"

    def _counters(self) -> Iterable[tuple[str, Counter[str]]]:
        return (("thêm", self.added), ("cập nhật", self.updated), ("bỏ", self.removed))


def digest(record: Mapping[str, Any], *more: Any) -> str:
    """Return the mark by which a later load sees whether the seed record changed."""
    said = json.dumps([record, *more], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


class Loading:
    """One load: the session, the report, and the id of every code."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.report = LoadReport()
        self.ids: dict[str, dict[Any, int]] = {}
        self.new: dict[str, set[Any]] = {}
        self.changed: dict[str, set[Any]] = {}

    def save(
        self,
        model: Any,
        key: Sequence[str],
        rows: Sequence[Row],
        leave: Callable[[Any], Iterable[str]] = lambda existing: (),
    ) -> dict[Any, int]:
        """Insert or update rows by key and return every key's id (a key of one column stands for itself).

        A row with `seed_hash` is compared by it alone, others column by column. A row marked `edited` is left alone;
        `leave` names further columns to leave of an existing row.
        """
        existing = self._existing(model, key)
        fresh, late = [], []
        for row in rows:
            found = existing.get(_key(row, key))
            if found is None:
                fresh.append(row)
            elif _differs(row, found) and not self._is_kept(model, row, found, key):
                left = set(leave(found))
                late.append({**{k: v for k, v in row.items() if k not in left}, **_primary(model, found)})
                self.changed.setdefault(model.__tablename__, set()).add(_key(row, key))
        self.new.setdefault(model.__tablename__, set()).update(_key(row, key) for row in fresh)
        if fresh:
            self.session.execute(insert(model), fresh)
        if late:
            self.session.execute(update(model), late)
        self.report.added.update({model.__tablename__: len(fresh)} if fresh else {})
        self.report.updated.update({model.__tablename__: len(late)} if late else {})
        if fresh:
            existing = self._existing(model, key)
        known = {code: row.get("id", 0) for code, row in existing.items()}
        self.ids.setdefault(model.__tablename__, {}).update(known)
        return known

    def replace(self, model: Any, parent: str, parents: Iterable[int], rows: Sequence[Row], ours: Any = None) -> None:
        """Make the children of the parents exactly `rows`; parents whose children are so already are not touched.

        `ours` is the condition that a child is the seeds' own; the others came later and stay.
        """
        ours = true() if ours is None else ours
        wanted: dict[int, list[Row]] = {id: [] for id in parents}
        for row in rows:
            wanted[row[parent]].append(row)
        columns = [c for c in model.__table__.columns if c.name != "id"]
        present: dict[int, list[Row]] = {id: [] for id in wanted}
        kept = select(*columns).where(ours).order_by(*model.__table__.primary_key)
        for found in self.session.execute(kept).mappings():
            if found[parent] in present:
                present[found[parent]].append(dict(found))
        wrong = [id for id in wanted if _folded(wanted[id], columns) != _folded(present[id], columns)]
        if not wrong:
            return
        name = model.__tablename__
        stale = model.__table__.c[parent].in_([id for id in wrong if present[id]])
        self.session.execute(delete(model).where(stale, ours))
        fresh = [row for id in wrong for row in wanted[id]]
        if fresh:
            self.session.execute(insert(model), fresh)
        self.report.updated[name] += len(wrong)

    def _existing(self, model: Any, key: Sequence[str]) -> dict[Any, Row]:
        rows = self.session.execute(select(model.__table__)).mappings()
        return {_key(row, key): dict(row) for row in rows}

    def _is_kept(self, model: Any, row: Row, found: Row, key: Sequence[str]) -> bool:
        if found.get("edited"):
            self.report.kept.append(f"{WORDS.get(model.__tablename__, model.__tablename__)} {_key(row, key)}")
            return True
        return False


def _key(row: Mapping[Any, Any], key: Sequence[str]) -> Any:
    return row[key[0]] if len(key) == 1 else tuple(row[name] for name in key)


def _primary(model: Any, found: Row) -> Row:
    return {column.name: found[column.name] for column in model.__table__.primary_key}


def _differs(row: Row, found: Row) -> bool:
    if "seed_hash" in row:
        return bool(row["seed_hash"] != found["seed_hash"])
    return any(found[name] != value for name, value in row.items())


def _folded(rows: Sequence[Row], columns: Sequence[Any]) -> list[str]:
    return sorted(json.dumps([row.get(c.name) for c in columns], default=str, ensure_ascii=False) for row in rows)


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{counter[table]} {word}" for table, word in WORDS.items() if counter[table])
