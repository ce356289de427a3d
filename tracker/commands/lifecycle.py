"""`flask lifecycle`: the states of an assignment and of an obstacle, and what leads from one to the other, for the docs."""

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker.words.lifecycle import lifecycle


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_lifecycle)


@click.command("lifecycle", help="Vẽ vòng đời của phần việc và vướng mắc từ mã nguồn (dạng Markdown).")
@with_appcontext
def _lifecycle() -> None:
    for line in lifecycle():
        click.echo(line)
