"""The strict Content-Security-Policy holds in the source of every page."""

import re

from tests.architecture.code import ROOT, files, said

# A mail has no style sheet: mail readers know only style attributes.
MAIL = "templates/mail/"
BROKEN = {
    r"\sstyle\s*=": "a style attribute: use a class of static/css/",
    r"<style\b": "a style element: move it to static/css/",
    r"<script\b(?![^>]*\bsrc=)": "an inline script: move it to static/js/",
    r"\son[a-z]+\s*=\s*[\"']": "an event attribute: listen in static/js/",
    r"javascript:": "a javascript: address: use a link or a form",
    r"(?:src|href)\s*=\s*[\"'](?:https?:)?//": "an address of another host: vendor the file under static/",
    r"\|\s*safe\b": "the safe filter: let Jinja escape",
    r"autoescape\s+false": "autoescape off: text from documents is never trusted",
}  # fmt: skip


def test_no_page_breaks_the_policy() -> None:
    wrong = []
    for path in files("templates"):
        if not path.endswith(".html") or path.startswith(MAIL):
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
            wrong += [f"{path}:{number}: {cure}" for pattern, cure in BROKEN.items() if re.search(pattern, line, re.I)]
    assert not wrong, said(wrong, "The pages are served under a strict Content-Security-Policy:")


def test_mails_come_in_triples() -> None:
    folders = {path.rsplit("/", 1)[0] for path in files("templates/mail") if path.count("/") == 3 and "/_" not in path}
    wrong = [
        f"{folder}/{name} is missing"
        for folder in sorted(folders)
        for name in ("subject.txt", "body.txt", "body.html")
        if not (ROOT / folder / name).exists()
    ]
    assert not wrong, said(wrong, "A message is a folder of three templates:")
