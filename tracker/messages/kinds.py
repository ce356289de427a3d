"""Which messages a person may do without, and the address that says so in one press (RFC 8058).

Optional is what only tells of an end: nothing is asked of the recipient, and nothing that is owed changes for the worse. What
asks for something (a reminder, a result returned, a direction, a decision that waits) or says who owes what is a duty of the
office and goes to everybody: a request for more time that was refused is one, since the old day stands.
"""

from hashlib import sha256

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from tracker.messages.address import address

OPTIONAL = ("result_confirmed", "extension_granted")
LONGEST = 200  # characters of a token of ours


def unsubscribe_address(kind: str, person_id: int) -> str | None:
    """Return the address at which the person, without signing in, gives up an optional kind; None for every other kind.

    It does not expire: an old mail must still be able to say so, and what it does can be undone and harms nobody.
    """
    if kind not in OPTIONAL:
        return None
    return address("unsubscribe", kind_token=_signer().dumps([kind, person_id]))


def unsubscribed(token: str) -> tuple[str, int] | None:
    """Return (kind, person) of an address of ours, None for anything else."""
    if len(token) > LONGEST:
        return None
    try:
        said = _signer().loads(token)
    except BadData:
        return None
    kind, person_id = said
    return (kind, person_id) if kind in OPTIONAL else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"], salt="give up a kind of message",
        signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
    )  # fmt: skip
