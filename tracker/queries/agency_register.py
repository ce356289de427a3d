"""Agencies as the administrator keeps them: the list to search, and what forms offer."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import Agency
from tracker.rules.folding import fold

PAGE = 100


class Body(NamedTuple):
    """One line of the list; `sort_key` and `id` are its place."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    source: str
    official_code: str | None
    valid_from: date | None
    valid_to: date | None
    edited: bool
    sort_key: str


def bodies(session: Session, text: str = "", after: str = "", after_id: int = 0) -> list[Body]:
    """Return agencies by name from after the given place on: one page and one more, to know there is a next."""
    query = select(
        Agency.id, Agency.code, Agency.name, Agency.short_name, Agency.kind, Agency.source, Agency.official_code,
        Agency.valid_from, Agency.valid_to, Agency.edited, Agency.sort_key,
    )  # fmt: skip
    for word in fold(text).split():
        query = query.where(Agency.search_text.contains(word, autoescape=True))
    if after:
        query = query.where(tuple_(Agency.sort_key, Agency.id) > (after, after_id))
    return [Body(*row) for row in session.execute(query.order_by(Agency.sort_key, Agency.id).limit(PAGE + 1))]


def count(session: Session) -> int:
    """Return how many agencies there are, those that no longer exist included."""
    return session.execute(select(func.count()).select_from(Agency)).scalar_one()


def choices(session: Session) -> Sequence[tuple[int, str]]:
    """Return (id, name) of every single agency an account can belong to, by name."""
    query = select(Agency.id, Agency.name).where(~Agency.collective).order_by(Agency.sort_key, Agency.id)
    return session.execute(query).all()


def kinds(session: Session) -> Sequence[str]:
    """Return the kinds of agencies in use, in alphabetical order."""
    return session.scalars(select(Agency.kind).distinct().order_by(Agency.kind)).all()


def levels(session: Session) -> Sequence[str]:
    """Return the levels of agencies in use."""
    return session.scalars(select(Agency.level).distinct().order_by(Agency.level)).all()
