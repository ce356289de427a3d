"""What shows that results exist: the pieces of evidence of reports, and where their files lie."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from tracker.models import Evidence
from tracker.queries.ask import ask

Piece = Row[*tuple[Any, ...]]


def path_of(folder: Path, sha256: str) -> Path:
    """Return where the file with that content lies: by its hash, so that the same content twice is one file."""
    return folder / sha256[:2] / sha256[2:]


_PIECES = (
    select(
        Evidence.report_id, Evidence.id, Evidence.kind, Evidence.name, Evidence.media_type, Evidence.size, Evidence.number,
        Evidence.issued_on, Evidence.issuer, Evidence.title, Evidence.secret,
    )
    .where(Evidence.report_id.in_(bindparam("ids", expanding=True)))
    .order_by(Evidence.id)
)  # fmt: skip


def of_reports(session: Session, report_ids: Collection[int]) -> dict[int, list[Piece]]:
    """Return by report its evidence in the order it was given; one query, whatever there is."""
    found: dict[int, list[Piece]] = defaultdict(list)
    for row in ask(session, _PIECES, ids=list(report_ids)):
        found[row.report_id].append(row)
    return found


def named(session: Session) -> set[str]:
    """Return the hashes of all files that evidence names."""
    return set(session.scalars(select(Evidence.sha256).where(Evidence.sha256.is_not(None)).distinct()))


def missing(session: Session, folder: Path) -> list[str]:
    """Return the hashes that evidence names and that have no file."""
    return sorted(sha256 for sha256 in named(session) if not path_of(folder, sha256).is_file())


def unnamed(session: Session, folder: Path) -> Iterator[Path]:
    """Return every file in the folder that no evidence names, drafts of broken uploads included.

    None at all when no evidence names a file: that is rather the wrong database than a folder full of leftovers.
    """
    wanted = {path_of(folder, sha256) for sha256 in named(session)}
    if wanted:
        yield from (path for path in folder.rglob("*") if path.is_file() and path not in wanted)
