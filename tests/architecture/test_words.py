"""What users read is Vietnamese through gettext, and the repository speaks of nothing but the product."""

import ast
import re

from babel.messages.pofile import read_po
from jinja2 import Environment

from tests.architecture.code import ROOT, Source, files, said, sources

VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯà-ãè-êìíò-õùúýÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝạ-ỹẠ-Ỹĩũ]")
NAMES = re.compile("Ba Rõ|Tiếng Việt")  # the product and the language are called so in every language
SAID_BY = {"_", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext", "_l"}
SPOKEN = {"views", "api", "forms", "messages", "actions", "words"}
NOT_OURS = ("static/vendor/", "static/fonts/", "seeds/documents/")
# Joined here so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "/wo" + "rk/", "/ro" + "ot/", r"\.lib" + "rary", "index" + "-url[ =]+http"])
)


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in files():
        if path.startswith(NOT_OURS) or not (ROOT / path).is_file():
            continue
        try:
            found.append((path, (ROOT / path).read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_repository_speaks_of_the_product_only() -> None:
    wrong = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert not wrong, said(
        wrong, "No path of one machine, no package host, no note to oneself: finish it or write an issue."
    )


def test_templates_speak_through_gettext() -> None:
    wrong = []
    for path in files("templates"):
        lexed = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(
            (ROOT / path).read_text(encoding="utf-8")
        )
        inside, previous = False, ""
        for line, kind, value in lexed:
            if kind == "name" and previous == "block_begin":
                inside = {"trans": True, "endtrans": False}.get(value, inside)
            if kind == "data" and not inside and VIETNAMESE.search(NAMES.sub("", value)):
                wrong.append(f"{path}:{line}: {value.strip()[:80]}")
            if kind != "whitespace":
                previous = kind
    assert not wrong, said(wrong, "Every sentence goes through _() or {% trans %}, so that English readers get theirs.")


def _unspoken(source: Source) -> list[str]:
    allowed: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAID_BY:
                allowed |= {id(part) for argument in node.args for part in ast.walk(argument)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            allowed.add(id(node.value))  # a docstring
    return [
        f"{source.path}:{node.lineno}: {node.value[:80]}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and "[" not in node.value  # a pattern, not a sentence
        and VIETNAMESE.search(node.value) and id(node) not in allowed
    ]  # fmt: skip


def test_code_speaks_through_gettext() -> None:
    wrong = [line for source in sources() if source.layer in SPOKEN for line in _unspoken(source)]
    assert not wrong, said(
        wrong, "Every sentence goes through gettext or lazy_gettext, so that English readers get theirs."
    )


def test_english_catalogue_is_complete() -> None:
    path = ROOT / "translations/en/LC_MESSAGES/messages.po"
    assert path.exists(), "Type: make translations"
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert len(catalogue), f"{path.name} is empty"
    wrong = [str(m.id) for m in catalogue if m.id and (m.fuzzy or not (all(m.string) if m.pluralizable else m.string))]
    assert not wrong, said(wrong, "Translate these in translations/en/LC_MESSAGES/messages.po.")
