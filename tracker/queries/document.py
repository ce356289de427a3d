"""The documents as a list: what each prints of itself, how much it orders, and how the documents hang together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Clause, Document, DocumentReference, Target, Task
from tracker.queries.standing import DOCUMENT, Counts, counts_by_scope


@dataclass(frozen=True)
class Link:
    """How two documents we hold hang together, seen from one of them; `relation`: legal_basis, cites or implements."""

    relation: str
    outward: bool
    code: str
    short_name: str


@dataclass(frozen=True)
class Listed:
    """A document of the list. `facts` holds its columns."""

    facts: Any
    clauses: int
    tasks: int
    targets: int
    counts: Counts | None
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Cited:
    """A legal basis or citation as the document prints it; `code` when we hold that document."""

    relation: str
    kind: str | None
    number: str | None
    number_as_written: str | None
    issued_on: date | None
    issuer: str | None
    title: str | None
    note: str | None
    code: str | None
    clause_code: str | None


def listed(session: Session, day: date) -> list[Listed]:
    """Return every document with its figures on `day` and its links, oldest first; six queries whatever their number."""
    clauses, tasks, targets = (_by_document(session, table) for table in (Clause, Task, Target))
    counts = counts_by_scope(session, day, DOCUMENT)
    linked = links(session)
    facts = session.execute(_facts().order_by(Document.in_force_from, Document.id)).all()
    return [
        Listed(
            row,
            clauses.get(row.id, 0),
            tasks.get(row.id, 0),
            targets.get(row.id, 0),
            counts.get(row.id),
            linked.get(row.id, ()),
        )
        for row in facts
    ]


def find(session: Session, code: str) -> Any | None:
    """Return the columns of the document with this code, or None."""
    return session.execute(_facts().where(Document.code == code)).one_or_none()


def links(session: Session, document_id: int | None = None) -> dict[int, tuple[Link, ...]]:
    """Return, by document id, its links to other documents we hold, each once; of one document when its id is given."""
    source, target = aliased(Document), aliased(Document)
    query = (
        select(
            DocumentReference.relation,
            source.id,
            source.code,
            source.short_name,
            target.id,
            target.code,
            target.short_name,
        )
        .join(source, source.id == DocumentReference.document_id)
        .join(target, target.id == DocumentReference.target_id)
        .distinct()
        .order_by(DocumentReference.relation.desc(), source.id, target.id)
    )
    if document_id is not None:
        query = query.where(
            (DocumentReference.document_id == document_id) | (DocumentReference.target_id == document_id)
        )
    found: dict[int, list[Link]] = {}
    for relation, from_id, from_code, from_name, to_id, to_code, to_name in session.execute(query):
        found.setdefault(from_id, []).append(Link(relation, True, to_code, to_name))
        found.setdefault(to_id, []).append(Link(relation, False, from_code, from_name))
    return {key: tuple(value) for key, value in found.items()}


def citations(session: Session, document_id: int) -> list[Cited]:
    """Return what the document rests on and cites, in the order it prints them."""
    reference, target = DocumentReference, aliased(Document)
    query = (
        select(
            reference.relation, reference.kind, reference.number, reference.number_as_written, reference.issued_on,
            reference.issuer, reference.title, reference.note, target.code, Clause.code,
        )
        .outerjoin(target, target.id == reference.target_id)
        .outerjoin(Clause, Clause.id == reference.clause_id)
        .where(reference.document_id == document_id)
        .order_by(reference.relation.desc(), reference.position)
    )  # fmt: skip
    rows: Iterable[Any] = session.execute(query)
    return [Cited(*row) for row in rows]


def choices(session: Session) -> list[tuple[str, str]]:
    """Return (code, short name) of every document, for filters."""
    query = select(Document.code, Document.short_name).order_by(Document.in_force_from, Document.id)
    return [(code, name) for code, name in session.execute(query)]


def _facts() -> Select[Any]:
    wanted = [column for column in Document.__table__.columns if column.name not in {"source_text", "seed_hash"}]
    return select(*wanted)


def _by_document(session: Session, table: type[Clause] | type[Task] | type[Target]) -> dict[int, int]:
    query = select(table.document_id, func.count()).group_by(table.document_id)
    return dict(session.execute(query).all())
