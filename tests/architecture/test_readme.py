"""What the README and the guides say is so: variables, commands, files, pictures, and the words on the buttons."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.architecture.code import ROOT, files, said
from tracker.config import VARIABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")
DRAWN = "docs/vong-doi.md"  # written by flask lifecycle
PAGES = ("README.md", *(path for path in files("docs") if path.endswith(".md") and path != DRAWN))
GUIDES = PAGES[1:]
BYTES = 200_000


def _section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.M | re.S)
    assert found, f"README.md has no section “{title}”"
    return found[1]


def _variables() -> dict[str, str]:
    """Return the default of every variable in the table; an empty one is written as an empty cell."""
    rows = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", _section("Configuration"), re.M)
    names = [name for name, _default, _meaning in rows]
    assert len(names) == len(set(names)), "A variable stands in the table twice."
    return {name: default for name, default, _meaning in rows}


def test_every_variable_is_in_the_table() -> None:
    assert _variables() == {variable.name: variable.default for variable in VARIABLES}


def _mentioned(pattern: str) -> set[str]:
    return {name for path in PAGES for name in re.findall(pattern, (ROOT / path).read_text(encoding="utf-8"))}


@pytest.mark.unseeded
def test_every_command_exists(app: Flask) -> None:
    named = _mentioned(r"`flask ([a-z-]+)")
    assert {"stats", "remind", "check", "seed", "worker", "start", "prepare"} <= named
    assert named <= set(app.cli.commands) | {"run"}, sorted(named - set(app.cli.commands))


def test_every_target_exists() -> None:
    named = _mentioned(r"(?:^|`|[A-Z_]+=\S+ )make ([a-z-]+)")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"run", "demo", "test"} <= named <= targets, sorted(named - targets)


def test_every_file_named_is_there() -> None:
    named = _mentioned(r"`((?:tracker|seeds|templates|static|migrations|translations|tests|docs)/[\w./-]*)`")
    assert len(named) > 20
    wrong = sorted(name for name in named if not (ROOT / name).exists())
    assert not wrong, said(wrong, "README.md or a guide names what is not there:")


def test_every_link_leads_somewhere() -> None:
    wrong = []
    for path in PAGES:
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / path).read_text(encoding="utf-8"))
        assert links, f"{path} shows no picture and no other page"
        wrong += [f"{path}: {link}" for link in links if not (ROOT / Path(path).parent / link).exists()]
    assert not wrong, said(wrong, "A link or a picture leads nowhere:")


def test_pictures_are_light_and_used() -> None:
    shown = {Path(name).name for name in _mentioned(r"\]\(([^)]+\.png)\)")}
    present = {Path(path).name: (ROOT / path).stat().st_size for path in files("docs/images")}
    assert set(present) == shown
    assert {name: size for name, size in present.items() if size > BYTES} == {}


def test_guides_say_what_the_buttons_say() -> None:
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in files("templates", "tracker/**.py", "tracker/*.py")]
    literals = {match for text in texts for match in re.findall(r"""["']((?:(?!["']).){2,})["']""", text)}
    wrong = []
    for path in GUIDES:
        labels = re.findall(r"\*\*([^*\n]+)\*\*", (ROOT / path).read_text(encoding="utf-8"))
        assert labels, f"{path} names no button"
        wrong += [f"{path}: {label}" for label in dict.fromkeys(labels) if label not in literals]
    assert not wrong, said(wrong, "Words in bold are words on the screen; these are on none:")
