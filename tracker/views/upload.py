"""Files on their way in: how much is taken, where it waits, and how a form that comes back remembers what it brought.

A body is read before the transaction begins (@receives_files), never held in memory, and never stops half way through the
form: what is too large or finds no room on the disk breaks its own file only, and the words around it are kept.
"""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.actions.evidence import KeptFile, still_kept
from tracker.extensions import db
from tracker.forms.completion import MOST_FILES
from tracker.queries.setting import setting
from tracker.views.guard import reads_only

F = TypeVar("F", bound=Callable[..., Any])
IN_MEMORY = 256 * 1024
MEGABYTE = 1024 * 1024


def receives_files(view: F) -> F:
    """Mark a view that takes files; it begins its own transaction, when everything has been read and written to the disk."""
    view.receives_files = True  # type: ignore[attr-defined]
    return reads_only(view)


def prepare(app: Flask) -> None:
    """Let the views that take files take more than others: decided before anything reads the body."""
    app.url_value_preprocessor(_allow_files)


def _allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    view: Any = current_app.view_functions.get(endpoint or "")
    if request.method == "POST" and getattr(view, "receives_files", False) and current_user.is_authenticated:
        request.bytes_a_file = file_limit()  # type: ignore[attr-defined]
        request.max_content_length = request_limit()
        db.session.rollback()  # a slow line must not hold a connection


def file_limit() -> int:
    """Return how many bytes one file may have."""
    return setting(db.session(), "evidence_megabytes") * MEGABYTE


def request_limit() -> int:
    """Return how many bytes are read at all: twice what may be handed in, so that a mistake still gets its form back."""
    return 2 * MOST_FILES * file_limit()


class Spool(SpooledTemporaryFile[bytes]):
    """A file while it comes in: up to `limit` bytes are kept, all are counted (`size`).

    `lost`: the disk took no more. Unbuffered, so that nothing is left to be written, and to fail, when it is read.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(IN_MEMORY, buffering=0, dir=current_app.config["EVIDENCE"])
        self.limit, self.size, self.lost = limit, 0, False

    def write(self, content: Any) -> int:
        self.size += len(content)
        if self.size <= self.limit and not self.lost:
            try:
                self.lost = super().write(content) != len(content)
            except OSError:
                self.lost = True
        return len(content)


def remembered(tokens: Iterable[str]) -> dict[str, KeptFile]:
    """Return by token the files this person has brought before with this form and that are still there."""
    found = {}
    for token in tokens:
        try:
            person, *facts = _signer().loads(token)
            file = KeptFile(*facts)
        except (BadSignature, TypeError, ValueError):
            continue
        if person == current_user.id and still_kept(current_app.config["EVIDENCE"], file):
            found[token] = file
    return found


def token_of(file: KeptFile) -> str:
    """Return what a form carries so that the file need not be sent again."""
    return str(_signer().dumps([current_user.id, file.sha256, file.name, file.media_type, file.size]))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), "evidence")
