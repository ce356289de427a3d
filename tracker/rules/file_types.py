"""Which files are taken as evidence: told by their content, never by their name or by what a browser says of them."""

import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedIOBase
from pathlib import PurePosixPath
from typing import IO

import puremagic

from tracker.rules.plain_text import plain

LONGEST_NAME = 120
HEAD = 8192  # bytes that tell the kind of a file
LONGEST_LISTING = 1024 * 1024  # bytes of the table of contents of a Word or Excel file; real ones have a few thousand


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken; `endings` are the ones its name may have, the first is given to a name without one."""

    code: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = FileType("docx", f"{_OFFICE}.wordprocessingml.document", (".docx",))
XLSX = FileType("xlsx", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
PDF = FileType("pdf", "application/pdf", (".pdf",))
PNG = FileType("png", "image/png", (".png",))
JPEG = FileType("jpeg", "image/jpeg", (".jpg", ".jpeg", ".jfif", ".jpe"))
TYPES = {kind.code: kind for kind in (DOCX, XLSX, PDF, PNG, JPEG)}


class Wrong(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    MACROS = "macros"  # a program inside a document
    OLD_OFFICE = "old_office"  # .doc, .xls, and also what Word and Excel make of a file with a password
    UNKNOWN = "unknown"
    BROKEN = "broken"  # begins as a Word or Excel file and cannot be read as one


def recognised(file: IO[bytes]) -> FileType | Wrong:
    """Return the type of the content, or why it is not taken. Of an archive only the names inside are read, and few of them."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        return Wrong.EMPTY
    endings = _endings(head)
    for kind in (PDF, PNG, JPEG):
        if kind.endings[0] in endings:
            return kind
    if ".docx" in endings:
        return _office(file)
    return Wrong.OLD_OFFICE if ".doc" in endings else Wrong.UNKNOWN


def _endings(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


class _Frugal(BufferedIOBase):
    """A file of which nobody reads more at once than a listing may be long: an archive may claim to hold millions of names."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        whole = size is None or size < 0
        content = self._file.read(LONGEST_LISTING + 1 if whole else min(size or 0, LONGEST_LISTING + 1))
        if len(content) > LONGEST_LISTING:
            raise zipfile.BadZipFile("a listing longer than any document has")
        return content


def _office(file: IO[bytes]) -> FileType | Wrong:
    try:
        with zipfile.ZipFile(_Frugal(file)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, EOFError):
        return Wrong.BROKEN
    if any(PurePosixPath(name).name in {"vbaproject.bin", "vbadata.xml"} for name in names):
        return Wrong.MACROS
    if "[content_types].xml" not in names:
        return Wrong.UNKNOWN
    # Word on the web calls its text document2.xml at times.
    if any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        return DOCX
    return XLSX if "xl/workbook.xml" in names else Wrong.UNKNOWN


def safe_name(text: str) -> str:
    """Return the name as the person's computer called the file, without folders or anything invisible; "" when nothing is left."""
    name = plain(text).replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join(
        "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in name).split()
    ).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
    return name[:LONGEST_NAME].rstrip()


def name_of(text: str, kind: FileType) -> str | None:
    """Return the safe name of a file of that kind, its ending added when it has none; None when the name says another kind.

    An ending nobody knows ("Kế hoạch.signed") is part of the name, and gets ours behind it.
    """
    name = safe_name(text) or kind.code
    ending = PurePosixPath(name).suffix.lower()
    if ending in kind.endings:
        return name
    claimed = {known for other in TYPES.values() for known in other.endings} | _OTHERS
    if ending in claimed:
        return None
    return safe_name(f"{name[: LONGEST_NAME - len(kind.endings[0])]}{kind.endings[0]}")


# Endings that promise a kind of file people know, or one that a computer would run.
_OTHERS = frozenset(
    f".{ending}"
    for line in (
        "doc docm dotm dotx xls xlsm xltm xlsb ppt pptx pptm odt ods rtf txt csv htm html svg xml zip rar 7z gif webp tif tiff",
        "bmp heic exe msi bat cmd com scr js vbs ps1 jar lnk hta mp4 mp3",
    )
    for ending in line.split()
)
