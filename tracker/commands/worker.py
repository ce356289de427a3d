"""`flask worker`: the clock of reminders and mails, in the foreground. Any number may run; the database is the meeting point."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from tracker.commands.options import needs_documents
from tracker.jobs.scheduler import run_until_stopped


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_worker)


@click.command("worker", help="Chạy bộ nhắc việc và gửi tin; Ctrl+C để dừng.")
@with_appcontext
def _worker() -> None:
    needs_documents()
    run_until_stopped(current_app._get_current_object())  # type: ignore[attr-defined]
