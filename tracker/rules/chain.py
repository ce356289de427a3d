"""The log's chain: each event's hash covers the hash before it, so a row changed, removed or slipped in breaks all that follow."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = "0" * 64
"""What the first event continues."""


def link(
    previous: str, *, at: datetime, actor_id: int | None, verb: str, noun: str, noun_id: int | None, task_id: int | None,
    agency_id: int | None, facts: Mapping[str, Any],
) -> str:  # fmt: skip
    """Return the hash of an event that follows the one with hash `previous`: SHA-256, in hexadecimal, of both as JSON."""
    said = [previous, at.astimezone(UTC).isoformat(), actor_id, verb, noun, noun_id, task_id, agency_id, facts]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
