"""Imports point down, and the sharp tools stay in the one room that may hold them."""

import ast

import pytest

from tests.architecture.code import dotted, imported, said, sources

# A layer may import the layers above it in this list, and itself; layers of one row never import each other.
ROWS = (
    ("rules", "errors", "clock"),
    ("reading", "config"),
    ("words",),
    ("models",),
    ("extensions",),
    ("database", "language"),
    ("permissions",),
    ("queries",),
    ("exports",),
    ("messages",),
    ("actions",),
    ("seeds",),
    ("rehearsal",),
    ("forms",),
    ("views", "api", "jobs"),
    ("commands",),
    ("cli",),
    ("tracker",),
    ("wsgi",),
)
RANK = {layer: rank for rank, row in enumerate(ROWS) for layer in row}


def _layer(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] != "tracker":
        return parts[0] if parts[0] in {"seeds", "wsgi"} else None
    return parts[1] if len(parts) > 1 and parts[1] in RANK else "tracker"


def test_imports_point_down() -> None:
    wrong = []
    for source in sources():
        assert source.layer in RANK, f"{source.path}: a new layer; give it a row in tests/architecture/test_layers.py"
        for module, line in imported(source.tree):
            target = _layer(module)
            if target is None or target == source.layer:
                continue
            if RANK[target] >= RANK[source.layer]:
                wrong.append(f"{source.path}:{line} imports {module}: {source.layer} may not know {target}")
    assert not wrong, said(wrong, "Imports point down only: move what both need into a lower layer, or pass it in.")


def test_rules_and_reading_are_pure() -> None:
    allowed = ("tracker.rules", "tracker.reading")
    wrong = []
    for source in sources("tracker/rules", *(["tracker/reading"] if _has("reading") else [])):
        for module, line in imported(source.tree):
            impure = module.split(".")[0] in {"flask", "sqlalchemy", "flask_babel", "flask_login", "flask_sqlalchemy"}
            if impure or (module.startswith("tracker.") and not module.startswith(allowed)):
                wrong.append(f"{source.path}:{line} imports {module}")
    assert not wrong, said(wrong, "The law is pure: no database, no Flask. Pass the facts in as arguments.")


def _has(layer: str) -> bool:
    return any(source.layer == layer for source in sources())


CONFINED = {
    "smtplib": "tracker/messages/email.py",
    "apscheduler": "tracker/jobs/scheduler.py",
}


@pytest.mark.parametrize(("module", "home"), CONFINED.items())
def test_module_stays_home(module: str, home: str) -> None:
    wrong = [
        f"{source.path}:{line}"
        for source in sources()
        for name, line in imported(source.tree)
        if name.split(".")[0] == module and source.path != home
    ]
    assert not wrong, said(wrong, f"{module} belongs to {home}: call what that file offers.")


def test_request_and_current_user_stay_in_views() -> None:
    wrong = [
        f"{source.path}:{line} imports {name}"
        for source in sources()
        if source.layer not in {"views", "api"}
        for name, line in imported(source.tree)
        if name in {"flask.request", "flask_login.current_user", "flask.g"}
    ]
    assert not wrong, said(wrong, "Only views know the request and who is signed in: pass the value or the person in.")


def test_only_the_entry_commits() -> None:
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        if source.layer not in {"views", "api", "jobs", "commands", "cli"}
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not wrong, said(
        wrong, "The entry commits (view, job or command): remove commit() here, flush() if an id is needed."
    )


def _uses(name: str) -> list[tuple[str, int]]:
    return [
        (source.path, node.lineno)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and dotted(node) == name
    ]


@pytest.mark.parametrize(
    "name",
    ["datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
     "time.time", "func.now", "func.current_date", "func.current_timestamp", "sa.func.now"],
)  # fmt: skip
def test_only_the_clock_tells_the_time(name: str) -> None:
    wrong = [f"{path}:{line}" for path, line in _uses(name) if path != "tracker/clock.py"]
    assert not wrong, said(wrong, f"{name}: call clock.now() or clock.today(), or take the day as an argument.")


@pytest.mark.parametrize("name", ["os.environ", "os.getenv"])
def test_only_config_reads_the_environment(name: str) -> None:
    wrong = [f"{path}:{line}" for path, line in _uses(name) if path != "tracker/config.py"]
    assert not wrong, said(wrong, f"{name}: add the variable to tracker/config.py and read app.config.")


def test_imports_stand_at_the_top() -> None:
    wrong = []
    for source in sources():
        for function in source.functions():
            wrong += [
                f"{source.path}:{line} imports {name} inside {function.name}()" for name, line in imported(function)
            ]
    assert not wrong, said(
        wrong, "Imports stand at the top of the file; a circle means that something is in the wrong layer."
    )
