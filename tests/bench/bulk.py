"""Rows by the hundred thousand: tuples in, by executemany on SQLite and COPY on PostgreSQL, past the ORM."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from tracker.models import Base

Row = tuple[Any, ...]
HASTE = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000", "BEGIN"),
    "postgresql": ("SET LOCAL timezone = 'UTC'", "SET LOCAL session_replication_role = 'replica'"),
}


class Bulk:
    """Collects rows by table and writes them many at a time. Days and moments are ISO texts, JSON is text already."""

    def __init__(self, raw: Any, is_sqlite: bool) -> None:
        self.raw, self.is_sqlite = raw, is_sqlite
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.columns: dict[str, Sequence[str]] = {}
        self.usual: dict[str, Row] = {}
        self.last_id: dict[str, int] = defaultdict(int)

    def into(self, table: str, *columns: str) -> None:
        """Say once in which order the values of the table's rows come. Raises ValueError when a needed column is missing."""
        known = Base.metadata.tables[table].columns
        unsaid = [c for c in known if not c.nullable and c.name not in columns and c.name != "id"]
        missing = [c.name for c in unsaid if c.default is None or not c.default.is_scalar]
        unknown = [name for name in columns if name not in known]
        if missing or unknown:
            raise ValueError(f"{table}: missing {missing}, unknown {unknown}")
        self.columns[table] = (("id",) if "id" in known else ()) + columns + tuple(c.name for c in unsaid)
        self.usual[table] = tuple(c.default.arg for c in unsaid)  # type: ignore[union-attr]

    def add(self, table: str, *values: Any) -> int:
        """Add a row and return its id; not for tables without one."""
        self.last_id[table] += 1
        self.rows[table].append((self.last_id[table], *values, *self.usual[table]))
        return self.last_id[table]

    def link(self, table: str, *values: Any) -> None:
        """Add a row of a table whose key is its values."""
        self.rows[table].append((*values, *self.usual[table]))

    def write(self) -> None:
        """Send what was collected, in the order in which the tables depend on each other."""
        for table in Base.metadata.sorted_tables:
            if rows := self.rows.pop(table.name, None):
                self._send(table.name, rows)

    def _send(self, table: str, rows: list[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in self.columns[table])
        if self.is_sqlite:
            marks = ", ".join("?" * len(self.columns[table]))
            self.raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
            return
        with self.raw.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        """Write the rest and let the database count on from the last ids."""
        self.write()
        if not self.is_sqlite:
            for table, last in self.last_id.items():
                self.raw.execute(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), {last})")


@contextmanager
def bulk(engine: sa.Engine) -> Iterator[Bulk]:
    """Give a Bulk in one transaction on an otherwise unused database; foreign keys are not checked row by row."""
    connection = engine.raw_connection()
    raw: Any = connection.driver_connection
    is_sqlite = engine.dialect.name == "sqlite"
    for setting in HASTE[engine.dialect.name]:
        raw.execute(setting)
    made = Bulk(raw, is_sqlite)
    yield made
    made.finish()
    raw.execute("COMMIT") if is_sqlite else raw.commit()
    connection.close()
    engine.dispose()  # the next connection has the application's own settings again


def analyze(engine: sa.Engine) -> None:
    """Let the database know its own proportions, as it would after a night."""
    connection = engine.raw_connection()
    raw: Any = connection.driver_connection
    raw.execute("ANALYZE")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") if engine.dialect.name == "sqlite" else raw.commit()
    connection.close()
