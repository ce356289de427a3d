"""What a mail server's refusal is about: the address, the letter, the moment, or everybody.

RFC 5321 section 4.2 (codes), RFC 3463 and its register (enhanced status codes), RFC 3464 (returned later).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
TOO_FAST = re.compile(r"\brate\b|too many|too much mail|throttl|too fast|slow down", re.IGNORECASE)
GREYLIST = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
"""A server that does not know us yet asks this one letter to come again soon: that is no reason for the others to wait."""
POLICY = re.compile(
    r"relay|spam|black ?list|block ?list|blocked|\bspf\b|\bdkim\b|\bdmarc\b|policy|reputation|authenticat",
    re.IGNORECASE,
)
"""Words of a 550 that speaks of us and not of the address, from servers without enhanced status codes."""
NO_MAILBOX = frozenset({550, 551, 553})
UNROUTABLE = frozenset({(4, 1), (4, 4)})  # nobody takes mail there; Exchange Online says 5.4.1 of an unknown mailbox
SENDER = frozenset({(1, 7), (1, 8)})  # the sender's address; many servers say so only at RCPT
FULL = (2, 2)
TOO_LARGE = frozenset({(2, 3), (3, 4)})


class Stage(StrEnum):
    """Which of our commands was answered."""

    SENDER = "sender"  # MAIL FROM
    RECIPIENT = "recipient"  # RCPT TO
    LETTER = "letter"  # DATA


class Refusal(StrEnum):
    ADDRESS = "address"  # this address takes nothing
    LETTER = "letter"  # this letter is not wanted; the next may be
    LATER = "later"
    TOO_FAST = "too_fast"  # later, and the others of the domain too
    US = "us"  # our own address is not accepted: nobody can be served


@dataclass(frozen=True)
class Status:
    """An enhanced status code: 5.1.1 is Status(5, 1, 1)."""

    kind: int
    subject: int
    detail: int

    @property
    def about(self) -> tuple[int, int]:
        return self.subject, self.detail


def status(text: str) -> Status | None:
    """Return the first enhanced status code in the text, None when there is none."""
    found = STATUS.search(text)
    return Status(*map(int, found.groups())) if found else None


def refusal(code: int, text: str, stage: Stage) -> Refusal:
    """Return what an answer of 400 to 599 is about. A code of its own kind: `550 4.7.1` is read by its first digit, 5."""
    given = _told(code, text)
    if stage is Stage.SENDER:
        too_large = code == 552 or (code >= 500 and given is not None and given.about in TOO_LARGE)
        return Refusal.LETTER if too_large else Refusal.US
    if code < 500:
        fast = not GREYLIST.search(text) and ((given is not None and given.subject == 7) or TOO_FAST.search(text))
        return Refusal.TOO_FAST if fast else Refusal.LATER
    if given is not None and given.about in SENDER:
        return Refusal.US
    if given is not None and given.about == FULL:
        return Refusal.LATER  # a full mailbox is emptied some day
    return Refusal.ADDRESS if _of_address(given, code, text, stage) else Refusal.LETTER


def dead_for_good(said: str) -> bool:
    """Return whether a returned letter (its Status field and Diagnostic-Code) says that the address itself is gone."""
    given = status(said)
    if given is None or given.kind != 5 or given.about == FULL:
        return False
    code = re.search(r"(?<!\d)5\d\d(?!\d)", said)
    return _of_address(given, int(code.group()) if code else 0, said, Stage.RECIPIENT)


def _told(code: int, text: str) -> Status | None:
    """Return the status only where it agrees with the code: an address or a version number in the text is no status."""
    given = status(text)
    return given if given is not None and given.kind == code // 100 else None


def _of_address(given: Status | None, code: int, text: str, stage: Stage) -> bool:
    if given is not None and given.subject not in {0, 5}:
        whole = given.subject in {1, 2} or given.about in UNROUTABLE
        return whole and given.about not in SENDER | TOO_LARGE
    return stage is Stage.RECIPIENT and code in NO_MAILBOX and not POLICY.search(text)
