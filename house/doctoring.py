"""What `house doctor` looks at; each finding is a sentence and whether it is well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select, text

from house import audit, clock, languages
from house.catalogue import face as catalogue
from house.db import db
from house.post import Letter, LetterState

LEAST_FREE = 500 * 1024 * 1024


def examine(app: Flask) -> Iterator[tuple[bool, str]]:
    """Look at one thing after another, most basic first."""
    yield _database()
    well, sentence = _migrations()
    yield well, sentence
    if not well:
        return
    services = len(catalogue.services(db.session()))
    yield services > 0, f"The catalogue holds {services} services."
    broken = audit.first_broken(db.session())
    yield broken is None, "The audit chain is whole." if broken is None else f"Act {broken} was changed."
    yield _letters()
    missing = [one.tag for one in languages.LANGUAGES if not _speaks(one.tag)]
    yield not missing, f"Catalogues missing: {', '.join(missing)}." if missing else "All languages are here."
    free = shutil.disk_usage(app.extensions["house-config"].data_dir).free
    yield free > LEAST_FREE, f"{free // 1024**2} MB are free where the data is."


def _database() -> tuple[bool, str]:
    if db.engine.dialect.name != "sqlite":
        return True, "The database answers."
    found = db.session.execute(text("PRAGMA quick_check")).scalar()
    return found == "ok", f"SQLite's own check says: {found}."


def _migrations() -> tuple[bool, str]:
    folder = str(languages.TRANSLATIONS.parent / "migrations")
    head = ScriptDirectory(folder).get_current_head()
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == head, f"The database is at revision {here}, the code at {head}."


def _letters() -> tuple[bool, str]:
    waiting = select(func.count(), func.min(Letter.due_at)).where(Letter.state == LetterState.WAITING)
    number, oldest = db.session.execute(waiting).one()
    late = oldest is not None and (clock.now() - oldest).total_seconds() > 600
    given_up = db.session.scalar(select(func.count()).where(Letter.state == LetterState.FAILED))
    lateness = " The worker is late." if late else ""
    return not late, f"{number} letters wait, {given_up} were given up.{lateness}"


def _speaks(tag: str) -> bool:
    return (languages.TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po").exists()
