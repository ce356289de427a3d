"""Every verb that is written into the log has words of its own: for the history of a task, or for administrators."""

import ast
from collections.abc import Iterator

from tests.architecture.code import said, sources
from tracker.views.admin_events import VERB
from tracker.words.events import SENTENCES


def verbs_logged() -> Iterator[tuple[str, str]]:
    """Yield (verb, where) of every call of log() that names its verb."""
    for source in sources("tracker/actions"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log" and len(node.args) > 2:
                for part in ast.walk(node.args[2]):
                    whole = isinstance(part, ast.Constant) and not isinstance(node.args[2], ast.JoinedStr)
                    if whole and isinstance(part.value, str):
                        yield part.value, f"{source.path}:{node.lineno}"


def test_every_verb_has_words() -> None:
    verbs = dict(verbs_logged())
    assert len(verbs) > 20, "the search finds nothing any more"
    known = {*SENTENCES, *VERB}
    wrong = [f"{where} logs {verb!r}" for verb, where in verbs.items() if verb not in known]
    cure = "Write its sentence in tracker/words/events.py, or for administration in VERB of views/admin_events.py."
    assert not wrong, said(wrong, cure)
