"""What somebody wrote in the address or in a form, fit to be asked of the database and to be kept."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

import flask
from flask import request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

from tracker.forms.base import YEARS
from tracker.rules.plain_text import plain
from tracker.views.loaders import fits
from tracker.views.upload import Spool

LONGEST = 100


class PlainWords(ImmutableMultiDict[str, str]):
    """Names and values of an address or a form, every one of them as plain text."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, str]] | None = None) -> None:
        super().__init__(
            [
                (plain(name), plain(value) if isinstance(value, str) else value)
                for name, value in iter_multi_items(mapping or ())
            ]
        )


class Request(flask.Request):
    """Everything typed is made plain before any view, form or filter can see it: one door, none forgotten."""

    parameter_storage_class = PlainWords
    bytes_a_file = 0  # tracker.views.upload says more where files are wanted

    @property
    def is_json(self) -> bool:
        """No page speaks JSON, and in it words could come past this door: who sends it has sent an empty form."""
        return False

    def _get_file_stream(self, *facts: Any, **named: Any) -> Any:
        return Spool(self.bytes_a_file)


def typed(name: str) -> str:
    """Return the parameter trimmed and cut; "" when absent."""
    return request.args.get(name, "").strip()[:LONGEST]


def typed_number(name: str) -> int | None:
    """Return the whole number of the parameter, None when it is absent or no row could have it."""
    number = request.args.get(name, type=int)
    return number if number is not None and fits(number) else None


def typed_one_of(name: str, known: Container[str]) -> str:
    """Return the parameter when it is one of the known words, else ""."""
    return typed(name) if typed(name) in known else ""


def day_of(text: str) -> date | None:
    """Return the day written as 2026-11-22; None when it is none, or so far off that the calendar itself ends soon."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
