"""Alembic inside the application: the engine and the metadata are the application's own."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from tracker.models.base import Base, Moment


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | bool:
    """Write a Moment as what the database sees, so that a migration never imports the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    """Run the migrations in one transaction, in batch mode (SQLite alters a table by copying it)."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
