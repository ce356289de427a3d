"""`flask bounces`: what mail servers return, from a pipe of the mail server or from a folder. Exit codes are sysexits.h's."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from tracker.actions.bounce import Outcome, take
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages import bounces
from tracker.messages.bounces import Bounce

NOT_OURS, TRY_LATER = 65, 75  # EX_DATAERR, EX_TEMPFAIL: the mail server keeps the letter and hands it over again
STRANGE = {Outcome.FOREIGN, Outcome.FORGED}
SAID = {
    Outcome.FAILED: "không giao được; đã ghi tin không gửi được",
    Outcome.DELAYED: "chưa giao được, máy chủ đang thử tiếp",
    Outcome.DELIVERED: "đã giao",
    Outcome.KNOWN: "đã biết từ trước; không thay đổi gì",
    Outcome.EARLY: "thư vừa gửi, chưa kịp ghi sổ; cần đưa lại sau",
    Outcome.FOREIGN: "không phải thư của hệ thống này; không thay đổi gì",
    Outcome.FORGED: "địa chỉ trong báo trả không phải địa chỉ thư ấy đã gửi tới; không thay đổi gì",
}


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_bounces)


@click.command(
    "bounces", help="Đọc thư báo trả lại (RFC 3464) từ đầu vào chuẩn, hoặc từ một Maildir hay thư mục tập tin .eml."
)
@click.option("--folder", type=click.Path(path_type=Path), help="Maildir, hoặc thư mục có các tập tin .eml.")
@with_appcontext
def _bounces(folder: Path | None) -> None:
    try:
        code = _from_folder(folder) if folder else _take_all(sys.stdin.buffer.read(bounces.MOST), "thư")
    except OperationalError as error:
        click.echo(f"Cơ sở dữ liệu chưa sẵn sàng ({error.orig}); thư cần được đưa lại sau.", err=True)
        code = TRY_LATER
    sys.exit(code)


def _from_folder(folder: Path) -> int:
    """Read every letter; one that cannot be read does not stop the others. Return the gravest exit code of all."""
    if not folder.is_dir():
        raise click.UsageError(f"Không có thư mục {folder}.")
    code, files = 0, sorted(_letters(folder))
    for path in files:
        try:
            raw = path.read_bytes()[: bounces.MOST]
        except OSError as error:
            click.echo(f"{path.name}: không đọc được ({error.strerror}).", err=True)
            code = max(code, NOT_OURS)
            continue
        one = _take_all(raw, path.name)
        code = max(code, one)
        if one != TRY_LATER:
            _seen(path)
    click.echo(f"Đã đọc {len(files)} thư.")
    return code


def _letters(folder: Path) -> Iterator[Path]:
    """The letters not yet read of a Maildir, or all .eml files of a folder: reading one twice changes nothing."""
    if (folder / "new").is_dir():
        yield from (path for path in (folder / "new").iterdir() if path.is_file())
    else:
        yield from (path for path in folder.iterdir() if path.suffix.lower() == ".eml" and path.is_file())


def _seen(path: Path) -> None:
    """In a Maildir, a letter that was read moves from new to cur."""
    if path.parent.name == "new":
        with suppress(OSError):  # read-only: it is read again next time, which changes nothing
            (path.parent.parent / "cur").mkdir(exist_ok=True)
            path.rename(path.parent.parent / "cur" / f"{path.name}:2,S")


def _take_all(raw: bytes, name: str) -> int:
    """Take every report of the letter, each in a transaction of its own; return the exit code it deserves."""
    found = bounces.read(raw)
    if not found:
        click.echo(f"{name}: không phải thư báo trả lại theo chuẩn RFC 3464; không thay đổi gì.", err=True)
    outcomes = {_take(bounce, name) for bounce in found}
    if Outcome.EARLY in outcomes:
        return TRY_LATER
    return NOT_OURS if not outcomes or outcomes & STRANGE else 0


def _take(bounce: Bounce, name: str) -> Outcome:
    begin_writing()
    outcome = take(db.session(), current_app.config, bounce)
    db.session.commit()
    click.echo(f"{name}: {', '.join(sorted(bounce.addresses))}: {SAID[outcome]}.", err=outcome in STRANGE)
    return outcome
