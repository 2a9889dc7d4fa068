"""The schema is told twice, by the models and by the migrations; both tell the same, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, Integer, Table, inspect
from sqlalchemy.exc import DatabaseError

from house.db import Model, db
from tests import houses, postgres
from tests.house_rules import schema

if not any((houses.MIGRATIONS / "versions").glob("*.py")):
    pytest.skip("there are no migrations yet", allow_module_level=True)


def script() -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("script_location", str(houses.MIGRATIONS))
    return ScriptDirectory.from_config(config)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A house on an empty database."""
    if request.param == "sqlite":
        app = houses.build(houses.config_in(tmp_path))
        yield app
        houses.close(app)
        return
    with postgres.database(request.getfixturevalue("pg_server"), template="template0") as url:
        app = houses.build(houses.config_in(tmp_path, database_url=url))
        yield app
        houses.close(app)


def differences(app: Flask) -> list[str]:
    """What autogenerate would still write."""
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [describe(one) for one in compare_metadata(context, Model.metadata)]


def describe(difference: Any) -> str:
    parts = difference[0] if isinstance(difference, list) else difference
    return " ".join(str(part) for part in parts if part is not None)


def to(app: Flask, revision: str, move: Any = upgrade) -> None:
    with app.app_context():
        move(directory=str(houses.MIGRATIONS), revision=revision)


def test_there_is_one_head() -> None:
    assert len(script().get_heads()) == 1


def test_migrations_and_models_tell_the_same(bare: Flask) -> None:
    to(bare, "head")
    assert differences(bare) == []


def test_a_model_without_its_migration_is_found(bare: Flask) -> None:
    to(bare, "head")
    forgotten = Table("forgotten", Model.metadata, Column("id", Integer, primary_key=True))
    try:
        assert differences(bare) == ["add_table forgotten"]
    finally:
        Model.metadata.remove(forgotten)


def test_every_step_goes_up_with_data_in_it_and_down_again(bare: Flask) -> None:
    revisions = [one.revision for one in script().walk_revisions()][::-1]
    for revision in revisions:
        to(bare, revision)
    with houses.arranging(bare) as session:
        schema.fill(session, Model.metadata, schema.BEGINNING)
    for revision in [*revisions[:-1][::-1], "base"]:
        to(bare, revision, downgrade)
    assert tables_of(bare) == set()
    to(bare, "head")
    assert differences(bare) == []


class PowerCut(Exception):
    """Ends a migration in its middle."""


def test_a_step_that_fails_halfway_leaves_nothing(bare: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = ScriptDirectory._upgrade_revs

    def cut(self: ScriptDirectory, destination: str, current: str) -> Any:
        steps = planned(self, destination, current)
        step = steps[-1].migration_fn

        def half(*args: Any, **kwargs: Any) -> None:
            step(*args, **kwargs)
            raise PowerCut

        steps[-1].migration_fn = half
        return steps

    *before, last = [one.revision for one in script().walk_revisions()][::-1]
    if before:
        to(bare, before[-1])
    tables = tables_of(bare)
    monkeypatch.setattr(ScriptDirectory, "_upgrade_revs", cut)
    with pytest.raises(PowerCut):
        to(bare, last)
    assert tables_of(bare) == tables


def tables_of(app: Flask) -> set[str]:
    with app.app_context():
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_house_says_ready_only_when_its_tables_are_there(bare: Flask) -> None:
    client = bare.test_client()
    with pytest.raises(DatabaseError):
        client.get("/readyz")
    to(bare, "head")
    assert client.get("/readyz").text == "ready\n"
