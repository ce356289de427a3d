"""One migrated and seeded database per backend and test process; every test gets a copy of its own.

Copies of one process follow each other under the same name, so that the application made for the first serves the next ones too,
with its compiled templates, routes and statements: making one anew would take longer than most tests.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests import people, postgres
from tracker import clock, create_app
from tracker.extensions import db

BACKENDS = ("sqlite", "postgresql")
TESTING: dict[str, Any] = {"TESTING": True, "WTF_CSRF_ENABLED": False, "SECRET_KEY": "x" * 32}


COMPILED = FileSystemBytecodeCache(os.environ["BARO_INSTANCE"])  # templates are compiled once for all tests


def make_app(url: str, **overrides: Any) -> Flask:
    app = create_app({**TESTING, "SQLALCHEMY_DATABASE_URI": url, **overrides})
    app.jinja_env.bytecode_cache = COMPILED
    return app


_MADE: dict[str, tuple[Flask, dict[str, Any]]] = {}


def app_on(url: str, **overrides: Any) -> Flask:
    """Return the application on that database, as if it had just been made: configured as asked for, in the present."""
    key = f"{url} {sorted(overrides.items())}"
    if key not in _MADE:
        made = make_app(url, **overrides)
        _MADE[key] = made, dict(made.config)
    app, configured = _MADE[key]
    app.config.clear()
    app.config.update(configured)
    clock.configure(app.config["TIME_ZONE"], app.config["REHEARSAL_DAY"])
    return app


def let_go(app: Flask) -> None:
    """Close every connection the application holds."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def migrate(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade()


def seed(app: Flask) -> None:
    from seeds import loader

    with app.app_context():
        loader.load(db.session)
        people.add_all()
        db.session.commit()


class Databases:
    """Makes the templates when first asked and copies them for the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: postgres.Postgres | None = None
        self._built: set[tuple[str, bool]] = set()
        self._numbers = itertools.count(1)
        self._free: dict[str, list[str]] = {}
        self._prefix = f"tracker_test_{os.getpid()}"

    @property
    def server(self) -> postgres.Postgres:
        if self._server is None:
            self._server = postgres.find()
        return self._server

    @contextmanager
    def copy(self, backend: str, seeded: bool = True) -> Iterator[str]:
        """Give the URL of a fresh database: migrated, and with the documents and the test people unless `seeded` is false."""
        copier: Callable[[bool], Any] = self._sqlite if backend == "sqlite" else self._postgresql
        with copier(seeded) as url:
            yield url

    @contextmanager
    def empty(self, backend: str) -> Iterator[str]:
        """Give the URL of a database without tables."""
        if backend == "sqlite":
            yield f"sqlite:///{self.folder}/{next(self._numbers)}.db"
            return
        name = f"{self._prefix}_{next(self._numbers)}"
        try:
            yield self.server.create(name)
        finally:
            self.server.drop(name)

    def stop(self) -> None:
        if self._server is not None:
            for backend, seeded in self._built:
                if backend == "postgresql":
                    self._server.drop(self._template(seeded))
            self._server.stop()

    @contextmanager
    def _sqlite(self, seeded: bool) -> Iterator[str]:
        template = self.folder / f"{self._template(seeded)}.db"
        self._build("sqlite", seeded, lambda: _without(template))
        with self._name("sqlite") as name:
            copy = self.folder / f"{name}.db"
            shutil.copyfile(template, copy)
            yield f"sqlite:///{copy}"
            for suffix in ("", "-wal", "-shm"):
                Path(f"{copy}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def _postgresql(self, seeded: bool) -> Iterator[str]:
        self._build("postgresql", seeded, lambda: self._empty_template(seeded))
        with self._name("postgresql") as name:
            try:
                yield self.server.create(name, self._template(seeded))
            finally:
                self.server.drop(name)

    @contextmanager
    def _name(self, backend: str) -> Iterator[str]:
        """Lend a name that no other copy has now."""
        free = self._free.setdefault(backend, [])
        name = free.pop() if free else f"{self._prefix}_{next(self._numbers)}"
        yield name
        free.append(name)

    def _empty_template(self, seeded: bool) -> str:
        self.server.drop(self._template(seeded))  # what a build that failed left behind
        return self.server.create(self._template(seeded))

    def _template(self, seeded: bool) -> str:
        return f"{self._prefix}_{'seeded' if seeded else 'migrated'}"

    def _build(self, backend: str, seeded: bool, create: Callable[[], str]) -> None:
        if (backend, seeded) in self._built:
            return
        app = make_app(create())
        migrate(app)
        if seeded:
            seed(app)
        if backend == "sqlite":
            with app.app_context(), db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        let_go(app)
        self._built.add((backend, seeded))


def _without(file: Path) -> str:
    file.unlink(missing_ok=True)  # what a build that failed left behind
    return f"sqlite:///{file}"


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Collect the statements the application sends; connection upkeep (BEGIN, PRAGMA, savepoints) does not count."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def environment(url: str, folder: Path, **more: str) -> Mapping[str, str]:
    """Return the environment in which a program of ours, started as a process, uses the database."""
    return {**os.environ, "DATABASE_URL": url, "BARO_INSTANCE": str(folder), **more}
