"""Text as it is kept: composed letters, one kind of line end, and nothing in it that no reader can see."""

import re
import unicodedata

_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Controls but tab and line feed; then what only formats: direction overrides, zero-width and tag characters, soft hyphens.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u070f\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# A joiner is meant only between two pictures (one family, one flag).
_STRAY_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)


def plain(text: str) -> str:
    """Return the text in NFC, with line feeds for line ends, without NUL (PostgreSQL refuses it) and all that is invisible.

    What is typed, pasted from a PDF or sent by a phone that writes letters in pieces is then one and the same text: it is
    found again, counts the same length, and cannot pretend to be other text than it is.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", text))


def one_line(text: str) -> str:
    """Return what somebody else's program said as one printable line, fit for a header, a log and the database."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
