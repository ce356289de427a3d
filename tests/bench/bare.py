"""The floor of the database: the very statements of a request, sent again by the bare driver in this process."""

import time
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.bench.wrk import Asked
from tracker.extensions import db

Statement = tuple[str, Any]


def statements(app: Flask, asked: Asked) -> list[Statement]:
    """Return what one request sends to the database. Raises RuntimeError when it is not answered as it should be."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": asked.cookie}
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.post(asked.path, headers=headers, data=asked.body, content_type="application/x-www-form-urlencoded") \
            if asked.body else client.get(asked.path, headers=headers)  # fmt: skip
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != (302 if asked.body else 200):
        raise RuntimeError(f"{asked.path} answered {answer.status_code}")
    return found


def times_a_second(app: Flask, wanted: list[Statement], seconds: float = 1.5) -> float:
    """Return how often the driver alone can send the statements and fetch the rows, in one process, in its best stretch.

    Writes are left out of what is sent again (they would collide with what they wrote); one plain insert stands for them.
    """
    reads = [
        (statement, parameters) for statement, parameters in wanted if statement.lstrip().startswith(("SELECT", "WITH"))
    ]
    with app.app_context():
        connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        best, until = 0.0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            for _ in range(20):
                for statement, parameters in reads:
                    cursor.execute(statement, parameters)
                    cursor.fetchall()
            best = max(best, 20 / (time.perf_counter() - began))
        return best
    finally:
        connection.rollback()
        connection.close()
