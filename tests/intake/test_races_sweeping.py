"""A visitor moves while the hold of the earlier time she was offered is swept up, on both engines.

Both lock the hold first and the offer after it. The other way round, one would wait for the other.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from house import clock
from house.db import is_sqlite
from house.intake import claiming, forget, offers
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.earlier import ask
from house.intake.models import Visit, VisitState
from house.intake.moving import move
from house.intake.passing_on import offer_next
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree
from tests.intake.racing import IN_VAIN, act, wait_for

pytestmark = pytest.mark.races


@pytest.fixture
def offered(engine_app, frozen):
    """One who was offered ten on Thursday; the hold of it ran out two days ago, and nobody looked."""
    frozen("2027-01-06 12:00", tick=True)
    with houses.arranging(engine_app) as session:
        set_up(session)
        gone = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Gone", "gone@example.org")
        visit = book(session, CPR, 1, at(FRIDAY, "11:00"), "en", "Ada", "ada@example.org")
        ask(session, visit, True)
        cancel(session, gone)
        session.flush()
        assert offer_next(session, clock.now())
        offer = session.scalars(select(EarlierOffer)).one()
        offer.hold.held_until = clock.now() - timedelta(days=2)
        return visit.id


def sweep(app):
    """Sweep up, and stop between locking the hold and writing to its offer."""
    folder, lock_days = app.extensions["house-config"].data_dir, claiming.lock_days

    def after_both(session, days):
        (folder / "sweeping").touch()
        wait_for((folder / "moving").exists, IN_VAIN)
        return lock_days(session, days)

    claiming.lock_days = after_both
    return act(app, lambda session: f"{forget.forget(session, clock.now())} swept")


def change(app, visit_id, offer_first):
    """Move, and stop before the hold is locked; `offer_first` as it once was."""
    folder, look = app.extensions["house-config"].data_dir, offers.open_offer

    def looked(session, visit):
        found = look(session, visit)
        assert found.hold is not None or is_sqlite(session)
        if offer_first:
            session.refresh(found, with_for_update=True)
        wait_for((folder / "sweeping").exists, IN_VAIN)
        (folder / "moving").touch()
        return found

    offers.open_offer = looked
    start = tick(FRIDAY, "10:00")
    return act(app, lambda session: move(session, session.get_one(Visit, visit_id), start).name)


def both(visit_id, offer_first):
    def work(app, number):
        try:
            return change(app, visit_id, offer_first) if number else sweep(app)
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)

    return work


def test_who_moves_while_her_offer_is_swept_up_moves(engine_app, race, offered):
    swept, name = race(both(offered, offer_first=False), 2)
    assert name == "Ada" and swept in ("1 swept", "0 swept"), "none where she moved before"
    with houses.looking(engine_app) as session:
        offer = session.scalars(select(EarlierOffer)).one()
        assert (offer.state, offer.hold_id) == (OfferState.OVER, None)
        assert session.scalars(select(Visit).where(Visit.state == VisitState.HELD)).all() == []
        agree(session)


def test_with_the_offer_locked_first_they_would_wait_in_a_circle(engine_app, race, offered):
    """On SQLite one writes at a time; on PostgreSQL one of the two fails."""
    with houses.looking(engine_app) as session:
        fails = 0 if is_sqlite(session) else 1
    assert race(both(offered, offer_first=True), 2).count("deadlock") == fails
