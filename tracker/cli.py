"""Commands for people and for checks."""

from flask import Flask

from tracker.commands import stats


def prepare(app: Flask) -> None:
    """Register the commands."""
    for command in (stats,):
        command.register(app)
