"""What `house doctor` looks at; each finding is a sentence and whether it is well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Column, func, select, text

from house import audit, clock, languages
from house.catalogue import face as catalogue
from house.db import Model, Sealed, db
from house.post import Letter, LetterState
from house.seals import Unsealable

LEAST_FREE = 500 * 1024 * 1024
A_WEEK = timedelta(days=7)
WAITING, SENT, FAILED, REFUSED = LetterState
IN_VAIN = Letter.tries >= 5
"""For a quarter of an hour: one that is put off once, as mail servers do with strangers, is no illness."""


def examine(app: Flask) -> Iterator[tuple[bool, str]]:
    """Look at one thing after another, most basic first."""
    yield _database()
    well, sentence = _migrations()
    yield well, sentence
    if not well:
        return
    yield _secret()
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
    folder = str(languages.MIGRATIONS)
    head = ScriptDirectory(folder).get_current_head()
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == head, f"The database is at revision {here}, the code at {head}."


def _secret() -> tuple[bool, str]:
    """Open the oldest and the newest of everything that is sealed."""
    tried, broken = 0, []
    for column in _sealed_columns():
        keys = column.table.primary_key.columns
        for order in (keys, [key.desc() for key in keys]):
            one = select(column).where(column.is_not(None)).order_by(*order).limit(1)
            try:
                tried += bool(db.session.scalars(one).all())
            except Unsealable as error:
                broken.append(str(error))
    if broken:
        return False, f"HOUSE_SECRET does not open {', '.join(sorted(set(broken)))}: is it another house's?"
    return True, "HOUSE_SECRET opens what is sealed." if tried else "Nothing is sealed yet."


def _sealed_columns() -> Iterator[Column[Any]]:
    for table in Model.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))


def _letters() -> tuple[bool, str]:
    waiting = select(func.count(), func.min(Letter.due_at)).where(Letter.state == WAITING)
    number, oldest = db.session.execute(waiting).one()
    late = oldest is not None and (clock.now() - oldest).total_seconds() > 600
    tried = db.session.scalar(select(func.count()).where(Letter.state == WAITING, IN_VAIN))
    rows = select(Letter.state, func.count()).where(Letter.written_at > clock.now() - A_WEEK)
    found = {state: count for state, count in db.session.execute(rows.group_by(Letter.state))}  # noqa: C416
    sent, failed, refused = (found.get(one, 0) for one in (SENT, FAILED, REFUSED))
    turned_away = refused > max(sent, 2)  # not one mistyped address, but our mail server turned away
    sentences = [
        f"{number} letters wait, {tried} of them were tried in vain.",
        f"In the last week {sent} were sent, {failed} given up and {refused} refused.",
        *(["The worker is late."] if late else []),
        *(["See the worker's log, then: house letters retry."] if failed or tried or turned_away else []),
    ]
    return not (late or failed or tried or turned_away), " ".join(sentences)


def _speaks(tag: str) -> bool:
    return (languages.TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po").exists()
