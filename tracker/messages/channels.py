"""The ways of sending there are, each opened when something waits for it. None connects to anything unless it is configured."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Engine

from tracker.messages import email, zalo
from tracker.messages.transport import Transport
from tracker.rules.reminder_policy import ZALO


def is_configured(channel: str, settings: Mapping[str, Any]) -> bool:
    """Return whether an administrator has set the channel up."""
    return zalo.is_configured(settings) if channel == ZALO else bool(settings["SMTP_HOST"])


def opened(channel: str, settings: Mapping[str, Any], engine: Engine) -> AbstractContextManager[Transport]:
    """Return the channel, opened on entering; raises Unreachable then when it cannot be. No transaction is open meanwhile."""
    return zalo.connected(settings, engine) if channel == ZALO else email.connected(settings)
