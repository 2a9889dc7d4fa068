"""The way through booking online as a visitor goes it, page by page, and what is stored of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.intake.holding import hold
from house.intake.models import Occupancy, Visit
from house.post import Letter
from tests.intake.booking_house import CPR, DRIVING, THURSDAY, WEDNESDAY, set_up, tick

TEN = tick(THURSDAY, "10:00")


@pytest.fixture(name="house")
def the_house(arranging, frozen):
    """One counter for CPR numbers and driving licences; it is Wednesday noon."""
    with arranging() as session:
        house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


def book_path(day="", slug=CPR, party=1, lang="en"):
    return f"/{lang}/book/{slug}/{party}/{day}"


def hold_time(client, wall="10:00", day=THURSDAY, lang="en", party=1):
    """The page after a time was taken."""
    page = client.get_page(book_path(day, lang=lang, party=party))
    return page.submit(start=str(tick(day, wall))).follow()


def book_visit(client, wall="10:00", name="Ada", email="ada@example.org", lang="en"):
    """The page of a visit just booked."""
    check = hold_time(client, wall, lang=lang).submit(name=name, email=email).follow()
    return check.submit().follow()


def take_away(arranging, wall="10:00", day=THURSDAY, browser=b"somebody else"):
    with arranging() as session:
        hold(session, CPR, 1, tick(day, wall), "en", browser)


def stored(looking):
    """How many visits, letters and places there are."""
    with looking() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(one)) for one in (Visit, Letter, Occupancy)
        )
