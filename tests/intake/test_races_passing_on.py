"""Races of workers that pass freed times on, and of a crowd that does everything at once; on both engines."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from house import clock
from house.db import db, writing
from house.intake.booking import book, confirm, give_contact
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.earlier import accept, ask
from house.intake.holding import hold
from house.intake.models import Occupancy, Visit
from house.intake.moving import move
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.post import Letter
from house.problems import Problem
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.changing_house import (
    books_agree,
    the_house,  # noqa: F401 - a fixture
)
from tests.intake.racing import act

pytestmark = pytest.mark.races
LATER = "2027-01-14"


# --- passing freed times on --------------------------------------------------------------------------------


@pytest.fixture
def wanted(engine_app, house):
    """Two times were freed; four visits wait for something earlier."""
    with houses.arranging(engine_app) as session:
        gone = [book(session, CPR, 1, at(THURSDAY, wall), "en", "Gone") for wall in ("10:00", "11:00")]
        for number in range(4):
            email = f"v{number}@example.org"
            visit = book(session, CPR, 1, at(LATER, f"10:{20 * (number % 3):02}" if number < 3 else "11:00"),
                         "en", f"V{number}", email)  # fmt: skip
            ask(session, visit, True)
        for visit in gone:
            cancel(session, visit)


def pass_on(app, number):
    for _ in range(6):
        act(app, lambda session: offer_next(session, clock.now()))


def test_workers_beside_each_other_offer_each_time_once(engine_app, race, wanted):
    race(pass_on, 4)
    with houses.looking(engine_app) as session:
        offers = session.scalars(select(EarlierOffer).where(EarlierOffer.state == OfferState.OPEN)).all()
        assert len({offer.visit_id for offer in offers}) == len(offers)
        held = session.scalars(select(Occupancy.tick).where(Occupancy.expires_at.is_not(None))).all()
        assert len(held) == len(set(held)) == 4 * len(offers) and len(offers) >= 2
        assert session.scalar(select(func.count()).where(Letter.kind == "earlier_time")) == len(offers)
    books_agree(engine_app)


# --- a crowd that does everything at once ------------------------------------------------------------------


WALLS = ["10:00", "10:10", "10:20", "11:00", "11:10", "11:20"]


def do_anything(app, number):
    """A restless visitor, or a worker; only a refusal may come of it, never an error of the database."""
    chance, visit_id, done = random.Random(number), None, 0
    with app.app_context():
        for _ in range(12):
            try:
                with writing(db.session()) as session:
                    visit = session.get(Visit, visit_id) if visit_id else None
                    visit_id = one_act(session, chance, number, visit)
                done += 1
            except Problem:
                pass
    return done


def one_act(session, chance, number, visit):
    start = tick(chance.choice([THURSDAY, FRIDAY]), chance.choice(WALLS))
    if number == 0:  # the worker
        for work in (let_lapse, clear_run_out, offer_next):
            work(session, clock.now())
    elif visit is None or visit.state in ("cancelled", "held"):
        visit = hold(session, CPR, chance.randint(1, 2), start, "en", str(number).encode())
        give_contact(session, visit, "Ada", f"v{number}@example.org", earlier=chance.random() < 0.5)
        confirm(session, visit, "en")
    else:
        offers = select(EarlierOffer).where(EarlierOffer.visit_id == visit.id, EarlierOffer.state == "open")
        offer = session.scalar(offers)
        if offer and chance.random() < 0.7:
            accept(session, offer)
        elif chance.random() < 0.6:
            move(session, visit, start)
        else:
            cancel(session, visit)
    return visit.id if visit else None


def test_a_crowd_that_does_everything_at_once_leaves_the_books_right(engine_app, race, frozen):
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2)
    assert sum(race(do_anything, 6)) > 20
    assert books_agree(engine_app)
