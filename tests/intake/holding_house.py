"""The small house inside one session, and what is held, offered and booked in it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.intake.booking import confirm, give_contact
from house.intake.holding import hold
from house.intake.models import Occupancy
from house.intake.offering import find_times
from tests.intake.booking_house import CPR, THURSDAY, WEDNESDAY, at, set_up, tick

TEN = tick(THURSDAY, "10:00")
BROWSER, OTHER = b"one browser", b"another one"


@pytest.fixture(name="house")
def the_house(session, frozen):
    """One counter that gives CPR numbers; it is Wednesday noon."""
    house = set_up(session)
    house.clock = frozen(WEDNESDAY)
    session.commit()
    from house.db import begin_writing

    begin_writing(session)
    return house


def rows(session):
    found = select(Occupancy.counter_id, Occupancy.tick, Occupancy.lane, Occupancy.visit_id)
    return [tuple(row) for row in session.execute(found.order_by(Occupancy.tick, Occupancy.lane))]


def times(session, day=THURSDAY, slug=CPR, party=1):
    offer = find_times(session, slug, party, "en")
    return [time.starts_at.strftime("%H:%M") for time in offer.times(at(day, "00:00").date())]


def booked(session, start=TEN, browser=BROWSER, name="Ada", email="ada@example.org"):
    visit = hold(session, CPR, 1, start, "uk", browser)
    give_contact(session, visit, name, email)
    return confirm(session, visit, "uk")
