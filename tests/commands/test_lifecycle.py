"""`flask lifecycle`: the drawing in docs/ is the one the code makes."""

from pathlib import Path

import pytest
from flask import Flask

from tests.architecture.code import ROOT
from tracker.rules.transitions import TRANSITIONS


@pytest.mark.unseeded
def test_the_drawing_in_the_docs_is_of_this_code(app: Flask) -> None:
    drawn = app.test_cli_runner().invoke(args=["lifecycle"])
    assert drawn.exit_code == 0
    kept = Path(ROOT, "docs/vong-doi.md").read_text(encoding="utf-8")
    assert kept == drawn.output, "Type: flask lifecycle > docs/vong-doi.md"
    assert drawn.output.count(" | ") >= 3 * len(TRANSITIONS)
