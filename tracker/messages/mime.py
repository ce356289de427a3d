"""The letter as it goes over the wire: headers nobody can add to, both bodies, and what is enclosed."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from email.header import Header
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from tracker.messages import reasons
from tracker.messages.transport import Attachment, Envelope, NeverDeliverable, Words
from tracker.rules.plain_text import one_line

MAILBOX = re.compile(r'[^\s@<>(),;:"\\\[\]\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*')
"""Plain addresses only: spaces, marks and line ends never reach the server's command line."""
LONGEST = 254  # RFC 5321, erratum 1690
LINE = 76  # characters of base64, RFC 2045
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def mailbox(address: str) -> str:
    """Return the address as SMTP takes it, its domain in the letters of the DNS. Raises NeverDeliverable when it is none."""
    local, _at, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise NeverDeliverable(reasons.NO_ADDRESS) from error
    if len(plain) > LONGEST or not MAILBOX.fullmatch(plain):
        raise NeverDeliverable(reasons.NO_ADDRESS)
    return plain


def host(settings: Mapping[str, Any]) -> str:
    """Return the name under which the letters are written: of the address people use."""
    return urlsplit(settings["BASE_URL"]).hostname or "localhost"


def message_id(settings: Mapping[str, Any], identity: str) -> str:
    """Return the Message-ID: the same for every repeat, and sealed. Nobody who has not seen the letter can name it, so that
    what comes back under a guessed name is no bounce."""
    seal = hmac.new(str(settings["SECRET_KEY"]).encode(), identity.encode(), hashlib.sha256)
    return f"<{identity}.{seal.hexdigest()[:12]}@{host(settings)}>"


def is_ours(settings: Mapping[str, Any], name: str) -> bool:
    """Return whether the Message-ID bears our seal."""
    identity = name.removeprefix("<").rpartition("@")[0].rpartition(".")[0]
    return hmac.compare_digest(name.encode(), message_id(settings, identity).encode())


def letter(sender: str, to: str, host: str, message_id: str, envelope: Envelope, words: Words) -> str:
    """Return the whole letter. `sender` is the From header's text, `host` names the list the letter belongs to."""
    # Written by hand: the MIME classes fold and scan what is plain ASCII here, and take ten times as long for the same letter.
    mark = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    body = _several("alternative", f"=_b{mark}", [_text("plain", words.text), _text("html", words.html)])
    if words.attachments:
        body = _several("mixed", f"=_a{mark}", [body, *map(_enclosed, words.attachments)])
    head = {
        "MIME-Version": "1.0",
        "Subject": Header(one_line(words.subject), "utf-8").encode(),
        "From": sender,
        "To": to,
        "Date": format_datetime(envelope.at),
        "Message-ID": message_id,
        "List-Id": f"Nhac viec <nhac-viec.{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if envelope.unsubscribe:  # RFC 8058: one press, without opening a page
        head["List-Unsubscribe"] = f"<{re.sub(r'[^!-;=?-~]', '', envelope.unsubscribe)}>"
        head["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    what, _end, inside = body.partition("\n")
    return "\n".join([what, *(f"{name}: {value}" for name, value in head.items()), inside])


def _several(kind: str, mark: str, parts: Sequence[str]) -> str:
    """Return the parts as one. They are base64 between headers of ours: the mark, which begins with "=_", is in none of them."""
    inside = "".join(f"--{mark}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{inside}--{mark}--\n'


def _text(kind: str, text: str) -> str:
    return _part(f'text/{kind}; charset="utf-8"', text.encode())


def _part(media_type: str, content: bytes, *more: str) -> str:
    head = [f"Content-Type: {media_type}", "Content-Transfer-Encoding: base64", *more]
    coded = base64.b64encode(content).decode("ascii")
    lines = (coded[start : start + LINE] for start in range(0, len(coded), LINE))
    return "\n".join([*head, "", *lines])


def _enclosed(file: Attachment) -> str:
    name = one_line(file.name)
    named = f'filename="{name}"' if PLAIN_NAME.fullmatch(name) else f"filename*=utf-8''{quote(name, safe='')}"
    return _part(one_line(file.media_type), file.content, f"Content-Disposition: attachment; {named}")
