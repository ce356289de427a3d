"""Links by which whoever got a message answers without signing in: signed, for one purpose, good for a time.

A link names the message, and so its recipient and what it reminded of: who has it may say "đã nhận" for that, and nothing else.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from tracker.messages.address import address

LIFETIME = timedelta(days=30)
SALT = "tracker.messages.links.acknowledge"
"""A signature made for another purpose with the same key is worth nothing here."""
LONGEST = 200
EVERYTHING = 0
"""Instead of an assignment: all that the message reminded of."""
LARGEST = 2**31


@dataclass(frozen=True)
class Link:
    """What a link of ours names; `assignment_id` EVERYTHING is all of the message. `expired`: it was good once."""

    message_id: int
    assignment_id: int
    expired: bool = False


def acknowledge_address(message_id: int, assignment_id: int = EVERYTHING) -> str:
    """Return the full address at which the message's recipient says "đã nhận, đang xử lý", outside of any request too."""
    return address("acknowledge", receipt=_signer().dumps([message_id, assignment_id]))


def read(token: str) -> Link | None:
    """Return what the token of an address names, None when it is none that we signed for this purpose."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        return _link(_signer().loads(token, max_age=int(LIFETIME.total_seconds())), expired=False)
    except SignatureExpired as error:
        return _link(_signer().load_payload(error.payload or b""), expired=True)
    except BadData:
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"], salt=SALT, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
    )


def _link(named: object, expired: bool) -> Link | None:
    match named:
        case [int(message_id), int(assignment_id)] if 0 < message_id < LARGEST and 0 <= assignment_id < LARGEST:
            return Link(message_id, assignment_id, expired)
    return None
