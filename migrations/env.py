"""Alembic inside the application: the engine and the metadata are the application's own."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from tracker.models.base import Base, Moment


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | bool:
    """Write a Moment as what the database sees, so that a migration never imports the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    """Run the migrations in one transaction, in batch mode (SQLite alters a table by copying it)."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table altered by copying is dropped on the way: with keys enforced that would count as deleting its rows.
            connection.connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            _refuse_broken_keys(connection)
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys = ON")


def _refuse_broken_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if connection.dialect.name == "sqlite" else []
    if broken:
        raise RuntimeError(f"The migration would leave rows that point nowhere: {broken[:5]}")


run()
