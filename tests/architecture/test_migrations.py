"""The migrations make exactly the tables the models describe, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import alembic.command
import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app

from tests import databases
from tests.architecture.code import ROOT


@pytest.fixture
def fresh(empty_database_url: str) -> Iterator[Flask]:
    made = databases.make_app(empty_database_url)
    yield made
    databases.let_go(made)


both = pytest.mark.parametrize("empty_database_url", databases.BACKENDS, indirect=True)


@both
def test_migrations_match_models(fresh: Flask) -> None:
    databases.migrate(fresh)
    with fresh.app_context():
        # Raises with the list of differences: type flask --app wsgi db revision --autogenerate, then read what it wrote.
        alembic.command.check(current_app.extensions["migrate"].migrate.get_config())


def test_migrations_are_one_numbered_line() -> None:
    names = sorted(path.name for path in Path(ROOT, "migrations/versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1
