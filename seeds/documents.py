"""Writing documents: head, clauses as a tree, and what each rests on, cites or carries out."""

from collections.abc import Iterator
from typing import Any

from seeds.dataset import Dataset
from seeds.rows import Loading, Row, digest
from seeds.source import Record
from tracker.models import Clause, Document, DocumentReference
from tracker.rules.folding import fold

HEAD = (
    "code", "kind", "short_name", "title", "number", "number_elsewhere", "issued_on", "issued_on_elsewhere",
    "issued_on_note", "meeting_on", "issuer", "issuer_note", "signer", "signer_title", "signer_note", "period",
    "in_force_from", "in_force_basis", "source_file", "particulars",
)  # fmt: skip
REFERENCE = ("kind", "number", "number_as_written", "issued_on", "issuer", "title", "note")
RELATIONS = {"legal_bases": "legal_basis", "cited_documents": "cites", "implements": "implements"}


def save_documents(loading: Loading, dataset: Dataset) -> None:
    """Write every document with its clauses and references."""
    loading.save(Document, ["code"], [_head(dataset, document["document"]) for document in dataset.documents])
    _save_clauses(loading, dataset)
    numbers = {
        number: loading.ids["document"][head["code"]]
        for head in (document["document"] for document in dataset.documents)
        for number in (head.get("number"), head.get("number_elsewhere"))
        if number
    }
    rows = [row for document in dataset.documents for row in _references(loading, document, numbers)]
    loading.replace(
        DocumentReference,
        "document_id",
        [loading.ids["document"][d["document"]["code"]] for d in dataset.documents],
        rows,
    )


def _head(dataset: Dataset, head: Record) -> Row:
    text = dataset.source(head).decode("utf-8")
    return {**{key: head.get(key) for key in HEAD}, "source_text": text, "seed_hash": digest(head)}


def _save_clauses(loading: Loading, dataset: Dataset) -> None:
    """Write the clauses level by level, so that a parent always has its id before its children need it."""
    found: dict[int, list[tuple[int, int, Record]]] = {}
    for document in dataset.documents:
        document_id = loading.ids["document"][document["document"]["code"]]
        for position, clause in enumerate(document.rows("clauses"), start=1):
            found.setdefault(clause["level"], []).append((document_id, position, clause))
    ids: dict[Any, int] = {}
    for level in sorted(found):
        rows = [_clause(document_id, position, clause, ids) for document_id, position, clause in found[level]]
        ids = loading.save(Clause, ["document_id", "code"], rows)


def _clause(document_id: int, position: int, clause: Record, ids: dict[Any, int]) -> Row:
    parent = clause.get("parent")
    return {
        "document_id": document_id, "parent_id": ids[document_id, parent] if parent else None, "code": clause["code"],
        "position": position, "level": clause["level"], "kind": clause["kind"], "marker": clause.get("marker"),
        "heading": clause.get("heading"), "first_paragraph": clause.get("first_paragraph"),
        "body": "\n".join(clause["body"]) if clause.get("body") else None, "text": clause["text"],
        "corrections": [dict(correction) for correction in clause.rows("corrections")],
        "search_text": fold(" ".join([clause["code"], clause["text"], *_read_as(clause)])),
    }  # fmt: skip


def _read_as(clause: Record) -> Iterator[str]:
    """Yield the corrected words, so that a search for "họp không giấy" finds the clause that misprints it (D46)."""
    return (correction["read_as"] for correction in clause.rows("corrections"))


def _references(loading: Loading, document: Record, numbers: dict[str, int]) -> Iterator[Row]:
    document_id = loading.ids["document"][document["document"]["code"]]
    for key, relation in RELATIONS.items():
        for position, reference in enumerate(document.rows(key), start=1):
            yield {
                "document_id": document_id, "relation": relation, "position": position,
                "target_id": numbers.get(reference.get("number") or ""),
                "clause_id": loading.ids["clause"][document_id, reference["clause"]],
                **{name: reference.get(name) for name in REFERENCE},
            }  # fmt: skip
