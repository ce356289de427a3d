"""What mail servers return (RFC 3464): which letter, which address, why. Nothing in it is believed before it is checked."""

import base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Letter
from email.utils import parsedate_to_datetime

from tracker.rules.plain_text import one_line

MOST = 5_000_000
"""Bytes that are read of a returned letter: its report stands at the front, the letter returned with it may be long."""
ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
LONGEST = 500


@dataclass(frozen=True)
class Bounce:
    """What one report says of one recipient. `addresses`: the final one, and the one we wrote to if the report tells it."""

    message_id: str
    addresses: frozenset[str]
    action: str
    said: str  # "5.1.1 smtp; 550 5.1.1 User unknown"
    at: datetime | None  # when the returned letter had come in at the server that reports


def read(raw: bytes) -> list[Bounce]:
    """Return what the letter reports, one entry a recipient; empty when it is no report of a letter that names itself."""
    try:
        return _reported(message_from_bytes(raw[:MOST]))
    except RecursionError:  # parts within parts without end: no mail server's, and it must not keep the others waiting
        return []


def _reported(letter: Letter) -> list[Bounce]:
    report = next((part for part in letter.walk() if part.get_content_type() == "message/delivery-status"), None)
    message_id = _returned(letter)
    if report is None or message_id is None:
        return []
    blocks = [block for block in _blocks(report) if block.keys()]
    general = next((block for block in blocks if "Action" not in block), None)
    at = _moment(general and general["Arrival-Date"])
    found = [_recipient(block, message_id, at) for block in blocks if "Action" in block]
    return [bounce for bounce in found if bounce is not None]


def _recipient(block: Letter, message_id: str, at: datetime | None) -> Bounce | None:
    action = _text(block["Action"]).lower()
    addresses = frozenset(filter(None, (_address(block[f"{which}-Recipient"]) for which in ("Final", "Original"))))
    if action not in ACTIONS or not addresses:
        return None
    said = " ".join(filter(None, (_text(block["Status"]), _text(block["Diagnostic-Code"]))))
    return Bounce(message_id, addresses, action, said[:LONGEST], at)


def _blocks(report: Letter) -> Iterator[Letter]:
    """The groups of fields; a server that wraps them in base64, which the standard forbids, is understood too."""
    groups = _parts(report)
    if _text(report["Content-Transfer-Encoding"]).lower() != "base64":
        yield from groups
        return
    with suppress(ValueError):
        wrapped = "".join(str(group.get_payload()) for group in groups)
        yield from _parsed(base64.b64decode(wrapped.encode("ascii", "ignore")))


def _parsed(text: bytes) -> Iterator[Letter]:
    for group in text.replace(b"\r\n", b"\n").split(b"\n\n"):
        yield message_from_bytes(group.strip() + b"\n\n")


def _returned(letter: Letter) -> str | None:
    """Return the Message-ID of the letter that came back: of the whole letter enclosed, or of its headers alone."""
    for part in letter.walk():
        inner: Letter | None = None
        if part.get_content_type() == "message/rfc822":
            inner = next(iter(_parts(part)), None)
        elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
            inner = _headers(part)
        named = _text(inner["Message-ID"]) if inner is not None else ""
        if named.startswith("<") and named.endswith(">") and len(named) < LONGEST:
            return named
    return None


def _headers(part: Letter) -> Letter:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return message_from_bytes(content.lstrip())
    return next(iter(_parts(part)), part)


def _parts(letter: Letter) -> list[Letter]:
    content = letter.get_payload()
    return [part for part in content if isinstance(part, Letter)] if isinstance(content, list) else []


def _address(field: object) -> str:
    """Return the address of "rfc822; lan@tinh.gov.vn", in lower case."""
    return _text(field).partition(";")[2].strip().strip("<>").lower()


def _moment(field: object) -> datetime | None:
    try:
        found = parsedate_to_datetime(_text(field))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _text(field: object) -> str:
    """Return a header as one printable line, whatever bytes it was made of."""
    try:
        parts = decode_header(str(field or ""))
        said = "".join(
            part.decode(charset or "ascii", "replace") if isinstance(part, bytes) else part for part, charset in parts
        )
    except (LookupError, ValueError):
        said = str(field)
    return one_line(said)
