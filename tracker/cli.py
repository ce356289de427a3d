"""Commands for people and for checks."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError

from tracker.commands import bounces, check, lifecycle, remind, reorganise, seed, simulate, start, stats, worker


def prepare(app: Flask) -> None:
    """Register the commands."""
    for command in (start, seed, stats, remind, simulate, worker, check, lifecycle, reorganise, bounces):
        command.register(app)
    for registered in app.cli.commands.values():
        if registered.callback is not None:  # a group of another library's commands has none
            registered.callback = _in_a_sentence(registered.callback)


def _in_a_sentence(callback: Callable[..., Any]) -> Callable[..., Any]:
    """A database that is away, full or read-only is no fault of the program's: say so instead of a stack trace."""

    @wraps(callback)
    def run(*arguments: Any, **named: Any) -> Any:
        try:
            return callback(*arguments, **named)
        except OperationalError as error:
            sys.exit(
                f"Cơ sở dữ liệu không làm được việc này ({error.orig}). Hãy kiểm tra máy chủ cơ sở dữ liệu, chỗ trống và "
                "quyền ghi, rồi chạy lại."
            )

    return run
