"""What holds between processes on one SQLite file."""

import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from tests.browser.conftest import sqlite_only
from tracker.extensions import db

READS = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM event').fetchone()"


@sqlite_only
def test_a_new_connection_keeps_the_locks_of_the_others(app: Flask) -> None:
    """Whoever closes a database last clears its write-ahead log away: another process must see that we hold it open."""
    with app.app_context(), db.engine.connect() as first:
        first.execute(text("SELECT count(*) FROM event"))
        file = db.engine.url.database or ""
        with db.engine.connect() as second:
            second.execute(text("SELECT count(*) FROM event"))
        assert Path(f"{file}-wal").exists()
        subprocess.run([sys.executable, "-c", READS, file], check=True)
        assert Path(f"{file}-wal").exists()
