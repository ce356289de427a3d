"""`flask seed`: load the five documents and everything curated around them. Safe to run again."""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext

from seeds.loader import SeedError, load
from tracker.commands.options import needs_documents
from tracker.database import begin_writing
from tracker.extensions import db


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_seed)


@click.command("seed", help="Nạp năm văn bản và dữ liệu kèm theo; chạy lại không sinh bản ghi trùng.")
@with_appcontext
def _seed() -> None:
    needs_documents()
    click.echo(load_seeds())


def load_seeds() -> str:
    """Load and commit; return the sentence that says what changed. A bad seed ends the command with file, line and reason."""
    begin_writing()
    try:
        report = load(db.session())
    except SeedError as error:
        db.session.rollback()
        sys.exit(str(error))
    db.session.commit()
    return str(report)
