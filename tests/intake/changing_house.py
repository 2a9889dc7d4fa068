"""The small house before a race of what changes a visit, and what stands in it afterwards; on either engine.

Many runners are 8, and with `HOUSE_FULL` the 20 of the issue.
"""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from house.intake import claiming
from house.intake.booking import book
from house.intake.models import Visit
from house.intake.offering import find_times
from house.post import Letter
from tests import houses
from tests.intake.booking_house import CPR, DRIVING, THURSDAY, WEDNESDAY, at, set_up, tick
from tests.intake.bookkeeping import agree

MANY = 20 if os.environ.get("HOUSE_FULL") else 8
TEN = tick(THURSDAY, "10:00")
BOTH = [CPR, DRIVING]


@pytest.fixture(name="house")
def the_house(engine_app, frozen):
    """One counter for both services, open on Thursdays and Fridays from ten to noon."""
    return furnish(engine_app, frozen)


@pytest.fixture(name="last_itinerary")
def the_last_itinerary(engine_app, frozen):
    """A house where a visit of both services fits once on a Thursday."""
    return furnish(engine_app, frozen, {3: [("10:00", "10:35")]})


def furnish(app, frozen, hours=None):
    travel = frozen(WEDNESDAY)
    with houses.arranging(app) as session:
        house = set_up(session, services=BOTH, hours=hours)
        claiming.lock_days(session, [(house.counter_ids[0], at(THURSDAY, "10:00").date())])
    with houses.looking(app) as session:  # what is slow once is loaded before the processes part
        find_times(session, BOTH, 1, "en").days(at(THURSDAY, "10:00").date())
    house.clock = travel
    return house


def visits(app):
    with houses.looking(app) as session:
        found = session.scalars(select(Visit).order_by(Visit.id)).all()
        session.expunge_all()  # or the end of the transaction would ask for them anew
        return found


def books_agree(app):
    with houses.looking(app) as session:
        return agree(session)


def kinds(app):
    with houses.looking(app) as session:
        return sorted(session.scalars(select(Letter.kind)))


@pytest.fixture(name="booked")
def a_booked_visit(engine_app, house):
    with houses.arranging(engine_app) as session:
        book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
