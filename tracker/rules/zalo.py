"""What Zalo's protocol fixes, as pure functions: numbers, lengths, identities, signatures, and what each of its errors asks of us.

Codes and shapes are those of the ZBS template messages (the former ZNS) and of the Official Account API, as of 2026.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

LONGEST_TRACKING_ID = 48
MORNING = time(6)  # no messages between 22:00 and 06:00
NEXT_DAY = time(7, 30)
LIMITS: dict[str, int] = {
    "nguoi_nhan": 30, "so_qua_han": 10, "so_sap_den": 10, "ma_viec": 30, "ten_viec": 30, "han": 20, "duong_dan": 200,
}  # fmt: skip
"""Characters by parameter, until the template itself was asked: the shortest that Zalo documents for such a parameter."""
PROBE = timedelta(minutes=15)
"""So long after a trouble that keeps everything back, one message asks whether it is over."""
_MOBILE = re.compile(r"84[35789][0-9]{8}")
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,48}")
_HASHED = "h-"


class Fate(StrEnum):
    """What an error asks of us."""

    REFRESH = "refresh"  # new tokens, then once more
    CONFIG = "config"  # nobody is served until an administrator has done something
    LATER = "later"
    RECIPIENT = "recipient"  # this person cannot be reached so
    PAYLOAD = "payload"  # this message is wrong, or the template is


def _fates(fate: Fate, codes: str) -> dict[int, Fate]:
    return {int(code): fate for code in codes.split()}


FATES: Mapping[int, Fate] = {
    **_fates(Fate.REFRESH, "-124 -216 -220"),
    **_fates(
        Fate.CONFIG,
        "-101 -102 -103 -104 -105 -106 -117 -120 -125 -126 -127 -131 -135 -1351 -136 -137 -138 -1381 -145 -146 -204 -205 -209 "
        "-212 -219 -221 -223 -224 -235 -320 -321",
    ),
    **_fates(Fate.LATER, "-32 -100 -115 -133 -144 -147 -200 -211 -218 -234"),
    **_fates(Fate.RECIPIENT, "-108 -110 -114 -118 -119 -139 -140 -141 -213 -217 -227 -230 -232 -244"),
    **_fates(
        Fate.PAYLOAD,
        "-109 -111 -112 -1121 -1122 -1123 -1124 -113 -1131 -116 -121 -122 -130 -132 -161 -162 -201 -210 -233 -248 -249",
    ),
}
REFUSED_US = frozenset({-139, -141, -217, -244})
"""The person does not want it: other than a number without Zalo, this is a decision."""
NIGHT = frozenset({-133, -234})
UNTIL_TOMORROW = frozenset({-115, -144, -147, -211, -218})
RATE = -32


def fate_of(code: int) -> Fate:
    """Return what the error asks of us; an unknown one is tried again later."""
    return FATES.get(code, Fate.LATER)


def wait(code: int, now: datetime) -> timedelta | None:
    """Return how long to wait after the error when it is `now` in Viet Nam; None when the error does not say."""
    if code in NIGHT:
        return _until(MORNING, now)
    if code in UNTIL_TOMORROW:
        morning = datetime.combine(now.date() + timedelta(days=1), NEXT_DAY, tzinfo=now.tzinfo)
        return morning - now
    return timedelta(minutes=1) if code == RATE else None


def _until(clock: time, now: datetime) -> timedelta:
    then = datetime.combine(now.date(), clock, tzinfo=now.tzinfo)
    return (then if then > now else then + timedelta(days=1)) - now


def phone(text: str) -> str | None:
    """Return a Vietnamese mobile number as Zalo wants it, "84987654321"; None for anything else.

    Blanks, dots, dashes and brackets may stand in it; it may begin with 0, 84, +84 or 0084.
    """
    digits = re.sub(r"[\s.()\-]", "", text)
    for prefix in ("+84", "0084", "84", "0"):
        if digits.startswith(prefix):
            found = "84" + digits.removeprefix(prefix).removeprefix("0" if prefix != "0" else "")
            return found if _MOBILE.fullmatch(found) else None
    return None


def cut(text: str, limit: int) -> str:
    """Return the text in NFC on one line, at most `limit` characters (1 or more) long, ending after a word with "…" when cut."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) <= limit:
        return text
    end = text.rfind(" ", 0, limit)
    if end <= 0:
        end = limit - 1
        while end > 0 and unicodedata.combining(text[end]):
            end -= 1
    return text[:end] + "…"


def fitted(values: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, str]:
    """Return the values as the template takes them. `limits` as the template said them, else LIMITS; a template that was asked
    is given only what it knows. An address is never cut: it would lead nowhere."""
    known = limits or LIMITS
    given = {name: value for name, value in values.items() if not limits or name in limits}
    whole = ("https://", "http://")
    return {
        name: value if value.startswith(whole) else cut(value, known.get(name, 30)) for name, value in given.items()
    }


def tracking_id(identity: str) -> str:
    """Return what Zalo calls the message by: the identity itself, or a hash of one that is too long or oddly spelled.

    The same for the same identity, another for another.
    """
    if _PLAIN_ID.fullmatch(identity) and not identity.startswith(_HASHED):
        return identity
    return _HASHED + hashlib.sha256(identity.encode()).hexdigest()[: LONGEST_TRACKING_ID - len(_HASHED)]


def signature(owner: str, body: bytes, timestamp: str, secret: str) -> str:
    """Return the mac of an event: sha256 (no HMAC) over the id of the app, the body as it came, its timestamp and the secret."""
    return hashlib.sha256(owner.encode() + body + timestamp.encode(errors="replace") + secret.encode()).hexdigest()


def signed_by(header: str, owners: Mapping[str, str], body: bytes, timestamp: str, secret: str) -> str | None:
    """Return which of the `owners` (id by name: app_id, oa_id) the signature "mac=<hex>" was made with, None when with none."""
    given = header.removeprefix("mac=").strip().lower()
    found = None
    for name, owner in owners.items():
        made = signature(owner, body, timestamp, secret)
        if hmac.compare_digest(made.encode(), given.encode()) and found is None:
            found = name
    return found


def reason(code: int | str, said: str = "") -> str:
    """Return the error as it is kept with a message or as trouble: words.zalo makes a sentence of it."""
    return f"zalo:{code}:{' '.join(said.split())[:300]}"


OURS_BLOCK = frozenset({"not_linked", "key", "relink", "no_answer"})


def blocks(trouble: str | None) -> bool:
    """Return whether the trouble, as `reason` wrote it, keeps every message back, not only the one that met it."""
    if not trouble:
        return False
    code = trouble.split(":", 2)[1]
    if not re.fullmatch(r"-?[0-9]+", code):
        return code in OURS_BLOCK
    return fate_of(int(code)) in {Fate.CONFIG, Fate.REFRESH}


def refused_us(why: str) -> bool:
    """Return whether the refusal, as `reason` wrote it, is the person's own decision."""
    return why.startswith("zalo:") and why.split(":", 2)[1] in {str(code) for code in REFUSED_US}


def of_tokens(trouble: str | None) -> bool:
    """Return whether the trouble is about the pair of tokens: only another pair ends it."""
    return bool(trouble) and str(trouble).split(":", 2)[1] in OURS_BLOCK - {"no_answer"}


def over(trouble: str | None) -> bool:
    """Return whether a message that went out proves the trouble over; what is wrong with one message, the template or the pair of
    tokens stays."""
    if not trouble or of_tokens(trouble):
        return False
    code = trouble.split(":", 2)[1]
    return blocks(trouble) or (code.lstrip("-").isdigit() and fate_of(int(code)) == Fate.LATER)
