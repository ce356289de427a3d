"""`flask check`: what an administrator asks before going home: is everything as it should be?"""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker.extensions import db
from tracker.queries.health import full_check


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_check)


@click.command("check", help="Kiểm tra cấu hình, cơ sở dữ liệu, lịch làm việc, bộ gửi tin.")
@with_appcontext
def _check() -> None:
    findings = full_check(db.session())
    for finding in findings:
        click.echo(f"[{'tốt' if finding.ok else 'LỖI'}] {finding.sentence}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)
