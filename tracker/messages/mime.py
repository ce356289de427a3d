"""The letter as it goes over the wire: headers nobody can add to, both bodies, and what is enclosed."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.messages import reasons
from tracker.messages.transport import Attachment, Envelope, NeverDeliverable, Words
from tracker.rules.plain_text import one_line

MAILBOX = re.compile(r'[^\s@<>(),;:"\\\[\]\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*')
"""Plain addresses only: spaces, marks and line ends never reach the server's command line."""
LONGEST = 254  # RFC 5321, erratum 1690
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
    # The elder MIME classes: EmailMessage folds every header anew and takes ten times as long for the same letter.
    body = MIMEMultipart(
        "alternative", _subparts=[MIMEText(words.text, "plain", "utf-8"), MIMEText(words.html, "html", "utf-8")]
    )
    whole = MIMEMultipart("mixed", _subparts=[body, *map(_enclosed, words.attachments)]) if words.attachments else body
    whole["Subject"] = Header(one_line(words.subject), "utf-8").encode()
    whole["From"] = sender
    whole["To"] = to
    whole["Date"] = format_datetime(envelope.at)
    whole["Message-ID"] = message_id
    whole["List-Id"] = f"Nhac viec <nhac-viec.{host}>"
    whole["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe:  # RFC 8058: one press, without opening a page
        whole["List-Unsubscribe"] = f"<{re.sub(r'[^!-;=?-~]', '', envelope.unsubscribe)}>"
        whole["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return whole.as_string()


def _enclosed(file: Attachment) -> MIMEBase:
    part = MIMEBase("application", "octet-stream")
    part.replace_header("Content-Type", one_line(file.media_type))
    part.set_payload(file.content)
    encode_base64(part)
    name = one_line(file.name)
    named = name if PLAIN_NAME.fullmatch(name) else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=named)
    return part
