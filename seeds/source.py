"""A YAML file as plain data that remembers its lines, so that every complaint can say where."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tracker.errors import TrackerError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SeedError(TrackerError):
    """The seeds cannot be loaded: which file, which line, why. Nothing has been written when it is raised."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, dòng {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class Record(dict[str, Any]):
    """A mapping of a YAML file that knows where it and each of its keys stand."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}

    def wrong(self, reason: str, key: str | None = None) -> SeedError:
        """Return the error that blames this record, or the line of one of its keys."""
        return SeedError(self.file, self.lines.get(key or "", self.line), reason)

    def rows(self, key: str) -> "list[Record]":
        """Return the records under a key; an absent or empty key has none."""
        return self.get(key) or []


def read_yaml(folder: Path, path: Path) -> Record:
    """Return the mapping a file holds. Raises SeedError for a file that is missing, not UTF-8, not YAML or no mapping."""
    name = f"{folder.name}/{path.relative_to(folder)}"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SeedError(name, 1, f"không đọc được tệp ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SeedError(name, 1, "tệp không phải UTF-8.") from error
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        found = _build(loader, node, name) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SeedError(name, line, f"không phải YAML đúng ({error.problem}).") from error
    finally:
        loader.dispose()
    if not isinstance(found, Record):
        raise SeedError(name, 1, "tệp phải là các cặp “tên: giá trị”.")
    return found


def _build(loader: Any, node: yaml.Node, file: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _record(loader, node, file)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, file) for item in node.value]
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise SeedError(file, node.start_mark.line + 1, f"giá trị “{node.value}” không đọc được ({error}).") from error


def _record(loader: Any, node: yaml.MappingNode, file: str) -> Record:
    record = Record(file, node.start_mark.line + 1)
    for key, line, value in _pairs(node):
        if key in record:
            raise SeedError(file, line, f"“{key}” được ghi hai lần.")
        record.lines[key] = line
        record[key] = _build(loader, value, file)
    return record


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, int, yaml.Node]]:
    for key, value in node.value:
        yield str(key.value), key.start_mark.line + 1, value
