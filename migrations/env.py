"""Alembic's way into the house: the app's engine, the models' metadata, batch mode for SQLite."""

from alembic import context
from flask import current_app

import house.app  # noqa: F401 - loads every wing's models
from house.db import Model, Sealed, UtcMoment, db


def render(kind, item, _autogen):  # what a migration says stands still when the code's own types move on
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, UtcMoment):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Bring the connected database to the wanted revision, in one transaction that writes from its start."""
    with db.engine.connect().execution_options(house_write=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: the house writes no SQL files.")
with current_app.app_context():
    run()
