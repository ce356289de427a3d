"""The repository as the house rules see it: files by layer, their syntax trees, what they import."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("tracker", "seeds")


@dataclass(frozen=True)
class Source:
    path: str  # tracker/views/task.py
    text: str
    tree: ast.Module

    @property
    def layer(self) -> str:
        """The layer's name: views for tracker/views/task.py, clock for tracker/clock.py, seeds for seeds/loader.py."""
        parts = self.path.removesuffix(".py").split("/")
        if parts[0] != "tracker":
            return parts[0]
        return "tracker" if parts[1] == "__init__" else parts[1]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def files(*patterns: str) -> tuple[str, ...]:
    """Return the repository's files, written or about to be, that match the patterns; never what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(sorted(name for name in set(listed.stdout.splitlines()) if (ROOT / name).is_file()))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    found = []
    for name in files(*(f"{folder}/**.py" for folder in folders or OURS), *(() if folders else ("wsgi.py",))):
        text = (ROOT / name).read_text(encoding="utf-8")
        found.append(Source(name, text, ast.parse(text)))
    assert found, f"no Python file under {folders or OURS}"
    return tuple(found)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every imported module (with the name taken from it, as a.b.c) and its line, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: write imports in full (from tracker.queries import …)"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def dotted(node: ast.AST) -> str:
    """Return a.b.c for an attribute chain, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f"?.{node.attr}"
    return ""


def said(wrong: list[str], cure: str) -> str:
    return "\n".join([cure, *wrong])
