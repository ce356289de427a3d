"""Keeping what agencies hand in as evidence: files under the hash of their content, documents by their number."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker import clock
from tracker.errors import Refused
from tracker.models import Evidence, ProgressReport, User
from tracker.queries import evidence
from tracker.rules.file_types import FileType

CHUNK = 1024 * 1024
LEFT = timedelta(days=1)  # in which a form with files in it is sent again or given up


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in the folder under its hash; nothing names it until a report does."""

    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Proof:
    """What is handed in with a result beside its number and date: who issued the document, its subject, and files."""

    issuer: str | None = None
    title: str | None = None
    secret: bool = False
    files: Sequence[KeptFile] = ()


def keep_file(folder: Path, content: IO[bytes], name: str, kind: FileType) -> KeptFile:
    """Write the content to the folder, whole or not at all, and return it as kept. No database; before any transaction.

    Raises Refused with a sentence when the disk is full, gone or not writable; nothing is left behind then.
    """
    try:
        sha256, size = _write(folder, content)
    except OSError as error:
        raise Refused(not_written()) from error
    return KeptFile(sha256, name, kind.media_type, size)


def not_written() -> str:
    """Return what to say when the disk is full, gone or not writable."""
    return _(
        "Máy chủ chưa ghi được tập tin (có thể đã hết chỗ trống), nên chưa có gì được ghi. "
        "Nội dung đã nhập vẫn còn bên dưới; xin báo quản trị rồi gửi lại."
    )


def _write(folder: Path, content: IO[bytes]) -> tuple[str, int]:
    """Write a draft, put it safely on the disk, and only then give it its name: a reader finds it whole or not at all."""
    content.seek(0)
    descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=folder)  # 0600
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(descriptor, "wb") as file:
            while block := content.read(CHUNK):
                file.write(block)
                digest.update(block)
                size += len(block)
            file.flush()
            os.fsync(file.fileno())
        _name(Path(draft), evidence.path_of(folder, digest.hexdigest()))
    finally:
        Path(draft).unlink(missing_ok=True)
    return digest.hexdigest(), size


def _name(draft: Path, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft.replace(path)  # the same content again is as good as new, so that it is not tidied away
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def still_kept(folder: Path, file: KeptFile) -> bool:
    """Return whether the file lies in the folder, and let it count as new from now on."""
    try:
        os.utime(evidence.path_of(folder, file.sha256))
    except OSError:
        return False
    return True


def add_evidence(
    session: Session, actor: User, report: ProgressReport, number: str | None, issued_on: date, proof: Proof
) -> None:
    """Write down what shows the report's result: the document by its number, and each file. The report's event tells of it."""
    given = [
        {"kind": "file", "sha256": file.sha256, "name": file.name, "media_type": file.media_type, "size": file.size}
        for file in proof.files
    ]
    if number:
        document = {
            "kind": "document", "number": number, "issued_on": issued_on, "issuer": proof.issuer, "title": proof.title,
            "secret": proof.secret,
        }  # fmt: skip
        given.insert(0, document)
    now = clock.now()
    for facts in given:
        row = Evidence(
            report_id=report.id, assignment_id=report.assignment_id, task_id=report.task_id, added_by_id=actor.id,
            added_at=now, **facts,
        )  # fmt: skip
        session.add(row)
    session.flush()


def remove_unnamed(session: Session, folder: Path) -> int:
    """Remove the files that no evidence names and that are older than a day; return how many."""
    removed, oldest = 0, (clock.now() - LEFT).timestamp()
    for path in list(evidence.unnamed(session, folder)):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
    return removed
