"""Alembic's way into the house: the app's engine, the models' metadata, batch mode for SQLite."""

from alembic import context
from flask import current_app

import house.app  # noqa: F401 - loads every wing's models
from house.db import Model, db


def run() -> None:
    """Bring the connected database to the wanted revision, in one transaction that writes from its start."""
    with db.engine.connect().execution_options(house_write=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: the house writes no SQL files.")
with current_app.app_context():
    run()
