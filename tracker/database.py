"""How connections begin: SQLite in WAL with enforced keys, readers deferred and writers immediate; PostgreSQL as it is."""

import os
import sqlite3
from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.extensions import db


def prepare(app: Flask) -> None:
    """Attach the listeners to the application's engine."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "do_connect", _keep_private)
            event.listen(db.engine, "connect", _open_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def begin_writing() -> None:
    """Start the request's or job's transaction as a writer.

    On SQLite a transaction that reads first and writes later fails at once when another wrote in between
    (SQLITE_BUSY_SNAPSHOT), whatever busy_timeout says; BEGIN IMMEDIATE waits its turn instead. PostgreSQL needs nothing.
    """
    if not db.session().in_transaction():
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def _keep_private(dialect: Any, record: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Make a new database readable by its owner only, as SQLite, which makes files for everybody, keeps it from then on.

    A file that exists is never opened here: closing it would drop every lock that SQLite holds on it in this process.
    """
    with suppress(OSError):  # it exists, or SQLite says itself what is wrong with it
        os.close(os.open(arguments[0], os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600))


def insert_into(session: Session) -> Any:
    """Return the insert() that knows ON CONFLICT: both databases spell it alike, SQLAlchemy builds it for each apart."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _open_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "cache_size=-4000",  # KiB, in each connection of each thread; the system keeps the rest of the file at hand
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
