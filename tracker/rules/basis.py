"""On what something rests that no document of the province says by itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Basis:
    """On what an assignment rests: `kind` document with its number and date as `text`, or proposal with none."""

    kind: str
    text: str | None = None
