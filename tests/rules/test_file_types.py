"""What a file is, told by its content; what it is called, made safe."""

import struct
import unicodedata
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import evidence
from tracker.rules.file_types import (
    DOCX,
    JPEG,
    LONGEST_NAME,
    PDF,
    PNG,
    TYPES,
    XLSX,
    FileType,
    Wrong,
    name_of,
    recognised,
    safe_name,
)


def seen(content: bytes) -> FileType | Wrong:
    return recognised(BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (evidence.PDF, PDF), (evidence.PNG, PNG), (evidence.JPEG, JPEG), (evidence.DOCX, DOCX), (evidence.XLSX, XLSX),
        (evidence.archive("[Content_Types].xml", "word/document2.xml"), DOCX),
        (b"", Wrong.EMPTY), (evidence.DOCM, Wrong.MACROS), (evidence.OLE, Wrong.OLD_OFFICE),
        (evidence.archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), Wrong.MACROS),
        (evidence.archive("ke-hoach.pdf"), Wrong.UNKNOWN), (evidence.archive("word/document.xml"), Wrong.UNKNOWN),
        (evidence.archive("[Content_Types].xml", "ppt/presentation.xml"), Wrong.UNKNOWN),
        (evidence.archive("[Content_Types].xml", "xl/workbook.bin"), Wrong.UNKNOWN),
        (b"MZ" + b"\x00" * 200, Wrong.UNKNOWN), (b"<html><script>alert(1)</script>", Wrong.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Wrong.UNKNOWN), (b"hello", Wrong.UNKNOWN),
        (evidence.DOCX[:-30], Wrong.BROKEN), (evidence.DOCX[:40], Wrong.BROKEN),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),  # an archive holds the time it was made
)  # fmt: skip
def test_content_decides(content: bytes, kind: FileType | Wrong) -> None:
    assert seen(content) is kind


def test_an_archive_that_claims_a_listing_without_end_is_not_read() -> None:
    """A table of contents of many megabytes would be taken into memory whole before a single name is known."""
    bomb = evidence.archive(
        "[Content_Types].xml", "word/document.xml", *(f"word/{n:05}{'x' * 300}" for n in range(6000))
    )
    assert len(bomb) > 2 * 1024 * 1024
    assert seen(bomb) is Wrong.BROKEN
    lying = bytearray(evidence.DOCX)
    end = lying.rfind(b"PK\x05\x06")
    lying[end + 12 : end + 16] = struct.pack("<L", 0xFFFFFFF0)  # the size of the listing
    assert seen(bytes(lying)) is Wrong.BROKEN


@given(st.binary(max_size=2000))
def test_no_content_breaks_it(content: bytes) -> None:
    assert isinstance(seen(content), FileType | Wrong)


@given(st.binary(max_size=400))
def test_no_archive_breaks_it(tail: bytes) -> None:
    assert isinstance(seen(evidence.DOCX[:60] + tail), FileType | Wrong)


@given(st.text(max_size=400))
def test_a_safe_name_is_one_line_without_a_path_and_short(text: str) -> None:
    name = safe_name(text)
    assert len(name) <= LONGEST_NAME
    assert not set("/\\\n\r\x00") & set(name)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in name)
    assert name == unicodedata.normalize("NFC", name)
    assert name_of(text, PDF) is None or str(name_of(text, PDF)).lower().endswith(".pdf")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C:\\Users\\an\\Kế hoạch.docx", "Kế hoạch.docx"), ("../../etc/passwd", "passwd"), ("a\u202efdp.exe", "afdp.exe"),
        (unicodedata.normalize("NFD", "Báo cáo.pdf"), "Báo cáo.pdf"), ("..", ""), (" x\r\ny.pdf ", "x y.pdf"),
        ("d" * 300 + ".pdf", "d" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_safe_names(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("a.PDF", PDF, "a.PDF"), ("a.jpeg", JPEG, "a.jpeg"), ("a", PNG, "a.png"), ("", XLSX, "xlsx.xlsx"),
        ("Kế hoạch 12.2022", DOCX, "Kế hoạch 12.2022.docx"), ("a.pdf", PNG, None), ("a.exe", PDF, None),
        ("a.docm", DOCX, None), ("a.html", PDF, None), ("d" * 119 + "ă", PDF, "d" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_the_name_must_not_promise_something_else(text: str, kind: FileType, name: str | None) -> None:
    assert name_of(text, kind) == name


def test_every_type_has_its_name() -> None:
    assert {kind.code: kind for kind in TYPES.values()} == TYPES
    assert all(ending.startswith(".") for kind in TYPES.values() for ending in kind.endings)
