"""Commands for people and for checks."""

from flask import Flask

from tracker.commands import check, remind, seed, start, stats, worker


def prepare(app: Flask) -> None:
    """Register the commands."""
    for command in (start, seed, stats, remind, worker, check):
        command.register(app)
