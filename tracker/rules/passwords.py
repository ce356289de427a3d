"""Is a password strong enough? TCVN 14423:2026 (x.6.2.2): without a second factor, 14 characters of 4 classes.

A longer passphrase of plain words is as hard to guess and easier to remember, so 20 characters of any class do as well.
"""

from enum import StrEnum

from tracker.rules.folding import fold

MIXED_LENGTH = 14
PHRASE_LENGTH = 20
LONGEST = 200
DISTINCT = 6
_SHORTEST_NAME = 4


class Weakness(StrEnum):
    """What is wrong with a password; the form has a sentence for each."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"
    REPETITIVE = "repetitive"
    PERSONAL = "personal"


def weakness(password: str, name: str, email: str) -> Weakness | None:
    """Return the first thing wrong with the password of that person, None when it is strong enough.

    Personal is the whole e-mail address, the part before @, the full name or its last two words, whatever the marks,
    the case and the spaces between.
    """
    if len(password) > LONGEST:
        return Weakness.LONG
    if len(password) < MIXED_LENGTH:
        return Weakness.SHORT
    if len(password) < PHRASE_LENGTH and _classes(password) < 4:
        return Weakness.PLAIN
    if len(set(password)) < DISTINCT:
        return Weakness.REPETITIVE
    plain = _joined(password)
    if any(part in plain for part in _personal(name, email)):
        return Weakness.PERSONAL
    return None


def _classes(password: str) -> int:
    return (
        any(c.islower() for c in password)
        + any(c.isupper() for c in password)
        + any(c.isdigit() for c in password)
        + any(not c.isalnum() for c in password)
    )


def _personal(name: str, email: str) -> list[str]:
    parts = [_joined(name), _joined(" ".join(name.split()[-2:])), _joined(email), _joined(email.partition("@")[0])]
    return [part for part in parts if len(part) >= _SHORTEST_NAME]


def _joined(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())
