"""What somebody wrote in the address, fit to be asked of the database."""

from flask import request

LONGEST = 100


def typed(name: str) -> str:
    """Return the parameter trimmed and cut, without the one character that PostgreSQL refuses; "" when absent."""
    return request.args.get(name, "").replace("\x00", "").strip()[:LONGEST]
