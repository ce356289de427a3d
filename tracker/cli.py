"""Commands for people and for checks."""

from flask import Flask


def prepare(app: Flask) -> None:
    """Register the commands."""
