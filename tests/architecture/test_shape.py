"""Sizes, names and docstrings: a file is read in one sitting, a function in one look."""

import ast

from tests.architecture.code import ROOT, files, said, sources

FUNCTION_LINES = 40
FILE_LINES = 300
TEMPLATE_LINES = 120
VERBS_THAT_SAY_NOTHING = {"handle", "process", "manage", "do"}
SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "process",
    "handle",
    "data",
    "common",
    "misc",
    "base_utils",
}
DOCUMENTED = {"rules", "reading", "queries", "actions", "messages", "exports"}


def test_functions_fit_on_a_screen() -> None:
    wrong = [
        f"{source.path}:{function.lineno} {function.name}() has {(function.end_lineno or 0) - function.lineno + 1} lines"
        for source in sources("tracker", "seeds", "tests")
        for function in source.functions()
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]
    assert not wrong, said(wrong, f"A function has {FUNCTION_LINES} lines at most: give its steps names of their own.")


def test_files_fit_in_the_head() -> None:
    lines = {source.path: len(source.text.splitlines()) for source in sources()}
    wrong = [f"{path} has {count} lines" for path, count in lines.items() if count > FILE_LINES]
    assert not wrong, said(wrong, f"A file has {FILE_LINES} lines at most: divide it by noun.")


def test_templates_fit_in_the_head() -> None:
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in files("templates")}
    assert lines, "no template found"
    wrong = [f"{path} has {count} lines" for path, count in lines.items() if count > TEMPLATE_LINES]
    assert not wrong, said(
        wrong, f"A template has {TEMPLATE_LINES} lines at most: move a part into _macros/ or an include."
    )


def test_names_say_something() -> None:
    wrong = [source.path for source in sources() if SAYS_NOTHING & set(source.path.removesuffix(".py").split("/"))]
    wrong += [
        f"{source.path}:{function.lineno} {function.name}()"
        for source in sources()
        for function in source.tree.body
        if isinstance(function, ast.FunctionDef) and function.name.lstrip("_").split("_")[0] in VERBS_THAT_SAY_NOTHING
    ]
    assert not wrong, said(wrong, "A name says what is done to what: confirm, return_for_rework, overdue_on(day).")


def test_public_functions_are_described() -> None:
    wrong = [
        f"{source.path}:{node.lineno} {node.name}()"
        for source in sources()
        if source.layer in DOCUMENTED
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not wrong, said(
        wrong, "Say in a docstring what it returns, in which units, what it raises, and the legal source."
    )
