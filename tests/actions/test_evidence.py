"""Files of evidence on the disk: whole or not at all, once for the same content, tidied away when nothing names them."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import evidence
from tests.actions.test_progress import officer, the_assignment
from tracker import clock
from tracker.actions import completion
from tracker.actions.evidence import KeptFile, Proof, keep_file, remove_unnamed, still_kept
from tracker.actions.standing import current_assignment
from tracker.errors import Refused
from tracker.extensions import db
from tracker.jobs import housekeeping
from tracker.models import Evidence
from tracker.queries.evidence import missing, path_of
from tracker.queries.health import full_check
from tracker.rules.file_types import PDF

TWO_DAYS = 2 * 24 * 3600


def kept(folder: Path, content: bytes = evidence.PDF, name: str = "ket-qua.pdf") -> KeptFile:
    return keep_file(folder, BytesIO(content), name, PDF)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write more than `size` bytes into a file, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def make_old(path: Path) -> None:
    old = path.stat().st_mtime - TWO_DAYS
    os.utime(path, (old, old))


def test_a_file_lies_under_the_hash_of_its_content_for_its_owner_only(app: Flask, tmp_path: Path) -> None:
    first, again = kept(tmp_path), kept(tmp_path, name="ban-sao.pdf")
    assert (first.sha256, first.size) == (again.sha256, len(evidence.PDF))
    [path] = files(tmp_path)
    assert path == tmp_path / first.sha256[:2] / first.sha256[2:] and path.read_bytes() == evidence.PDF
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_full_disk_is_a_sentence_and_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context(), at_most(100_000), pytest.raises(Refused) as refusal:
        kept(tmp_path, evidence.PDF + b"x" * 300_000)
    assert "Máy chủ chưa ghi được tập tin (có thể đã hết chỗ trống)" in refusal.value.sentence
    assert files(tmp_path) == []


def test_a_folder_that_is_gone_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        kept(tmp_path / "khong-co")
    assert still_kept(tmp_path, KeptFile("a" * 64, "a.pdf", "application/pdf", 1)) is False


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    app.config["EVIDENCE"] = tmp_path
    return tmp_path


def propose(session: Session, *handed_in: KeptFile) -> Any:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    proof = Proof(files=handed_in)
    return completion.propose_completion(session, officer(session), owed, seen, clock.today(), None, "Xong.", proof)


def test_only_what_nothing_names_and_nobody_is_filling_in_is_removed(
    app: Flask, folder: Path, context: Session
) -> None:
    wanted, given_up, fresh = kept(folder), kept(folder, b"%PDF-1 cu"), kept(folder, b"%PDF-1 moi")
    broken = folder / ".draft-x"
    broken.write_bytes(b"nua chung")
    for path in (path_of(folder, wanted.sha256), path_of(folder, given_up.sha256), broken):
        make_old(path)
    assert remove_unnamed(context, folder) == 0  # no evidence at all: rather the wrong database
    propose(context, wanted)
    context.commit()
    assert housekeeping.tidy_evidence() == "removed 2 files"
    assert set(files(folder)) == {path_of(folder, wanted.sha256), path_of(folder, fresh.sha256)}


def test_the_same_content_again_is_not_tidied_away_under_the_form(folder: Path, context: Session) -> None:
    propose(context, kept(folder))
    other = kept(folder, b"%PDF-1 hai")
    make_old(path_of(folder, other.sha256))
    kept(folder, b"%PDF-1 hai")
    assert remove_unnamed(context, folder) == 0
    make_old(path_of(folder, other.sha256))
    assert still_kept(folder, other) and remove_unnamed(context, folder) == 0


def test_the_check_names_what_is_lost(folder: Path, context: Session) -> None:
    file = kept(folder)
    propose(context, file)
    context.commit()
    assert missing(context, folder) == []
    assert {finding.code: finding.ok for finding in full_check(context)}["evidence"]
    path_of(folder, file.sha256).unlink()
    [lost] = [finding for finding in full_check(context) if finding.code == "evidence"]
    assert (lost.ok, file.sha256 in lost.sentence) == (False, True)


def test_what_is_written_down(folder: Path, context: Session) -> None:
    file = kept(folder)
    report = propose(context, file)
    row = db.session.query(Evidence).one()
    assert (row.report_id, row.kind, row.sha256, row.name, row.media_type, row.size) == (
        report.id, "file", file.sha256, "ket-qua.pdf", "application/pdf", len(evidence.PDF),
    )  # fmt: skip
    assert report.result_document is None
