"""Argon2id, and random passwords. Slow on purpose: call these before the transaction that writes begins."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice: 19 MiB, two passes, one lane; about 30 ms on one core.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper
_GROUPS, _GROUP = 4, 5


def hash_password(password: str) -> str:
    """Return the password's Argon2id hash with its parameters and salt."""
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the hashed one. None (nobody has that e-mail) costs the same work and is False."""
    try:
        right = HASHER.verify(password_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def outdated(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def random_password() -> str:
    """Return a password to read out once: 20 letters and digits in groups of five, 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def unusable_password() -> str:
    """Return the hash of a password nobody knows."""
    return hash_password(secrets.token_urlsafe(32))


@cache
def _nobodys() -> str:
    return unusable_password()
