"""A clause quoted verbatim: which of its words are the order, and which of those say when."""

import itertools
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A run of the clause's text. `ours`: part of the order; `marked`: its wording of the deadline."""

    text: str
    ours: bool
    marked: bool


def quote(text: str, excerpt: str | None, wordings: list[str]) -> list[list[Piece]]:
    """Return the paragraphs of the clause, cut where the order and the wordings of its time begin and end.

    Joined together the pieces are the text, but for line breaks. Without an excerpt in the text, all of it is the order.
    """
    ours = _span(text, excerpt) or (0, len(text))
    marks = [span for wording in wordings if (span := _span(text, wording))]
    paragraphs = []
    for match in re.finditer(r"[^\n]+", text):
        cuts = {match.start(), match.end(), *ours, *(end for span in marks for end in span)}
        edges = sorted(cut for cut in cuts if match.start() <= cut <= match.end())
        paragraphs.append(
            [
                Piece(text[start:end], _inside(start, ours), any(_inside(start, span) for span in marks))
                for start, end in itertools.pairwise(edges)
            ]
        )
    return paragraphs


def _span(text: str, wanted: str | None) -> tuple[int, int] | None:
    """Return where the words stand in the text, however they are spaced there."""
    words = (wanted or "").split()
    found = re.search(r"\s+".join(re.escape(word) for word in words), text) if words else None
    return found.span() if found else None


def _inside(place: int, span: tuple[int, int]) -> bool:
    return span[0] <= place < span[1]
