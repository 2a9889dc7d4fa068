"""Eight editors, each a process, save the same entry at the same moment, on both engines.

The guards are two: the lock on the catalogue's edition, and the keys of drafts and versions. With the lock
taken out the keys alone must still keep one text; with both taken out everybody's text must stand, each over
the other, or this test could not fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house.catalogue import drafting
from house.catalogue.editing_models import Draft, DraftState, Version
from house.catalogue.entries import Kind
from house.db import begin_writing, db, is_sqlite
from house.doors import Role
from house.people import face as people
from house.problems import Moved
from tests import houses
from tests.catalogue.editing_house import SIRI_SERVICE, rename, text_of
from tests.intake.racing import all_looked

pytestmark = pytest.mark.races
FEW = 4
KEYS = {
    "catalogue_draft": "pk_catalogue_draft",
    "catalogue_version": "uq_catalogue_version_kind_slug_number",
}
Race = Callable[..., list[Any]]


@pytest.fixture(scope="session")
def house_template(catalogue_template: Path) -> Path:
    return catalogue_template


@pytest.fixture
def editors(engine_app: Flask) -> None:
    """A house with a catalogue and eight who may change it."""
    with houses.arranging(engine_app) as session:
        house = people.house_body(session).id
        for number in range(8):
            people.open_account(session, f"editor{number}@example.dk", "Editor", [(house, Role.EDITOR)])


def save(app: Flask, number: int, begun: Callable[[Flask, int], None] = lambda _app, _number: None) -> str:
    """One editor: reads the entry, changes its name, saves; answers what became of it."""
    with app.app_context():
        session = db.session()
        begin_writing(session)
        record, _ = text_of(session, SIRI_SERVICE)
        session.rollback()
        begin_writing(session)
        begun(app, number)
        try:
            rename(f"Paper {number}")(record)
            drafting.save(session, Kind.SERVICE, SIRI_SERVICE, record, 0, number + 1)
            session.commit()
        except Moved as problem:
            session.rollback()
            return problem.code
        except IntegrityError:
            session.rollback()
            return "the key said no"
        return "saved"


def look_then_write(app: Flask, number: int) -> None:
    """Take the lock out: what stands there is looked at by all before the first writes."""
    looked = drafting.entry

    def careless(session: Session, kind: Kind, slug: str, new: bool = False) -> drafting.Entry:
        there = looked(session, kind, slug, new)
        session.rollback()  # lets go of every lock
        all_looked(app, number, FEW)
        begin_writing(session)
        return there

    drafting.entry = careless


def save_without_lock(app: Flask, number: int) -> str:
    """The same in a house that looks first and begins to write when all have looked."""
    return save(app, number, begun=look_then_write)


def drop_the_keys(app: Flask) -> None:
    """Take the keys off drafts and versions."""
    with houses.arranging(app) as session:
        if is_sqlite(session):
            for table, key in KEYS.items():
                asked = text("SELECT sql FROM sqlite_master WHERE name = :table")
                made = session.scalar(asked, {"table": table}) or ""
                keyless, taken = re.subn(rf",\s*CONSTRAINT {key} (PRIMARY KEY|UNIQUE) \([^)]*\)", "", made)
                assert taken == 1, made
                session.execute(text(f"DROP TABLE {table}"))
                session.execute(text(keyless))
        else:
            for table, key in KEYS.items():
                session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {key}"))


def written(app: Flask) -> tuple[int, int]:
    """How many drafts and how many versions there are."""
    with houses.looking(app) as session:
        drafts, versions = (
            session.scalar(select(func.count()).select_from(one)) or 0 for one in (Draft, Version)
        )
        return drafts, versions


def test_of_eight_who_save_at_once_one_is_saved(engine_app: Flask, race: Race, editors: None) -> None:
    answers = race(save, runners=8)
    assert sorted(answers) == ["changed_meanwhile"] * 7 + ["saved"]
    assert written(engine_app) == (1, 2)
    with houses.looking(engine_app) as session:
        draft = session.scalars(select(Draft)).one()
        assert (draft.state, draft.authors) == (DraftState.DRAFT, [answers.index("saved") + 1])


def test_without_the_lock_the_keys_keep_one_and_without_both_all_stand(
    engine_app: Flask, race: Race, editors: None
) -> None:
    answers = race(save_without_lock, runners=FEW)
    assert sorted(answers) == ["saved", *["the key said no"] * (FEW - 1)]
    assert written(engine_app) == (1, 2)
    with houses.arranging(engine_app) as session:
        for model in (Draft, Version):
            session.query(model).delete()
    for looked in engine_app.extensions["house-config"].data_dir.glob("looked-*"):
        looked.unlink()
    drop_the_keys(engine_app)
    assert race(save_without_lock, runners=FEW) == ["saved"] * FEW
    drafts, versions = written(engine_app)
    assert (drafts, versions > FEW) == (FEW, True), "one of each, and what stood before by whoever saw none"
