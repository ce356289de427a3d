"""Files as people hand them in: small, real enough to be told by their content."""

import zipfile
from io import BytesIO

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600  # .doc, .xls, and anything with a password


def archive(*names: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
DOCM = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")


def file(content: bytes, name: str) -> tuple[BytesIO, str]:
    """Return what a test client sends as one file."""
    return BytesIO(content), name
