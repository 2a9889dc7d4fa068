"""The audit: acts in their own transaction, sealed into a chain that shows what was changed or taken out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from house import audit, clock
from house.audit import Act
from tests import houses


@pytest.fixture
def sealed(engine_app: Flask) -> Flask:
    """Six acts, sealed in two goes."""
    for round_ in range(2):
        with houses.arranging(engine_app) as session:
            for number in range(3):
                audit.record(
                    session, "staff 3", "called", f"step {round_}{number}", counter=number, kept=True
                )
        with houses.arranging(engine_app) as session:
            assert audit.seal(session) == 3
    return engine_app


def broken_after(app: Flask, harm: Callable[[Session], object]) -> int | None:
    with houses.arranging(app) as session:
        harm(session)
    with houses.looking(app) as session:
        return audit.first_broken(session)


def test_an_untouched_chain_is_whole(sealed: Flask) -> None:
    assert broken_after(sealed, lambda session: None) is None
    with houses.looking(sealed) as session:
        assert session.scalars(select(Act.link).order_by(Act.link)).all() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "staff 4"},
        {"verb": "closed"},
        {"subject": "step 99"},
        {"facts": {"counter": 9, "kept": True}},
        {"at": "a second later"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_act_is_found(sealed: Flask, change: dict[str, object]) -> None:
    values = {"at": clock.now()} if "at" in change else change
    assert broken_after(sealed, lambda s: s.execute(update(Act).where(Act.link == 3).values(**values))) == 3


def test_an_act_taken_out_is_found(sealed: Flask) -> None:
    assert broken_after(sealed, lambda s: s.execute(delete(Act).where(Act.link == 3))) == 4


def test_an_act_put_in_is_found(sealed: Flask) -> None:
    def forge(session: Session) -> None:
        session.execute(update(Act).where(Act.link == 6).values(link=7))
        session.flush()
        session.add(Act(at=clock.now(), actor="x", verb="x", subject="x", facts={}, link=6, seal="0" * 64))

    assert broken_after(sealed, forge) is not None


def test_two_acts_in_each_others_place_are_found(sealed: Flask) -> None:
    def swap(session: Session) -> None:
        for old, new in ((2, 0), (3, 2), (0, 3)):
            session.execute(text(f"UPDATE act SET link = {new} WHERE link = {old}"))

    assert broken_after(sealed, swap) is not None


def test_an_act_committed_late_with_a_lower_key_is_sealed_too(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        session.add(Act(id=5, at=clock.now(), actor="a", verb="b", subject="c", facts={}))
        session.flush()
        audit.seal(session)
    with houses.arranging(engine_app) as session:
        session.add(Act(id=2, at=clock.now(), actor="a", verb="b", subject="c", facts={}))
        session.flush()
        assert audit.seal(session) == 1
    with houses.looking(engine_app) as session:
        assert session.scalars(select(Act.id).order_by(Act.link)).all() == [5, 2]
        assert audit.first_broken(session) is None


def test_an_act_is_undone_with_what_it_tells_of(engine_app: Flask) -> None:
    with houses.looking(engine_app) as session:
        audit.record(session, "visitor", "booked", "visit 1")
        session.flush()
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Act)) == 0
