"""Secrets of other services as they lie in the database: unreadable without a key that is not there."""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """What was sealed was sealed with another key, or is damaged."""


def seal(settings: Mapping[str, Any], secret: str) -> str:
    """Return the secret encrypted (AES-128-CBC with HMAC-SHA256) with a key derived from ZALO_KEY, else from SECRET_KEY."""
    return _box(settings).encrypt(secret.encode()).decode("ascii")


def unseal(settings: Mapping[str, Any], sealed: str) -> str:
    """Return the secret. Raises Unreadable when the key has changed."""
    try:
        return _box(settings).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error


def _box(settings: Mapping[str, Any]) -> Fernet:
    root = str(settings.get("ZALO_KEY") or settings["SECRET_KEY"])
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tokens of zalo, 1").derive(root.encode())
    return Fernet(base64.urlsafe_b64encode(key))
