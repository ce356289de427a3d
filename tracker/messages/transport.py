"""What every way of sending has in common: what it is handed, what it gives back, and how it says no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


class Unreachable(Exception):
    """Nobody can be served now: the message is not at fault and keeps its place in the queue."""


class NeedsPerson(Unreachable):
    """Nobody can be served until an administrator has done something: a password, a licence, money."""


class TryLater(Exception):
    """This message was not taken now. `after`: how long to wait at least; None: the sender's own back-off."""

    def __init__(self, said: str, after: timedelta | None = None) -> None:
        super().__init__(said)
        self.after = after


class Uncertain(Exception):
    """The message may have gone out: no answer came after it was handed over. A person looks before it is sent again."""


class NeverDeliverable(Exception):
    """Refused for good. `address_fault`: it is the address that takes nothing, so that the next message would fare no better."""

    def __init__(self, said: str, address_fault: bool = True) -> None:
        super().__init__(said)
        self.address_fault = address_fault


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str  # text/calendar; charset=utf-8; method=PUBLISH
    content: bytes


@dataclass(frozen=True)
class Words:
    """A message as it goes out. `template`: the values of a Zalo template, for the channel that knows no free text."""

    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = ()
    template: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Envelope:
    """What stands on the message beside its words. `identity` makes the Message-ID or tracking_id, so that a repeat is seen as
    one. `unsubscribe` is the one-press address of an optional kind."""

    address: str
    identity: str
    at: datetime
    unsubscribe: str | None = None


class Transport(Protocol):
    """An open way of sending."""

    def send(self, envelope: Envelope, words: Words) -> str:
        """Hand the message over and return the provider's id. Raises Unreachable, TryLater, Uncertain or NeverDeliverable."""
        ...
